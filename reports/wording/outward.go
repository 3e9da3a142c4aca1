package wording

import (
	"regexp"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
)

// fromOurs is the near end of a connection as systems tell of it: the address and
// port of this machine before the arrow.
var fromOurs = regexp.MustCompile(`(?:\[[0-9A-Fa-f:.%a-z]+\]|\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}->`)

// Outward leaves out addresses of this machine: a report goes to people who need
// not know them.
func Outward(s string) string {
	if !strings.Contains(s, "->") {
		return s
	}
	return fromOurs.ReplaceAllString(s, "")
}

func outward(t detect.Text) detect.Text { return detect.Text{ZH: Outward(t.ZH), EN: Outward(t.EN)} }
