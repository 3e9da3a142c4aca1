package pace

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestOneAtATimeAndSpaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(2*time.Second, time.Minute)
		began := time.Now()
		var mu sync.Mutex
		var starts []time.Duration
		inside := 0
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				leave, err := p.Enter(context.Background(), "a")
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				inside++
				if inside != 1 {
					t.Error("two questions at once")
				}
				starts = append(starts, time.Since(began))
				mu.Unlock()
				time.Sleep(3 * time.Second) // a slow answer
				mu.Lock()
				inside--
				mu.Unlock()
				leave()
			})
		}
		all.Wait()
		for i, at := range starts {
			if want := time.Duration(i) * 3 * time.Second; at != want {
				t.Errorf("question %d began after %v, want %v", i, at, want)
			}
		}
	})
}

func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(10*time.Second, 5*time.Second)
		leave, err := p.Enter(context.Background(), "a")
		if err != nil {
			t.Fatal(err)
		}
		leave()
		if _, err := p.Enter(context.Background(), "a"); !errors.Is(err, ErrNoTurn) {
			t.Errorf("got %v, want ErrNoTurn", err)
		}
		if leave, err = p.Enter(context.Background(), "b"); err != nil {
			t.Fatalf("another server must not wait: %v", err)
		}
		leave()
		time.Sleep(10 * time.Second)
		if leave, err = p.Enter(context.Background(), "a"); err != nil {
			t.Fatalf("a turn that was given up must not count: %v", err)
		}
		leave()
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := p.Enter(ctx, "b"); err == nil {
			t.Error("a context that is over was let in")
		}
	})
}

func TestBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(time.Millisecond, time.Second)
		for _, hold := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute} {
			p.BackOff("a", 0)
			time.Sleep(hold - time.Second)
			if _, err := p.Enter(context.Background(), "a"); !errors.Is(err, ErrHeld) {
				t.Fatalf("a second before %v: %v, want ErrHeld", hold, err)
			}
			time.Sleep(time.Second)
			leave, err := p.Enter(context.Background(), "a")
			if err != nil {
				t.Fatal(err)
			}
			leave()
		}
		p.Fine("a")
		p.BackOff("a", 100*time.Hour)
		time.Sleep(time.Hour)
		leave, err := p.Enter(context.Background(), "a")
		if err != nil {
			t.Fatalf("more than an hour is not obeyed: %v", err)
		}
		leave()
	})
}
