package rules

import (
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// numberFixture is what a register answered on a number.
type numberFixture struct {
	Number  string   `yaml:"number"`
	Domains []string `yaml:"domains"`
	Subject string   `yaml:"subject"`
	Part    bool     `yaml:"part"` // Domains are not all
	At      string   `yaml:"at"`   // the day before the look if not given
	Reason  string   `yaml:"reason"`
}

// numbers fills in what registers said of the numbers on the page.
func (f *fixture) numbers(t *testing.T, in *detect.Input) {
	t.Helper()
	for _, n := range f.Numbers {
		at := in.At.Add(-24 * time.Hour)
		if n.At != "" {
			at = day(t, n.At)
		}
		in.Obs.Numbers = append(in.Obs.Numbers, crawler.NumberAnswer{Number: n.Number, Domains: n.Domains, Subject: n.Subject, Whole: !n.Part,
			Source: "test-register", At: at, Reason: n.Reason})
	}
}
