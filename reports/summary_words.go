package reports

import (
	"maps"
	"slices"
)

// words counts words, the first max different ones one by one.
type words struct {
	max   int
	count map[string]int
	other int
}

func newWords(limit int) words { return words{max: limit, count: map[string]int{}} }

func (b *words) add(word string) {
	if _, ok := b.count[word]; !ok && len(b.count) == b.max {
		b.other++
		return
	}
	b.count[word]++
}

// sorted lists the words, the most frequent first; what was not counted one
// by one comes last under the empty word.
func (b *words) sorted() []Count {
	var list []Count
	for _, w := range slices.Sorted(maps.Keys(b.count)) {
		list = append(list, Count{w, b.count[w]})
	}
	slices.SortStableFunc(list, func(a, c Count) int { return c.N - a.N })
	if b.other > 0 {
		list = append(list, Count{"", b.other})
	}
	return list
}
