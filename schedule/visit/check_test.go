package visit

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// A resolver that says nothing, not even that a random name does not exist,
// says nothing about the site.
func TestResolverThatIsSilent(t *testing.T) {
	n := newInternet(t)
	scanner := n.scanner(t, 20*time.Millisecond)
	n.set(func() { n.silent["silent.cn"] = true })
	c := scanner.Check(context.Background(), &crawler.Target{Domain: "silent.cn"}, nil)
	if c.Liveness != detect.Unseen || c.Cause != string(crawler.FailDNSTimeout) || c.Obs.Trouble != "" { // the word of one resolver
		t.Errorf("one silent name: %s %s (%s)", c.Liveness, c.Cause, c.Obs.Trouble)
	}
	dead := n.scanner(t, 20*time.Millisecond)
	n.set(func() { n.mute = true })
	c = dead.Check(context.Background(), &crawler.Target{Domain: "silent.cn"}, nil)
	if c.Liveness != detect.Unseen || !strings.Contains(c.Obs.Trouble, "random name") {
		t.Errorf("silent resolver: %s %s (%s)", c.Liveness, c.Cause, c.Obs.Trouble)
	}
}

func TestCheck(t *testing.T) {
	n := newInternet(t)
	n.set(func() { n.zone["up.cn"] = webAddr })
	n.set(func() { n.zone["down.cn"] = refusedAddr })
	n.set(func() { n.zone["www.only.cn"] = webAddr })
	scanner := n.scanner(t, 10*time.Millisecond, 20*time.Millisecond)
	for domain, want := range map[string]string{"up.cn": "serving  1", "down.cn": "down refused 3", "www.only.cn": "serving  1", "only.cn": "serving  1", "none.cn": "down dns-nxdomain 3"} {
		c := scanner.Check(context.Background(), &crawler.Target{Domain: domain}, nil)
		if got := fmt.Sprintf("%s %s %d", c.Liveness, c.Cause, len(c.Attempts)); got != want {
			t.Errorf("%s: %q, want %q", domain, got, want)
		}
	}
	// With a control that fails too, nothing is said of the site.
	c := scanner.Check(context.Background(), &crawler.Target{Domain: "down.cn"}, []string{"none.cn"})
	if c.Liveness != detect.Unseen {
		t.Errorf("%s %s", c.Liveness, c.Cause)
	}
	if asked := n.asked["none.cn"] + n.asked["www.none.cn"]; asked > 0 {
		t.Errorf("%d requests for a name that does not exist", asked)
	}
}

// What accuses a site on the first visit counts only while a control shows itself; and
// without controls, only while no other answers in the place of sites that are up.
func TestCheckAgainstStandIns(t *testing.T) {
	const parked = `<html><head><title>欠费停机</title></head><body><h1>您的服务已欠费停机</h1><p>该网站已被暂停，请续费后恢复访问。</p></body></html>`
	n := newInternet(t)
	n.set(func() {
		for _, name := range []string{"led.cn", "unpaid.cn", "up.cn", "portal.com", "led-control.cn", "unpaid-control.cn"} {
			n.zone[name] = webAddr
		}
		n.moved["led.cn"], n.moved["led-control.cn"] = "portal.com", "portal.com"
		n.pages["unpaid.cn/"], n.pages["unpaid-control.cn/"] = parked, parked
	})
	s := n.scanner(t, 10*time.Millisecond)
	for domain, want := range map[string]string{"led.cn": "placeholder redirects-away", "unpaid.cn": "placeholder suspended"} {
		for controls, holds := range map[string]bool{"up.cn": true, "": true, "led-control.cn": false, "unpaid-control.cn": false, "none.cn": false} {
			c := s.Check(t.Context(), filed(domain), strings.Fields(controls))
			if got := string(c.Liveness) + " " + c.Cause; holds != (got == want) || holds == (c.Liveness == detect.Unseen) {
				t.Errorf("%s with control %q: %q", domain, controls, got)
			}
			known := n.scanner(t, 10*time.Millisecond)
			known.Known = strings.Fields(controls)
			c = known.Check(t.Context(), filed(domain), nil)
			if holds := holds || controls == "none.cn"; holds != (c.Liveness != detect.Unseen) {
				t.Errorf("%s beside the known site %q: %s %s", domain, controls, c.Liveness, c.Cause)
			}
		}
	}
}

// A scanner for people who wait has its own delays and pages.
func TestForChecks(t *testing.T) {
	n := newInternet(t)
	s := n.scanner(t, time.Hour)
	own := s.ForChecks([]time.Duration{time.Millisecond}, 5)
	if p := own.EffectivePolicy(); p.Pages != 5 || p.Looks != 2 || s.EffectivePolicy().Pages == 5 || s.EffectivePolicy().Looks != 2 {
		t.Errorf("%d pages, %d looks", p.Pages, p.Looks)
	}
	if s.Limit() < 3*s.RequestTimeout() || (&Scanner{}).RequestTimeout() != 15*time.Second {
		t.Errorf("%v for a visit, %v for a request", s.Limit(), s.RequestTimeout())
	}
	gov, ok := Preset("gov")
	if _, none := Preset("never"); !ok || none || len(gov.Delays) != 140 || gov.Fails != 7 {
		t.Errorf("%d delays, %d fails", len(gov.Delays), gov.Fails)
	}
	watch := &Scanner{Confirm: gov}
	if p := watch.EffectivePolicy(); p.Looks != 140 || p.Fails != 7 || p.Render != detect.RenderNever {
		t.Errorf("%d looks, %d fails, render %s", p.Looks, p.Fails, p.Render)
	}
}

// What a case says of a later visit.
func TestThrottled(t *testing.T) {
	c := &detect.Case{Obs: &crawler.Observation{At: time.Now()}, Liveness: detect.Challenged, Cause: "http-429",
		Answer: &crawler.Page{Header: http.Header{"Retry-After": {"90"}}}}
	if !Throttled(c) || RetryAfter(c) != 90*time.Second || Troubled(c) || Accuses(c) {
		t.Errorf("throttled %v, retry after %v", Throttled(c), RetryAfter(c))
	}
	if c.Answer = nil; Throttled(c) || RetryAfter(c) != 0 {
		t.Error("throttled without an answer")
	}
}

// A redirect to a name that does not exist, which a resolver gives an address to
// for all that, is not followed into the verdict.
func TestPoisonedRedirect(t *testing.T) {
	n := newInternet(t)
	n.set(func() { n.zone["up.cn"], n.moved["up.cn"], n.liar = webAddr, "gone.com", otherAddr })
	s := n.scanner(t)
	// The resolver is known to lie from here on, for both suffixes.
	for _, suffix := range []string{"cn", "com"} {
		if got := s.testResolver(t.Context(), n.dns, suffix); got == nil || len(got.lies) == 0 {
			t.Fatalf("%s: %+v", suffix, got)
		}
	}
	c := s.Visit(t.Context(), &crawler.Target{Domain: "up.cn"}, nil, nil)
	if c.Liveness != detect.Unseen || !strings.Contains(c.Obs.Trouble, "gone.com") || len(c.Obs.Visits) != 0 {
		t.Errorf("%s %s (%s), %d visits", c.Liveness, c.Cause, c.Obs.Trouble, len(c.Obs.Visits))
	}
}
