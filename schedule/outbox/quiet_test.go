package outbox

import (
	"testing"
	"time"
)

// Quiet hours end where they are said to, over midnight too.
func TestQuiet(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, zone) }
	night := Quiet{From: 22 * time.Hour, To: 8*time.Hour + 30*time.Minute, Zone: zone}
	noon := Quiet{From: 12 * time.Hour, To: 14 * time.Hour, Zone: zone}
	for _, test := range []struct {
		quiet Quiet
		now   time.Time
		want  time.Time
	}{
		{night, at(27, 23, 0), at(28, 8, 30)}, {night, at(28, 0, 0), at(28, 8, 30)}, {night, at(28, 8, 29), at(28, 8, 30)}, {night, at(28, 8, 30), time.Time{}},
		{night, at(30, 22, 0), at(31, 8, 30)}, {night, at(28, 21, 59), time.Time{}}, {noon, at(28, 12, 0), at(28, 14, 0)}, {noon, at(28, 14, 0), time.Time{}}, {noon, at(28, 3, 0), time.Time{}},
		{Quiet{Zone: zone}, at(28, 0, 0), time.Time{}},
	} {
		if got := test.quiet.Until(test.now.UTC()); !got.Equal(test.want) {
			t.Errorf("%v at %v: %v, want %v", test.quiet, test.now, got, test.want)
		}
	}
}
