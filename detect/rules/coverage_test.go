package rules

import (
	"os"
	"regexp"
	"testing"
)

// TestCoverage holds the rules that docs/coverage.md names to the list of rules,
// both ways.
func TestCoverage(t *testing.T) {
	text, err := os.ReadFile("../../docs/coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	// Rule ids are in code marks, of small letters with a hyphen; config keys of
	// that form are listed here.
	others := map[string]bool{"phone-data": true, "providers-file": true, "shells-file": true}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`([a-z]+(?:-[a-z]+)+)`").FindAllSubmatch(text, -1) {
		id := string(m[1])
		if named[id] = true; Find(id) == nil && !others[id] {
			t.Errorf("docs/coverage.md names %s, which is no rule", id)
		}
	}
	for _, r := range All {
		if !named[r.ID] {
			t.Errorf("docs/coverage.md says of no reason that %s looks for it", r.ID)
		}
	}
}
