package detect

import (
	"slices"
	"time"
)

// GoodUntil is the moment up to which outcomes hold as long as nothing but the
// clock moves, at most horizon from now. Only rules that are Dated read the
// clock, beside the age of what the register said, so these are judged at later
// days: a duty that falls due turns once and stays turned, so what is the same
// at both ends of a time is the same within.
func GoodUntil(c *Case, outs []Outcome, rules []*Rule, horizon time.Duration) time.Time {
	at := func(after time.Duration) *Case {
		later := *c
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

// alike tells whether two outcomes of a rule say the same. Since and Due are
// Review's, and the clock does not move them.
func alike(a, b Outcome) bool {
	return a.Rule == b.Rule && a.Verdict == b.Verdict && a.Severity == b.Severity && a.Reason == b.Reason && a.Detail == b.Detail &&
		(a.Findings == nil) == (b.Findings == nil) && slices.EqualFunc(a.Findings, b.Findings, func(x, y Finding) bool {
		return x.Where == y.Where && x.Saw == y.Saw && x.Fix == y.Fix && x.Snippet == y.Snippet && slices.Equal(x.Quotes, y.Quotes)
	})
}
