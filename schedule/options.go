package schedule

import (
	"runtime"
	"time"
)

// Options are what a person chooses for a run. They are stored with it.
type Options struct {
	Concurrency int           // names being visited at once; those that wait much longer than others are counted apart
	ResolveRate int           `json:",omitzero"` // names begun to be resolved a second in each process; 0 is [ResolveRate] a core, less than 0 no bound
	Controls    []string      // sites known to be up; empty: sites that this or the last run saw serving, then DefaultControls
	Evidence    Evidence      // whose bytes are kept
	JudgeAll    bool          // no page keeps the outcomes of the run before
	FullEvery   int           // runs after which a page is requested in full, not only whether it has changed; 0 is 7, 1 every run
	Lang        string        // language of the stored records' own texts, "zh" or "en"
	Keep        int           `json:",omitzero"` // runs whose full rows are kept; 0: all of them
	Render      RenderOptions `json:",omitzero"`
}

// RenderOptions bound the browser work of a run.
type RenderOptions struct {
	Budget time.Duration `json:",omitzero"` // from the end of the static visits; what is left then is unknown: not-drawn-in-time. 0: no bound
}

// Evidence says whose bytes are kept as WARC.
type Evidence string

// What is kept. Findings includes pages that differ from those of the last
// finished run of the same inventory.
const (
	EvidenceNone     Evidence = "none"
	EvidenceFindings Evidence = "findings"
	EvidenceAll      Evidence = "all"
)

// ResolveRate is how many names are begun to be resolved a second and core:
// half as many again as can be visited, so that visits never wait for
// addresses, and not a flood, whose answers servers drop.
const ResolveRate = 1500

// confirmRate is how many names are begun to be visited again, a second and
// core. Many of them do not exist, and resolvers take a flood of questions for
// such names for an attack. On two cores it is 7 million a night, the dead
// tenth of 20 million names three times.
const confirmRate = 125

// DefaultOptions are the options of a person who chooses nothing.
func DefaultOptions() Options { return Options{}.filled() }

// filled returns the options with every default in its place.
func (o Options) filled() Options {
	if o.Concurrency < 1 {
		o.Concurrency = 256
	}
	if o.Evidence == "" {
		o.Evidence = EvidenceFindings
	}
	if o.ResolveRate == 0 {
		o.ResolveRate = perCore(ResolveRate)
	}
	if o.FullEvery < 1 {
		o.FullEvery = 7
	}
	if o.Lang == "" {
		o.Lang = "zh"
	}
	return o
}

// perCore is n for each core.
func perCore(n int) int { return n * runtime.GOMAXPROCS(0) }
