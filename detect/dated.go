package detect

import (
	"reflect"
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
		if !reflect.DeepEqual(later.Filing, c.Filing) {
			return false
		}
		for i, r := range rules {
			now := outs[i]
			now.Since, now.Due = time.Time{}, time.Time{} // which Review sets, and the clock does not move
			if r.Dated && !reflect.DeepEqual(r.judge(&later), now) {
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
