package date

import (
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-02": "2026-01-02T00:00:00+08:00", "2026/1/2": "2026-01-02T00:00:00+08:00", "2026.1.2": "2026-01-02T00:00:00+08:00",
		"20260102": "2026-01-02T00:00:00+08:00", "2026年1月2日": "2026-01-02T00:00:00+08:00", "２０２６年１月２日": "2026-01-02T00:00:00+08:00",
		"2026-01-02 03:04:05": "2026-01-02T03:04:05+08:00", "2026-01-02T03:04:05Z": "2026-01-02T03:04:05Z", "2026年1月2日 3时4分": "2026-01-02T03:04:00+08:00",
		"46024": "2026-01-02T00:00:00+08:00", "46024.5": "2026-01-02T12:00:00+08:00",
		"1/2/2026": "", "2026-13-01": "", "soon": "", "2026": "", "0001-01-01": "",
	} {
		at, ok := Read(text, false)
		got := ""
		if ok {
			got = at.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"2026-01-31", "2026年1月31日", "46053", "31/1/2026", "Jan 2, 2006", ""} {
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, from1904 bool) {
		if at, ok := Read(s, from1904); ok && at.IsZero() {
			t.Errorf("%q is the zero time", s)
		}
	})
}
