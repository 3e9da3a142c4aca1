package schedule

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/crawler/warc"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/store"
)

// troubles is why the visit of each domain came to nothing.
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

// When our own network fails, everything fails, the control names among them:
// nothing may be called down for that.
func TestControlsHoldVerdicts(t *testing.T) {
	t.Parallel()
	b := newBed(t, 2)
	var names []string
	for i := range 40 {
		n := fmt.Sprintf("site%02d.cn", i)
		names = append(names, n)
		b.name(n, webAddr(i%2))
	}
	b.down = true
	b.name("control.cn", webAddr(0))
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, 500*time.Millisecond, 50*time.Millisecond), nil, Options{Concurrency: 16, Controls: []string{"control.cn"}})
	run := wait(t, begin(t, r, Start{Inventory: inventoryOf(t, names...)}))
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

// What a run saw serving speaks for this machine also when all that is left to do
// is to confirm a failure, after the rest in which its worker was put away.
func TestControlsOutliveTheWorker(t *testing.T) {
	onBoth(t, func(t *testing.T, in func(*Config)) {
		b := newBed(t, 1)
		b.name("open.cn", webAddr(0))
		b.name("shut.cn", refusedAddr)
		r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second, 3*time.Second), nil, Options{}, in)
		rn := begin(t, r, Start{Inventory: inventoryOf(t, "open.cn", "shut.cn")})
		for p := rn.Progress(); p.Verdicts == 0 || p.Pending == 0; p = rn.Progress() {
			if err := pace.Wait(t.Context(), 10*time.Millisecond); err != nil {
				t.Fatal(err)
			}
		}
		r.closeWorkers(rn.ID())
		run := wait(t, rn)
		if got := verdicts(t, r.cfg.Store, run.ID); got["shut.cn"] != "down refused" {
			t.Errorf("%q: %v", got, troubles(t, r.cfg.Store, run.ID))
		}
	})
}

// Whatever answers in the place of all sites (a captive portal, a provider's page for
// who has not paid, an egress proxy with an error), it is no site's doing, on the first
// visit as on the last, with a browser and without one.
func TestStandInsHoldVerdicts(t *testing.T) {
	const unpaid = `<html><head><title>欠费停机</title></head><body><h1>您的服务已欠费停机</h1><p>该网站已被暂停，请续费后恢复访问。</p></body></html>`
	for name, c := range map[string]struct {
		befall  func(b *bed)
		browser bool
	}{
		"led to a portal":              {befall: func(b *bed) { b.portal = "portal.com" }},
		"a page in the place of all":   {befall: func(b *bed) { b.standIn, b.status = unpaid, 200 }},
		"an error of a proxy":          {befall: func(b *bed) { b.standIn, b.status = "bad gateway", 502 }},
		"an error, seen by a browser":  {befall: func(b *bed) { b.standIn, b.status = "bad gateway", 502 }, browser: true},
		"resets, also for the browser": {befall: func(b *bed) { b.down = true }, browser: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t, 2)
			b.name("site.cn", webAddr(0))
			b.name("control.cn", webAddr(1))
			b.name("portal.com", webAddr(1))
			scan := b.scanner(t, nil, 500*time.Millisecond, 20*time.Millisecond)
			config := func(*Config) {}
			if c.browser {
				scan.Policy.Render = detect.RenderAuto
				scan.Draw = func(_ context.Context, obs *crawler.Observation, ask crawler.Ask, _ crawler.Look) {
					failure := &crawler.Failure{Kind: crawler.FailReset, Detail: "net::ERR_CONNECTION_RESET"}
					obs.Drawing = &crawler.Drawing{URL: ask.URL, Browser: "painter", Failure: failure}
					obs.Visits = append(obs.Visits, crawler.Visit{Ask: ask, At: time.Now(), Failure: failure})
				}
				config = func(c *Config) { c.Renderers = 1 }
			}
			scanned := func(controls ...string) (verdict, why string) {
				r := runnerIn(t, t.TempDir(), scan, nil, Options{Controls: controls}, config)
				run := wait(t, begin(t, r, Start{Inventory: inventoryOf(t, "site.cn")}))
				return verdicts(t, r.cfg.Store, run.ID)["site.cn"], troubles(t, r.cfg.Store, run.ID)["site.cn"]
			}
			b.set(c.befall)
			if got, why := scanned("control.cn"); got != "unknown ours" || !strings.Contains(why, "control.cn") {
				t.Errorf("%q (%s)", got, why)
			}
			b.set(func(b *bed) { b.spare = "control.cn" }) // then it is the site's own doing
			if got, why := scanned("control.cn"); got == "unknown ours" || strings.HasPrefix(got, "serving") {
				t.Errorf("with a control that works: %q (%s)", got, why)
			}
		})
	}
}

// A visit that was made while the control failed confirms nothing, though the control
// works again at the last one: the site is visited as often as if it had not been.
func TestVisitsInDoubtConfirmNothing(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	b.name("control.cn", webAddr(0))
	b.name("shut.cn", refusedAddr)
	b.down = true
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, 500*time.Millisecond, 20*time.Millisecond), nil, Options{Controls: []string{"control.cn"}})
	rn := begin(t, r, Start{Inventory: inventoryOf(t, "shut.cn")})
	for rn.Progress().Held == 0 {
		if err := pace.Wait(t.Context(), 5*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	list, err := r.targetsNamed(t.Context(), 1, []string{"shut.cn"})
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	if _, attempts, err := list[0].read(); err != nil || attempts == nil || len(attempts) != 0 {
		t.Errorf("%d visits count, %v", len(attempts), err)
	}
	wait(t, rn)
}

// An outage that ends leaves no trace in the verdicts.
func TestHeldVerdictsComeRight(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	names := b.many(10)
	b.down = true
	b.name("control.cn", webAddr(0))
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, 500*time.Millisecond, 50*time.Millisecond), nil, Options{Controls: []string{"control.cn"}})
	rn := begin(t, r, Start{Inventory: inventoryOf(t, names...)})
	for rn.Progress().Held == 0 {
		if err := pace.Wait(t.Context(), 10*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	b.set(func(b *bed) { b.down = false })
	for domain, state := range verdicts(t, r.cfg.Store, wait(t, rn).ID) {
		if state != "serving " {
			t.Errorf("%s: %q", domain, state)
		}
	}
}

// A resolver that gives an address to names that do not exist cannot be gone by:
// neither its failures nor the pages at that address say anything.
func TestLyingResolver(t *testing.T) {
	t.Parallel()
	b := newBed(t, 2)
	b.liar = webAddr(1)
	b.name("real.cn", webAddr(0))
	b.name("broken.cn", refusedAddr)
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, 500*time.Millisecond, 20*time.Millisecond), nil, Options{})
	run := wait(t, begin(t, r, Start{Inventory: inventoryOf(t, "real.cn", "broken.cn", "absent.cn")}))
	got := verdicts(t, r.cfg.Store, run.ID)
	for domain, state := range map[string]string{"real.cn": "serving ", "broken.cn": "unknown ours", "absent.cn": "unknown ours"} {
		if got[domain] != state {
			t.Errorf("%s: %q, want %q", domain, got[domain], state)
		}
	}
	if why := troubles(t, r.cfg.Store, run.ID)["absent.cn"]; !strings.Contains(why, "do not exist") {
		t.Errorf("trouble %q", why)
	}
	b.set(func(b *bed) {
		if n := b.total["absent.cn"]; n > 0 {
			t.Errorf("%d requests for a name that the resolver made up", n)
		}
	})
}

// Evidence is kept for findings, and for pages that have changed since the last
// finished run of the same inventory.
func TestEvidence(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	names := b.many(3)
	b.name("down.cn", refusedAddr)
	path, dir := inventoryOf(t, append(names, "down.cn")...), t.TempDir()
	r := runnerIn(t, dir, b.scanner(t, nil, time.Second, 10*time.Millisecond), nil, Options{})
	scan := func() map[string]warc.Place {
		t.Helper()
		run := wait(t, begin(t, r, Start{Inventory: path}))
		kept := map[string]warc.Place{}
		err := r.cfg.Store.Results(t.Context(), run.ID, func(res store.Result) error {
			if res.Evidence.File != "" {
				kept[res.Record.Domain] = res.Evidence
				obs, _, err := warc.ReadWith(EvidenceDir(dir, run.ID), res.Evidence)
				if err != nil || obs.Domain != res.Record.Domain {
					t.Errorf("evidence of %s: %v, %v", res.Record.Domain, obs, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	if kept := scan(); kept["down.cn"].File == "" || kept[names[0]].File != "" {
		t.Errorf("first run kept %v", kept)
	}
	b.set(func(b *bed) { b.pages = map[string]string{names[1]: strings.Replace(page, "生产", "制造", 1)} })
	if kept := scan(); kept[names[1]].File == "" || kept[names[0]].File != "" {
		t.Errorf("second run kept %v", kept)
	}
}

// A run that was stopped and resumed names evidence that is there, whole, for every
// result: of its first part as of its second.
func TestEvidenceOverAStop(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	b.delay = 5 * time.Millisecond
	path, dir := inventoryOf(t, b.many(200)...), t.TempDir()
	cfg := Config{Dir: dir, Scanner: b.scanner(t, nil, time.Second), Options: Options{Concurrency: 4, Evidence: EvidenceAll}, Store: openStore(t, dir+"/results.db"), Single: true}
	first := openRunner(t, cfg)
	reach(t, begin(t, first, Start{Inventory: path}), 40)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	rn := begin(t, openRunner(t, cfg), Start{Inventory: path})
	files := map[string]bool{}
	err := cfg.Store.Results(t.Context(), wait(t, rn).ID, func(res store.Result) error {
		files[res.Evidence.File] = true
		obs, _, err := warc.ReadWith(EvidenceDir(dir, rn.ID()), res.Evidence)
		if err != nil || obs.Domain != res.Record.Domain {
			t.Errorf("evidence of %s: %v", res.Record.Domain, err)
		}
		return nil
	})
	if err != nil || !rn.Resumed || len(files) < 2 {
		t.Errorf("resumed: %v, files %v, %v", rn.Resumed, files, err)
	}
}

// A site that is the only control of its run is no judge in its own case: known sites say
// whether it is us. Where none does, it stays unknown; a name that does not exist needs no
// control.
func TestKnownSitesAreControls(t *testing.T) {
	const unpaid = `<html><head><title>欠费停机</title></head><body><h1>您的服务已欠费停机</h1><p>该网站已被暂停，请续费后恢复访问。</p></body></html>`
	for name, c := range map[string]struct {
		known []string
		spare string
		want  string
	}{
		"a known site works":        {[]string{"known.cn"}, "known.cn", "placeholder suspended"},
		"the known ones fail, too":  {[]string{"known.cn"}, "", "unknown ours"},
		"none is known":             {nil, "known.cn", "unknown ours"},
		"the known ones are not up": {[]string{"nowhere.cn"}, "", "unknown ours"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t, 2)
			b.name("site.cn", webAddr(0))
			b.name("known.cn", webAddr(1))
			scan := b.scanner(t, nil, 500*time.Millisecond, 20*time.Millisecond)
			scan.Known = c.known
			r := runnerIn(t, t.TempDir(), scan, nil, Options{})
			list := inventoryOf(t, "site.cn", "gone.cn")
			scanned := func() map[string]string {
				run := wait(t, begin(t, r, Start{Inventory: list}))
				return verdicts(t, r.cfg.Store, run.ID)
			}
			if first := scanned(); first["site.cn"] != "serving " || first["gone.cn"] != "down dns-nxdomain" {
				t.Fatal(first)
			}
			b.set(func(b *bed) { b.standIn, b.status, b.spare = unpaid, 200, c.spare })
			if got := scanned()["site.cn"]; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// Where no site of a run serves, the known ones are not asked: that a name does not exist
// is the resolver's word.
func TestNothingServes(t *testing.T) {
	t.Parallel()
	b := newBed(t, 1)
	scan := b.scanner(t, nil, 500*time.Millisecond, 20*time.Millisecond)
	scan.Known = []string{"nowhere.cn"}
	r := runnerIn(t, t.TempDir(), scan, nil, Options{})
	run := wait(t, begin(t, r, Start{Inventory: inventoryOf(t, "gone.cn")}))
	if got := verdicts(t, r.cfg.Store, run.ID)["gone.cn"]; got != "down dns-nxdomain" {
		t.Errorf("%q", got)
	}
}
