package number

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	words "github.com/beianwatch/beianwatch/detect/match"
)

// anchors are the places of a text at which the words stand that numbers other
// than the filing's own form begin with or follow. One pass finds them all.
type anchors struct {
	traces   [len(traceWords)][]int // of each of traceWords, the last ones
	bei      []int                  // of 备 with digits behind and a word of the police before it
	slips    []int                  // of 备 between a province and digits: ICP is forgotten
	licences []anchor               // of patterns, with digits behind
}

// An anchor is a place of a pattern's anchor.
type anchor struct{ at, pattern int }

const bei = len(traceWords) // the index of 备 in anchorWords, between traceWords and the anchors

var anchorWords = func() (list []string) {
	for _, w := range traceWords {
		list = append(list, w.word)
	}
	list = append(list, "备")
	for i := range patterns {
		list = append(list, patterns[i].anchor)
	}
	return list
}()

var anchorMatcher = sync.OnceValue(func() *words.Matcher { return words.New(anchorWords) })

// anchorsIn finds the anchors in a folded text.
func anchorsIn(text string) (found anchors) {
	anchorMatcher().Scan(text, func(word, end int) bool {
		start := end - len(anchorWords[word])
		switch {
		case word < bei:
			if list := &found.traces[word]; len(*list) < maxTraces {
				*list = append(*list, start)
			} else {
				copy(*list, (*list)[1:])
				(*list)[maxTraces-1] = start
			}
		case word == bei:
			if len(found.bei) < maxNumbers && numeral(text[end:]) && polices(text[runeStart(text, max(start-60, 0)):end]) {
				found.bei = append(found.bei, start)
			} else if len(found.slips) < maxTraces && forgotten(text, start, end) {
				found.slips = append(found.slips, start)
			}
		case len(found.licences) < maxNumbers && strings.HasPrefix(text[start:], anchorWords[word]) && numeral(text[end:]):
			found.licences = append(found.licences, anchor{start, word - bei - 1})
		}
		return true
	})
	slices.SortFunc(found.licences, func(a, b anchor) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.pattern, b.pattern)) })
	return found
}

// forgotten reports whether a province, or one and 网, stands before 备 and a
// filing number's digits behind it: 京备20231234号.
func forgotten(text string, start, end int) bool {
	before := strings.TrimSuffix(text[max(0, start-16):start], "网")
	r, n := utf8.DecodeLastRuneInString(before)
	if provinces[r] == 0 {
		return false
	}
	if other, _ := utf8.DecodeLastRuneInString(before[:len(before)-n]); han(other) {
		return false
	}
	c := cursor{text, end}
	c.label()
	serial := c.digits()
	return (len(serial) == 8 || len(serial) == 10) && implausible(serial) == FakeNone && c.peek("号")
}
