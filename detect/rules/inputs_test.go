package rules

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// TestDatedRules moves the clock of every fixture: a rule whose outcome follows
// it must say so, or outcomes would be kept for too long.
func TestDatedRules(t *testing.T) {
	const day = 24 * time.Hour
	for _, r := range All {
		paths, err := filepath.Glob("testdata/rules/" + r.ID + "/*.txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			f, a := readFixture(t, path)
			c := f.newCase(t, a)
			unjudged := *c // a case remembers its outcomes
			was := detect.Judge(c, []*detect.Rule{r})
			for _, after := range []time.Duration{-900 * day, -100 * day, -20 * day, -2 * day, day, 4 * day, 10 * day, 40 * day, 100 * day, 400 * day, 4000 * day} {
				later := unjudged
				later.At = c.At.Add(after)
				if !reflect.DeepEqual(detect.Judge(&later, []*detect.Rule{r}), was) && !r.Dated {
					t.Errorf("%s: %s changes with the clock and is not Dated", filepath.Base(path), r.ID)
					break
				}
			}
		}
	}
}

// TestPrivateRules takes from every fixture what only the inventory has of people: a
// rule whose outcome follows from it must say so, or its findings would be given away.
func TestPrivateRules(t *testing.T) {
	for _, r := range All {
		paths, err := filepath.Glob("testdata/rules/" + r.ID + "/*.txtar")
		if err != nil {
			t.Fatal(err)
		}
		follows := false
		for _, path := range paths {
			f, a := readFixture(t, path)
			c := f.newCase(t, a)
			bare := *c // before it is judged: a case remembers its outcomes
			was := detect.Judge(c, []*detect.Rule{r})
			target, obs := *c.Target, *c.Obs
			h := &target.Holder
			target.Holder = crawler.Holder{Registrar: h.Registrar, DomainExpires: h.DomainExpires}
			obs.Documents = nil
			bare.Target, bare.Obs = &target, &obs
			bare.Filing.CertAddress, bare.Filing.CreditCode = "", ""
			if !reflect.DeepEqual(detect.Judge(&bare, []*detect.Rule{r}), was) {
				follows = true
				if !r.Private {
					t.Errorf("%s: %s follows from what is known of people and is not Private", filepath.Base(path), r.ID)
				}
			}
		}
		if r.Private && !follows {
			t.Errorf("%s is Private, and no fixture of it has anything of people", r.ID)
		}
	}
}

func TestGoodUntil(t *testing.T) {
	const day = 24 * time.Hour
	obs := &crawler.Observation{Domain: "example.cn", At: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC), Visits: []crawler.Visit{{Ask: crawler.Ask{Kind: crawler.AskHome},
		Hops: []crawler.Page{{URL: "https://example.cn/", Status: 200, Body: []byte("<p>京ICP备20000001号-1</p>")}}}}}
	until := func(f crawler.Filing) time.Duration {
		target := &crawler.Target{Domain: "example.cn", Filing: f}
		c := detect.NewCase(detect.Input{Target: target, Obs: obs, Policy: fixturePolicy(t)}, nil)
		return detect.GoodUntil(c, detect.Judge(c, All), All, 30*day).Sub(c.At)
	}
	if got := until(crawler.Filing{Number: "京ICP备20000001号-1"}); got != 30*day {
		t.Errorf("without a date: good for %v", got)
	}
	// The grace of three days ends two days from now.
	got := until(crawler.Filing{Number: "京ICP备20000001号-1", ApprovedAt: obs.At.Add(-day)})
	if got < 2*day-2*time.Hour || got >= 2*day {
		t.Errorf("approved yesterday: good for %v", got)
	}
	// What the register said grows old ten days from now.
	got = until(crawler.Filing{Status: crawler.FilingUnfiled, CheckedAt: obs.At.Add(-20 * day)})
	if got < 10*day-2*time.Hour || got > 10*day {
		t.Errorf("asked twenty days ago: good for %v", got)
	}
}
