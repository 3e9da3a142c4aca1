package rules

import (
	"strings"
	"testing"
)

// TestLaws holds the files to their form: what they name is there.
func TestLaws(t *testing.T) {
	for name, l := range laws() {
		for _, other := range []string{l.beside, l.replaces} {
			if other != "" && laws()[other] == nil {
				t.Errorf("%s names %s, which is no file under laws", name, other)
			}
		}
	}
	if a := police33("x"); !strings.Contains(a.Also.ZH, "第176号") || !strings.Contains(a.Also.EN, "2026-10-01") {
		t.Errorf("order 176 is not named beside order 33: %+v", a)
	}
}

func TestReadLawSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"zh 甲":                        "in one of the languages",
		"zh 甲\nen A\nsince 2026":      "is no day",
		"zh 甲\nen A\nfrom 2026-01-01": "write zh",
		"zh 甲\nen A\nreplaces b":      "needs the day",
	} {
		if _, err := readLaw(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
