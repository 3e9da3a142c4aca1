package detect

import (
	"fmt"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/page"
)

// GoodUntil is the moment up to which outcomes hold as long as nothing but the
// clock moves, at most horizon from now. Only rules that are Dated read the
// clock, beside the age of what the register said, so these are judged at later
// days: a duty that falls due turns once and stays turned, so what is the same
// at both ends of a time is the same within.
func GoodUntil(c *Case, outs []Outcome, rules []*Rule, horizon time.Duration) time.Time {
	at := func(after time.Duration) *Case {
		later := *c
		later.cache.outcomes = nil
		later.At = c.At.Add(after)
		later.Filing = effectiveFiling(c.Target.Filing, later.At, c.Policy)
		return &later
	}
	old := func(later *Case) bool { // nothing else of a filing grows old
		return later.Filing.Status != c.Filing.Status || later.Filing.Reason != c.Filing.Reason
	}
	end := at(horizon)
	var turning []int // the rules that speak otherwise at the end
	for i, r := range rules {
		if r.Dated && !alike(r.judge(end), outs[i]) {
			turning = append(turning, i)
		}
	}
	if len(turning) == 0 && !old(end) {
		return end.At
	}
	const step = time.Hour
	low, high := 0, int(horizon/step) // all is as it was at low, not at high
	for high-low > 1 {
		mid := (low + high) / 2
		later := at(time.Duration(mid) * step)
		if old(later) || slices.ContainsFunc(turning, func(i int) bool { return !alike(rules[i].judge(later), outs[i]) }) {
			high = mid
		} else {
			low = mid
		}
	}
	return c.At.Add(time.Duration(low) * step)
}

// alike reports whether two outcomes of a rule say the same. Since and Due are
// Review's, and the clock does not move them.
func alike(a, b Outcome) bool {
	return a.Rule == b.Rule && a.Verdict == b.Verdict && a.Severity == b.Severity && a.Reason == b.Reason && a.Detail == b.Detail &&
		(a.Findings == nil) == (b.Findings == nil) && slices.EqualFunc(a.Findings, b.Findings, func(x, y Finding) bool {
		return x.Where == y.Where && x.Saw == y.Saw && x.Fix == y.Fix && x.Snippet == y.Snippet && slices.Equal(x.Quotes, y.Quotes)
	})
}

// Judge applies the rules to a case: one outcome each, in order. Evidence that
// a rule cannot do without is looked for here, so that no Check is called
// without it, and so is the witness that a rule asks for: what no browser
// confirms, where one must, is unknown. A page that is about to be accused is read
// again from its tree, and the case is left as the tree has it; one whose
// accusation is held back for want of a witness is not.
func Judge(c *Case, rules []*Rule) []Outcome {
	if c.Rendered || c.accused(rules) && c.unwitnessed(WitnessPage) == "" {
		c.reread()
	}
	outcomes := make([]Outcome, len(rules))
	for i, r := range rules {
		outcomes[i] = r.judge(c)
	}
	return outcomes
}

// judge applies one rule, with its witness.
func (r *Rule) judge(c *Case) Outcome { return r.witnessed(c, r.outcome(c)) }

// check applies one rule by itself. A rule that panics is broken for this case
// and says so; the others still speak.
func (r *Rule) check(c *Case) (o Outcome) {
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

// lacks returns the outcome of a rule that misses evidence.
func (r *Rule) lacks(c *Case) (Outcome, bool) {
	if r.Needs&(NeedsSite|NeedsDocuments) != 0 && c.File != "" {
		return Outcome{Verdict: Exempt, Reason: ReasonFile}, true
	}
	why := Reason("")
	switch {
	case r.Needs&NeedsDocuments != 0 && len(c.Target.Holder.Documents) == 0:
		why = ReasonNoDocuments
	case r.Needs&NeedsFiling != 0 && c.Filing.Status == crawler.FilingUnknown:
		why = filingReason(c)
	case r.Needs&NeedsDNS != 0 && !resolved(c):
		why = notSeenReason(c)
	case r.Needs&NeedsHome != 0 && pageReason(c) != "":
		why = pageReason(c)
	case r.Needs&NeedsHistory != 0 && c.Open == nil:
		why = ReasonNoHistory
	}
	return Outcome{Verdict: Unknown, Reason: why}, why != ""
}

// filingReason says why the filing status is not known, in a word of the list.
func filingReason(c *Case) Reason {
	if why := Reason(c.Filing.Reason); why == ReasonFilingOld || why == ReasonFilingContradicts {
		return why
	}
	return ReasonFilingUnknown
}

// resolved reports whether the name was asked for and the question ended: in
// addresses, or in a failure that is the site's.
func resolved(c *Case) bool {
	if len(c.Addresses()) > 0 {
		return true
	}
	f := dnsFailure(c.Obs, c.Target.Domain)
	return f != nil && !f.Kind.Ours()
}

// pageReason says why there is no home page that was read whole, empty if
// there is one.
func pageReason(c *Case) Reason {
	if why := c.LivenessReason(); why != "" {
		return why
	}
	if c.Home == nil {
		return ReasonNotSeen
	}
	if c.Rendered && c.Home.Fault == page.FaultCut {
		if why := c.drawingReason(); why != "" {
			return why // what was received was whole, what was drawn of it was not
		}
	}
	return FaultReason(c.Home.Fault)
}

// LivenessReason says why the site's own page was not seen, empty if one was.
func (c *Case) LivenessReason() Reason {
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

func FaultReason(f page.Fault) Reason {
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
