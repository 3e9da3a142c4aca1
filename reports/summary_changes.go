package reports

import (
	"iter"

	"github.com/beianwatch/beianwatch/detect"
)

// Changes is a comparison of two runs as people read it: counts, and bounded
// samples of each kind.
type Changes struct {
	Was, Now *Run
	Counts   DiffCounts
	samples  map[ChangeKind]*Gravest[ChangeSample]
}

// A ChangeSample is one change, reduced to a line.
type ChangeSample struct {
	Domain   string
	Owner    string
	Rule     string // "" for the domain as a whole
	Was, Now Side   // without findings
	Tone     string // the look of what is there now, or was there before
	Present  bool   // the newer run has the domain …
	Found    bool   // … and something was found by this rule
	Saw      detect.Text
}

// NewChanges reads a comparison to its end and keeps at most maxSamples
// changes of each kind, the most severe first. counts is the one that was given to
// [Diff].
func NewChanges(was, now *Run, changes iter.Seq2[Change, error], counts *DiffCounts) (*Changes, error) {
	c := &Changes{Was: was, Now: now, samples: map[ChangeKind]*Gravest[ChangeSample]{}}
	for change, err := range changes {
		if err != nil {
			return nil, err
		}
		c.add(&change)
	}
	c.Counts = *counts
	return c, nil
}

func (c *Changes) add(change *Change) {
	kind := change.Kind
	if change.Waiver != nil {
		kind = ChangeWaived
	}
	kept := c.samples[kind]
	if kept == nil {
		kept = &Gravest[ChangeSample]{}
		c.samples[kind] = kept
	}
	rank := max(Rank(change.Now.Severity), Rank(change.Was.Severity))
	if kept.Room(rank, maxSamples) {
		kept.Add(rank, maxSamples, sampleOf(change))
	}
}

// Samples are changes of one kind, the most severe first, at most maxSamples.
func (c *Changes) Samples(kind ChangeKind) []ChangeSample {
	kept := c.samples[kind]
	if kept == nil {
		return nil
	}
	return kept.List(maxSamples)
}

func sampleOf(c *Change) ChangeSample {
	s := ChangeSample{Domain: c.Domain, Owner: cut(c.Owner, maxShort), Rule: c.Rule, Was: c.Was.bare(), Now: c.Now.bare(),
		Present: c.Now.Liveness != "" || c.Now.Verdict != "", Found: c.Now.Verdict == detect.Found}
	for _, side := range []*Side{&c.Now, &c.Was} {
		if s.Tone == "" && side.Verdict != "" {
			s.Tone = ToneOf(&detect.Outcome{Verdict: side.Verdict, Severity: side.Severity})
		}
	}
	if s.Tone == "" {
		s.Tone = string(detect.Unknown)
	}
	if told := c.Findings(); len(told) > 0 {
		s.Saw = shortened(told[0].Saw)
	}
	return s
}

// bare is the side without its findings.
func (s Side) bare() Side {
	s.Findings = nil
	return s
}
