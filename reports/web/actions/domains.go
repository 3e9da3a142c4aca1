package actions

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/listing"
)

// own narrows a filter to what the viewer may see.
func own(v account.Viewer, f *listing.Filter) error {
	switch {
	case v.May(account.SeeAll):
	case v.SeesOwn():
		f.Owner = v.Owner
	default:
		return ErrForbidden
	}
	return nil
}

// Domains lists domains of a finished run; see [listing.Keeper.Page].
func (s *Service) Domains(ctx context.Context, v account.Viewer, run *reports.Run, f listing.Filter, after string, limit int) ([]listing.Row, bool, error) {
	if err := own(v, &f); err != nil {
		return nil, false, err
	}
	list, more, err := s.Listings.Page(ctx, run, f, after, limit)
	return list, more, whole(err)
}

// Count counts the domains that a filter picks; see [listing.Keeper.Count].
func (s *Service) Count(ctx context.Context, v account.Viewer, run *reports.Run, f listing.Filter) (n int, more bool, err error) {
	if err := own(v, &f); err != nil {
		return 0, false, err
	}
	n, more, err = s.Listings.Count(ctx, run, f)
	return n, more, whole(err)
}

// Records returns the whole records of the domains that a filter picks.
func (s *Service) Records(ctx context.Context, v account.Viewer, run *reports.Run, f listing.Filter) (iter.Seq2[*reports.Record, error], error) {
	if err := own(v, &f); err != nil {
		return nil, err
	}
	return s.Life.Annotate(ctx, run, s.Listings.Records(ctx, run, f)), nil
}

// Domain returns the result of a domain in a run; with an empty run, in the newest
// finished run of any inventory that has it.
func (s *Service) Domain(ctx context.Context, v account.Viewer, run, domain string) (*store.Result, *reports.Run, error) {
	var runs []*reports.Run
	if run != "" {
		r, err := s.Run(ctx, v, run)
		if err != nil {
			return nil, nil, err
		}
		runs = []*reports.Run{r}
	} else {
		var err error
		if runs, err = s.Newest(ctx); err != nil {
			return nil, nil, err
		}
	}
	for _, r := range runs {
		result, err := s.Store.Result(ctx, r.ID, domain)
		if errors.Is(err, store.ErrNoResult) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		if !v.Sees(result.Record.Owner) {
			return nil, nil, ErrForbidden
		}
		if err := s.lived(ctx, r, result.Record); err != nil {
			return nil, nil, err
		}
		return result, r, nil
	}
	return nil, nil, ErrNotFound
}

// lived gives a record of a run the life of its findings.
func (s *Service) lived(ctx context.Context, run *reports.Run, r *reports.Record) error {
	for _, err := range s.Life.Annotate(ctx, run, one(r)) {
		if err != nil {
			return err
		}
	}
	return nil
}

// Seen returns what was seen of a domain, nil where nothing was kept.
func (s *Service) Seen(ctx context.Context, run *reports.Run, result *store.Result) *crawler.Observation {
	if s.Evidence == nil || result.Evidence.File == "" {
		return nil
	}
	return s.Evidence(ctx, run.ID, result)
}

// An Event is a run in which something changed on a domain, or its first one.
type Event struct {
	Run     *reports.Run
	At      time.Time
	First   bool // the first run that has the domain
	Record  *reports.Record
	Changes []reports.Change
}

// historyRuns is how many runs a domain's history goes back.
const historyRuns = 60

// History lists what changed on a domain over the finished runs of the inventory, the
// newest first. A run that was thinned and has the domain no more changed nothing.
func (s *Service) History(ctx context.Context, inventory, domain string) ([]Event, error) {
	all, err := s.Store.Runs(ctx, recentRuns)
	if err != nil {
		return nil, err
	}
	runs := slices.DeleteFunc(all, func(r *reports.Run) bool { return r.Inventory != inventory || r.State != reports.RunDone })
	runs = runs[:min(len(runs), historyRuns)]
	slices.Reverse(runs)
	var list []Event
	var was *reports.Record
	for _, run := range runs {
		now, err := s.Store.Verdict(ctx, run.ID, domain)
		if errors.Is(err, store.ErrNoResult) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := s.lived(ctx, run, now); err != nil {
			return nil, err
		}
		e := Event{Run: run, At: run.StartedAt, First: was == nil, Record: now}
		if was != nil {
			for c, err := range reports.Diff(one(was), one(now), nil) {
				if err != nil {
					return nil, err
				}
				e.Changes = append(e.Changes, c)
			}
		}
		if e.First || len(e.Changes) > 0 {
			list = append(list, e)
		}
		was = now
	}
	slices.Reverse(list)
	return list, nil
}

func one(r *reports.Record) iter.Seq2[*reports.Record, error] {
	return func(yield func(*reports.Record, error) bool) { yield(r, nil) }
}

// CoolDown is how long a site is left alone after a visit that somebody asked for.
const CoolDown = time.Minute

// maxVisited bounds the sites that are remembered for that.
const maxVisited = 10_000

// VisitNow has a site visited soon, unless it was a moment ago. A viewer who sees the
// sites of one owner alone may ask for those.
func (s *Service) VisitNow(ctx context.Context, v account.Viewer, domain, filing string) (id string, err error) {
	if err := allow(v, account.VisitSite); err != nil {
		return "", err
	}
	if s.Visit == nil {
		return "", ErrNotHere
	}
	if !v.May(account.SeeAll) {
		if _, _, err := s.Domain(ctx, v, "", domain); err != nil {
			return "", ErrForbidden
		}
	}
	site := domain // however it is written
	if name, err := dns.Name(domain); err == nil {
		site = name
	}
	if err := s.claim(site); err != nil {
		return "", err
	}
	if id, err = s.Visit(ctx, domain, filing); err != nil {
		s.release(site)
		return "", err
	}
	s.note(ctx, v, "site.visit", domain)
	return id, nil
}

// claim notes that a site is visited now, or says how long to wait.
func (s *Service) claim(domain string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for name, at := range s.visited {
		if now.Sub(at) >= CoolDown {
			delete(s.visited, name)
		}
	}
	if at, ok := s.visited[domain]; ok {
		return &TooSoon{CoolDown - now.Sub(at)}
	}
	if s.visited == nil {
		s.visited = map[string]time.Time{}
	}
	if len(s.visited) < maxVisited {
		s.visited[domain] = now
	}
	return nil
}

func (s *Service) release(domain string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.visited, domain)
}

// CheckOf returns a site that was asked for; [ErrNotFound] if it is not there. Who has
// the link of a check may see it: it names nothing that its asker did not know.
func (s *Service) CheckOf(ctx context.Context, v account.Viewer, id string) (*Check, error) {
	if !v.May(account.SeeOwn) {
		return nil, ErrForbidden
	}
	if s.Check == nil {
		return nil, ErrNotHere
	}
	return s.Check(ctx, id)
}

// StepsOf returns what the visit of a check has done so far.
func (s *Service) StepsOf(c *Check) []Step {
	steps := s.Steps
	if c.open {
		steps = s.Door.Steps
	}
	if steps == nil {
		return nil
	}
	return steps(c.Domain)
}

// MaxPage bounds a page that is pasted, in bytes.
const MaxPage = 2 << 20

// JudgePage judges the bytes of a page.
func (s *Service) JudgePage(ctx context.Context, v account.Viewer, page []byte, filing string) (*reports.Record, error) {
	if err := allow(v, account.VisitSite); err != nil {
		return nil, err
	}
	return s.judgePage(ctx, page, filing)
}

func (s *Service) judgePage(ctx context.Context, page []byte, filing string) (*reports.Record, error) {
	switch {
	case s.Judge == nil:
		return nil, ErrNotHere
	case len(page) == 0:
		return nil, bad("请粘贴网页的 HTML 源代码", "paste the HTML of a page")
	case len(page) > MaxPage:
		return nil, bad("网页过大：不超过 2 MB", "the page is too large: 2 MB at most")
	}
	return s.Judge(ctx, page, filing)
}

// Rule returns a rule of the program.
func (s *Service) Rule(id string) (*detect.Rule, error) {
	if r := s.Book()[id]; r != nil {
		return r, nil
	}
	return nil, ErrNotFound
}
