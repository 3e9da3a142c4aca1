package schedule

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/schedule/load"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// health answers "is it us?" for a run in this process: control names that were
// seen to work are visited again, and the last visits are watched for signs of
// trouble of ours.
type health struct {
	w *runWorker

	mu      sync.Mutex
	names   []string // seen serving in this run, of different addresses
	keys    map[string]bool
	recent  [256]sign // of the last visits, a ring
	visits  int       // how many there were
	reached time.Time // when a site last answered over HTTP
	checked time.Time // when the controls were visited last …
	why     string    // … and what is wrong, empty if nothing is
	pending chan struct{}
	since   time.Time // when visits began to be held back; zero if they are not
}

// A sign is what one visit says of our own standing.
type sign uint8

const (
	signWell   sign = iota // the site answered
	signFailed             // it did not
	signOurs               // we were not able to ask
)

const (
	maxControls = 5
	// checkedFor is how long a visit to the controls speaks for us. Controls
	// belong to others: they are not visited more often than this.
	checkedFor = 30 * time.Second
	// reachedFor is how long an answer of any site shows that we reach others.
	reachedFor = 2 * time.Minute
	// maxOurs is the share of visits that may fail because of a local error
	// before no failure counts.
	maxOurs = 0.2
	// maxFailed is the share of failed visits at which the controls are visited
	// before any more are made.
	maxFailed = 0.7
	// minSigns is how many visits a share is made of.
	minSigns = 100
	// maxPause is how long visits are held back in all: a run must end.
	maxPause = time.Hour
)

func newHealth(w *runWorker) *health { return &health{w: w, keys: map[string]bool{}} }

// note keeps what a visit says of our standing.
func (h *health) note(c *detect.Case) {
	s := signWell
	switch {
	case visit.Troubled(c):
		s = signOurs
	case c.Liveness == detect.Down && c.Cause != string(crawler.FailDNSNoName):
		s = signFailed
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recent[h.visits%len(h.recent)] = s
	h.visits++
	if c.Answer != nil {
		h.reached = time.Now()
	}
}

// share is the share of a sign among the last visits; 0 while they are few.
func (h *health) share(s sign) float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := min(h.visits, len(h.recent))
	if n < minSigns {
		return 0
	}
	count := 0
	for _, have := range h.recent[:n] {
		if have == s {
			count++
		}
	}
	return float64(count) / float64(n)
}

// serving keeps a site that works as a control, each of another address. Controls are
// visited without a browser: one that only a browser shows is none.
func (h *health) serving(c *detect.Case) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.names) >= maxControls || c.Answer == nil || c.Client != nil {
		return
	}
	key := c.Answer.Addr.Addr().String()
	if !h.keys[key] {
		h.keys[key] = true
		h.names = append(h.names, c.Target.Domain)
	}
}

// controls are the names to visit: those that the user gives, else those that
// this run or the last one saw serving, in this process or in any.
func (h *health) controls(ctx context.Context) []string {
	if given := h.w.opt.Controls; len(given) > 0 {
		return slices.Clone(given)
	}
	names := unique(append(h.seen(), strings.Fields(h.w.run.state.controls)...), maxControls)
	if len(names) == 0 {
		// Another process may have, or this one before it had nothing to do for a
		// while. What cannot be read leaves the failure in doubt.
		stored, err := h.w.r.controlsSeen(ctx, h.w.run.number)
		if err != nil {
			h.w.r.log.Warn("the control names cannot be read", "run", h.w.run.ID, "err", err)
		}
		names = unique(stored, maxControls)
	}
	return names
}

// seen lists the names that this process saw serving.
func (h *health) seen() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.names)
}

// doubt says why a visit that accuses the site does not count now; "" if it does. last
// says that the verdict follows from it. Only then must something show that we reach any
// site: the first visits of a run may come before its first answer.
func (h *health) doubt(ctx context.Context, c *detect.Case, last bool) string {
	if why := h.silence(c); why != "" {
		return why
	}
	if why := h.check(ctx); why != "" || !last {
		return why
	}
	return h.unreached(ctx, c)
}

// silence says why a silence does not count now. What a site or a resolver has
// said (no such name, refused, a status) does not become untrue because we are
// slow.
func (h *health) silence(c *detect.Case) string {
	if c.Cause != string(crawler.FailTimeout) && c.Cause != string(crawler.FailDNSTimeout) {
		return ""
	}
	if ours := h.share(signOurs); ours > maxOurs {
		return message.LocalErrors.Fill(100 * ours)
	}
	if lag := h.w.r.load.Worst(); lag > load.MaxLateness {
		return message.MachineLate.Fill(lag.Seconds())
	}
	return ""
}

// unreached says that nothing shows that we reach any site: there is no control
// name that works, and no site has answered. A name that does not exist is the
// resolver's word, which has been tested.
func (h *health) unreached(ctx context.Context, c *detect.Case) string {
	if c.Answer != nil || c.Cause == string(crawler.FailDNSNoName) || c.Cause == string(crawler.FailDNSNoAddr) {
		return ""
	}
	h.mu.Lock()
	reached := h.reached
	h.mu.Unlock()
	if time.Since(reached) < reachedFor || len(h.controls(ctx)) > 0 {
		return ""
	}
	return message.NothingAnswers.Fill()
}

// check says why failures do not count now, by the controls. They are visited
// once for all who ask, not more often than checkedFor, and to the end though the job
// that asked has none of its time left.
func (h *health) check(ctx context.Context) string {
	for {
		h.mu.Lock()
		if !h.checked.IsZero() && time.Since(h.checked) < checkedFor {
			why := h.why
			h.mu.Unlock()
			return why
		}
		if h.pending == nil {
			h.pending = make(chan struct{})
			h.w.r.tasks.Go(func() { h.visitControls(h.w.r.ctx) })
		}
		busy := h.pending
		h.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
		}
		if ctx.Err() != nil || h.w.r.ctx.Err() != nil {
			return message.ControlsStopped.Fill()
		}
	}
}

// visitControls finds out and tells those who wait.
func (h *health) visitControls(ctx context.Context) {
	names := h.controls(ctx)
	rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	given := len(h.w.opt.Controls) > 0
	why := h.w.r.static.CheckControls(ctx, names, given)
	if others := h.w.r.cfg.Scanner.Known; why != "" && !given && len(others) > 0 && h.w.r.static.CheckControls(ctx, others, false) == "" {
		why = "" // the sites of this run were suspended together, the one that is accused among them
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	close(h.pending)
	h.pending = nil
	if ctx.Err() == nil {
		h.checked, h.why = time.Now(), why
	}
}

// pause says why no visit of the run is begun here; "" if all is well. While
// most visits fail, the controls say whether it is us. What has failed by then is
// confirmed later, as any failure.
func (h *health) pause(ctx context.Context) string {
	h.mu.Lock()
	paused := !h.since.IsZero()
	h.mu.Unlock()
	if !paused && h.share(signFailed)+h.share(signOurs) <= maxFailed {
		return ""
	}
	why := h.check(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case why == "":
		h.since = time.Time{}
	case h.since.IsZero():
		h.since = time.Now()
		h.w.r.log.Warn("visits are held back", "run", h.w.run.ID, "why", why)
	case time.Since(h.since) > maxPause:
		return "" // it will not recover by itself; the verdicts are held one by one
	}
	return why
}

// paused says why visits of the run are held back here, without asking anybody.
func (h *health) paused() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.since.IsZero() || time.Since(h.since) > maxPause {
		return ""
	}
	return h.why
}
