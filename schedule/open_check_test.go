package schedule

import (
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/web"
)

// TestOpenCheck: a name that leads to an inner address is visited for the team, whose runs are
// allowed there, but not for somebody who has not logged in, who is not told where it leads.
func TestOpenCheck(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	b.name("inner.cn", webAddr(0))
	scan := b.scanner(t, nil, time.Second)
	open := scan.ForChecks(nil, 1)
	open.Web = web.New(web.Options{Resolver: scan.Resolver, Guard: guard.New(nil, map[uint16]uint16{80: b.port}), Timeout: time.Second})
	r := runnerIn(t, t.TempDir(), scan, nil, Options{}, func(c *Config) {
		c.Checker, c.OpenChecker = scan.ForChecks(nil, 1), open
		c.CheckTarget = func(domain, _ string) (*crawler.Target, error) { return &crawler.Target{Domain: domain}, nil }
	})
	answered := func(id string, err error) *CheckRequest {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for {
			q, err := r.CheckRequest(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if q.State == CheckDone || q.State == CheckFailed {
				return q
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	if q := answered(r.Ask(t.Context(), "inner.cn", "")); q.State != CheckDone || strings.HasPrefix(q.ID, OpenMark) || !strings.Contains(string(q.Record.ZH), webAddr(0)) {
		t.Errorf("the team's check: %s %s %s", q.State, q.Reason, q.Record)
	}
	visits := func() (n int) { b.set(func(b *bed) { n = b.total["inner.cn"] }); return n }
	seen := visits()
	q := answered(r.AskOpen(t.Context(), "inner.cn", ""))
	if q.State != CheckFailed || !strings.HasPrefix(q.ID, OpenMark) || len(q.Record.ZH) > 0 || strings.Contains(q.Reason.EN, "127.") || !strings.Contains(q.Reason.ZH, "非公网") {
		t.Errorf("a stranger's check: %s %q %s", q.State, q.Reason, q.Record)
	}
	if visits() != seen {
		t.Error("the inner site was visited for a stranger")
	}
}
