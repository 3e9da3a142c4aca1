package page

import (
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
