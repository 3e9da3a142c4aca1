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
	took  time.Duration // what looks that got an answer take of late
	last  time.Time     // when the last of them ended
	usual time.Duration // the same over a long time, near the least of it
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
	s.took += (took - s.took) / 64
	if s.usual == 0 || s.took < s.usual {
		s.usual = s.took
	} else {
		s.usual += (s.took - s.usual) / 65536 // some minutes: the usual may change
	}
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

// calm tells whether we keep up: timers fire when they should, answers do not
// queue up to be read, and they take about as long as usual.
func (s *strain) calm() bool {
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
	if time.Since(s.last) > answersLapse {
		return true
	}
	return s.took <= 3*s.usual+300*time.Millisecond
}
