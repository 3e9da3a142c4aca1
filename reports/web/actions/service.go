// Package actions carries out what the dashboard's pages and the API's calls ask
// for, the same for both: it reads runs, lists and domains, has sites visited, begins
// and stops runs, takes inventories and waivers. It asks each time whether the viewer
// may do it, and enters what changes anything into the audit log.
package actions

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/notify"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/listing"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A Service carries out actions. Its fields do not change after the first one. The
// functions are given by the program, because this room knows no scheduler; those that
// are nil are things that it cannot do here.
type Service struct {
	Store    *store.Store
	Rules    []*detect.Rule
	Accounts *account.Keeper
	Listings *listing.Keeper
	Life     *lifecycle.Store
	Dir      string // where uploaded inventories are kept
	Lang     string // of texts for machines, unless they ask for another one

	// Visit has a site visited soon, and Check says what came of it. filing is what
	// is filed: a number, "none", or "" if it is not known. An error of Visit that is
	// a [BadRequest] is the asker's.
	Visit func(ctx context.Context, domain, filing string) (id string, err error)
	Check func(ctx context.Context, id string) (*Check, error)
	// Steps are what a visit that was asked for has done so far; nil where another
	// process visits.
	Steps func(domain string) []Step
	// Judge judges the bytes of a page.
	Judge func(ctx context.Context, page []byte, filing string) (*reports.Record, error)
	// Begin begins a run over the inventory at a path, or resumes the unfinished one.
	Begin func(ctx context.Context, inventory string) (run string, resumed bool, err error)
	Stop  func(ctx context.Context, run string) error
	// Progress is how far an unfinished run has come.
	Progress func(ctx context.Context, run string) (*Progress, error)
	// Calendar lists what is planned.
	Calendar func(ctx context.Context) ([]Planned, error)
	// Rejected hands over the lines of a run's inventory that could not be used.
	Rejected func(ctx context.Context, run string, each func(reports.Reject) error) error
	// Evidence reads what was seen of a domain; nil where nothing was kept.
	Evidence func(ctx context.Context, run string, result *store.Result) *crawler.Observation

	// Letters lists what an owner was written, the newest first; Answered notes an answer
	// and returns whose it is; Send writes to an owner about a run, and returns how many
	// letters that makes: none if it was done today. They are nil where nobody is written to.
	Letters  func(ctx context.Context, owner string, limit int) ([]notify.Letter, error)
	Answered func(ctx context.Context, id, answer, by string) (owner string, err error)
	Send     func(ctx context.Context, run *reports.Run, owner string) (int, error)

	// Door is open to people who have not logged in; nil: there is none.
	Door *Door

	Now func() time.Time // nil: time.Now
	Log *slog.Logger     // nil: nothing is logged

	book    sync.Once
	byID    wording.Book
	mu      sync.Mutex
	visited map[string]time.Time // when a site was visited because somebody asked
}

// A Check is one site that was asked for.
type Check struct {
	ID     string
	Domain string
	Asked  time.Time
	State  string       // waiting, looking, done, failed
	Reason detect.Text  // why it failed
	Record export.Lines // when it is done
	open   bool         // somebody asked who has not logged in
}

// Done reports whether nothing more will come of the check.
func (c *Check) Done() bool { return c.State == "done" || c.State == "failed" }

// A Step is what a visit was doing at a moment.
type Step struct {
	At   time.Time
	Text detect.Text
}

// Progress is how far an unfinished run has come.
type Progress struct {
	Phase                      string // plan, visit, confirm, finish
	Lines, Rejected            int
	Targets, Verdicts          int
	Pending, Held, Kept, Found int
	Paused                     string
	Rate                       float64 // verdicts a second
	Left                       time.Duration
	Stopped                    bool
}

// A Planned is an entry of the calendar.
type Planned struct {
	Name      string
	Cron      string
	Inventory string
	Next      time.Time
	Last      *reports.Run // the newest run of the entry; nil for none
	Missed    []time.Time  // times of the last fortnight at which no run was begun, the newest last
}

// The errors that are answers.
var (
	ErrForbidden = errors.New("this is not yours to do")
	ErrNotFound  = errors.New("there is no such thing")
	ErrNotHere   = errors.New("this process cannot do that: it runs without the role for it")
)

// BadRequest says what is wrong with what was asked.
type BadRequest struct{ Err error }

func (b *BadRequest) Error() string { return b.Err.Error() }

func (b *BadRequest) Unwrap() error { return b.Err }

// In returns what is wrong in a language, where it is known in both.
func (b *BadRequest) In(lang string) string {
	var in interface{ In(string) string }
	if errors.As(b.Err, &in) {
		return in.In(lang)
	}
	return b.Err.Error()
}

// said is an error in both languages.
type said struct{ detect.Text }

func (s said) Error() string { return s.EN }

func bad(zh, en string) error { return &BadRequest{said{wording.Say(zh, en)}} }

// TooSoon says that a site was visited a moment ago.
type TooSoon struct{ Wait time.Duration }

func (t *TooSoon) Error() string {
	return fmt.Sprintf("the site was visited a moment ago: wait %d seconds", int(t.Wait.Seconds())+1)
}

// Book finds the rules of the program by id.
func (s *Service) Book() wording.Book {
	s.book.Do(func() { s.byID = wording.NewBook(s.Rules) })
	return s.byID
}

func (s *Service) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

func (s *Service) log() *slog.Logger {
	if s.Log != nil {
		return s.Log
	}
	return slog.New(slog.DiscardHandler)
}

// allow is an error unless the viewer may do it.
func allow(v account.Viewer, a account.Action) error {
	if !v.May(a) {
		return ErrForbidden
	}
	return nil
}

// note enters what was done into the log. What was done stands, so a log that cannot be
// written is told to those who run the program.
func (s *Service) note(ctx context.Context, v account.Viewer, what, object string) {
	if err := s.Accounts.Note(context.WithoutCancel(ctx), v, what, object); err != nil {
		s.log().Error("the audit log could not be written", "who", v.Name, "what", what, "object", object, "err", err)
	}
}
