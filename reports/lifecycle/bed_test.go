package lifecycle

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// forEachEngine runs a test on an empty database of each kind.
func forEachEngine(t *testing.T, test func(*testing.T, *bed)) {
	t.Parallel()
	for name, dsn := range map[string]func(testing.TB) string{
		"sqlite": func(t testing.TB) string { return filepath.Join(t.TempDir(), "results.db") }, "postgres": pgtest.DSN,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, openBed(t, dsn(t)))
		})
	}
}

// A bed is a database with runs over one inventory, one a day.
type bed struct {
	results *store.Store
	lives   *Store
	days    int
}

const inventory = "list.csv"

func openBed(t testing.TB, dsn string) *bed {
	t.Helper()
	results, err := store.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { results.Close() })
	lives, err := Open(context.Background(), results)
	if err != nil {
		t.Fatal(err)
	}
	return &bed{results: results, lives: lives}
}

// day is the beginning of the n-th run.
func day(n int) time.Time { return time.Date(2026, 11, n, 2, 0, 0, 0, time.FixedZone("", 8*3600)) }

// rulesOf are the rules of the bed.
var rulesOf = []string{"a-rule", "b-rule"}

// A said is what a run says of a domain: a character a rule (V W N found, . pass, ?
// unknown, - exempt), and its page.
type said struct {
	outcomes, page string
	liveness       detect.Liveness
}

func (s said) record(run, domain string, at time.Time, since map[string]time.Time) *reports.Record {
	r := &reports.Record{Schema: reports.Schema, Run: run, Ruleset: "1", Domain: domain, Owner: "张伟", At: at, Liveness: s.liveness}
	if r.Liveness == "" {
		r.Liveness = detect.Serving
	}
	r.Detail.Team, r.Detail.Province = "门户组", "广东"
	for i, rule := range rulesOf {
		o := detect.Outcome{Rule: rule}
		switch s.outcomes[i] {
		case '.':
			o.Verdict = detect.Pass
		case '?':
			o.Verdict = detect.Unknown
		case '-':
			o.Verdict = detect.Exempt
		default:
			o.Verdict, o.Since = detect.Found, at
			o.Severity = map[byte]detect.Severity{'V': detect.Violation, 'W': detect.Warning, 'N': detect.Notice}[s.outcomes[i]]
			if first, ok := since[rule]; ok {
				o.Since = first
			}
			o.Due = o.Since.AddDate(0, 0, 10)
			o.Findings = []detect.Finding{{Saw: detect.Text{ZH: "看到", EN: "seen"}}}
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	return r
}

// store stores a run of the next day that is done, and returns it.
func (b *bed) store(t testing.TB, domains map[string]said) *reports.Run {
	t.Helper()
	b.days++
	run := &reports.Run{ID: day(b.days).Format("20060102T150405") + "-aaaa", Inventory: inventory, StartedAt: day(b.days), State: reports.RunActive, Ruleset: "1"}
	if err := b.results.CreateRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	before := ""
	if last, err := b.results.LastDone(t.Context(), inventory, run.ID); err == nil {
		before = last.ID
	}
	b.put(t, run, before, domains)
	run.State = reports.RunDone
	if err := b.results.UpdateRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	return run
}

// put stores what a run says of domains.
func (b *bed) put(t testing.TB, run *reports.Run, before string, domains map[string]said) {
	t.Helper()
	lived, err := b.lives.Before(t.Context(), inventory, before, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	var list []store.Result
	for _, d := range slices.Sorted(maps.Keys(domains)) {
		var since map[string]time.Time
		if lived != nil {
			if since, err = lived.Since(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		s := domains[d]
		list = append(list, store.Result{Record: s.record(run.ID, d, run.StartedAt.Add(time.Minute), since), BodyDigest: s.page})
	}
	batch, err := store.Pack(run.ID, list)
	if err == nil {
		err = b.lives.inTx(t.Context(), func(tx *sql.Tx) error { return b.results.PutTx(t.Context(), tx, batch) })
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bed) tx(ctx context.Context, f func(*sql.Tx) error) error { return b.lives.inTx(ctx, f) }

// take takes a run into account.
func (b *bed) take(t testing.TB, run *reports.Run) {
	t.Helper()
	p, err := b.lives.Begin(t.Context(), run)
	for more := true; err == nil && more; {
		more, err = p.Next(t.Context(), b.tx)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// lives is the state of every finding, DOMAIN RULE → STATE SEVERITY.
func (b *bed) states(t testing.TB) map[string]string {
	t.Helper()
	page, err := b.lives.Findings(t.Context(), &Query{Inventory: inventory, States: reports.States, Limit: maxLimit})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range page.Findings {
		out[f.Domain+" "+f.Rule] = fmt.Sprintf("%s %s", f.State, f.Severity)
	}
	return out
}
