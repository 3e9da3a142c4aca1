//go:build unix

package web

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/listing"
)

// TestFilters: whichever index a list is read by, the list is that of the filter, in parts of
// any size, and the count is its length.
func TestFilters(t *testing.T) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": func(t testing.TB) string { return filepath.Join(t.TempDir(), "results.db") }, "postgres": pgtest.DSN} {
		t.Run(name, func(t *testing.T) {
			c := &crowd{s: serviceOn(t, dsn(t), rules.All), domains: 600, nights: 2}
			c.fill(t)
			run := c.runs[1]
			all := c.list(t, listing.Filter{})
			found := c.list(t, listing.Filter{Tone: "warning"})[0].Rules[0]
			if len(all) != c.domains {
				t.Fatalf("%d domains", len(all))
			}
			then := run.StartedAt
			for _, f := range []listing.Filter{
				{}, {Tone: "violation"}, {Tone: "nothing"}, {Rule: found}, {Rule: found, Tone: "warning"}, {Rule: found, Network: "AS4800"},
				{Rule: found, DueBefore: then.AddDate(1, 0, 0)}, {Owner: c.owner(7)}, {Owner: c.owner(7), Tone: "notice"}, {Team: "部门 03", Tone: "pass"}, {Province: "粤"},
				{Province: "粤", Tone: "pass", Network: "AS4807"}, {Network: "AS4801", Liveness: "serving"}, {Liveness: "serving", Search: "d00000"}, {Search: "9.EXAMPLE"}, {Search: "none"},
				{Search: "%"}, {Search: "\n"}, {Search: "d", Tone: "violation"}, {Search: "1", Rule: found, Province: "京"}, {DueBefore: then}, {DueFrom: then, DueBefore: then.AddDate(0, 0, 7)},
				{DueBefore: then.AddDate(1, 0, 0), Search: "5", Tone: "notice"},
			} {
				got, want := c.list(t, f), slices.DeleteFunc(slices.Clone(all), func(r listing.Row) bool { return !picks(&f, &r) })
				if !slices.EqualFunc(got, want, func(a, b listing.Row) bool { return a.Domain == b.Domain }) {
					t.Errorf("%+v: %d domains, want %d", f, len(got), len(want))
				}
				if n, more, err := c.s.Count(t.Context(), account.Local, run, f); n != len(want) || more || err != nil {
					t.Errorf("%+v: %d counted (%v, %v), want %d", f, n, more, err, len(want))
				}
			}
		})
	}
}

// list reads a list in parts.
func (c *crowd) list(t *testing.T, f listing.Filter) (list []listing.Row) {
	t.Helper()
	after := ""
	for more, part := true, 7; more; part += 20 {
		var rows []listing.Row
		var err error
		if rows, more, err = c.s.Domains(t.Context(), account.Local, c.runs[1], f, after, part); err != nil {
			t.Fatal(fmt.Errorf("%+v: %w", f, err))
		}
		if list = append(list, rows...); more {
			after = rows[len(rows)-1].Domain
		}
	}
	return list
}

// picks reports whether a filter picks a row.
func picks(f *listing.Filter, r *listing.Row) bool {
	is := func(want, have string) bool { return want == "" || want == have }
	due := func(t time.Time) bool { return !t.IsZero() && !t.Before(f.DueFrom) && t.Before(f.DueBefore) }
	return is(f.Tone, r.Tone) && is(f.Liveness, string(r.Liveness)) && is(f.Owner, r.Owner) && is(f.Team, r.Team) && is(f.Province, r.Province) && is(f.Network, r.Network) &&
		(f.Rule == "" || slices.Contains(r.Rules, f.Rule)) && (f.DueBefore.IsZero() || due(r.Due)) && strings.Contains(r.Domain, strings.ToLower(f.Search))
}
