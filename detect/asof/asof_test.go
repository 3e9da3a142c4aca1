package asof

import (
	"strings"
	"testing"
)

func TestIn(t *testing.T) {
	for text, want := range map[string]string{
		"# Suffixes, as of 2026-11\na b":              "2026-11",
		"# As of 2020-07-24: the list":                "2020-07-24",
		"# dated 2026-11":                             "",
		"has of 2026-11":                              "",
		strings.Repeat("#\n", 4096) + "as of 2026-11": "",
		"": "",
	} {
		if got := In(text); got != want {
			t.Errorf("In(%.20q) = %q, want %q", text, got, want)
		}
	}
}
