package schedule

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Looks at dead hosts give their places to the next names, unless it is we
// who are slow.
func TestSlowLooksMoveOver(t *testing.T) {
	for _, calm := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := newSlots(2, 3, func() bool { return calm })
			var in atomic.Int32
			for range 10 {
				go func() {
					p, err := s.enter(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					in.Add(1)
					time.Sleep(10 * time.Second)
					p.leave()
				}()
			}
			time.Sleep(9 * time.Second)
			want := int32(2)
			if calm {
				want = 5 // two quick and three slow
			}
			if in.Load() != want {
				t.Errorf("calm %v: %d looks under way, want %d", calm, in.Load(), want)
			}
			time.Sleep(time.Minute)
			if len(s.quick)+len(s.slow) != 0 || s.waiting.Load() != 0 || in.Load() != 10 {
				t.Errorf("calm %v: %d quick and %d slow places are still taken", calm, len(s.quick), len(s.slow))
			}
		})
	}
}

func TestWaitForAPlaceEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(1, 1, func() bool { return false })
		p, err := s.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.enter(ctx); err == nil {
			t.Error("a second look got the only place")
		}
		p.leave()
		if len(s.quick) != 0 {
			t.Error("the place is still taken")
		}
	})
}
