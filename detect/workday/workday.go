// Package workday counts working days of mainland China: weekends, public
// holidays, and the weekends that are worked in exchange. It knows the years
// whose arrangement its data holds; of others it knows weekends only, and says
// so.
package workday

import (
	"fmt"
	"time"
)

// china is the zone in which days begin and end: the deadlines are Chinese.
var china = time.FixedZone("CST", 8*60*60)

// A date is a day without a time.
type date struct {
	year  int
	month time.Month
	day   int
}

func dateOf(t time.Time) date {
	y, m, d := t.In(china).Date()
	return date{y, m, d}
}

// midnight is when the day begins.
func (d date) midnight() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, china) }

// A Calendar tells working days. It is not changed after it was made.
type Calendar struct {
	years map[int]string // year → the document that arranges it
	off   map[date]bool  // true: a holiday; false: worked, whatever day of the week it is
}

// String lists everything that the calendar knows, in a fixed order.
func (c *Calendar) String() string { return fmt.Sprint(c.years, c.off) }

// Day gives the beginning, in China, of the day on which t falls.
func Day(t time.Time) time.Time { return dateOf(t).midnight() }

// Works tells whether the day of t, in China, is a working day.
func (c *Calendar) Works(t time.Time) bool {
	d := dateOf(t)
	if off, ok := c.off[d]; ok {
		return !off
	}
	switch d.midnight().Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return true
}

// Missing lists the years from one time to another whose arrangement is not
// known: their days are counted by weekends alone.
func (c *Calendar) Missing(from, to time.Time) []int {
	var years []int
	for y := dateOf(from).year; y <= min(dateOf(to).year, dateOf(from).year+maxYears); y++ {
		if _, ok := c.years[y]; !ok {
			years = append(years, y)
		}
	}
	return years
}

// maxYears bounds the years that Missing looks at.
const maxYears = 50

// NextYear returns the year after that of at from December on, when its
// arrangement has been announced and should be in the data, if it is not there;
// else 0.
func (c *Calendar) NextYear(at time.Time) int {
	d := dateOf(at)
	if _, ok := c.years[d.year+1]; ok || d.month < time.December {
		return 0
	}
	return d.year + 1
}

// Known tells whether the arrangement of every year from one time to another is
// known; else days were counted by weekends alone.
func (c *Calendar) Known(from, to time.Time) bool {
	for y := dateOf(from).year; y <= dateOf(to).year; y++ {
		if _, ok := c.years[y]; !ok {
			return false
		}
	}
	return true
}

// MaxDays bounds what Add and Between count: four years of working days.
const MaxDays = 1000

// Add gives the n-th working day after the day of from (its beginning, in
// China). The day of from itself does not count. n is at most [MaxDays].
func (c *Calendar) Add(from time.Time, n int) time.Time {
	day := Day(from)
	for n = min(n, MaxDays); n > 0; {
		if day = day.AddDate(0, 0, 1); c.Works(day) {
			n--
		}
	}
	return day
}

// Between counts the working days after the day of from, up to and with the day
// of to; 0 if that is not later. It counts to [MaxDays].
func (c *Calendar) Between(from, to time.Time) int {
	n := 0
	for day, end := Day(from), Day(to); day.Before(end) && n < MaxDays; {
		if day = day.AddDate(0, 0, 1); c.Works(day) {
			n++
		}
	}
	return n
}
