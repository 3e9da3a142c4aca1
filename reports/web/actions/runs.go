package actions

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"slices"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/listing"
)

// recentRuns is how many runs are searched for the newest of each inventory.
const recentRuns = 400

// Runs lists the runs older than the one with the id before ("" for the newest), the
// newest first, and whether there are more.
func (s *Service) Runs(ctx context.Context, v account.Viewer, before string, limit int) (list []*reports.Run, more bool, err error) {
	if err := allow(v, account.SeeAll); err != nil {
		return nil, false, err
	}
	all, err := s.Store.Runs(ctx, 0)
	if err != nil {
		return nil, false, err
	}
	for _, r := range all {
		if before != "" && r.ID >= before {
			continue
		}
		if len(list) == limit {
			return list, true, nil
		}
		list = append(list, r)
	}
	return list, false, nil
}

// Run returns a run by its id or the word latest; [ErrNotFound] if it is not there.
func (s *Service) Run(ctx context.Context, v account.Viewer, id string) (*reports.Run, error) {
	if !v.May(account.SeeOwn) {
		return nil, ErrForbidden
	}
	if id == "latest" {
		run, err := s.Store.FindRun(ctx, id)
		return run, found(err)
	}
	run, err := s.Store.Run(ctx, id)
	return run, found(err)
}

// found makes the store's answers ours.
func found(err error) error {
	if errors.Is(err, store.ErrNoRun) || errors.Is(err, store.ErrNoResult) {
		return ErrNotFound
	}
	return err
}

// Newest returns the newest finished run of every inventory, the newest first.
func (s *Service) Newest(ctx context.Context) (list []*reports.Run, err error) {
	runs, err := s.Store.Runs(ctx, recentRuns)
	seen := map[string]bool{}
	for _, r := range runs {
		if r.State == reports.RunDone && !seen[r.Inventory] {
			seen[r.Inventory] = true
			list = append(list, r)
		}
	}
	return list, err
}

// Open returns the runs that are not over, the newest first.
func (s *Service) Open(ctx context.Context, v account.Viewer) ([]*reports.Run, error) {
	if err := allow(v, account.SeeAll); err != nil {
		return nil, err
	}
	list, err := s.Store.Unfinished(ctx)
	slices.Reverse(list)
	return list, err
}

// Digest returns the figures of a finished run.
func (s *Service) Digest(ctx context.Context, v account.Viewer, run *reports.Run) (*listing.Digest, error) {
	if err := allow(v, account.SeeAll); err != nil {
		return nil, err
	}
	d, err := s.Listings.Digest(ctx, run)
	return d, whole(err)
}

// whole makes it the asker's that a run is asked for of which only changes are left.
func whole(err error) error {
	if errors.Is(err, listing.ErrThinned) {
		return bad("较早的批次只保留变化，没有汇总和对比", "of an older run only changes are kept: it has no figures and cannot be compared")
	}
	return err
}

// Trend returns the figures of the finished runs of an inventory that have been made,
// oldest first, at most limit.
func (s *Service) Trend(ctx context.Context, inventory string, limit int) ([]reports.Point, error) {
	runs, err := s.Store.Runs(ctx, recentRuns)
	if err != nil {
		return nil, err
	}
	runs = slices.DeleteFunc(runs, func(r *reports.Run) bool { return r.Inventory != inventory || r.State != reports.RunDone })
	made, err := s.PointsOf(ctx, runs)
	if err != nil {
		return nil, err
	}
	var points []reports.Point
	for _, r := range runs {
		if len(points) == limit {
			break
		}
		if p := made[r.ID]; p != nil {
			points = append(points, *p)
		} else if r.Verdicts <= smallRun && !r.Thinned {
			d, err := s.Listings.Digest(ctx, r)
			if err != nil {
				return nil, err
			}
			points = append(points, d.Points)
		}
	}
	slices.Reverse(points)
	return points, nil
}

// PointsOf returns what lists of runs tell of those whose figures have been made, by run.
func (s *Service) PointsOf(ctx context.Context, runs []*reports.Run) (map[string]*reports.Point, error) {
	ids := make([]string, len(runs))
	for i, r := range runs {
		ids[i] = r.ID
	}
	return s.Listings.Points(ctx, ids)
}

// Owners lists the owners of a finished run; see [listing.Keeper.Owners].
func (s *Service) Owners(ctx context.Context, v account.Viewer, run *reports.Run, after, limit int) ([]reports.OwnerCount, bool, error) {
	if err := allow(v, account.SeeAll); err != nil {
		return nil, false, err
	}
	list, more, err := s.Listings.Owners(ctx, run, after, limit)
	return list, more, whole(err)
}

// smallRun is up to how many domains a run's figures are made while a person waits for
// something else.
const smallRun = 5000

// LifeCounts returns what became of the findings with a run; nil if that is not known.
func (s *Service) LifeCounts(ctx context.Context, v account.Viewer, run string) (*reports.LifeCounts, error) {
	if err := allow(v, account.SeeAll); err != nil {
		return nil, err
	}
	return s.Life.Counts(ctx, run)
}

// Findings returns open findings, or those of the states that the query names. A viewer
// who sees the sites of one owner alone gets those.
func (s *Service) Findings(ctx context.Context, v account.Viewer, q lifecycle.Query) (*lifecycle.Page, error) {
	switch {
	case v.May(account.SeeAll):
	case v.SeesOwn():
		q.Owner = &v.Owner
	default:
		return nil, ErrForbidden
	}
	page, err := s.Life.Findings(ctx, &q)
	if errors.Is(err, lifecycle.ErrCursor) {
		return nil, bad("分页位置无效", "the cursor is not one of a page of findings")
	}
	return page, err
}

// Compare returns what changed between two finished runs.
func (s *Service) Compare(ctx context.Context, v account.Viewer, was, now *reports.Run) (*listing.Changes, error) {
	if err := comparable(v, was, now); err != nil {
		return nil, err
	}
	c, err := s.Listings.Compare(ctx, was, now)
	return c, whole(err)
}

// Changes returns all that changed between two finished runs.
func (s *Service) Changes(ctx context.Context, v account.Viewer, was, now *reports.Run) (iter.Seq2[reports.Change, error], error) {
	if err := comparable(v, was, now); err != nil {
		return nil, err
	}
	list, err := s.Listings.Diff(ctx, was, now, nil)
	return list, whole(err)
}

// comparable is an error unless the viewer may compare the runs.
func comparable(v account.Viewer, was, now *reports.Run) error {
	if err := allow(v, account.SeeAll); err != nil {
		return err
	}
	if was.State != reports.RunDone || now.State != reports.RunDone {
		return bad("只能对比已完成的批次", "only finished runs can be compared")
	}
	return nil
}

// Inventory is one that a run can be begun over.
type Inventory struct {
	Name string // for people: the name of its file
	Path string
	Last *reports.Run // the newest run; nil for none
}

// Inventories lists those that runs can be begun over: of the calendar, of earlier
// runs, and uploaded ones. No other file is ever read because somebody asked.
func (s *Service) Inventories(ctx context.Context) ([]Inventory, error) {
	var list []Inventory
	add := func(path string) *Inventory {
		for i := range list {
			if list[i].Path == path {
				return &list[i]
			}
		}
		list = append(list, Inventory{Name: filepath.Base(path), Path: path})
		return &list[len(list)-1]
	}
	runs, err := s.Store.Runs(ctx, recentRuns)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		if inv := add(r.Inventory); inv.Last == nil {
			inv.Last = r
		}
	}
	if s.Calendar != nil {
		planned, err := s.Calendar(ctx)
		if err != nil {
			return nil, err
		}
		for _, p := range planned {
			if path, err := filepath.Abs(p.Inventory); err == nil {
				add(path)
			}
		}
	}
	for _, path := range s.uploaded() {
		add(path)
	}
	return list, nil
}

// BeginRun begins a run over one of the inventories, or resumes the unfinished one; key
// is an idempotency key, "" for none. again says that an earlier request had the key.
func (s *Service) BeginRun(ctx context.Context, v account.Viewer, inventory, key string) (run string, again bool, err error) {
	if err := allow(v, account.RunScans); err != nil {
		return "", false, err
	}
	if s.Begin == nil {
		return "", false, ErrNotHere
	}
	if len(key) > 200 {
		return "", false, bad("Idempotency-Key 过长", "the idempotency key is too long: 200 characters at most")
	}
	list, err := s.Inventories(ctx)
	if err != nil {
		return "", false, err
	}
	i := slices.IndexFunc(list, func(inv Inventory) bool { return inv.Path == inventory })
	if i < 0 { // a person may give the name alone, where that is clear
		if i = slices.IndexFunc(list, func(inv Inventory) bool { return inv.Name == inventory }); i < 0 {
			return "", false, bad("没有这份清单：请先上传，或在日程中列出", "there is no such inventory: upload it first, or list it in the calendar")
		}
	}
	return s.Accounts.Once(ctx, v, key, "run "+list[i].Path, func() (string, error) {
		run, resumed, err := s.Begin(ctx, list[i].Path)
		if err == nil {
			what := "run.begin"
			if resumed {
				what = "run.resume"
			}
			s.note(ctx, v, what, run+" "+list[i].Name)
		}
		return run, err
	})
}

// StopRun stops a run that is under way.
func (s *Service) StopRun(ctx context.Context, v account.Viewer, run string) error {
	if err := allow(v, account.RunScans); err != nil {
		return err
	}
	if s.Stop == nil {
		return ErrNotHere
	}
	err := s.Stop(ctx, run)
	if err == nil {
		s.note(ctx, v, "run.stop", run)
	}
	return found(err)
}

// ResumeRun lets a run that was stopped go on.
func (s *Service) ResumeRun(ctx context.Context, v account.Viewer, id string) error {
	if err := allow(v, account.RunScans); err != nil {
		return err
	}
	if s.Begin == nil {
		return ErrNotHere
	}
	run, err := s.Store.Run(ctx, id)
	if err != nil {
		return found(err)
	}
	if run.State != reports.RunPlanning && run.State != reports.RunActive {
		return bad("该批次已结束", "the run is over")
	}
	if _, _, err := s.Begin(ctx, run.Inventory); err != nil {
		return err
	}
	s.note(ctx, v, "run.resume", id)
	return nil
}

// ProgressOf returns how far an unfinished run has come.
func (s *Service) ProgressOf(ctx context.Context, v account.Viewer, run string) (*Progress, error) {
	if err := allow(v, account.SeeAll); err != nil {
		return nil, err
	}
	if s.Progress == nil {
		return nil, ErrNotHere
	}
	p, err := s.Progress(ctx, run)
	return p, found(err)
}
