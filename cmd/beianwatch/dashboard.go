package main

import (
	"context"
	"errors"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/cmd/progress"
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/web/listing"
	"github.com/beianwatch/beianwatch/schedule"
	"github.com/beianwatch/beianwatch/schedule/calendar"
	"github.com/beianwatch/beianwatch/schedule/outbox"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// A dashboard is what the dashboard and the API do by: the actions over a database, to
// which a runner is joined.
type dashboard struct {
	*actions.Service
	p        *program
	policy   *detect.Policy
	steps    stepBook
	open     stepBook // of people who have not logged in
	mu       sync.Mutex
	watching map[string]*schedule.Run
}

// openDashboard opens the tables of the dashboard.
func (p *program) openDashboard(ctx context.Context, s *store.Store, policy *detect.Policy) (*dashboard, error) {
	accounts, err := account.Open(ctx, s, nil)
	if err != nil {
		return nil, err
	}
	life, err := lifecycle.Open(ctx, s)
	if err != nil {
		return nil, err
	}
	listings, err := listing.Open(ctx, s, life, rules.All)
	if err != nil {
		return nil, err
	}
	d := &dashboard{p: p, policy: policy, watching: map[string]*schedule.Run{}}
	d.Service = &actions.Service{Store: s, Rules: rules.All, Accounts: accounts, Listings: listings, Life: life, Dir: p.DataDir(), Lang: p.Lang, Log: p.serveLog(),
		Steps: d.stepsOf, Judge: d.judge, Rejected: d.rejected, Evidence: d.evidence}
	return d, nil
}

// join lets a runner carry out what people ask for; with no calendar entries nothing is
// planned.
func (d *dashboard) join(r *schedule.Runner, entries []calendar.Planned) {
	d.Visit = func(ctx context.Context, domain, filing string) (string, error) {
		if _, err := inquired(domain, filing); err != nil {
			return "", &actions.BadRequest{Err: err}
		}
		return r.Ask(ctx, domain, filing)
	}
	if d.p.PublicCheck {
		accepts := func(domain, filing string) error {
			if _, err := inquired(domain, filing); err != nil {
				return &actions.BadRequest{Err: err}
			}
			return nil
		}
		d.Door = &actions.Door{Accepts: accepts, Steps: d.open.of, Check: func(ctx context.Context, id string) (*actions.Check, error) {
			if !strings.HasPrefix(id, schedule.OpenMark) {
				return nil, actions.ErrNotFound
			}
			return d.Check(ctx, id)
		}, Visit: r.AskOpen}
	}
	d.Check = func(ctx context.Context, id string) (*actions.Check, error) {
		q, err := r.CheckRequest(ctx, id)
		if errors.Is(err, schedule.ErrNoCheck) {
			return nil, actions.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		return &actions.Check{ID: q.ID, Domain: q.Domain, Asked: q.Asked, State: string(q.State), Reason: q.Reason, Record: q.Record}, nil
	}
	d.Begin = func(ctx context.Context, path string) (string, bool, error) {
		rn, err := r.Start(ctx, schedule.Start{Inventory: path})
		if err != nil {
			return "", false, d.p.explainBegin(err)
		}
		return rn.ID(), rn.Resumed, nil
	}
	d.Stop = func(ctx context.Context, run string) error {
		err := r.Stop(ctx, run)
		if errors.Is(err, schedule.ErrNotOpen) {
			return &actions.BadRequest{Err: err}
		}
		return err
	}
	d.Progress = func(ctx context.Context, run string) (*actions.Progress, error) { return d.progress(ctx, r, run) }
	d.Calendar = func(ctx context.Context) ([]actions.Planned, error) { return d.planned(ctx, entries) }
	d.writeBy(r)
}

// writeBy lets a runner's outbox tell what owners were written, and take more.
func (d *dashboard) writeBy(r *schedule.Runner) {
	d.Letters = r.Outbox().Letters
	d.Answered = func(ctx context.Context, id, answer, by string) (string, error) {
		owner, err := r.Outbox().Answered(ctx, id, answer, by)
		if errors.Is(err, outbox.ErrNoLetter) {
			return "", actions.ErrNotFound
		}
		return owner, err
	}
	if d.p.writesOwners() {
		d.Send = func(ctx context.Context, run *reports.Run, owner string) (int, error) {
			messages, err := d.p.letters(ctx, d.Store, run, owner)
			if err != nil {
				return 0, err
			}
			return r.Tell(ctx, run.ID, messages)
		}
	}
}

// maxWatching bounds the runs whose rate is remembered.
const maxWatching = 50

// progress reads how far a run has come. It is remembered between two calls, for its rate.
func (d *dashboard) progress(ctx context.Context, r *schedule.Runner, run string) (*actions.Progress, error) {
	d.mu.Lock()
	rn := d.watching[run]
	d.mu.Unlock()
	if rn == nil {
		var err error
		if rn, err = r.Watch(ctx, run); err != nil {
			return nil, err
		}
		d.mu.Lock()
		if len(d.watching) >= maxWatching {
			clear(d.watching)
		}
		d.watching[run] = rn
		d.mu.Unlock()
	}
	p := rn.Progress()
	return &actions.Progress{Phase: string(p.Phase), Lines: p.Lines, Rejected: p.Rejected, Targets: p.Targets, Verdicts: p.Verdicts, Pending: p.Pending, Held: p.Held,
		Kept: p.Kept, Found: p.Found, Paused: p.Paused, Rate: p.Rate, Left: p.Left}, nil
}

// recentRuns is how many runs are searched for the newest of an entry.
const recentRuns = 400

// planned lists the calendar with the newest run of each entry.
func (d *dashboard) planned(ctx context.Context, entries []calendar.Planned) ([]actions.Planned, error) {
	runs, err := d.Store.Runs(ctx, recentRuns)
	if err != nil {
		return nil, err
	}
	list := make([]actions.Planned, len(entries))
	for i := range entries {
		e := &entries[i]
		list[i] = actions.Planned{Name: e.Name, Cron: e.Cron, Inventory: e.Inventory, Next: e.Next(time.Now())}
		begun := map[int64]bool{}
		first := time.Now()
		for _, r := range runs {
			if r.Entry != e.Name {
				continue
			}
			if list[i].Last == nil {
				list[i].Last = r
			}
			if !r.Tick.IsZero() {
				begun[r.Tick.Unix()], first = true, r.Tick
			}
		}
		list[i].Missed = missed(e, first, begun)
	}
	return list, nil
}

// Bounds of what is told of missed times.
const (
	missedBack = 14 * 24 * time.Hour
	missedNow  = 2 * time.Minute // a tick is dealt with once a minute
	maxMissed  = 10
)

// missed are the times of an entry, since its first run at the earliest, at which none was
// begun.
func missed(e *calendar.Planned, first time.Time, begun map[int64]bool) []time.Time {
	now := time.Now()
	if back := now.Add(-missedBack); first.Before(back) {
		first = back
	}
	var list []time.Time
	for _, t := range e.Missed(first, now.Add(-missedNow)) {
		if !begun[t.Unix()] {
			list = append(list, t)
		}
	}
	return list[max(0, len(list)-maxMissed):]
}

// judge judges the bytes of a page, as check --file does without a browser.
func (d *dashboard) judge(_ context.Context, page []byte, filing string) (*reports.Record, error) {
	f, err := filingOf(filing)
	if err != nil {
		return nil, &actions.BadRequest{Err: err}
	}
	at := time.Now()
	c := detect.NewCase(detect.Input{Target: &crawler.Target{Filing: f}, Obs: detect.FileObservation("HTML", page, at), File: "HTML", At: at, Policy: d.policy}, nil)
	return reports.NewRecord(oneRun(at), c, detect.Judge(c, rules.All)), nil
}

// rejected hands over the lines of a run that could not be used.
func (d *dashboard) rejected(ctx context.Context, run string, each func(reports.Reject) error) error {
	return schedule.Rejections(ctx, d.Store, run, func(r inventory.Rejection) error {
		return each(reports.Reject{Line: r.Line, Text: r.Text, Reason: r.Reason.In(d.p.Lang)})
	})
}

// evidence reads what was seen; nil where it cannot be read back.
func (d *dashboard) evidence(_ context.Context, run string, result *store.Result) *crawler.Observation {
	obs, err := schedule.ReadEvidence(d.p.DataDir(), run, result.Evidence)
	if err != nil {
		d.Log.Warn("evidence cannot be read", "run", run, "domain", result.Record.Domain, "file", filepath.Base(result.Evidence.File), "err", err)
		return nil
	}
	return obs
}

// stepsOf are the steps of the check of a domain, as it was given.
func (d *dashboard) stepsOf(given string) []actions.Step {
	target, err := targetOf(given, "")
	if err != nil {
		return nil
	}
	return d.steps.of(target.Domain)
}

// takeOpen is the Watch of the checks of people who have not logged in, whom nobody
// tells where a name leads.
func (d *dashboard) takeOpen(step visit.Step) {
	step.Asks = slices.Clone(step.Asks)
	for i := range step.Asks {
		step.Asks[i].Addr = netip.Addr{}
	}
	d.open.take(step)
}

// A stepBook keeps what checks of this process have done, for people who watch.
type stepBook struct {
	mu    sync.Mutex
	steps map[string][]actions.Step // by domain
	order []string                  // the domain that began last comes last
}

// Bounds of a stepBook.
const (
	maxStepped = 200 // domains
	maxSteps   = 40  // of one
)

// take is a scanner's Watch.
func (b *stepBook) take(step visit.Step) {
	if step.Kind == visit.StepDone {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.steps[step.Domain]
	if step.Kind == visit.StepResolve && step.Visit == 1 {
		list = nil
	}
	if list == nil {
		b.begin(step.Domain)
	}
	if len(list) < maxSteps {
		b.steps[step.Domain] = append(list, actions.Step{At: time.Now(), Text: progress.StepText(step)})
	}
}

// begin makes room for a domain.
func (b *stepBook) begin(domain string) {
	if b.steps == nil {
		b.steps = map[string][]actions.Step{}
	}
	delete(b.steps, domain)
	b.order = append(b.order, domain)
	if len(b.order) > maxStepped {
		if oldest := b.order[0]; oldest != domain {
			delete(b.steps, oldest)
		}
		b.order = append(b.order[:0], b.order[1:]...)
	}
}

// of returns the steps of a domain.
func (b *stepBook) of(domain string) []actions.Step {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]actions.Step(nil), b.steps[domain]...)
}

// inquired makes the target of a site that is asked for by the API, as check does.
func inquired(domain, filing string) (*crawler.Target, error) { return targetOf(domain, filing) }
