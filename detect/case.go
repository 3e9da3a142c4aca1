package detect

import (
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/mainland"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// A cache keeps what several rules ask of the same case, so that it is worked
// out once, and only if one asks. It is empty when [NewCase] is done. A case is
// judged by one goroutine.
type cache struct {
	filed, claims         cached[[]number.ICP]
	unread, trace, police cached[Reason]
	scripted              cached[bool]
	outcomes              map[*Rule]Outcome // what rules say by themselves
	reread                bool              // see Case.reread
}

// A cached value is worked out by the first who asks.
type cached[T any] struct {
	known bool
	value T
}

func (a *cached[T]) get(work func() T) T {
	if !a.known {
		a.value, a.known = work(), true
	}
	return a.value
}

// A Case is everything that a rule may know: what was seen, what is filed,
// and the home page as parsed. It is the one argument of every rule. Cases are
// made by [NewCase] and not changed afterwards.
type Case struct {
	Target   *crawler.Target
	Obs      *crawler.Observation
	Filing   crawler.Filing // what holds for this domain at At
	File     string         // the file's name when a file is judged; then nothing but Home is known
	At       time.Time      // the only clock that a rule may read
	Policy   *Policy        // the data that a user can change
	Attempts []Attempt      // every look of this run in order, this one last
	Open     []OpenFinding  // what has been found before and still is, set by [Review]; nil if the history is not known

	// Derived by NewCase.
	Hops       []*crawler.Page   // the way to the answer, oldest first; all that was received if there is none
	Answer     *crawler.Page     // the answer that a person would have seen, the last of Hops; nil if none came
	Home       *page.Page        // Answer parsed, or the page as a browser drew it; nil if there is none. Home.Fault says why it cannot be relied on
	Static     *page.Page        // Answer parsed; the same as Home unless Rendered
	Rendered   bool              // Home is the page after its scripts ran. Such a page is judged anew each time
	Client     *ClientView       // what our own client got where only a browser shows the site; nil else
	Inner      []Inner           // further pages of the site that were read
	Failure    *crawler.Failure  // what the way ended in, if it ended in a failure
	FailedURL  string            // the address that failed, if Failure is set
	Away       string            // the registrable domain of others on which the way ends; "" if it stays
	Liveness   Liveness          //
	Cause      string            // why it is down, or what challenged or blocked us; see [CauseText]
	Kind       kind.Kind         // what sort of page it is
	Place      mainland.Place    // where the address that served Answer is
	Shown      number.Shown      // numbers on the page
	Industries []industry.Judged // trades that the content belongs to

	judgedOn map[industry.Category]*Inner // trades that only an inner page belongs to

	drawn      *parsedPage     // the page as a browser drew it, whether or not it was taken; nil if there is none
	differs    page.Difference // what the readings of Home by tokens and by its tree do not agree about
	treeless   bool            // the page is to be read again by its tree, which cannot be built
	oneAddress bool            // Answer is that of one address of a name, another of which shows no site
	landings   []landing       // what a person would have seen at each address of the site
	parsed     []parsedPage    // pages parsed so far, for the next Case of the same look …
	counted    []readNumbers   // … and what numbers are in them
	cache      cache
}

// A ClientView is what our own client got of a site that a visitor's browser
// shows.
type ClientView struct {
	URL      string   // the address that was asked for, or that failed
	Liveness Liveness // as if there had been no browser
	Cause    string
	Detail   string // of the failure, if there was one
}

// An Attempt is one look at a site within a run, reduced to what confirmation
// needs.
type Attempt struct {
	At       time.Time
	Liveness Liveness
	Cause    string
	Server   string // the resolver used
}

// Liveness is the state of a site. The words are part of the JSONL contract.
type Liveness string

// The states (DESIGN section 4).
const (
	Serving     Liveness = "serving"
	Placeholder Liveness = "placeholder"
	Blocked     Liveness = "blocked"
	Challenged  Liveness = "challenged"
	Down        Liveness = "down"
	Unseen      Liveness = "unknown" // our trouble, not the site's
)
