package load

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A machine that wakes up on time keeps up; one that is late, or has answers
// piling up, does not, and the lateness is forgotten after ten seconds.
func TestMonitorOfAMachineThatIsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reading atomic.Int64
		m := NewMonitor(reading.Load)
		ctx, stop := context.WithCancel(t.Context())
		var ended atomic.Bool
		go func() { m.Watch(ctx); ended.Store(true) }()
		time.Sleep(5 * time.Second)
		if !m.KeepsUp() || !m.Calm() || m.Worst() != 0 {
			t.Fatalf("on time: keeps up %v, calm %v, worst %v", m.KeepsUp(), m.Calm(), m.Worst())
		}
		m.note(1500 * time.Millisecond)
		if m.KeepsUp() || m.Calm() || m.Worst() != 1500*time.Millisecond || m.Worst() < MaxLateness {
			t.Errorf("late: keeps up %v, calm %v, worst %v", m.KeepsUp(), m.Calm(), m.Worst())
		}
		time.Sleep(2 * time.Second)
		if !m.KeepsUp() || m.Worst() == 0 {
			t.Errorf("two seconds later: keeps up %v, worst %v", m.KeepsUp(), m.Worst())
		}
		time.Sleep(10 * time.Second)
		if m.Worst() != 0 {
			t.Errorf("twelve seconds later: worst %v", m.Worst())
		}
		reading.Store(int64(8*runtime.GOMAXPROCS(0)) + 1)
		if m.KeepsUp() {
			t.Error("keeps up although answers queue up to be read")
		}
		stop()
		synctest.Wait()
		if !ended.Load() {
			t.Error("Watch goes on after its context")
		}
	})
}

// A line on which all answers take much longer than usual is not calm, until
// no more answers come from which that could be known.
func TestMonitorOfASlowLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMonitor(nil)
		if m.TypicalVisit() != 0 || m.TypicalName() != 0 || !m.Calm() {
			t.Error("knows something before anything was measured")
		}
		for range 200 {
			m.Answered(50 * time.Millisecond)
			m.Resolved(5 * time.Millisecond)
		}
		if got := m.TypicalVisit(); got < 45*time.Millisecond || got > 55*time.Millisecond || !m.Calm() {
			t.Errorf("typical %v, calm %v", got, m.Calm())
		}
		if got := m.TypicalName(); got < 4*time.Millisecond || got > 6*time.Millisecond {
			t.Errorf("typical name %v", got)
		}
		for range 200 {
			m.Answered(3 * time.Second)
		}
		if m.Calm() || !m.KeepsUp() {
			t.Errorf("typical %v: calm %v, keeps up %v", m.TypicalVisit(), m.Calm(), m.KeepsUp())
		}
		time.Sleep(answerLapse + time.Second)
		if !m.Calm() {
			t.Error("not calm although nothing says otherwise any more")
		}
	})
}
