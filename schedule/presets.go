package schedule

import (
	"slices"
	"time"
)

// A Confirmation says how a failure is looked at again before it counts.
type Confirmation struct {
	// Delays are the times from one look to the next. The first look that fails
	// is followed by as many as there are delays, at most.
	Delays []time.Duration
	// Fails is how many of the looks after the first must fail, in a row or not;
	// 0: all of them must, the first too, in a row. With Fails the looks go on
	// through answers until the looks that are left cannot change the verdict.
	Fails int
	// Patience is the least time that one request must be given; 0: any will do.
	Patience time.Duration
}

// confirmations are the named ways to confirm a failure.
//
// quick: three looks within a minute, for a person who waits. nightly: a
// restart of a web server takes seconds to minutes. gov: the rule by which the
// State Council's office inspects government sites (政府网站与政务新媒体检查指标,
// 单项否决指标"站点无法访问"): the home page is visited 20 times or more a day for a
// week at intervals, and a site that has not opened after 15 s in 5 % or more of
// the visits is down. 7 of 140 visits are 5 %.
func confirmations() map[string]Confirmation {
	const visits, week = 140, 7 * 24 * time.Hour
	return map[string]Confirmation{
		"quick":   {Delays: []time.Duration{15 * time.Second, 30 * time.Second}},
		"nightly": {Delays: []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute}},
		"gov":     {Delays: slices.Repeat([]time.Duration{week / visits}, visits), Fails: visits * 5 / 100, Patience: 15 * time.Second},
	}
}

// Preset gives a named confirmation: quick, nightly or gov.
func Preset(name string) (Confirmation, bool) {
	c, ok := confirmations()[name]
	return c, ok
}
