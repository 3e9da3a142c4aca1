package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/detect/workday"
)

// TestHolidaysWarning: from November on the missing arrangement of the next year
// is told, with what to do; one that is there is not.
func TestHolidaysWarning(t *testing.T) {
	known, err := workday.Read(strings.NewReader("year 2026 D\nyear 2027 D\n"))
	if err != nil {
		t.Fatal(err)
	}
	missing, err := workday.Read(strings.NewReader("year 2026 D\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		calendar *workday.Calendar
		day      string
		told     bool
	}{{missing, "2026-10-31", false}, {missing, "2026-11-01", true}, {missing, "2026-12-31", true}, {known, "2026-12-01", false}} {
		at, _ := time.Parse(time.DateOnly, c.day)
		var said bytes.Buffer
		p := &program{Settings: settings.Defaults(), errOut: &said}
		p.Lang = "en"
		p.warnHolidays(c.calendar, at)
		if got := strings.Contains(said.String(), "2027.json"); got != c.told || strings.Count(said.String(), "\n") > 1 {
			t.Errorf("%s: %q", c.day, said.String())
		}
	}
}
