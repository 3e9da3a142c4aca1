package detect

import (
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/page"
)

// TestNeedsAreMet: no Check is called without the evidence that its rule needs,
// and the reason says what is missing.
func TestNeedsAreMet(t *testing.T) {
	whole := func(f page.Fault) *page.Page { return &page.Page{Fault: f} }
	resolved := &crawler.Observation{Lookups: []crawler.Lookup{answer("example.cn", "192.0.2.10")}}
	target := &crawler.Target{Domain: "example.cn"}
	filed := crawler.Filing{Status: crawler.FilingFiled}
	tests := []struct {
		name   string
		needs  Evidence
		c      Case
		reason Reason // empty if Check is to be called
	}{
		{"nothing needed", 0, Case{}, ""},
		{"a file is no site", NeedsSite, Case{File: "index.html"}, ReasonFile},
		{"a site", NeedsSite, Case{}, ""},
		{"no filing status", NeedsFiling, Case{Filing: crawler.Filing{Status: crawler.FilingUnknown}}, ReasonFilingUnknown},
		{"an old one", NeedsFiling, Case{Filing: crawler.Filing{Status: crawler.FilingUnknown, Reason: string(ReasonFilingOld)}}, ReasonFilingOld},
		{"a register's own words", NeedsFiling, Case{Filing: crawler.Filing{Status: crawler.FilingUnknown, Reason: "当前访问已被拦截"}}, ReasonFilingUnknown},
		{"a filing status", NeedsFiling, Case{Filing: filed}, ""},
		{"DNS was not asked", NeedsDNS, Case{Target: target, Obs: &crawler.Observation{}}, ReasonNotLooked},
		{"DNS answered", NeedsDNS, Case{Target: target, Obs: resolved}, ""},
		{"the site is down", NeedsHome, Case{Liveness: Down}, ReasonDown},
		{"it is blocked", NeedsHome, Case{Liveness: Blocked}, ReasonBlocked},
		{"it turns us away", NeedsHome, Case{Liveness: Challenged}, ReasonChallenged},
		{"it was not seen", NeedsHome, Case{Liveness: Unseen, Obs: &crawler.Observation{Trouble: "the network was away"}}, ReasonNotSeen},
		{"it points on", NeedsHome, Case{Liveness: Unseen, Cause: CauseFollow}, ReasonNotFollowed},
		{"no page", NeedsHome, Case{Liveness: Serving}, ReasonNotSeen},
		{"a cut page", NeedsHome, Case{Liveness: Serving, Home: whole(page.FaultCut)}, ReasonPageCut},
		{"a deep page", NeedsHome, Case{Liveness: Serving, Home: whole(page.FaultDeep)}, ReasonPageDeep},
		{"an unknown encoding", NeedsHome, Case{Liveness: Serving, Home: whole(page.FaultCharset)}, ReasonCharset},
		{"a picture", NeedsHome, Case{Liveness: Serving, Home: whole(page.FaultBinary)}, ReasonNotHTML},
		{"a whole page", NeedsHome, Case{Liveness: Serving, Home: whole(page.FaultNone)}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			called := false
			rule := &Rule{ID: "any-rule", Needs: tt.needs, Check: func(*Case) Outcome { called = true; return Outcome{Verdict: Pass} }}
			o := Judge(&tt.c, []*Rule{rule})[0]
			if called != (tt.reason == "") || o.Reason != tt.reason {
				t.Errorf("called: %t, outcome %s %q, want reason %q", called, o.Verdict, o.Reason, tt.reason)
			}
		})
	}
}

func TestPanicIsBroken(t *testing.T) {
	bad := &Rule{ID: "bad-rule", Check: func(*Case) Outcome { panic("of glass") }}
	good := &Rule{ID: "good-rule", Check: func(*Case) Outcome { return Outcome{Verdict: Pass} }}
	outs := Judge(NewCase(Input{}, nil), []*Rule{bad, good})
	if outs[0].Verdict != Broken || outs[0].Detail != "of glass" || outs[0].Rule != "bad-rule" {
		t.Errorf("a rule that panics gives %+v", outs[0])
	}
	if outs[1].Verdict != Pass {
		t.Errorf("the rule after it gives %+v", outs[1])
	}
}
