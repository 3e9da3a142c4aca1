package detect

import (
	"fmt"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/page"
)

// Judge applies the rules to a case: one outcome each, in order. Evidence that
// a rule cannot do without is looked for here, so that no Check is called
// without it.
func Judge(c *Case, rules []*Rule) []Outcome {
	outcomes := make([]Outcome, len(rules))
	for i, r := range rules {
		outcomes[i] = r.judge(c)
	}
	return outcomes
}

// judge applies one rule. A rule that panics is broken for this case and says
// so; the others still speak.
func (r *Rule) judge(c *Case) (o Outcome) {
	defer func() {
		if p := recover(); p != nil {
			o = Outcome{Verdict: Broken, Reason: ReasonPanicked, Detail: fmt.Sprint(p)}
		}
		o.Rule = r.ID
	}()
	if o, missing := r.lacks(c); missing {
		return o
	}
	return r.Check(c)
}

// lacks gives the outcome of a rule that misses evidence.
func (r *Rule) lacks(c *Case) (Outcome, bool) {
	if r.Needs&(NeedsSite|NeedsDocuments) != 0 && c.File != "" {
		return exempt(ReasonFile), true
	}
	if r.Needs&NeedsDocuments != 0 && len(c.Target.Holder.Documents) == 0 {
		return unknown(ReasonNoDocuments), true
	}
	if r.Needs&NeedsFiling != 0 && c.Filing.Status == crawler.FilingUnknown {
		return unknown(filingReason(c)), true
	}
	if r.Needs&NeedsDNS != 0 && !resolved(c) {
		return unknown(notSeenReason(c)), true
	}
	if r.Needs&NeedsHome != 0 {
		if why := pageReason(c); why != "" {
			return unknown(why), true
		}
	}
	return Outcome{}, false
}

// filingReason says why the filing status is not known, in a word of the list.
func filingReason(c *Case) Reason {
	if why := Reason(c.Filing.Reason); why == ReasonFilingOld || why == ReasonFilingContradicts {
		return why
	}
	return ReasonFilingUnknown
}

// resolved tells whether the name was asked for and the question ended: in
// addresses, or in a failure that is the site's.
func resolved(c *Case) bool {
	if len(c.addresses()) > 0 {
		return true
	}
	f := dnsFailure(c.Obs, c.Target.Domain)
	return f != nil && !f.Kind.Ours()
}

// pageReason says why there is no home page that was read whole, empty if
// there is one.
func pageReason(c *Case) Reason {
	if why := livenessReason(c); why != "" {
		return why
	}
	if c.Home == nil {
		return ReasonNotSeen
	}
	return faultReason(c.Home.Fault)
}

// livenessReason says why the site's own page was not seen, empty if one was.
func livenessReason(c *Case) Reason {
	switch c.Liveness {
	case Down:
		return ReasonDown
	case Blocked:
		return ReasonBlocked
	case Challenged:
		return ReasonChallenged
	case Unseen:
		if c.Cause == CauseFollow {
			return ReasonNotFollowed
		}
		return notSeenReason(c)
	}
	return ""
}

// notSeenReason tells a site that nobody was asked to look at from one that was
// looked at in vain.
func notSeenReason(c *Case) Reason {
	if len(c.Obs.Lookups) == 0 && len(c.Obs.Visits) == 0 && c.Obs.Trouble == "" {
		return ReasonNotLooked
	}
	return ReasonNotSeen
}

func faultReason(f page.Fault) Reason {
	switch f {
	case page.FaultNone:
		return ""
	case page.FaultCut:
		return ReasonPageCut
	case page.FaultDeep:
		return ReasonPageDeep
	case page.FaultCharset:
		return ReasonCharset
	}
	return ReasonNotHTML
}
