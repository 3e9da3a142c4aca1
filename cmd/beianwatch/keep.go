package main

import (
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/schedule"
)

// The words of --reports.
const (
	reportsAll  = "all"
	reportsNone = "none"
)

// maxFullEvery bounds --full-every: outcomes are not kept longer than a month.
const maxFullEvery = 30

// bindKeep binds the flags that say what a run takes over from the run before
// and what it leaves behind.
func (s *settings) bindKeep(fs *pflag.FlagSet) {
	fs.BoolVar(&s.KeepOutcomes, "keep-outcomes", s.KeepOutcomes, "a page that is as it was in the run before keeps its outcomes, unjudged")
	fs.IntVar(&s.FullEvery, "full-every", s.FullEvery, "nights after which a page is fetched in full, whatever its server says of changes (1: every night)")
	fs.DurationVar(&s.RenderBudget, "render-budget", s.RenderBudget, "time from the beginning of a run in which pages are drawn; the rest is unknown and comes first in the next run (default: scan no bound, serve 6h)")
	fs.StringVar(&s.Reports, "reports", s.Reports, "report files to write into --out: all or none")
}

// checkKeep finds what is wrong with these settings.
func (s *settings) checkKeep() error {
	if s.FullEvery < 1 || s.FullEvery > maxFullEvery {
		return usage("--full-every %d: give a number of nights from 1 to %d", s.FullEvery, maxFullEvery)
	}
	if s.Reports != reportsAll && s.Reports != reportsNone {
		return usage("--reports %q: say all or none", s.Reports)
	}
	return nil
}

// files tells whether report files are to be written.
func (s *settings) files() bool { return s.Out != "" && s.Reports != reportsNone }

// runOptions are what the settings say of a run.
func (s *settings) runOptions() schedule.Options {
	rate := s.ResolveRate
	if rate == 0 {
		rate = -1 // no bound
	}
	return schedule.Options{
		Concurrency: s.Concurrency, ResolveRate: rate, Controls: s.Controls,
		Evidence: schedule.Evidence(s.Evidence), JudgeAll: !s.KeepOutcomes, FullEvery: s.FullEvery, Lang: s.Lang, Keep: s.Keep,
		Render: schedule.RenderOptions{Budget: s.RenderBudget},
	}
}
