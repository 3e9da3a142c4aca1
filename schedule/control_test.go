package schedule

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/store"
)

// troubles gives why the look at each domain came to nothing.
func troubles(t *testing.T, st *store.Store, run string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := st.Results(context.Background(), run, func(r store.Result) error {
		got[r.Record.Domain] = r.Record.Detail.Trouble
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// When our own network fails in the middle of a run, everything fails, the
// control names among them: nothing may be called down for that.
func TestControlsHoldVerdicts(t *testing.T) {
	b := newBed(t, 2)
	var names []string
	for i := range 40 {
		n := fmt.Sprintf("site%02d.cn", i)
		names = append(names, n)
		b.name(n, webAddr(i%2))
	}
	b.down = true
	b.name("control.cn", webAddr(0))
	r := runnerIn(t, t.TempDir(), b.looker(t, nil, 500*time.Millisecond, 50*time.Millisecond), nil, Options{Concurrency: 16, Controls: []string{"control.cn"}})
	rd, err := r.Begin(context.Background(), Start{Inventory: inventoryOf(t, names...)})
	if err != nil {
		t.Fatal(err)
	}
	run, err := rd.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for domain, state := range verdicts(t, r.cfg.Store, run.ID) {
		if state != "unknown ours" {
			t.Errorf("%s: %q though the control name failed too", domain, state)
		}
	}
	for domain, why := range troubles(t, r.cfg.Store, run.ID) {
		if !strings.Contains(why, "control.cn") {
			t.Errorf("%s: trouble %q", domain, why)
		}
	}
}

// An outage that ends leaves no trace in the verdicts.
func TestHeldVerdictsComeRight(t *testing.T) {
	b := newBed(t, 1)
	for i := range 10 {
		b.name(fmt.Sprintf("site%02d.cn", i), webAddr(0))
	}
	b.down = true
	b.name("control.cn", webAddr(0))
	r := runnerIn(t, t.TempDir(), b.looker(t, nil, 500*time.Millisecond, 50*time.Millisecond), nil, Options{Controls: []string{"control.cn"}})
	var names []string
	for d := range b.zone {
		names = append(names, d)
	}
	rd, err := r.Begin(context.Background(), Start{Inventory: inventoryOf(t, names...)})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for rd.Progress().Held == 0 && rd.ctx.Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		b.set(func(b *bed) { b.down = false })
	}()
	run, err := rd.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for domain, state := range verdicts(t, r.cfg.Store, run.ID) {
		if state != "serving " {
			t.Errorf("%s: %q", domain, state)
		}
	}
}

// A resolver that gives an address to names that do not exist cannot be gone
// by: neither its failures nor the pages at that address say anything.
func TestLyingResolver(t *testing.T) {
	b := newBed(t, 2)
	b.liar = webAddr(1)
	b.name("real.cn", webAddr(0))
	b.name("broken.cn", refusedAddr)
	r := runnerIn(t, t.TempDir(), b.looker(t, nil, 500*time.Millisecond, 20*time.Millisecond), nil, Options{})
	rd, err := r.Begin(context.Background(), Start{Inventory: inventoryOf(t, "real.cn", "broken.cn", "absent.cn")})
	if err != nil {
		t.Fatal(err)
	}
	run, err := rd.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got := verdicts(t, r.cfg.Store, run.ID)
	want := map[string]string{"real.cn": "serving ", "broken.cn": "unknown ours", "absent.cn": "unknown ours"}
	for domain, state := range want {
		if got[domain] != state {
			t.Errorf("%s: %q, want %q", domain, got[domain], state)
		}
	}
	if why := troubles(t, r.cfg.Store, run.ID)["absent.cn"]; !strings.Contains(why, "do not exist") {
		t.Errorf("trouble %q", why)
	}
	if n := b.total["absent.cn"]; n > 0 {
		t.Errorf("%d requests for a name that the resolver made up", n)
	}
}

// A resolver that says nothing, not even that a random name does not exist,
// says nothing about the site.
func TestSickResolver(t *testing.T) {
	b := newBed(t, 1)
	look := b.looker(t, nil, 500*time.Millisecond, 20*time.Millisecond)
	b.set(func(b *bed) { b.liar, b.silent["silent.cn"] = "", true })
	c := look.Check(context.Background(), &crawler.Target{Domain: "silent.cn"}, nil)
	if c.Liveness != detect.Down || c.Cause != string(crawler.FailDNSTimeout) {
		t.Errorf("one silent name: %s %s (%s)", c.Liveness, c.Cause, c.Obs.Trouble)
	}
	dead := b.looker(t, nil, 500*time.Millisecond, 20*time.Millisecond)
	b.set(func(b *bed) { b.mute = true })
	c = dead.Check(context.Background(), &crawler.Target{Domain: "silent.cn"}, nil)
	if c.Liveness != detect.Unseen || !strings.Contains(c.Obs.Trouble, "random name") {
		t.Errorf("silent resolver: %s %s (%s)", c.Liveness, c.Cause, c.Obs.Trouble)
	}
}

func TestCheck(t *testing.T) {
	b := newBed(t, 1)
	b.name("up.cn", webAddr(0))
	b.name("down.cn", refusedAddr)
	b.name("www.only.cn", webAddr(0))
	look := b.looker(t, nil, 500*time.Millisecond, 10*time.Millisecond, 20*time.Millisecond)
	for domain, want := range map[string]string{"up.cn": "serving  1", "down.cn": "down refused 3", "www.only.cn": "serving  1", "only.cn": "serving  1", "none.cn": "down dns-nxdomain 3"} {
		c := look.Check(context.Background(), &crawler.Target{Domain: domain}, nil)
		if got := fmt.Sprintf("%s %s %d", c.Liveness, c.Cause, len(c.Attempts)); got != want {
			t.Errorf("%s: %q, want %q", domain, got, want)
		}
	}
	// With a control that fails too, nothing is said of the site.
	c := look.Check(context.Background(), &crawler.Target{Domain: "down.cn"}, []string{"none.cn"})
	if c.Liveness != detect.Unseen {
		t.Errorf("%s %s", c.Liveness, c.Cause)
	}
	if n := b.total["none.cn"] + b.total["www.none.cn"]; n > 0 {
		t.Errorf("%d requests for a name that does not exist", n)
	}
}
