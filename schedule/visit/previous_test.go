package visit

import (
	"fmt"
	"testing"
	"time"
)

func TestDueInFullIsSpread(t *testing.T) {
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	full := 0
	for i := range 7000 {
		domain := fmt.Sprintf("site%d.cn", i)
		if dueInFull(domain, now.Add(-day), now, 7) {
			full++
		}
		if !dueInFull(domain, now.Add(-7*day), now, 7) || !dueInFull(domain, now.Add(-day), now, 1) {
			t.Fatalf("%s is not asked for in full after its nights", domain)
		}
	}
	if full < 900 || full > 1100 {
		t.Errorf("%d of 7000 names are asked for in full on one night, not a seventh", full)
	}
}
