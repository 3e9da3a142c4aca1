package detect

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/beianwatch/beianwatch/detect/page"
)

// TestSpeaks holds the words that speaks looks for to the pattern that it
// stands for.
func TestSpeaks(t *testing.T) {
	pattern := regexp.MustCompile(`ICP|\b[iI]cp(?:[^a-z]|$)|备案|[bB]ei[aA]n|(?:\\u|%u)5907`)
	piece := rapid.SampledFrom([]string{"ICP", "icp", "Icp", "iCp", "备", "案", "beian", "Beian", "beiAn", "bEian", `\u5907`, "%u5907", "u5907", `\U5907`, "5907", "_", "-", " ", "a", "Z", "1", "é"})
	rapid.Check(t, func(t *rapid.T) {
		code := ""
		for _, p := range rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces") {
			code += p
		}
		if got, want := speaks(page.Script{Inline: code}), pattern.MatchString(code); got != want {
			t.Fatalf("speaks(%q) = %v, want %v", code, got, want)
		}
	})
}
