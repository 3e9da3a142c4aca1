package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// The exit codes (DESIGN section 7): a script can tell "something was found"
// from "the look itself went wrong".
const (
	exitClean        = 0
	exitTrouble      = 1 // an error of ours
	exitUsage        = 2 // a mistake in the call or the config
	exitFound        = 3 // findings at or above --fail-on
	exitInconclusive = 4 // a decisive rule could not be judged
)

// An exitError carries the exit code of a command that worked: all there is to
// say has been said.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("exit %d", e.code) }

// usage makes a mistake in the call: exit code 2 and a hint.
func usage(zh, en string, args ...any) error { return settings.Usage(zh, en, args...) }

// report writes err to w in lang, if there is anything to say, and returns the
// exit code it stands for. command is the path of the command that was called,
// whose help is named after a mistake.
func report(w io.Writer, err error, lang, command string) int {
	var exit *exitError
	var mistake *settings.UsageError
	tell := func(zh, en string, args ...any) { fmt.Fprintln(w, message.Format(zh, en, args...).In(lang)) }
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, context.Canceled):
		tell("beianwatch：已停止；重新执行同一命令即可继续", "beianwatch: stopped; run the same command again to resume")
		return exitTrouble
	case errors.As(err, &mistake):
		tell("beianwatch：%v", "beianwatch: %v", err)
		tell("用法见“%s --help”。", "Run '%s --help' for usage.", command)
		return exitUsage
	case errors.As(err, &exit):
		return exit.code
	}
	tell("beianwatch：%v", "beianwatch: %v", err)
	return exitTrouble
}

// A conclusion is what the domains of a command come to, for its exit code.
type conclusion struct {
	failOn    detect.Severity // the least severity that counts
	never     bool            // nothing does
	found     bool
	undecided bool
	undrawn   []string // the rules that could not be judged because no browser drew a page
}

// conclusion returns one that goes by --fail-on and has seen no domain yet.
func (p *program) conclusion() *conclusion {
	return &conclusion{failOn: detect.Severity(p.FailOn), never: p.FailOn == settings.FailNever}
}

// add takes the outcomes of one domain into account, but for what is waived and what a
// filter leaves out.
func (c *conclusion) add(r *reports.Record) {
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		undrawn := o.Verdict == detect.Unknown && (o.Reason == detect.ReasonNotRendered || o.Reason == detect.ReasonDrawnByScript)
		if undrawn && !slices.Contains(c.undrawn, o.Rule) {
			c.undrawn = append(c.undrawn, o.Rule)
		}
	}
	for _, f := range r.Findings() {
		if f.Waiver == nil {
			c.find(f.Severity)
		}
	}
	// Of a file that is no page of a site, most rules do not apply: nothing was decided.
	c.undecided = c.undecided || !detect.Decided(r.Outcomes) || r.File != "" && r.Tone() == string(detect.Unknown)
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
