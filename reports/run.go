package reports

import "time"

// A Run is one round over an inventory: every input line ends in exactly one
// verdict or one rejection.
type Run struct {
	ID         string    // sortable by start: 20261123T020000-7f3a
	Inventory  string    // path or name of the inventory
	Entry      string    // calendar entry that started it, "" if a person did
	Tick       time.Time // the planned time of that entry
	StartedAt  time.Time
	FinishedAt time.Time // zero while it runs
	State      RunState
	Trouble    string // why it could not be carried on, if State is RunFailed
	Ruleset    string // version of rules, data and policy
	Vantage    string
	Lines      int    // input lines read
	Rejected   int    // lines that could not be used
	Verdicts   int    // verdicts stored
	Options    string // the options it was started with, JSON, so that it can be resumed
	Thinned    bool   // it is older than the nights kept in full: only results that were a change remain
}

// Stopped is the Trouble of a run that a person has stopped: it is open, and goes on
// when it is resumed.
const Stopped = "stopped"

// RunState says how far a run is.
type RunState string

// The states of a run.
const (
	RunPlanning RunState = "planning" // the inventory is being read
	RunActive   RunState = "active"
	RunDone     RunState = "done"
	RunFailed   RunState = "failed" // it could not be carried on; Trouble says why
)
