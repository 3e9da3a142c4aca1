package detect

import (
	"math/rand/v2"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

func TestNeedsConfirming(t *testing.T) {
	down := Attempt{Liveness: Down, Cause: "timeout"}
	ours := Attempt{Liveness: Unseen, Cause: "ours"}
	up := Attempt{Liveness: Serving}
	tests := []struct {
		name      string
		attempts  []Attempt // this look last
		looks     int
		expect    crawler.Expect
		needs     bool
		confirmed bool
	}{
		{name: "a site that serves", attempts: []Attempt{up}},
		{name: "the first failure", attempts: []Attempt{down}, needs: true},
		{name: "the second", attempts: []Attempt{down, down}, needs: true},
		{name: "the third", attempts: []Attempt{down, down, down}, confirmed: true},
		{name: "our trouble between is passed over", attempts: []Attempt{down, ours, down, down}, confirmed: true},
		{name: "an answer between starts anew", attempts: []Attempt{down, down, up, down}, needs: true},
		{name: "it came back", attempts: []Attempt{down, down, up}},
		{name: "our own trouble is not the site's", attempts: []Attempt{ours}},
		{name: "a policy of two looks", attempts: []Attempt{down, down}, looks: 2, confirmed: true},
		{name: "a policy of one look never confirms", attempts: []Attempt{down}, looks: 1, needs: true},
		{name: "silence that is expected", attempts: []Attempt{down}, expect: crawler.ExpectClosed},
		{name: "a blank page", attempts: []Attempt{{Liveness: Placeholder, Cause: "blank"}}, needs: true},
		{name: "a default page is no accident", attempts: []Attempt{{Liveness: Placeholder, Cause: "default-server"}}},
		{name: "a reset by name", attempts: []Attempt{{Liveness: Blocked, Cause: CauseNameReset}}, needs: true},
		{name: "a block page is no accident", attempts: []Attempt{{Liveness: Blocked, Cause: "aliyun-block"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			policy := DefaultPolicy()
			if tt.looks != 0 {
				policy.Looks = tt.looks
			}
			last := tt.attempts[len(tt.attempts)-1]
			c := &Case{Target: &crawler.Target{Expect: tt.expect}, Policy: policy, Attempts: tt.attempts, Liveness: last.Liveness, Cause: last.Cause}
			if got := NeedsConfirming(c); got != tt.needs {
				t.Errorf("needs confirming: %t, want %t", got, tt.needs)
			}
			if got := c.Confirmed(); got != tt.confirmed {
				t.Errorf("confirmed: %t, want %t", got, tt.confirmed)
			}
		})
	}
}

// A watch by share ends as soon as the looks that are left cannot change its
// verdict, and then the last look agrees with the verdict.
func TestShareOfFailures(t *testing.T) {
	policy := DefaultPolicy()
	policy.Looks, policy.Fails = 140, 7
	for _, share := range []float64{0, 0.01, 0.03, 0.05, 0.07, 0.2, 1} {
		for seed := range uint64(20) {
			draw := rand.New(rand.NewPCG(seed, uint64(share*1000)))
			c := &Case{Target: &crawler.Target{}, Policy: policy, Attempts: []Attempt{{Liveness: Down, Cause: "refused"}}, Liveness: Down}
			looks, fails := 0, 0
			for NeedsConfirming(c) {
				a := Attempt{Liveness: Serving}
				switch {
				case draw.IntN(10) == 0:
					a = Attempt{Liveness: Unseen, Cause: "ours"}
				case draw.Float64() < share:
					a = Attempt{Liveness: Down, Cause: "refused"}
					fails++
				}
				if a.Liveness != Unseen {
					looks++
				}
				c.Attempts, c.Liveness = append(c.Attempts, a), a.Liveness
			}
			if looks > 140 || c.Confirmed() != (fails >= 7) || c.Confirmed() != (c.Liveness == Down) || looks < 140 && fails < 7 && looks-fails < 134 {
				t.Errorf("share %v, seed %d: ended after %d looks, %d failed, %s, confirmed %t", share, seed, looks, fails, c.Liveness, c.Confirmed())
			}
		}
	}
	up := &Case{Target: &crawler.Target{}, Policy: policy, Attempts: []Attempt{{Liveness: Serving}}, Liveness: Serving}
	if NeedsConfirming(up) {
		t.Error("a site that answers at once is watched for a week")
	}
}
