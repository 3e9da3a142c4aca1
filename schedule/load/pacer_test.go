package load

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestPacer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := PerSecond(10)
		began := time.Now()
		for range 22 {
			if !p.Wait(t.Context()) {
				t.Fatal("the context has not ended")
			}
		}
		// The first two made good what maxCatchUp allows.
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("22 at ten a second took %v", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if p.Wait(ctx) {
			t.Error("began before its time")
		}
		for range 1000 {
			if !PerSecond(0).Wait(t.Context()) {
				t.Fatal("no pace is to be kept")
			}
		}
		time.Sleep(time.Second)
		if PerSecond(0).Wait(ctx) {
			t.Error("began after the end of its context")
		}
		if MaxFiles() < 64 {
			t.Errorf("%d files", MaxFiles())
		}
	})
}
