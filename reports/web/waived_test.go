package web

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/web/listing"
)

// TestWaived: what is waived is in no count, list or comparison, from the moment at which
// the waiver is given until it ends.
func TestWaived(t *testing.T) {
	ctx := context.Background()
	s := service(t)
	const before, run = "20261122T020000-0001", "20261123T020000-0002"
	addRun(t, s.Store, before, 24, func(_ int, r *reports.Record) { r.Outcomes = nil })
	now := addRun(t, s.Store, run, 24, nil)
	at := serving(t, s) + "/api/v1/runs/" + run
	type seen struct {
		figures struct {
			Violations, Warnings, Notices, Waived int
			Rules                                 map[string]int
		}
		changes struct{ Counts map[string]int }
		links   string // the list of domains with the rule
		late    int
	}
	const rule = "footer-link-missing"
	look := func() (v seen) {
		t.Helper()
		for path, to := range map[string]any{"/figures": &v.figures, "/changes": &v.changes} {
			a, body := call(t, "GET", at+path, "", nil)
			if err := json.Unmarshal([]byte(body), to); err != nil || a.StatusCode != 200 {
				t.Fatalf("%s: %d %v", path, a.StatusCode, err)
			}
		}
		_, v.links = call(t, "GET", at+"/domains?rule="+rule, "", nil)
		late, _, err := s.Count(ctx, account.Local, now, listing.Filter{DueBefore: now.StartedAt.AddDate(10, 0, 0)})
		if err != nil {
			t.Fatal(err)
		}
		v.late = late
		return v
	}
	first := look()
	if first.figures.Violations == 0 || first.figures.Waived != 0 || first.figures.Rules[rule] == 0 || first.changes.Counts["waived"] != 0 || !strings.Contains(first.links, "site0000") {
		t.Fatalf("before any waiver: %+v", first)
	}
	waive := func(domain, rule string) {
		t.Helper()
		if err := s.Waive(ctx, account.Local, domain, rule, "2099-01-01", "agreed"); err != nil {
			t.Fatal(err)
		}
	}
	waive("site0000.example.cn", rule)
	one := look()
	if one.figures.Rules[rule] != first.figures.Rules[rule]-1 || strings.Contains(one.links, "site0000") || one.changes.Counts["waived"] != 1 {
		t.Errorf("with one finding waived: %+v", one)
	}
	waive("*", "*")
	all := look()
	if f := all.figures; f.Violations+f.Warnings+f.Notices != 0 || f.Waived == 0 || f.Rules[rule] != 0 || strings.Contains(all.links, "site0") || all.late != 0 {
		t.Errorf("with all waived: %+v", all)
	}
	for kind, n := range all.changes.Counts {
		if kind != "waived" && n != 0 {
			t.Errorf("%d changes %q, all of them waived", n, kind)
		}
	}
	for _, e := range history(t, s, now) {
		if e.Run.ID == run && e.Record.Tone() != reports.Waived {
			t.Errorf("the timeline tells of %s", e.Record.Tone())
		}
	}
	_, body := call(t, "GET", at+"/domains?status=waived", "", nil)
	if got := strings.Count(body, `"waived"`); got != min(all.figures.Waived, 50) {
		t.Errorf("%d domains are listed as waived, %d counted", got, all.figures.Waived)
	}
	for _, w := range [][2]string{{"*", "*"}, {"site0000.example.cn", rule}} {
		if err := s.Unwaive(ctx, account.Local, w[0], w[1]); err != nil {
			t.Fatal(err)
		}
	}
	after, err := json.Marshal(look().figures)
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := json.Marshal(first.figures); string(after) != string(want) {
		t.Errorf("after the waivers ended: %s, before them: %s", after, want)
	}
}

// history is that of a domain.
func history(t *testing.T, s *actions.Service, run *reports.Run) []actions.Event {
	t.Helper()
	list, err := s.History(context.Background(), run.Inventory, "site0000.example.cn")
	if err != nil || len(list) != 2 {
		t.Fatalf("%d events, %v", len(list), err)
	}
	return list
}

// TestThinnedRun: the figures of a run outlive the rows that they were made of, and a run
// without them is neither counted nor compared.
func TestThinnedRun(t *testing.T) {
	ctx := context.Background()
	s := service(t)
	old := addRun(t, s.Store, "20261121T020000-0001", 12, nil)
	kept := addRun(t, s.Store, "20261122T020000-0002", 12, nil)
	addRun(t, s.Store, "20261123T020000-0003", 12, nil)
	want, err := s.Digest(ctx, account.Local, kept)
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range []*reports.Run{old, kept} {
		if err := emptied(ctx, s.Store, run); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Waive(ctx, account.Local, "*", "*", "2099-01-01", "agreed"); err != nil {
		t.Fatal(err)
	}
	if err := s.Listings.Make(ctx, kept); err != nil {
		t.Fatal(err)
	}
	got, err := s.Digest(ctx, account.Local, kept)
	if err != nil || got.Points != want.Points {
		t.Errorf("%+v, %v; while it was whole: %+v", got, err, want.Points)
	}
	at := serving(t, s)
	for path, status := range map[string]int{
		"/api/v1/runs/" + old.ID + "/figures": 400, "/api/v1/runs/" + kept.ID + "/figures": 200,
		"/api/v1/runs/20261123T020000-0003/changes":          400,
		"/runs/" + kept.ID + "..20261123T020000-0003/export": 400,
		"/runs/" + old.ID: 400, "/runs/20261123T020000-0003": 200, "/": 200,
	} {
		if a, body := call(t, "GET", at+path, "", nil); a.StatusCode != status {
			t.Errorf("%s: %d %.300s", path, a.StatusCode, body)
		}
	}
}

// emptied leaves of a run what it was.
func emptied(ctx context.Context, s *store.Store, run *reports.Run) error {
	if _, err := s.Writer().ExecContext(ctx, `DELETE FROM result WHERE run = $1 AND domain > 'site0003'`, run.ID); err != nil {
		return err
	}
	run.Thinned = true
	return s.UpdateRun(ctx, run)
}
