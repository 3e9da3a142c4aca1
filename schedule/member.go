package schedule

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A member is this process' part in a run under way: it works tasks of the run
// and stores what comes of them, whoever conducts it.
type member struct {
	r      *Runner
	run    *reports.Run
	id     int64 // of the round
	number int64 // tells this member's progress from the others'
	opt    Options
	before string // the last finished run of this inventory, "" if there is none
	form   string // what outcomes follow from beside the inputs of a look
	given  string // names seen serving before, a line each

	ctx   context.Context // of all work for this run
	end   context.CancelCauseFunc
	work  sync.WaitGroup // jobs and goroutines
	sink  *sink
	watch health
	tally tally

	leaving sync.Once
	left    error // what went wrong then

	mu      sync.Mutex    // guards what follows
	paused  string        // why nothing is begun, empty if all is well
	busy    int           // jobs under way
	used    time.Time     // when the last of them ended
	strikes int           // tasks that failed in a row
	part    time.Duration // how long the next part is gathered, 0 for the first
	telling sync.Mutex
	told    counts // what was last told to the conductor; guarded by telling
}

// errOver says that the run is not under way any more.
var errOver = errors.New("the run is over")

// member gives this process' part in a run, made from the tables when it is
// asked for first.
func (r *Runner) member(ctx context.Context, id int64) (*member, error) {
	r.joining.Lock()
	defer r.joining.Unlock()
	r.mu.Lock()
	m := r.members[id]
	r.mu.Unlock()
	if m != nil {
		return m, nil
	}
	m, err := r.loadMember(ctx, id)
	if err != nil {
		return nil, err
	}
	m.watch.round = m
	m.sink = newSink(m)
	m.work.Go(func() { m.guard(m.ctx) })
	r.mu.Lock()
	r.members[id] = m
	r.mu.Unlock()
	return m, nil
}

// loadMember reads what a member must know.
func (r *Runner) loadMember(ctx context.Context, id int64) (*member, error) {
	m := &member{r: r, id: id, number: rand.Int64(), used: time.Now()}
	var name string
	err := r.db.reader.QueryRowContext(ctx, `SELECT run, controls FROM round WHERE id = $1`, id).Scan(&name, &m.given)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errOver
	}
	if err != nil {
		return nil, err
	}
	if m.run, err = r.cfg.Store.Run(ctx, name); err != nil {
		return nil, err
	}
	switch {
	case m.run.State != reports.RunPlanning && m.run.State != reports.RunActive:
		return nil, errOver
	case m.run.Ruleset != detect.Ruleset():
		return nil, fmt.Errorf("run %s began with the rule set %s, this program has %s", name, m.run.Ruleset, detect.Ruleset())
	}
	if err := json.Unmarshal([]byte(m.run.Options), &m.opt); err != nil {
		return nil, fmt.Errorf("reading the options of run %s: %w", name, err)
	}
	m.form = formOf(r.cfg.Looker.policy(), m.opt.Lang)
	last, err := r.cfg.Store.LastDone(ctx, m.run.Inventory, name)
	switch {
	case err == nil:
		m.before = last.ID
	case !errors.Is(err, store.ErrNoRun):
		return nil, err
	}
	m.ctx, m.end = context.WithCancelCause(context.Background())
	return m, nil
}

// join counts a task in; false if the member is leaving. The context ends with
// the task, after its time, with the member, or when this process' grip is lost.
func (m *member) join(g *grip, most time.Duration) (context.Context, func(), bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ctx.Err() != nil {
		return nil, nil, false
	}
	m.work.Add(1)
	m.busy++
	timed, stop := context.WithTimeout(m.ctx, most)
	ctx, cancel := context.WithCancelCause(timed)
	over := make(chan struct{})
	go func() {
		select {
		case <-g.gone:
			cancel(errLost)
		case <-over:
		}
	}()
	return ctx, func() {
		stop()
		close(over)
		cancel(nil)
		m.mu.Lock()
		m.busy--
		m.used = time.Now()
		m.mu.Unlock()
		m.work.Done()
	}, true
}

// fail ends the member's work: something is wrong with this machine (the disk,
// as a rule). If the run is conducted here it stops and can be resumed when
// that is mended; else others go on.
func (m *member) fail(err error) {
	m.end(err)
	if rd := m.r.round(m.id); rd != nil {
		rd.fail(err)
		return
	}
	m.r.rest()
	m.r.log.Error("this process leaves the run for a while", "run", m.run.ID, "err", err)
}

// nudge lets the conductor look around, if it is here.
func (m *member) nudge() {
	if rd := m.r.round(m.id); rd != nil {
		rd.nudge()
	}
}

// pause says why nothing is begun here, empty if all is well.
func (m *member) pause() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.paused
}

// dismiss ends a member, with what it has seen stored.
func (r *Runner) dismiss(m *member, why error) error {
	m.leaving.Do(func() { m.left = r.letGo(m, why) })
	return m.left
}

func (r *Runner) letGo(m *member, why error) error {
	m.mu.Lock() // no job joins from here on
	m.end(why)
	m.mu.Unlock()
	m.work.Wait()
	r.mu.Lock()
	if r.members[m.id] == m {
		delete(r.members, m.id)
	}
	r.mu.Unlock()
	err := m.sink.close()
	if r.grips.shared() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		err = errors.Join(err, m.tell(ctx))
	}
	return err
}

// everyMember lists the members.
func (r *Runner) everyMember() []*member {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]*member, 0, len(r.members))
	for _, m := range r.members {
		list = append(list, m)
	}
	return list
}

// Times of members.
const (
	tendEvery = time.Second
	// memberIdle is how long a member stays without a job: its sink and its
	// evidence files are kept open for the next one.
	memberIdle = 30 * time.Second
)

// tend tells the conductors what the members have done, and lets go of those
// that have nothing to do.
func (r *Runner) tend(ctx context.Context) {
	ticker := time.NewTicker(tendEvery)
	defer ticker.Stop()
	told := map[string]bool{}
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if n%30 == 0 && r.works() && r.grips.shared() {
			r.tellOthers(ctx, told)
		}
		for _, m := range r.everyMember() {
			if r.grips.shared() {
				if err := m.tell(ctx); err != nil && ctx.Err() == nil && !outage(err) {
					r.log.Error("progress could not be stored", "run", m.run.ID, "err", err)
				}
			}
			m.mu.Lock()
			idle := m.ctx.Err() != nil || m.busy == 0 && time.Since(m.used) > memberIdle
			m.mu.Unlock()
			if !idle || r.round(m.id) != nil {
				continue
			}
			if err := r.dismiss(m, errOver); err != nil {
				r.log.Error("closing this process' part of a run", "run", m.run.ID, "err", err)
			}
		}
	}
}

// tellOthers says once of each run under way that this process does not work
// for it, because it would judge otherwise.
func (r *Runner) tellOthers(ctx context.Context, told map[string]bool) {
	err := r.db.rows(ctx, func(rows *sql.Rows) error {
		var run, sign string
		if err := rows.Scan(&run, &sign); err != nil {
			return err
		}
		if sign != r.sign() && !told[run] {
			told[run] = true
			r.log.Warn("this process does not work for a run that is conducted with other rules, settings or tables: give all processes the same version and config (what counts is the rules, their data, the tables, render, pages, timeout, confirm and vantage)", "run", run)
		}
		return nil
	}, `SELECT d.run, d.sign FROM round d JOIN run n ON n.id = d.run WHERE n.state IN ($1, $2) AND d.sign <> ''`, string(reports.RunPlanning), string(reports.RunActive))
	if err != nil && ctx.Err() == nil && !outage(err) {
		r.log.Error("runs under way could not be read", "err", err)
	}
}
