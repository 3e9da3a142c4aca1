package polite

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// A backoff is what is known of how a server bears us: the gap between our
// requests doubles when it turns us away or becomes slow, and is halved again
// step by step while it answers well.
type backoff struct {
	extra  time.Duration // added to the gap
	well   int           // good answers in a row since extra last changed
	away   int           // answers with 503 in a row
	heard  int           // answers in all
	usual  time.Duration // time to the first byte over a long time, near the least of it
	recent time.Duration // the same over the last answers
	seen   time.Time     // the last answer
}

const (
	minBackoff = 200 * time.Millisecond // the first step, unless the gap itself is longer
	maxBackoff = 10 * time.Second       // the address' names must get on
	wellEnough = 8                      // good answers in a row that halve what was added
	// learned is how many answers the usual time is known from.
	learned = 16
	// maxMemory is how long a server that is not asked any more is remembered.
	maxMemory = time.Minute
	// maxRetryAfter bounds the Retry-After of one site for its whole address, on
	// which others may lie; the site itself is asked again later still.
	maxRetryAfter = 30 * time.Second
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
	d := g.doors[g.Key(addr)]
	if d == nil || d.limits.none() {
		return
	}
	if after := RetryAfter(header, now); turnedAway(status) && after > 0 {
		if next := now.Add(min(after, maxRetryAfter)); d.next.Before(next) {
			d.next = next
		}
	}
	d.backoff.note(now, status, header.Get("Retry-After") != "", wait, ours, d.limits.gap)
}

// turnedAway reports whether the status says that the server has had enough.
func turnedAway(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

// note takes an answer in. A 503 may be the problem of one site among many on
// its address: it counts when it says how long to wait, or when it is not the
// only one.
func (b *backoff) note(now time.Time, status int, retry bool, wait time.Duration, ours bool, gap time.Duration) {
	b.seen = now
	if status == http.StatusServiceUnavailable {
		b.away++
	} else {
		b.away = 0
	}
	if status == http.StatusTooManyRequests || b.away > 0 && (retry || b.away > 1) {
		b.slower(gap)
		return
	}
	if b.away > 0 || ours {
		return
	}
	b.heard++
	if b.usual == 0 {
		b.usual, b.recent = wait, wait
	}
	b.recent += (wait - b.recent) / 8
	if b.recent < b.usual {
		b.usual = b.recent
	} else {
		b.usual += (wait - b.usual) / 1024
	}
	if b.heard < learned {
		return
	}
	if b.recent > 3*b.usual+300*time.Millisecond {
		b.heard = learned / 2 // it is judged again after a while, with the new gap
		b.slower(gap)
		return
	}
	if b.well++; b.well >= wellEnough {
		b.faster()
	}
}

// slower doubles what is added to the gap.
func (b *backoff) slower(gap time.Duration) {
	b.extra = min(max(2*b.extra, gap, minBackoff), maxBackoff)
	b.well = 0
}

// faster halves it, and drops it in the end.
func (b *backoff) faster() {
	b.well = 0
	if b.extra /= 2; b.extra < minBackoff/2 {
		b.extra = 0
	}
}

// knows reports whether there is anything to remember.
func (b *backoff) knows() bool { return b.extra > 0 || b.heard >= learned }

// RetryAfter reads the header Retry-After (RFC 9110, section 10.2.3), seconds or
// a date; 0 if there is none that can be read. It is at most a day.
func RetryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	var wait time.Duration
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), 24*time.Hour)
}
