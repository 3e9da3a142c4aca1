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
	holds := func(after time.Duration) bool {
		later := *c
		later.At = c.At.Add(after)
		later.Filing = effectiveFiling(c.Target.Filing, later.At, c.Policy)
		if later.Filing.Status != c.Filing.Status || later.Filing.Reason != c.Filing.Reason { // nothing else of it grows old
			return false
		}
		for i, r := range rules {
			if r.Dated && !alike(r.judge(&later), outs[i]) {
				return false
			}
		}
		return true
	}
	if holds(horizon) {
		return c.At.Add(horizon)
	}
	const step = time.Hour
	low, high := 0, int(horizon/step) // holds at low, not at high
	for high-low > 1 {
		if mid := (low + high) / 2; holds(time.Duration(mid) * step) {
			low = mid
		} else {
			high = mid
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
