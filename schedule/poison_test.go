package schedule

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

func TestLostAttempts(t *testing.T) {
	t.Parallel()
	job := func(attempt int, errs ...string) *rivertype.JobRow {
		j := &rivertype.JobRow{Attempt: attempt}
		for _, e := range errs {
			j.Errors = append(j.Errors, rivertype.AttemptError{Error: e})
		}
		return j
	}
	for name, c := range map[string]struct {
		job  *rivertype.JobRow
		lost int
	}{
		"first":    {job(1), 0},
		"failed":   {job(4, "no route", "no route", "no route"), 0},
		"rescued":  {job(3, "Stuck job rescued by JobRescuer", "Stuck job rescued by JobRescuer"), 2},
		"put back": {job(3), 2},
	} {
		if got := lostAttempts(c.job); got != c.lost {
			t.Errorf("%s: %d attempts lost, not %d", name, got, c.lost)
		}
	}
}

func TestPartsOf(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{2: "[{0 1} {1 2}]", 5: "[{0 3} {3 5}]", 450: "[{0 200} {200 400} {400 450}]"} {
		if got := fmt.Sprint(partsOf(n)); got != want {
			t.Errorf("%d: %s, not %s", n, got, want)
		}
	}
}

// scriptPage is built by a script, so that a browser is wanted.
const scriptPage = `<!doctype html><html><head><meta charset="utf-8"><title>示例</title></head><body><div id="app"></div><script src="/app.js"></script></body></html>`

// A name that ends its process each time, in whatever kind of job, is found out
// and given up; the others of its jobs are checked, and the run ends.
func TestPoison(t *testing.T) {
	t.Parallel()
	const poison, at = "site0007.cn", 7
	named := `EXISTS (SELECT 1 FROM json_each(NEW.args, '$.names') WHERE value = '` + poison + `')`
	for kind, has := range map[string]string{ // which jobs end the process
		"resolve": fmt.Sprintf(`NEW.args ->> 'from' <= %d AND NEW.args ->> 'to' >= %d AND NEW.args ->> 'only' IS NULL
			OR EXISTS (SELECT 1 FROM json_each(NEW.args, '$.only') WHERE value = %d)`, at, at, at),
		"visit":   `EXISTS (SELECT 1 FROM chunk WHERE chunk.id = NEW.args ->> 'shard' AND instr(chunk.names, CAST('` + poison + `' AS BLOB)) > 0)`,
		"confirm": named,
		"render":  named,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := newBed(t, 1)
			b.pages = map[string]string{}
			names := b.many(40)
			for _, n := range names {
				switch kind {
				case "confirm":
					b.name(n, refusedAddr)
				case "render":
					b.pages[n] = scriptPage
				}
			}
			scan := b.scanner(t, nil, time.Second, 10*time.Millisecond)
			scan.Policy.Render = detect.RenderAuto
			scan.Draw = func(_ context.Context, obs *crawler.Observation, _ crawler.Ask, _ crawler.Look) {
				obs.Trouble = "drawn"
			}
			r := runnerIn(t, t.TempDir(), scan, nil, Options{}, func(c *Config) { c.Renderers = 2 })
			trigger := `CREATE TRIGGER lost AFTER INSERT ON river_job WHEN NEW.kind = '` + kind + `' AND (` + has + `)
				BEGIN UPDATE river_job SET attempt = ` + fmt.Sprint(maxLostAlone) + ` WHERE id = NEW.id; END`
			if err := r.db.exec(t.Context(), trigger); err != nil {
				t.Fatal(err)
			}
			run := wait(t, begin(t, r, Start{Inventory: inventoryOf(t, names...)}))
			if got := verdicts(t, r.cfg.Store, run.ID); len(got) != len(names) {
				t.Errorf("%d verdicts", len(got))
			}
			for _, n := range names {
				res, err := r.cfg.Store.Result(t.Context(), run.ID, n)
				if err != nil {
					t.Fatal(err)
				}
				lost := strings.Contains(res.Record.Detail.Trouble, "ended with its process")
				if lost != (n == poison) {
					t.Errorf("%s is %s %s: %q", n, res.Record.Liveness, res.Record.Cause, res.Record.Detail.Trouble)
				}
			}
			leftOver(t, r)
		})
	}
}
