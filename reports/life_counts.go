package reports

import (
	"github.com/beianwatch/beianwatch/detect"
)

// LifeCounts are what has become of the findings of an inventory with one run. A
// waived finding is counted under Waived alone, unless it ended.
type LifeCounts struct {
	Opened, First, Worse, Reopened BySeverity // as with this run
	Still                          BySeverity
	Passed, Unseen                 BySeverity // open, but not found by this run
	Fixed, Gone                    BySeverity // ended with this run
	Waived                         BySeverity
	Overdue                        BySeverity // open, and the due date has passed
	DueSoon                        BySeverity // open, and due within seven days, the day of the run among them
}

// BySeverity counts findings.
type BySeverity struct{ Violations, Warnings, Notices int }

// Total counts findings of any severity.
func (c BySeverity) Total() int { return c.Violations + c.Warnings + c.Notices }

// Grave counts findings that must be fixed or looked into: all but notices.
func (c BySeverity) Grave() int { return c.Violations + c.Warnings }

// Add counts n findings of a severity.
func (c *BySeverity) Add(s detect.Severity, n int) {
	switch s {
	case detect.Violation:
		c.Violations += n
	case detect.Warning:
		c.Warnings += n
	case detect.Notice:
		c.Notices += n
	}
}

// Of returns the counts of a state; nil for a word that is none.
func (c *LifeCounts) Of(s State) *BySeverity {
	switch s {
	case StateOpened:
		return &c.Opened
	case StateFirst:
		return &c.First
	case StateWorse:
		return &c.Worse
	case StateReopened:
		return &c.Reopened
	case StateStill:
		return &c.Still
	case StatePassed:
		return &c.Passed
	case StateUnseen:
		return &c.Unseen
	case StateFixed:
		return &c.Fixed
	case StateGone:
		return &c.Gone
	}
	return nil
}

// Open counts the findings that are open and not waived.
func (c *LifeCounts) Open() BySeverity {
	var sum BySeverity
	for _, s := range States {
		if s.Open() {
			n := c.Of(s)
			sum.Violations += n.Violations
			sum.Warnings += n.Warnings
			sum.Notices += n.Notices
		}
	}
	return sum
}
