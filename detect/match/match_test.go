package match

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func scan(m *Matcher, text string) []place {
	var found []place
	m.Scan(text, func(word, end int) bool {
		found = append(found, place{int32(word), end})
		return true
	})
	return found
}

// naive is the specification: strings.Index, word by word, on the lower-case
// text, in the order that Scan promises.
func naive(words []string, text string) []place {
	var found []place
	text = asciiLower(text)
	for i, w := range words {
		w = asciiLower(w)
		for from := 0; w != ""; {
			at := strings.Index(text[from:], w)
			if at < 0 {
				break
			}
			found = append(found, place{int32(i), from + at + len(w)})
			from += at + 1
		}
	}
	slices.SortFunc(found, func(a, b place) int {
		if a.end != b.end {
			return a.end - b.end
		}
		if d := len(words[b.word]) - len(words[a.word]); d != 0 {
			return d
		}
		return int(a.word - b.word)
	})
	return found
}

func asciiLower(s string) string {
	b := []byte(s)
	for i := range b {
		b[i] = lower(b[i])
	}
	return string(b)
}

func TestScan(t *testing.T) {
	words := []string{"新闻", "新闻中心", "中心", "P2P", "he", "she", "hers", "his", "", "新闻"}
	for _, text := range []string{
		"", "无", "公司新闻中心", "新闻新闻新闻", "p2p与P2p", "ushers", "shishers", "新闻中", "\xe6\x96\xb0\xe9\x97", "\xff新闻\xff",
	} {
		if got, want := scan(New(words), text), naive(words, text); !slices.Equal(got, want) {
			t.Errorf("Scan(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestScanWithoutWords(t *testing.T) {
	for _, words := range [][]string{nil, {""}} {
		if got := scan(New(words), "新闻"); got != nil {
			t.Errorf("New(%q) found %v", words, got)
		}
	}
}

func TestScanStops(t *testing.T) {
	n := 0
	New([]string{"a"}).Scan("aaaa", func(int, int) bool { n++; return n < 2 })
	if n != 2 {
		t.Errorf("found was called %d times after it returned false, want 2", n)
	}
}

// TestScanEqualsIndex holds the automaton to strings.Index on texts over a
// small alphabet, where words overlap and nest often.
func TestScanEqualsIndex(t *testing.T) {
	letter := rapid.SampledFrom([]rune("aAbÄ新闻基金\x00\u200b"))
	text := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(letter, 0, 40).Draw(t, "runes")) })
	word := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(letter, 0, 4).Draw(t, "runes")) })
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 0, 12).Draw(t, "words")
		s := text.Draw(t, "text")
		if got, want := scan(New(words), s), naive(words, s); !slices.Equal(got, want) {
			t.Fatalf("words %q, text %q: got %v, want %v", words, s, got, want)
		}
	})
}

func TestScanAllocatesNothing(t *testing.T) {
	m, text := New([]string{"新闻", "中心"}), strings.Repeat("公司新闻中心", 50)
	n := 0
	if got := testing.AllocsPerRun(10, func() { m.Scan(text, func(int, int) bool { n++; return true }) }); got != 0 {
		t.Errorf("Scan allocates %v times", got)
	}
}

func FuzzScan(f *testing.F) {
	f.Add("新闻 中心 p2p", "公司新闻中心P2P")
	f.Add("a ab abc bc c", "aabcabc")
	f.Fuzz(func(t *testing.T, list, text string) {
		if len(list) > 200 || len(text) > 2000 {
			return // strings.Index for every word is slow; longer input shows nothing new
		}
		words := strings.Fields(list)
		if got, want := scan(New(words), text), naive(words, text); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// benchWords makes n distinct words of 2 to 6 Han characters.
func benchWords(n int) []string {
	words := make([]string, n)
	seed := uint32(1)
	for i := range words {
		var w strings.Builder
		for range 2 + i%5 {
			seed = seed*1664525 + 1013904223
			w.WriteRune(rune(0x4e00 + (seed>>8)%3000))
		}
		words[i] = w.String()
	}
	return words
}

// benchText makes a text of size bytes from the same characters, with a word
// of the list every 200 bytes.
func benchText(words []string, size int) string {
	var s strings.Builder
	seed := uint32(7)
	for s.Len() < size {
		seed = seed*1664525 + 1013904223
		if seed>>24 < 4 {
			s.WriteString(words[int(seed>>8)%len(words)])
		}
		s.WriteRune(rune(0x4e00 + (seed>>8)%3000))
	}
	return s.String()
}

func BenchmarkScan30KB(b *testing.B) {
	words := benchWords(2000)
	m, text := New(words), benchText(words, 30<<10)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		m.Scan(text, func(int, int) bool { n++; return true })
	}
}

func BenchmarkNew2000(b *testing.B) {
	words := benchWords(2000)
	b.ReportAllocs()
	for b.Loop() {
		New(words)
	}
}
