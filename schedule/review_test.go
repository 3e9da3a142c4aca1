package schedule

import (
	"context"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// TestFindingsGrowOld runs over one site on several nights: a finding keeps the
// day on which it was first found, over a night on which the site was not seen,
// until it is mended.
func TestFindingsGrowOld(t *testing.T) {
	b := newBed(t, 1)
	b.name("old.cn", webAddr(0))
	path := inventoryOf(t, "old.cn")
	dir := t.TempDir()
	const foot = `<!doctype html><html><head><meta charset="utf-8"><title>青禾灌溉</title></head><body><h1>青禾灌溉设备</h1><p>喷灌机、滴灌带和过滤设备，用于大田、果园和温室。</p>` +
		`<footer>版权所有 © 2026 青禾灌溉设备有限公司 地址：平原县东关路 18 号 电话：0534-0000000 `
	b.pages = map[string]string{}
	night := func(at time.Time, page string) *reports.Record {
		t.Helper()
		b.mu.Lock()
		b.pages["old.cn"], b.down = page, page == ""
		b.mu.Unlock()
		l := b.looker(t, nil, time.Second, 10*time.Millisecond)
		l.At = at
		r := runnerIn(t, dir, l, nil, Options{})
		defer r.Close()
		ctx := context.Background()
		rd, err := r.Begin(ctx, Start{Inventory: path})
		if err != nil {
			t.Fatal(err)
		}
		run, err := rd.Run(ctx)
		if err != nil {
			t.Fatal(err)
		}
		res, err := r.cfg.Store.Result(ctx, run.ID, "old.cn")
		if err != nil {
			t.Fatal(err)
		}
		return res.Record
	}
	day := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 2, 0, 0, 0, time.UTC) }
	bare, mended := foot+`</footer></body></html>`, foot+`<a href="https://beian.miit.gov.cn/">京ICP备20000001号-1</a></footer></body></html>`
	for _, tt := range []struct {
		at      time.Time
		page    string
		missing detect.Verdict
		since   time.Time
		due     string
		overdue detect.Verdict
	}{
		{day(10, 12), bare, detect.Found, day(10, 12), "2026-10-26", detect.Pass},
		{day(10, 13), bare, detect.Found, day(10, 12), "2026-10-26", detect.Pass},
		{day(10, 14), "", detect.Unknown, time.Time{}, "", detect.Pass},
		{day(10, 26), bare, detect.Found, day(10, 12), "2026-10-26", detect.Pass},
		{day(10, 27), bare, detect.Found, day(10, 12), "2026-10-26", detect.Found},
		{day(10, 28), mended, detect.Pass, time.Time{}, "", detect.Pass},
		{day(11, 12), bare, detect.Found, day(11, 12), "2026-11-26", detect.Pass},
	} {
		r := night(tt.at, tt.page)
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
