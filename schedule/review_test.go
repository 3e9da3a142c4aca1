package schedule

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
)

// A finding keeps the day on which it was first found, over runs in which the site
// was not seen, until it is fixed; also where older runs are thinned.
func TestFindingsGrowOld(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	b.name("old.cn", webAddr(0))
	b.pages = map[string]string{}
	path, dir := inventoryOf(t, "old.cn"), t.TempDir()
	run := func(at time.Time, page string) *reports.Record {
		t.Helper()
		b.set(func(b *bed) { b.pages["old.cn"], b.down = page, page == "" })
		scan := b.scanner(t, nil, time.Second, 10*time.Millisecond)
		scan.At = at
		r := openRunner(t, Config{Dir: dir, Scanner: scan, Store: openStore(t, dir+"/results.db"), Options: Options{Keep: 1}})
		defer r.Close()
		id := wait(t, begin(t, r, Start{Inventory: path})).ID
		res, err := r.cfg.Store.Result(t.Context(), id, "old.cn")
		if err != nil {
			t.Fatal(err)
		}
		return res.Record
	}
	day := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 2, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		at      time.Time
		page    string // "": the server is down
		missing detect.Verdict
		since   time.Time
		due     string
		overdue detect.Verdict
	}{
		{day(10, 12), bareFooter, detect.Found, day(10, 12), "2026-10-26", detect.Pass},
		{day(10, 13), bareFooter, detect.Found, day(10, 12), "2026-10-26", detect.Pass},
		{day(10, 14), "", detect.Unknown, time.Time{}, "", detect.Pass},
		{day(10, 15), "", detect.Unknown, time.Time{}, "", detect.Pass},
		{day(10, 16), "", detect.Unknown, time.Time{}, "", detect.Pass},
		{day(10, 26), bareFooter, detect.Found, day(10, 12), "2026-10-26", detect.Pass},
		{day(10, 27), bareFooter, detect.Found, day(10, 12), "2026-10-26", detect.Found},
		{day(10, 28), page, detect.Pass, time.Time{}, "", detect.Pass},
		{day(11, 12), bareFooter, detect.Found, day(11, 12), "2026-11-26", detect.Pass},
	} {
		r := run(tt.at, tt.page)
		o, _ := r.Outcome("footer-number-missing")
		due := ""
		if !o.Due.IsZero() {
			due = o.Due.Format(time.DateOnly)
		}
		late, _ := r.Outcome("rectification-overdue")
		if o.Verdict != tt.missing || !o.Since.Equal(tt.since) || due != tt.due || late.Verdict != tt.overdue {
			t.Errorf("%s: missing %s %s (%s) since %v due %q, overdue %s; want %s since %v due %q, overdue %s", tt.at.Format(time.DateOnly),
				o.Verdict, o.Severity, o.Reason, o.Since, due, late.Verdict, tt.missing, tt.since, tt.due, tt.overdue)
		}
	}
}

// A run is in the life of findings before its reports are written, once, whatever
// becomes of the attempts to end it; the waivers of the config are in force then.
func TestRunEntersTheLifeOfFindings(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	b.pages = map[string]string{"a.cn": bareFooter, "b.cn": bareFooter}
	b.name("a.cn", webAddr(0))
	b.name("b.cn", webAddr(0))
	path, dir := inventoryOf(t, "a.cn", "b.cn"), t.TempDir()
	var lives *lifecycle.Store
	var told []reports.LifeCounts
	tries := 0
	finished := func(ctx context.Context, run *reports.Run) error {
		counts, err := lives.Counts(ctx, run.ID)
		if err != nil || counts == nil {
			return errors.Join(err, errors.New("the reports come before the life of findings"))
		}
		if tries++; tries%2 == 1 {
			return errors.New("the reports cannot be written yet")
		}
		told = append(told, *counts)
		return nil
	}
	waivers := func() ([]*reports.Waiver, error) {
		return []*reports.Waiver{{Domain: "b.cn", Rule: "*", Until: "2099-12-31", Reason: "r", Who: "w", Source: "waivers.yaml"}}, nil
	}
	for range 2 {
		st := openStore(t, dir+"/results.db")
		r := openRunner(t, Config{Dir: dir, Scanner: b.scanner(t, nil, time.Second), Store: st, Finished: finished, Waivers: waivers})
		lives = r.lives
		wait(t, begin(t, r, Start{Inventory: path}))
		r.Close()
	}
	if len(told) != 2 {
		t.Fatalf("told %d times", len(told))
	}
	first, second := told[0], told[1]
	if first.Opened.Grave() == 0 || first.Still.Total() != 0 || first.Waived.Total() != first.Open().Total() {
		t.Errorf("first run: %+v", first)
	}
	if second.Opened.Total() != 0 || second.Still != first.Opened || second.Waived != first.Waived {
		t.Errorf("second run: %+v, the first was %+v", second, first)
	}
}
