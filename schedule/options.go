package schedule

import (
	"context"
	"log/slog"
	"runtime"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/outbox"
	"github.com/beianwatch/beianwatch/schedule/polite"
	"github.com/beianwatch/beianwatch/schedule/queue"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// A Role is a kind of work that a process does.
type Role string

// The roles. On SQLite one process has them all.
const (
	RoleScheduler Role = "scheduler" // keeps the calendar, plans runs and ends them
	RoleWorker    Role = "worker"    // resolves, visits, confirms, and does the checks that people ask for
	RoleRenderer  Role = "renderer"  // draws pages in a browser
	RoleWeb       Role = "web"       // takes what people ask for
)

// ErrHeld reports that another process works on the SQLite database; runs can
// be handed to it.
var ErrHeld = queue.ErrHeld

// Config is what a [Runner] works with.
type Config struct {
	Store   *store.Store
	Dir     string         // data folder: the evidence is kept there, on SQLite the lock file too
	Roles   []Role         // empty: all
	Single  bool           // the process is there for the run that Begin begins, and works when that has; on SQLite others' unfinished runs wait
	Scanner *visit.Scanner // visits the sites
	Gate    *polite.Gate   // the gate that Scanner.Web passes; nil: no limits per address
	Options Options
	// Renderers is how many pages are drawn at once; 0: none are drawn here, and
	// if Scanner cannot draw either, nowhere.
	Renderers int
	// Checker visits the sites that people ask for (Runner.Ask): it does not
	// wait as long as Scanner before it visits again. CheckTarget makes the target
	// of what they ask for. nil: this process answers no one.
	Checker     *visit.Scanner
	OpenChecker *visit.Scanner // for those who have not logged in (Runner.AskOpen); nil: they are refused
	CheckTarget func(domain, filing string) (*crawler.Target, error)
	// Finished is called before a run is marked as done, to write reports. It may be called again for the same run if it was cut short.
	Finished func(context.Context, *reports.Run) error
	Tell     *outbox.Telling // tells people of runs; nil: nobody is told
	// Waivers returns the waivers of the config, which is asked at the end of each run;
	// nil: there are none but those of the database.
	Waivers func() ([]*reports.Waiver, error)
	Log     *slog.Logger     // nil: nothing is logged
	Now     func() time.Time // the clock of runs and calendar; nil: time.Now
}

// Options are what a person chooses for a run. They are stored with it.
type Options struct {
	Concurrency int           // names being visited at once; those that wait much longer than others are counted apart
	ResolveRate int           `json:",omitzero"` // names begun to be resolved a second in each process; 0 is [ResolveRate] a core, less than 0 no bound
	Controls    []string      // sites known to be up; empty: sites that this or the last run saw serving
	Evidence    Evidence      // whose bytes are kept
	JudgeAll    bool          // no page keeps the outcomes of the run before
	FullEvery   int           // runs after which a page is requested in full, not only whether it has changed; 0 is 7, 1 every run
	Lang        string        // language of the stored records' own texts, "zh" or "en"
	Keep        int           `json:",omitzero"` // runs whose full rows are kept; 0: all of them
	Render      RenderOptions `json:",omitzero"`
}

// RenderOptions bound the browser work of a run.
// What is left then is unknown, not drawn in time, and comes first in the next run.
type RenderOptions struct {
	Budget time.Duration `json:",omitzero"` // from the beginning of the run, stops included; 0: no bound
	Pages  int           `json:",omitzero"` // drawn in the run by all processes together; 0: no bound
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
