package reports

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/workday"
)

// soon is how many days ahead an overview tells of a due date.
const soon = 7

// A DueSample is one finding with its date for mending.
type DueSample struct {
	Domain   string
	Owner    OwnerKey
	Rule     string
	Severity detect.Severity
	Due      time.Time
	Overdue  bool // the date lies before the day of the run
	soon     bool // … or within a week of it
}

// Deadlines tell which findings of a run are overdue or due within a week of the
// day it began, in China.
type Deadlines struct {
	Overdue, Soon int         // findings
	Samples       []DueSample // overdue ones first, then those of this week, then the most severe, then by date; at most maxSamples
}

func (d *Deadlines) add(r *Record, o *detect.Outcome, today time.Time) {
	if o.Due.IsZero() || today.IsZero() {
		return
	}
	day, due := workday.Day(today), workday.Day(o.Due)
	overdue := due.Before(day)
	within := !overdue && !due.After(day.AddDate(0, 0, soon))
	switch {
	case overdue:
		d.Overdue++
	case within:
		d.Soon++
	}
	sample := DueSample{Domain: r.Domain, Owner: OwnerOf(r), Rule: o.Rule, Severity: o.Severity, Due: o.Due, Overdue: overdue, soon: within}
	at, _ := slices.BinarySearchFunc(d.Samples, &sample, func(a DueSample, b *DueSample) int { return byUrgency(&a, b) })
	if at == maxSamples {
		return
	}
	sample.Domain, sample.Rule = strings.Clone(sample.Domain), strings.Clone(sample.Rule)
	d.Samples = slices.Insert(d.Samples, at, sample)
	d.Samples = d.Samples[:min(len(d.Samples), maxSamples)]
}

func byUrgency(a, b *DueSample) int {
	late := func(s *DueSample) int {
		switch {
		case s.Overdue:
			return 0
		case s.soon:
			return 1
		}
		return 2
	}
	return cmp.Or(late(a)-late(b), Rank(b.Severity)-Rank(a.Severity), a.Due.Compare(b.Due), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Rule, b.Rule))
}
