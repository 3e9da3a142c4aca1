package visit

import (
	"slices"
	"time"
)

// A Confirmation says how a failure is confirmed before it counts.
type Confirmation struct {
	// Delays are the times from one visit to the next. The first visit that
	// fails is followed by as many as there are delays, at most.
	Delays []time.Duration
	// Fails is how many of the visits after the first must fail, in a row or not;
	// 0: all of them must, the first too, in a row. With Fails the visits go on
	// through answers until those that are left cannot change the verdict.
	Fails int
	// Patience is the least time that one request must be given; 0: any will do.
	Patience time.Duration
}

// presets are the named ways to confirm a failure.
//
// quick: three visits within a minute, for a person who waits. nightly: a
// restart of a web server takes seconds to minutes. gov: the rule by which the
// State Council's office inspects government sites (政府网站与政务新媒体检查指标,
// 单项否决指标"站点无法访问"): the home page is visited 20 times or more a day for a
// week at intervals, and a site that has not opened after 15 s in 5 % or more of
// the visits is down. 7 of 140 visits are 5 %.
func presets() map[string]Confirmation {
	const visits, week = 140, 7 * 24 * time.Hour
	return map[string]Confirmation{
		"quick":   {Delays: []time.Duration{15 * time.Second, 30 * time.Second}},
		"nightly": {Delays: []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute}},
		"gov":     {Delays: slices.Repeat([]time.Duration{week / visits}, visits), Fails: visits * 5 / 100, Patience: 15 * time.Second},
	}
}

// Preset returns a named confirmation: quick, nightly or gov. It reports
// whether there is one of that name.
func Preset(name string) (Confirmation, bool) {
	c, ok := presets()[name]
	return c, ok
}
