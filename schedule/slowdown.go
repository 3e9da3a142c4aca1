package schedule

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// A temper is what we know of how a server bears us: the gap between our
// requests grows when it turns us away or becomes slow, and shrinks again step
// by step while it answers well.
type temper struct {
	extra  time.Duration // added to the gap
	well   int           // good answers in a row since extra last changed
	away   int           // answers with 503 in a row
	heard  int           // answers in all
	usual  time.Duration // time to the first byte over a long time, near the least of it
	lately time.Duration // the same of late
	seen   time.Time     // the last answer
}

const (
	slowLeast  = 200 * time.Millisecond // the first step, unless the gap itself is longer
	slowMost   = 10 * time.Second       // a lane must get on
	wellEnough = 8                      // good answers in a row that halve what was added
	// learned is how many answers the usual time is known from.
	learned = 16
	// remember is how long a server that is not asked any more is remembered.
	remember = time.Minute
	// retryMost bounds the Retry-After of one site for its whole address, on
	// which others may lie; the site itself is asked again later still.
	retryMost = 30 * time.Second
)

// Heard tells the gate of an answer: its status and header, and the time from
// the request to its first byte. It has the form of web.Options.Heard.
func (g *Gate) Heard(addr netip.Addr, status int, header http.Header, wait time.Duration) {
	if !g.Limited() {
		return
	}
	ours := g.calm != nil && !g.calm() // then what is slow may be we
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.doors[g.Lane(addr)]
	if d == nil || d.limits.none() {
		return
	}
	if after := retryAfter(header, now); turnedAway(status) && after > 0 {
		if next := now.Add(min(after, retryMost)); d.next.Before(next) {
			d.next = next
		}
	}
	d.temper.note(now, status, header.Get("Retry-After") != "", wait, ours, d.limits.gap)
}

// turnedAway tells whether the status says that the server has had enough.
func turnedAway(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

// note takes an answer in. A 503 may be the trouble of one site among many on
// its address: it counts when it says how long to wait, or when it is not the
// only one.
func (t *temper) note(now time.Time, status int, retry bool, wait time.Duration, ours bool, gap time.Duration) {
	t.seen = now
	if status == http.StatusServiceUnavailable {
		t.away++
	} else {
		t.away = 0
	}
	if status == http.StatusTooManyRequests || t.away > 0 && (retry || t.away > 1) {
		t.slower(gap)
		return
	}
	if t.away > 0 || ours {
		return
	}
	t.heard++
	if t.usual == 0 {
		t.usual, t.lately = wait, wait
	}
	t.lately += (wait - t.lately) / 8
	if t.lately < t.usual {
		t.usual = t.lately
	} else {
		t.usual += (wait - t.usual) / 1024
	}
	if t.heard < learned {
		return
	}
	if t.lately > 3*t.usual+300*time.Millisecond {
		t.heard = learned / 2 // it is looked at again after a while, with the new gap
		t.slower(gap)
		return
	}
	if t.well++; t.well >= wellEnough {
		t.faster()
	}
}

// slower doubles what is added to the gap.
func (t *temper) slower(gap time.Duration) {
	t.extra = min(max(2*t.extra, gap, slowLeast), slowMost)
	t.well = 0
}

// faster halves it, and lets go of it in the end.
func (t *temper) faster() {
	t.well = 0
	if t.extra /= 2; t.extra < slowLeast/2 {
		t.extra = 0
	}
}

// knows tells whether there is anything to remember.
func (t *temper) knows() bool { return t.extra > 0 || t.heard >= learned }

// retryAfter reads the header Retry-After, seconds or a date; 0 if there is
// none that can be read. It is at most a day.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	var wait time.Duration
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), 24*time.Hour)
}
