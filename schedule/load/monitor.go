package load

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// A Monitor measures whether this machine and its line keep up: a program that
// is late itself reads other people's answers too late and takes them for
// timeouts. It is safe for concurrent use.
type Monitor struct {
	reading func() int64

	mu       sync.Mutex
	late     [keptTicks]time.Duration // how late the monitor itself was woken, a ring
	ticks    int
	visit    median        // what a visit that got an answer took recently
	answered time.Time     // when the last of them ended
	usual    time.Duration // the same over a long time, near the least of it
	name     median        // what a name that has an address took to resolve recently
}

const (
	tick      = 250 * time.Millisecond
	keptTicks = 40 // 10 s
	// answerLapse is how long the time of the last answers says something when
	// no more come.
	answerLapse = 2 * time.Second
	// maxCalm is the lateness up to which the machine keeps up well.
	maxCalm = 100 * time.Millisecond
)

// MaxLateness is the lateness from which on a timeout may be our own doing; see
// [Monitor.Worst].
const MaxLateness = time.Second

// NewMonitor returns a monitor. reading returns the number of answers that have
// come and wait to be parsed, or are; nil counts as none.
func NewMonitor(reading func() int64) *Monitor { return &Monitor{reading: reading} }

// Watch measures until ctx ends.
func (m *Monitor) Watch(ctx context.Context) {
	timer := time.NewTimer(tick)
	defer timer.Stop()
	for {
		planned := time.Now().Add(tick)
		timer.Reset(tick)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		m.note(time.Since(planned))
	}
}

// note keeps how late one tick was.
func (m *Monitor) note(late time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.late[m.ticks%keptTicks] = late
	m.ticks++
}

// Answered notes how long a visit took that got an answer.
func (m *Monitor) Answered(took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answered = time.Now()
	now := m.visit.note(took)
	if m.usual == 0 || now < m.usual {
		m.usual = now
	} else {
		m.usual += (now - m.usual) / 65536 // some minutes: the usual may change
	}
}

// TypicalVisit is about what half of the visits that got an answer took at most
// recently; 0 if that is not known.
func (m *Monitor) TypicalVisit() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Duration(m.visit)
}

// Resolved notes how long the addresses of a name took that has some.
func (m *Monitor) Resolved(took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.name.note(took)
}

// TypicalName is for the resolving of names what TypicalVisit is for visits.
func (m *Monitor) TypicalName() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Duration(m.name)
}

// Worst is the greatest lateness of the last ten seconds.
func (m *Monitor) Worst() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	var worst time.Duration
	for _, late := range m.late {
		worst = max(worst, late)
	}
	return worst
}

// Calm reports whether this machine keeps up and its line does too: answers
// take about as long as usual.
func (m *Monitor) Calm() bool {
	if !m.KeepsUp() {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Since(m.answered) > answerLapse || time.Duration(m.visit) <= 3*m.usual+300*time.Millisecond
}

// KeepsUp reports whether this machine keeps up: timers fire when they should,
// and answers do not queue up to be read.
func (m *Monitor) KeepsUp() bool {
	if m.reading != nil && m.reading() > int64(8*runtime.GOMAXPROCS(0)) {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range 4 { // the last second
		if m.ticks > i && m.late[(m.ticks-1-i)%keptTicks] > maxCalm {
			return false
		}
	}
	return true
}

// A median follows the middle of the values it is given, by steps of three
// percent. A few that take very long, such as visits to hosts that hardly
// answer, do not move it as they would move a mean. The zero value knows
// nothing yet.
type median time.Duration

// note takes one more value into account and returns the median.
func (m *median) note(d time.Duration) time.Duration {
	switch step := *m / 32; {
	case *m == 0:
		*m = max(median(d), minMedian)
	case median(d) > *m:
		*m += step
	default:
		*m = max(*m-step, minMedian)
	}
	return time.Duration(*m)
}

// minMedian keeps a median such that it can still be moved.
const minMedian = median(10 * time.Microsecond)
