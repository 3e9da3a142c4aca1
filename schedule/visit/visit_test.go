package visit

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports/store"
)

func filed(domain string) *crawler.Target {
	return &crawler.Target{Domain: domain, Given: domain, Line: 2, Filing: crawler.Filing{Status: crawler.FilingFiled, Number: "京ICP备20000001号-1"}}
}

// The ways a visit can end before, at and after the first answer.
func TestVisit(t *testing.T) {
	n := newInternet(t)
	n.set(func() { n.zone["up.cn"], n.zone["moved.cn"], n.zone["down.cn"] = webAddr, webAddr, refusedAddr })
	n.set(func() {
		n.zone["www.apex.cn"], n.zone["www.moved.cn"], n.moved["moved.cn"] = webAddr, webAddr, "www.moved.cn"
	})
	s := n.scanner(t)
	for domain, want := range map[string]string{
		"up.cn": "serving ", "moved.cn": "serving ", "apex.cn": "serving ", "down.cn": "down refused", "none.cn": "down dns-nxdomain",
	} {
		c, end := s.VisitAgain(t.Context(), filed(domain), nil, nil, nil)
		if got := string(c.Liveness) + " " + c.Cause; got != want {
			t.Errorf("%s: %q, want %q (%s)", domain, got, want, c.Obs.Trouble)
		}
		if !end.Whole || end.Kept != nil {
			t.Errorf("%s: %+v", domain, end)
		}
	}
	if n.asked["none.cn"]+n.asked["www.none.cn"] > 0 {
		t.Error("a request for a name that does not exist")
	}
	if s.Reading() != 0 {
		t.Errorf("%d visits are parsing still", s.Reading())
	}
	// An address that the inventory names is used without a question.
	pinned := filed("pinned.cn")
	pinned.Address = netip.MustParseAddr(webAddr)
	if c := s.Visit(t.Context(), pinned, nil, nil); c.Liveness != detect.Serving {
		t.Errorf("pinned: %s %s", c.Liveness, c.Cause)
	}
	// Lookups of an earlier stage are used as long as they are fresh.
	lookups := s.Resolve(t.Context(), "up.cn", netip.Addr{}, 0)
	if !HasAddress(lookups) {
		t.Fatalf("%+v", lookups)
	}
	n.set(func() { n.silent["up.cn"] = true })
	if c := s.Visit(t.Context(), filed("up.cn"), lookups, nil); c.Liveness != detect.Serving {
		t.Errorf("with fresh lookups: %s %s", c.Liveness, c.Cause)
	}
	for i := range lookups {
		lookups[i].At = lookups[i].At.Add(-24 * time.Hour)
	}
	if c := s.Visit(t.Context(), filed("up.cn"), lookups, nil); c.Liveness != detect.Unseen || c.Cause != string(crawler.FailDNSTimeout) {
		t.Errorf("with stale lookups: %s %s", c.Liveness, c.Cause)
	}
}

// TestOneOfTheAddressesServes: an address with another page, or none, is not
// the site while another one of the name serves it; where none does, the name
// is judged. A site that serves at once is not asked any further.
func TestOneOfTheAddressesServes(t *testing.T) {
	const page = `<html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed.</p></body></html>`
	n := newInternet(t)
	n.set(func() {
		n.zone["healthy.cn"], n.zone["page.cn"], n.zone["refused.cn"], n.zone["none.cn"] = webAddr+" "+otherAddr, webAddr+" "+otherAddr, refusedAddr+" "+webAddr, webAddr+" "+otherAddr
	})
	n.set(func() {
		n.pages[webAddr+" page.cn/"], n.pages[webAddr+" none.cn/"], n.pages[otherAddr+" none.cn/"] = page, page, page
	})
	s := n.scanner(t)
	for domain, want := range map[string]string{"healthy.cn": "serving ", "page.cn": "serving ", "refused.cn": "serving ", "none.cn": "placeholder default-server"} {
		c, end := s.VisitAgain(t.Context(), filed(domain), nil, nil, nil)
		if got := string(c.Liveness) + " " + c.Cause; got != want || !end.Whole {
			t.Errorf("%s: %q, want %q, %+v (%s)", domain, got, want, end, c.Obs.Trouble)
		}
	}
	if n.asked["healthy.cn"] != 1 {
		t.Errorf("a healthy site was asked %d times", n.asked["healthy.cn"])
	}
	if n.asked["none.cn"] != 2 {
		t.Errorf("both addresses were asked %d times over http", n.asked["none.cn"])
	}
}

// A visit that was stopped says nothing of the site.
func TestVisitThatIsStopped(t *testing.T) {
	n := newInternet(t)
	n.set(func() { n.zone["up.cn"] = webAddr })
	s := n.scanner(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := s.Visit(ctx, filed("up.cn"), nil, nil)
	if c.Liveness != detect.Unseen || !Troubled(c) || Accuses(c) {
		t.Errorf("%s %s (%s)", c.Liveness, c.Cause, c.Obs.Trouble)
	}
}

// What registers and the registry say is in the case, also of a site that was
// not seen; without them nothing is.
func TestRecordsAreAsked(t *testing.T) {
	n := newInternet(t)
	n.set(func() { n.zone["up.cn"], n.zone["down.cn"] = webAddr, refusedAddr })
	s := n.scanner(t)
	s.Records = &Records{
		Registration: func(_ context.Context, domain string) *crawler.Registration {
			return &crawler.Registration{Domain: domain}
		},
		Filing: func(_ context.Context, domain string) crawler.Filing {
			return crawler.Filing{Status: crawler.FilingUnfiled, Source: "register"}
		},
		Number: func(_ context.Context, number string) crawler.NumberAnswer {
			return crawler.NumberAnswer{Number: number}
		},
		Patience: time.Second,
	}
	for _, domain := range []string{"up.cn", "down.cn"} {
		c := s.Visit(t.Context(), &crawler.Target{Domain: domain, Given: domain}, nil, nil)
		if c.Obs.Registration == nil || c.Obs.Registration.Domain != domain || c.Target.Filing.Status != crawler.FilingUnfiled {
			t.Errorf("%s: %+v, %+v", domain, c.Obs.Registration, c.Target.Filing)
		}
		if domain == "up.cn" && len(c.Obs.Numbers) != 1 {
			t.Errorf("the numbers on the page: %+v", c.Obs.Numbers)
		}
	}
	if s.Records.Wait() != time.Second || (*Records)(nil).Wait() != 0 {
		t.Error("the patience is not the one given")
	}
	if why := s.CheckControls(t.Context(), []string{"up.cn"}, false); why != "" {
		t.Errorf("controls: %s", why)
	}
}

// A page that did not change keeps the outcomes of the run before; a change of
// the page, of an input or of the rules does not pass.
func TestUnchangedPageKeepsItsOutcomes(t *testing.T) {
	n := newInternet(t)
	n.set(func() { n.zone["up.cn"] = webAddr })
	s := n.scanner(t)
	config := Fingerprint(s.EffectivePolicy(), "zh")
	// judged visits and judges the page, and returns what the next run knows.
	judged := func() *store.Last {
		c, end := s.VisitAgain(t.Context(), filed("up.cn"), nil, nil, nil)
		outs := detect.Judge(c, rules.All)
		var res store.Result
		Remember(config, c, outs, end.Whole, &res)
		if res.Inputs == "" || res.BodyDigest == "" || !res.GoodUntil.After(res.JudgedAt) {
			t.Fatalf("nothing is remembered: %+v", res)
		}
		return &store.Last{Domain: "up.cn", BodyDigest: res.BodyDigest, Inputs: res.Inputs, Keeping: res.Keeping, FinalURL: c.Answer.URL, Findings: true, Found: true}
	}
	visit := func(t *testing.T, target *crawler.Target, prev *Previous) (*detect.Case, *store.Kept) {
		c, end := s.VisitAgain(t.Context(), target, nil, nil, prev)
		if c.Liveness != detect.Serving {
			t.Fatalf("%s %s (%s)", c.Liveness, c.Cause, c.Obs.Trouble)
		}
		return c, end.Kept
	}
	last := judged()
	now := time.Now()
	for name, full := range map[string]bool{"asked whether it changed": false, "asked in full": true} {
		t.Run(name, func(t *testing.T) {
			if _, kept := visit(t, filed("up.cn"), NewPrevious(last, config, full, now, 1000)); kept == nil || !kept.Findings || !kept.Found || kept.Line != 2 {
				t.Errorf("kept: %+v", kept)
			}
		})
	}
	for name, prev := range map[string]*Previous{
		"first run":       NewPrevious(nil, config, false, now, 1000),
		"nothing to keep": NewPrevious(&store.Last{Domain: "up.cn"}, config, false, now, 1000),
		"other rules":     NewPrevious(last, Fingerprint(s.EffectivePolicy(), "en"), false, now, 1000),
	} {
		t.Run(name, func(t *testing.T) {
			c, kept := visit(t, filed("up.cn"), prev)
			if kept != nil || len(c.Obs.Visits) == 0 || len(c.Answer.Body) == 0 {
				t.Errorf("kept %+v", kept)
			}
		})
	}
	t.Run("another line of the inventory", func(t *testing.T) {
		other := filed("up.cn")
		other.Filing.Number = "粤ICP备20000002号-1"
		c, kept := visit(t, other, NewPrevious(last, config, false, now, 1000))
		if kept != nil || len(c.Answer.Body) == 0 {
			t.Errorf("kept %+v, %d bytes of the page", kept, len(c.Answer.Body))
		}
	})
	t.Run("outcomes that are too old", func(t *testing.T) {
		old := *last
		old.GoodUntil = time.Now().Add(-time.Minute)
		if _, kept := visit(t, filed("up.cn"), NewPrevious(&old, config, false, now, 1000)); kept != nil {
			t.Errorf("kept %+v", kept)
		}
	})
	t.Run("another page", func(t *testing.T) {
		n.set(func() { n.pages["up.cn/"] = strings.ReplaceAll(goodPage, "京ICP备20000001号-1", "") })
		c, kept := visit(t, filed("up.cn"), NewPrevious(last, config, false, now, 1000))
		if kept != nil || strings.Contains(string(c.Answer.Body), "20000001") {
			t.Errorf("kept %+v", kept)
		}
	})
}

// Of a site that does not serve nothing is remembered.
func TestNothingIsRememberedOfAFailure(t *testing.T) {
	n := newInternet(t)
	n.set(func() { n.zone["down.cn"] = refusedAddr })
	c, end := n.scanner(t).VisitAgain(t.Context(), filed("down.cn"), nil, nil, nil)
	var res store.Result
	Remember("x-", c, detect.Judge(c, rules.All), end.Whole, &res)
	if res.Inputs != "" {
		t.Errorf("remembered %q", res.Inputs)
	}
}
