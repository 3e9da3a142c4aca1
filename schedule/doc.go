// Package schedule decides when to look and runs the looking. A [Looker] looks
// at one site; a [Runner] holds a data folder and runs rounds in it; a [Round]
// plans a run from an inventory, resolves, visits, judges, confirms and
// finishes. A [Gate] keeps politeness. [Runner.Serve] keeps a calendar.
//
// The work is cut into shards and handed to River; what is left to do stands in
// tables of our own, so the queue may be lost and a killed process loses
// nothing. A Round's conductor hands out as much as keeps the looks busy; jobs
// are short and put back what they do not get to.
//
// It does not know what a rule is about, and never calls our own trouble a
// site's.
package schedule
