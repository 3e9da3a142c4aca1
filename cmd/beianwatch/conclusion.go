package main

import (
	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// A conclusion is what the domains of a command come to, for its exit code.
type conclusion struct {
	failOn    detect.Severity // the least severity that counts
	never     bool            // nothing does
	found     bool
	undecided bool
}

// conclusion returns one that goes by --fail-on and has seen no domain yet.
func (p *program) conclusion() *conclusion {
	return &conclusion{failOn: detect.Severity(p.FailOn), never: p.FailOn == settings.FailNever}
}

// add takes the outcomes of one domain into account, but for what is waived and what a
// filter leaves out.
func (c *conclusion) add(r *reports.Record) {
	for _, f := range r.Findings() {
		if f.Waiver == nil {
			c.find(f.Severity)
		}
	}
	c.undecided = c.undecided || !detect.Decided(r.Outcomes)
}

// find takes a finding into account.
func (c *conclusion) find(severity detect.Severity) {
	c.found = c.found || reports.Rank(severity) >= reports.Rank(c.failOn)
}

// err ends the command: nil, or with the exit code of what was found first and of
// what could not be judged second.
func (c *conclusion) err() error {
	switch {
	case c.never:
		return nil
	case c.found:
		return &exitError{exitFound}
	case c.undecided:
		return &exitError{exitInconclusive}
	}
	return nil
}
