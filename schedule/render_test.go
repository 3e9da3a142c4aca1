package schedule

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// shell is a page that only scripts draw.
const shell = `<!doctype html><meta charset="utf-8"><title>示例公司</title><div id="app"></div><script src="/app.js"></script>`

// painter stands for a browser: it draws [page] whatever it is asked for.
type painter struct {
	mu    sync.Mutex
	drawn map[string]int
}

func (p *painter) draw(_ context.Context, obs *crawler.Observation, ask crawler.Ask, _ crawler.Look) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drawn[obs.Domain]++
	obs.Drawing = &crawler.Drawing{URL: ask.URL, Browser: "painter"}
	obs.Rendered = &crawler.Page{URL: ask.URL, Via: crawler.ViaRendered, Status: 200, At: time.Now(), Body: []byte(page)}
	obs.Visits = append(obs.Visits, crawler.Visit{Ask: ask, At: time.Now()})
}

// inTime counts a run's names by whether there was time to draw them.
func inTime(t *testing.T, st *store.Store, run string) (judged, undrawn int) {
	t.Helper()
	sum := reports.NewSummary(nil, nil)
	err := st.Results(t.Context(), run, func(r store.Result) error {
		sum.Add(r.Record)
		for _, o := range r.Record.Outcomes {
			if o.Rule == "footer-number-missing" && o.Verdict == detect.Pass {
				judged++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return judged, sum.Undrawn
}

// TestRenderBudget: what a run had no time or no pages left to draw is unknown and counted, is
// not remembered as complete, and comes first in the next run.
func TestRenderBudget(t *testing.T) { onBoth(t, testRenderBudget) }

func testRenderBudget(t *testing.T, in func(*Config)) {
	b := newBed(t, 2)
	b.pages = map[string]string{}
	var names []string
	for i := range 12 {
		n := fmt.Sprintf("shell%02d.cn", i)
		names = append(names, n)
		b.name(n, webAddr(i%2))
		b.set(func(b *bed) {
			b.pages[n], b.pages[n+"/app.js"] = shell, "document.title = 1"
		})
	}
	path, dir, paint := inventoryOf(t, names...), t.TempDir(), &painter{drawn: map[string]int{}}
	run := func(budget RenderOptions) (*Runner, *reports.Run) {
		scan := b.scanner(t, nil, 500*time.Millisecond)
		scan.Draw, scan.Policy.Render = paint.draw, detect.RenderAuto
		r := runnerIn(t, dir, scan, nil, Options{Render: budget}, in, func(c *Config) { c.Renderers = 2 })
		return r, wait(t, begin(t, r, Start{Inventory: path}))
	}
	r, first := run(RenderOptions{Budget: time.Nanosecond})
	if judged, undrawn := inTime(t, r.cfg.Store, first.ID); judged != 0 || undrawn != len(names) || len(paint.drawn) > 0 {
		t.Errorf("%d judged, %d not drawn in time, %d drawn; want none, all, none", judged, undrawn, len(paint.drawn))
	}
	last, err := r.cfg.Store.Last(t.Context(), first.ID, names)
	for _, n := range names {
		if l := last[n]; err != nil || l == nil || !l.Undrawn || l.Inputs != "" {
			t.Errorf("%s is remembered as %+v, %v", n, l, err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r, few := run(RenderOptions{Pages: 5})
	if judged, undrawn := inTime(t, r.cfg.Store, few.ID); judged != 5 || undrawn != len(names)-5 || len(paint.drawn) != 5 {
		t.Errorf("%d judged, %d not drawn in time, %d drawn; want 5, the others, 5", judged, undrawn, len(paint.drawn))
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r, second := run(RenderOptions{})
	if judged, undrawn := inTime(t, r.cfg.Store, second.ID); judged != len(names) || undrawn != 0 || len(paint.drawn) != len(names) {
		t.Errorf("%d judged, %d not drawn in time, %d drawn; want all, none, all", judged, undrawn, len(paint.drawn))
	}
}

// TestBudgetWhenTheClockJumps: a clock that jumps does not spend what a run has for drawing.
func TestBudgetWhenTheClockJumps(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	b.pages = map[string]string{}
	names := b.many(12)
	for _, n := range names {
		b.pages[n], b.pages[n+"/app.js"] = shell, "document.title = 1"
	}
	var clock machineClock
	var jump sync.Once
	paint, scan := &painter{drawn: map[string]int{}}, b.scanner(t, nil, 500*time.Millisecond)
	scan.Policy.Render = detect.RenderAuto
	scan.Draw = func(ctx context.Context, obs *crawler.Observation, ask crawler.Ask, _ crawler.Look) {
		jump.Do(func() { clock.set(time.Now().Add(5 * time.Hour)) })
		paint.draw(ctx, obs, ask, nil)
	}
	r := runnerIn(t, t.TempDir(), scan, nil, Options{Render: RenderOptions{Budget: time.Hour}}, clock.use, func(c *Config) { c.Renderers = 2 })
	run := wait(t, begin(t, r, Start{Inventory: inventoryOf(t, names...)}))
	if judged, undrawn := inTime(t, r.cfg.Store, run.ID); judged != len(names) || undrawn != 0 {
		t.Errorf("%d judged, %d not drawn in time", judged, undrawn)
	}
}

// TestOverdueDrawingsFirst: River hands out the jobs of names that the run before
// had no time for before the others.
func TestOverdueDrawingsFirst(t *testing.T) {
	w := &runWorker{r: &Runner{}, run: &runInfo{Run: &reports.Run{ID: "r"}}}
	b := &batch{}
	b.draw("late.cn", &store.Last{Undrawn: true})
	b.draw("seen.cn", &store.Last{})
	b.draw("new.cn", nil)
	jobs := w.drawingJobs(b.drawings)
	if len(jobs) != 2 || jobs[0].Opts.Priority >= jobs[1].Opts.Priority || jobs[0].Opts.Priority < 1 {
		t.Fatalf("jobs %+v", jobs)
	}
	if a := jobs[0].Args.(renderArgs); !a.First || strings.Join(a.Names, " ") != "late.cn" {
		t.Errorf("first %+v", a)
	}
}

// TestBrowserBreaksDown: a page on which the browser breaks down is drawn again later in the run;
// with a browser that never works the run ends all the same.
func TestBrowserBreaksDown(t *testing.T) { onBoth(t, testBrowserBreaksDown) }

func testBrowserBreaksDown(t *testing.T, in func(*Config)) {
	b := newBed(t, 1)
	b.name("shell.cn", webAddr(0))
	b.set(func(b *bed) { b.pages = map[string]string{"shell.cn": shell, "shell.cn/app.js": "document.title = 1"} })
	path := inventoryOf(t, "shell.cn")
	for broken, want := range map[int]detect.Verdict{2: detect.Pass, 100: detect.Unknown} {
		paint, tries := &painter{drawn: map[string]int{}}, 0
		scan := b.scanner(t, nil, 500*time.Millisecond)
		scan.Confirm.Delays = []time.Duration{10 * time.Millisecond}
		scan.Policy.Render = detect.RenderAuto
		scan.Draw = func(ctx context.Context, obs *crawler.Observation, ask crawler.Ask, _ crawler.Look) {
			if tries++; tries > broken {
				paint.draw(ctx, obs, ask, nil)
				return
			}
			obs.Visits = append(obs.Visits, crawler.Visit{Ask: ask, At: time.Now(), Failed: ask.URL, Failure: crawler.NewFailure(crawler.FailOurs, "no tab opened")})
		}
		r := runnerIn(t, t.TempDir(), scan, nil, Options{JudgeAll: true}, in, func(c *Config) { c.Renderers = 1 })
		run := wait(t, begin(t, r, Start{Inventory: path}))
		rec, err := r.cfg.Store.Verdict(t.Context(), run.ID, "shell.cn")
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil { // else it works the jobs of the next one
			t.Fatal(err)
		}
		if o, _ := rec.Outcome("footer-number-missing"); o.Verdict != want || tries > maxHeld+1 {
			t.Errorf("broken %d times: %s %s after %d tries", broken, o.Verdict, o.Reason, tries)
		}
	}
}
