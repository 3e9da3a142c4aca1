package schedule

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

// Progress is how far a round has come.
type Progress struct {
	Run       string
	Inventory string
	Phase     Phase
	Resumed   bool
	Lines     int           // input lines read so far
	Rejected  int           // of these, lines that could not be used
	Targets   int           // of these, names to be looked at; the whole number once Phase is past PhasePlan
	Verdicts  int           // names that have theirs
	Pending   int           // names that are looked at again later
	Held      int           // times that a verdict was held back because the trouble may be ours
	Found     int           // names with a violation or warning, since this process began
	Paused    string        // why nothing is begun, empty if all is well
	Rate      float64       // verdicts a second over the last ten seconds or so
	Left      time.Duration // until the end at that rate; 0 if it cannot be told
	Elapsed   time.Duration // since this process began on the round
}

// Phase is what a round is doing mainly.
type Phase string

// The phases of a round.
const (
	PhasePlan    Phase = "plan"    // the inventory is still being read
	PhaseVisit   Phase = "visit"   // names are resolved and visited
	PhaseConfirm Phase = "confirm" // only names that failed are left, and are looked at again
	PhaseFinish  Phase = "finish"  // every name has its verdict
)

// tally counts what a round has done.
type tally struct {
	verdicts, pending, waiting, held, found atomic.Int64
	atStart                                 int64

	mu    sync.Mutex
	marks []mark // of the last seconds
}

// A mark is the number of verdicts at a moment.
type mark struct {
	at       time.Time
	verdicts int64
}

// count counts a verdict's content.
func (t *tally) count(_ *detect.Case, outs []detect.Outcome) {
	for i := range outs {
		if outs[i].Verdict == detect.Found && outs[i].Severity != detect.Notice {
			t.found.Add(1)
			return
		}
	}
}

// rateOver is the time over which the rate is taken.
const rateOver = 10 * time.Second

// rate is the number of verdicts a second of late. Calling it keeps a mark.
func (t *tally) rate(now time.Time) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.verdicts.Load()
	if len(t.marks) == 0 || now.Sub(t.marks[len(t.marks)-1].at) > 200*time.Millisecond {
		t.marks = append(t.marks, mark{now, n})
	}
	for len(t.marks) > 2 && now.Sub(t.marks[1].at) > rateOver {
		t.marks = t.marks[1:]
	}
	took := now.Sub(t.marks[0].at).Seconds()
	if took <= 0 {
		return 0
	}
	return float64(n-t.marks[0].verdicts) / took
}

// Progress tells how far the round has come. It is cheap: call it as often as
// a bar is drawn.
func (rd *Round) Progress() Progress {
	now := time.Now()
	p := Progress{
		Run: rd.run.ID, Inventory: rd.inventory, Resumed: rd.Resumed,
		Verdicts: int(rd.tally.verdicts.Load()), Pending: int(rd.tally.pending.Load()),
		Held: int(rd.tally.held.Load()), Found: int(rd.tally.found.Load()), Rate: rd.tally.rate(now),
	}
	rd.mu.Lock()
	p.Lines, p.Rejected, p.Targets, p.Paused = rd.lines, rd.rejected, rd.targets, rd.paused
	planned := rd.planned
	if !rd.began.IsZero() {
		p.Elapsed = now.Sub(rd.began)
	}
	rd.mu.Unlock()
	left := p.Targets - p.Verdicts
	switch {
	case !planned:
		p.Phase = PhasePlan
	case left <= 0:
		p.Phase = PhaseFinish
	case left <= p.Pending:
		p.Phase = PhaseConfirm
	default:
		p.Phase = PhaseVisit
	}
	if planned && p.Rate > 0 && p.Phase == PhaseVisit {
		p.Left = time.Duration(float64(left) / p.Rate * float64(time.Second))
	}
	return p
}
