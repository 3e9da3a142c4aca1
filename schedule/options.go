package schedule

import "time"

// Options are what a person chooses for a run.
type Options struct {
	Concurrency int             // names under way at once; those that keep us waiting much longer than others are counted apart
	Confirm     []time.Duration // the Looker's, kept with the run
	Fails       int             `json:",omitzero"` // the same
	ResolveRate int             `json:",omitzero"` // names begun to be resolved a second, in each process; 0 is 1,500 for each core, less than 0 knows no bound
	Controls    []string        // sites that are known to be up; empty: sites that this or the last run saw serving
	Evidence    Evidence        // whose bytes are kept
	JudgeAll    bool            // no page keeps the outcomes of the run before
	FullEvery   int             // nights after which a page is asked for in full, not only whether it has changed; 0 is 7, 1 each night
	Lang        string          // language of the stored records' own texts, "zh" or "en"
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

// ResolveRate is how many names are begun to be resolved a second and core: half
// as many again as can be visited, so that visits never wait for addresses, and
// no flood, whose answers servers drop.
const ResolveRate = 1500

// settle fills in what was left open.
func (o Options) settle() Options {
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

// troubleRetries are the delays after which a look that failed by our own
// fault is made again, where --confirm names none.
var troubleRetries = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute}

// retries are the delays before each further look at a name.
func (o *Options) retries() []time.Duration {
	if len(o.Confirm) == 0 {
		return troubleRetries
	}
	return o.Confirm
}
