package schedule

import (
	"context"
	"database/sql"
	"strings"
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
	Kept      int           // names that kept the outcomes of the run before, since this process began
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
	PhaseLint    Phase = "lint"    // lines are judged without a look
)

// A tally counts what this process has done for a run.
type tally struct {
	verdicts, pending, held, found, kept atomic.Int64 // pending: names that were added to those that wait, less those taken out
}

// counts is a tally at a moment, or several together.
type counts struct {
	verdicts, pending, held, found, kept int64
	controls                             string // names seen serving, a line each
}

func (c counts) plus(d counts) counts {
	return counts{c.verdicts + d.verdicts, c.pending + d.pending, c.held + d.held, c.found + d.found, c.kept + d.kept, strings.TrimSpace(c.controls + "\n" + d.controls)}
}

// counts is what the member has done so far.
func (m *member) counts() counts {
	t := &m.tally
	return counts{t.verdicts.Load(), t.pending.Load(), t.held.Load(), t.found.Load(), t.kept.Load(), strings.Join(m.watch.seen(), "\n")}
}

// tell stores what the member has done, for a conductor elsewhere.
func (m *member) tell(ctx context.Context) error {
	m.telling.Lock()
	defer m.telling.Unlock()
	now := m.counts()
	if now == m.told {
		return nil
	}
	err := m.r.db.exec(ctx, `INSERT INTO progress (round, worker, verdicts, pending, held, found, kept, controls) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (round, worker) DO UPDATE SET verdicts = excluded.verdicts, pending = excluded.pending, held = excluded.held,
			found = excluded.found, kept = excluded.kept, controls = excluded.controls`, m.id, m.number, now.verdicts, now.pending, now.held, now.found, now.kept, now.controls)
	if err == nil {
		m.told = now
	}
	return err
}

// addUp reads what the other processes have done.
func (rd *Round) addUp(ctx context.Context) error {
	if !rd.r.grips.shared() {
		return nil
	}
	own := int64(0)
	if m := rd.own.Load(); m != nil {
		own = m.number
	}
	var others counts
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		var c counts
		err := rows.Scan(&c.verdicts, &c.pending, &c.held, &c.found, &c.kept, &c.controls)
		others = others.plus(c)
		return err
	}, `SELECT verdicts, pending, held, found, kept, controls FROM progress WHERE round = $1 AND worker <> $2`, rd.id, own)
	if err == nil {
		rd.mu.Lock()
		rd.others = others
		rd.mu.Unlock()
	}
	return err
}

// sum is what all processes have done, with what was done before.
func (rd *Round) sum() counts {
	rd.mu.Lock()
	c := rd.base.plus(rd.others)
	rd.mu.Unlock()
	if own := rd.own.Load(); own != nil {
		c = c.plus(own.counts())
	}
	return c
}

// rate is how fast verdicts come.
type rate struct {
	mu    sync.Mutex
	marks []mark // of the last seconds
}

// A mark is the number of verdicts at a moment.
type mark struct {
	at       time.Time
	verdicts int64
}

// count counts a verdict's content.
func (t *tally) count(outs []detect.Outcome) {
	for i := range outs {
		if outs[i].Verdict == detect.Found && outs[i].Severity != detect.Notice {
			t.found.Add(1)
			return
		}
	}
}

// rateOver is the time over which the rate is taken.
const rateOver = 10 * time.Second

// of is the number of verdicts a second of late, n of them now. Calling it
// keeps a mark.
func (t *rate) of(n int64, now time.Time) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
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
	sum := rd.sum()
	p := Progress{
		Run: rd.run.ID, Inventory: rd.inventory, Resumed: rd.Resumed, Verdicts: int(sum.verdicts), Pending: max(0, int(sum.pending)),
		Held: int(sum.held), Found: int(sum.found), Kept: int(sum.kept), Rate: rd.rate.of(sum.verdicts, now),
	}
	if own := rd.own.Load(); own != nil {
		p.Paused = own.pause()
	}
	rd.mu.Lock()
	p.Lines, p.Rejected, p.Targets = rd.lines, rd.rejected, rd.targets
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
