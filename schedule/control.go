package schedule

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// health answers "is it us?" for one round: control names that were seen to
// work are looked at again, and the last looks are watched for signs of our own
// trouble.
type health struct {
	round *member

	mu      sync.Mutex
	names   []string // seen serving in this run, of different lanes
	lanes   map[string]bool
	recent  [256]sign // of the last looks, a ring
	looks   int       // how many there were
	checked time.Time // when the controls were looked at last …
	why     string    // … and what is wrong, empty if nothing is
	pending chan struct{}
}

// A sign is what one look says of our own standing.
type sign uint8

const (
	signWell   sign = iota // the site answered
	signFailed             // it did not
	signOurs               // we were not able to ask
)

const (
	maxControls = 5
	// vouchFor is how long a look at the controls speaks for us. Controls
	// belong to others: they are not asked more often than this.
	vouchFor = 30 * time.Second
	// oursMost is the share of looks that may come to nothing by our own fault
	// before no failure counts.
	oursMost = 0.2
	// failedMost is the share of failed looks at which the controls are asked
	// before any more are made.
	failedMost = 0.7
	// leastSigns is how many looks a share is made of.
	leastSigns = 100
)

// note keeps what a look says of our standing.
func (h *health) note(c *detect.Case) {
	s := signWell
	switch {
	case troubled(c):
		s = signOurs
	case c.Liveness == detect.Down && c.Cause != string(crawler.FailDNSNoName):
		s = signFailed
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recent[h.looks%len(h.recent)] = s
	h.looks++
}

// share is the share of a sign among the last looks; 0 while they are few.
func (h *health) share(s sign) float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := min(h.looks, len(h.recent))
	if n < leastSigns {
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

// serving keeps a site that works as a control, each of another address.
func (h *health) serving(c *detect.Case) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.names) >= maxControls || c.Answer == nil {
		return
	}
	lane := c.Answer.Addr.Addr().String()
	if h.lanes[lane] {
		return
	}
	if h.lanes == nil {
		h.lanes = map[string]bool{}
	}
	h.lanes[lane] = true
	h.names = append(h.names, c.Target.Domain)
}

// controls are the names to look at: those that the user gives, else those
// that this run or the last one saw serving.
func (h *health) controls() []string {
	if given := h.round.opt.Controls; len(given) > 0 {
		return slices.Clone(given)
	}
	h.mu.Lock()
	names := slices.Clone(h.names)
	h.mu.Unlock()
	for _, name := range strings.Fields(h.round.given) {
		if len(names) < maxControls && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// seen lists the names that this process saw serving.
func (h *health) seen() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.names)
}

// vouch says why failures do not count now; empty if they do. The controls are
// looked at by one caller at a time and not more often than vouchFor.
func (h *health) vouch(ctx context.Context) string {
	for {
		h.mu.Lock()
		if !h.checked.IsZero() && time.Since(h.checked) < vouchFor {
			why := h.why
			h.mu.Unlock()
			return why
		}
		busy := h.pending
		if busy == nil {
			h.pending = make(chan struct{})
		}
		h.mu.Unlock()
		if busy == nil {
			return h.check(ctx)
		}
		select {
		case <-busy:
		case <-ctx.Done():
			return "stopped while looking at the control names"
		}
	}
}

// check finds out and tells those who wait.
func (h *health) check(ctx context.Context) string {
	names := h.controls()
	rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	why := h.round.r.cfg.Looker.lookAtControls(ctx, names)
	h.mu.Lock()
	defer h.mu.Unlock()
	close(h.pending)
	h.pending = nil
	if ctx.Err() == nil {
		h.checked, h.why = time.Now(), why
	}
	return why
}

// signs says why a silence does not count now; empty if it does. What a site
// or a resolver has said (no such name, refused, a status) does not become
// untrue because we are slow.
func (h *health) signs(c *detect.Case) string {
	if c.Cause != string(crawler.FailTimeout) && c.Cause != string(crawler.FailDNSTimeout) {
		return ""
	}
	if ours := h.share(signOurs); ours > oursMost {
		return fmt.Sprintf("%.0f %% of the last looks came to nothing by our own fault: lower --concurrency, or raise the limit of open files", 100*ours)
	}
	if lag := h.round.r.strain.worst(); lag > strainMost {
		return fmt.Sprintf("this machine was late by %.1f s of late: lower --concurrency", lag.Seconds())
	}
	return ""
}

// guard stops the feeding while most looks fail and the controls say that it
// is us. What has failed by then is confirmed later, as any failure.
func (rd *member) guard(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	var since time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		why := ""
		if rd.pause() != "" || rd.watch.share(signFailed)+rd.watch.share(signOurs) > failedMost {
			why = rd.watch.vouch(ctx)
		}
		if why == "" {
			since = time.Time{}
		} else if since.IsZero() {
			since = time.Now()
			rd.r.log.Warn("visits are held back", "run", rd.run.ID, "why", why)
		}
		if time.Since(since) > outageMost && !since.IsZero() {
			why = "" // it will not mend by itself; the verdicts are held one by one
		}
		rd.mu.Lock()
		rd.paused = why
		rd.mu.Unlock()
	}
}

// outageMost is how long visits are held back in all: a night must end.
const outageMost = time.Hour
