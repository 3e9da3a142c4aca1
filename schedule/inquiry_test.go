package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// A site that a person asks for does not wait behind a night of slow ones.
func TestInquiryDuringANight(t *testing.T) { onBoth(t, testInquiryDuringANight) }

func testInquiryDuringANight(t *testing.T, in func(*Config)) {
	b := newBed(t, 2)
	b.delay = 500 * time.Millisecond
	names := b.many(400) // at four a time some 50 s
	b.name("asked.cn", webAddr(1))
	r := runnerIn(t, t.TempDir(), b.looker(t, nil, 5*time.Second), nil, Options{Concurrency: 4}, in, func(c *Config) {
		c.Checker = b.looker(t, nil, 5*time.Second, 10*time.Millisecond)
		c.Inquire = func(domain, _ string) (*crawler.Target, error) {
			if domain == "bad" {
				return nil, errors.New("no domain")
			}
			return &crawler.Target{Domain: domain}, nil
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	rd, err := r.Begin(ctx, Start{Inventory: inventoryOf(t, names...)})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { _, err := rd.Run(ctx); done <- err }()
	defer func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("the night ended before it was stopped: %v", err)
		}
	}()
	wait(t, "verdicts", func() bool { return rd.Progress().Verdicts > 3 })
	states := func(domain string) *Inquiry {
		t.Helper()
		id, err := r.Ask(ctx, domain, "")
		if err != nil {
			t.Fatal(err)
		}
		var q *Inquiry
		wait(t, "the answer", func() bool {
			q, err = r.Inquiry(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			return q.State == InquiryDone || q.State == InquiryFailed
		})
		return q
	}
	q := states("asked.cn")
	var record struct{ Domain, Liveness string }
	if err := json.Unmarshal(q.Record, &record); err != nil || fmt.Sprint(record) != "{asked.cn serving}" {
		t.Errorf("%+v: %v, %v", q, record, err)
	}
	if p := rd.Progress(); p.Verdicts > 300 {
		t.Errorf("the answer came after %d verdicts of the night", p.Verdicts)
	}
	if q := states("bad"); q.State != InquiryFailed || q.Reason != "no domain" {
		t.Errorf("%+v", q)
	}
	if _, err := r.Inquiry(ctx, "unknown"); !errors.Is(err, ErrNoInquiry) {
		t.Errorf("an unknown inquiry gave %v", err)
	}
}
