package schedule

import (
	"context"
	"sync"
	"time"
)

// strain watches how late this machine is with what it planned to do: a
// program that is late itself reads other people's answers too late and takes
// them for timeouts.
type strain struct {
	mu   sync.Mutex
	late [strainKept]time.Duration
	at   int
}

const (
	strainBeat = 250 * time.Millisecond
	strainKept = 40 // 10 s
	strainMost = time.Second
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
