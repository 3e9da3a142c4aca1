package page

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestRunes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if s := rapid.String().Draw(t, "text"); runes(s) != utf8.RuneCountInString(s) {
			t.Fatalf("%d characters in %q, not %d", runes(s), s, utf8.RuneCountInString(s))
		}
	})
}

func BenchmarkVisible(b *testing.B) {
	s := ""
	for range 200 {
		s += "公司 成立于一九九八年，主要生产\nABC 型齿轮 "
	}
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		visible(s)
	}
}

func TestIndexHan(t *testing.T) {
	letter := rapid.SampledFrom([]rune("友反情链a接\n"))
	text := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(letter, 0, 30).Draw(t, "runes")) })
	rapid.Check(t, func(t *rapid.T) {
		s := text.Draw(t, "text")
		for _, word := range friendLabels {
			if got, want := indexHan(s, word), strings.Index(s, word); got != want {
				t.Fatalf("%q in %q at %d, not %d", word, s, got, want)
			}
		}
	})
}
