package load

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Visits at dead hosts give their places to the next names, unless it is we
// who are slow.
func TestSlowVisitsMoveOver(t *testing.T) {
	for _, calm := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := NewSlots(2, 3, time.Second, func() time.Duration { return 0 }, func() bool { return calm })
			var in atomic.Int32
			for range 10 {
				go func() {
					p, err := s.Enter(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					in.Add(1)
					time.Sleep(10 * time.Second)
					p.Leave()
				}()
			}
			time.Sleep(9 * time.Second)
			want := int32(2)
			if calm {
				want = 5 // two quick and three slow
			}
			if in.Load() != want {
				t.Errorf("calm %v: %d visits under way, want %d", calm, in.Load(), want)
			}
			time.Sleep(time.Minute)
			if len(s.quick)+len(s.slow) != 0 || in.Load() != 10 {
				t.Errorf("calm %v: %d quick and %d slow places are still taken", calm, len(s.quick), len(s.slow))
			}
		})
	}
}

// A visit is slow only beside those that answer now: where our line is slow, all
// are, and nobody more is let in.
func TestSlowIsMuchSlowerThanOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var typical atomic.Int64
		typical.Store(int64(500 * time.Millisecond))
		s := NewSlots(1, 1, 100*time.Millisecond, func() time.Duration { return time.Duration(typical.Load()) }, func() bool { return true })
		p, err := s.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(1900 * time.Millisecond)
		typical.Store(int64(time.Second)) // while it waits the others become slower
		time.Sleep(2 * time.Second)
		if len(s.slow) != 0 {
			t.Error("after 3.9 s a visit moved over though half of the others take 1 s")
		}
		time.Sleep(200 * time.Millisecond)
		if len(s.slow) != 1 {
			t.Error("after 4.1 s a visit has not moved over though half of the others take 1 s at most")
		}
		p.Leave()
	})
}

// A few visits that take very long say nothing of the others.
func TestMedianIsNotMovedByAFew(t *testing.T) {
	var m median
	for i := range 3000 {
		d := time.Duration(80+i%41) * time.Millisecond
		if i%10 == 0 {
			d = 10 * time.Second
		}
		m.note(d)
	}
	if got := time.Duration(m); got < 90*time.Millisecond || got > 120*time.Millisecond {
		t.Errorf("the median is %v, want about 102 ms", got)
	}
	for range 200 {
		m.note(time.Second)
	}
	if got := time.Duration(m); got < 900*time.Millisecond {
		t.Errorf("the median is %v after 200 values of 1 s", got)
	}
	for range 1000 {
		m.note(0)
	}
	m.note(time.Second)
	if got := time.Duration(m); got < time.Duration(minMedian) {
		t.Errorf("the median fell to %v, from where it cannot rise", got)
	}
}

func TestWaitForAPlaceEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSlots(1, 1, time.Second, func() time.Duration { return 0 }, func() bool { return false })
		p, err := s.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.Enter(ctx); err == nil {
			t.Error("a second visit got the only place")
		}
		p.Leave()
		if len(s.quick) != 0 {
			t.Error("the place is still taken")
		}
	})
}

// One who visits at many names keeps the place as long as none of them is slow,
// however long it waits in between.
func TestPlaceIsKeptFromLookToLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSlots(1, 1, minQuick, func() time.Duration { return 0 }, func() bool { return true })
		p, err := s.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			p.Begin(time.Now())
			time.Sleep(minQuick * 9 / 10)
			p.Pause()
			time.Sleep(3 * minQuick)
		}
		if p.Moved() || len(s.quick) != 1 {
			t.Errorf("moved after quick visits: %v; %d quick places are taken", p.Moved(), len(s.quick))
		}
		p.Begin(time.Now())
		time.Sleep(minQuick * 11 / 10)
		p.Pause()
		if !p.Moved() || len(s.quick) != 0 || len(s.slow) != 1 {
			t.Errorf("moved after a slow visit: %v; %d quick and %d slow places are taken", p.Moved(), len(s.quick), len(s.slow))
		}
		p.Leave()
		if len(s.quick)+len(s.slow) != 0 {
			t.Error("a place is still taken")
		}
	})
}

// The timer of the visit before may fire as the next one begins: a place moves
// once all the same.
func TestPlaceMovesOnce(t *testing.T) {
	s := NewSlots(2, 2, minQuick, func() time.Duration { return 0 }, func() bool { return true })
	for range 2 {
		p, err := s.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer p.Leave()
		p.move()
		p.move()
	}
	if len(s.quick) != 0 || len(s.slow) != 2 {
		t.Errorf("%d quick and %d slow places are taken", len(s.quick), len(s.slow))
	}
}

const minQuick = 250 * time.Millisecond
