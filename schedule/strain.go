package schedule

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// strain watches whether this machine keeps up: a program that is late itself
// reads other people's answers too late and takes them for timeouts.
type strain struct {
	look *Looker

	mu    sync.Mutex
	late  [strainKept]time.Duration // how late the watch itself was woken, a ring
	at    int
	took  median        // what looks that got an answer take of late
	last  time.Time     // when the last of them ended
	usual time.Duration // the same over a long time, near the least of it
	named median        // what a name that has an address takes to resolve of late
}

const (
	strainBeat = 250 * time.Millisecond
	strainKept = 40 // 10 s
	// strainMost is the lateness at which a timeout may be our own doing.
	strainMost = time.Second
	// answersLapse is how long the time of the last answers tells something
	// when no more come.
	answersLapse = 2 * time.Second
	// strainCalm is the lateness up to which the machine keeps up well.
	strainCalm = 100 * time.Millisecond
)

// watch measures until ctx ends.
func (s *strain) watch(ctx context.Context) {
	timer := time.NewTimer(strainBeat)
	defer timer.Stop()
	for {
		planned := time.Now().Add(strainBeat)
		timer.Reset(strainBeat)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		s.mu.Lock()
		s.late[s.at%strainKept] = time.Since(planned)
		s.at++
		s.mu.Unlock()
	}
}

// answered tells how long a look took that got an answer.
func (s *strain) answered(took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = time.Now()
	now := s.took.note(took)
	if s.usual == 0 || now < s.usual {
		s.usual = now
	} else {
		s.usual += (now - s.usual) / 65536 // some minutes: the usual may change
	}
}

// typical is about what half of the looks that got an answer of late took at
// most; 0 if that is not known.
func (s *strain) typical() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Duration(s.took)
}

// resolved tells how long the addresses of a name took that has some.
func (s *strain) resolved(took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.named.note(took)
}

// typicalName is what typical is for looks, for the resolving of names.
func (s *strain) typicalName() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Duration(s.named)
}

// worst is the greatest lateness of the last ten seconds.
func (s *strain) worst() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var most time.Duration
	for _, l := range s.late {
		most = max(most, l)
	}
	return most
}

// calm tells whether we keep up and our line does too: answers take about as
// long as usual.
func (s *strain) calm() bool {
	if !s.keepsUp() {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.last) > answersLapse || time.Duration(s.took) <= 3*s.usual+300*time.Millisecond
}

// keepsUp tells whether this machine keeps up: timers fire when they should,
// and answers do not queue up to be read.
func (s *strain) keepsUp() bool {
	if s.look.reading.Load() > int64(8*runtime.GOMAXPROCS(0)) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range 4 { // the last second
		if s.at > i && s.late[(s.at-1-i)%strainKept] > strainCalm {
			return false
		}
	}
	return true
}

// A median follows the middle of what it is told, by steps of three percent. A
// few that take very long, such as looks at hosts that hardly answer, do not
// move it as they would move a mean. The zero value knows nothing yet.
type median time.Duration

// note takes one more value into account and gives the median.
func (m *median) note(d time.Duration) time.Duration {
	switch step := *m / 32; {
	case *m == 0:
		*m = max(median(d), medianLeast)
	case median(d) > *m:
		*m += step
	default:
		*m = max(*m-step, medianLeast)
	}
	return time.Duration(*m)
}

// medianLeast keeps a median such that it can still be moved.
const medianLeast = median(10 * time.Microsecond)
