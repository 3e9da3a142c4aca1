package detect

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect/match"
	"github.com/beianwatch/beianwatch/detect/page"
)

//go:embed forbidden.txt
var forbiddenText string

// A lexicon is the words of forbidden content in groups, found in one pass.
type lexicon struct {
	matcher *match.Matcher
	words   []string
	group   []string // of each word
	groups  []string // those that a page is charged with, in order
	after   []string // what follows a word and makes it mean something else
}

// The groups of the lexicon that charge nobody.
const (
	groupShield = "shield"
	groupCancel = "cancel"
	groupAfter  = "after"
	groupTrade  = "other-trade"
)

// forbiddenWords reads the lexicon at its first use.
var forbiddenWords = sync.OnceValue(func() *lexicon {
	l := &lexicon{}
	group := ""
	for line := range strings.Lines(forbiddenText) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			switch group = strings.Trim(line, "[]"); group {
			case groupShield, groupCancel, groupAfter, groupTrade:
			default:
				l.groups = append(l.groups, group)
			}
		case group == groupAfter:
			l.after = append(l.after, line)
		default:
			l.words, l.group = append(l.words, line), append(l.group, group)
		}
	}
	l.matcher = match.New(l.words)
	return l
})

// forbiddenHits are what a text has of the lexicon.
type forbiddenHits struct {
	groups     map[string]map[string]bool // by group: the different words that count; nil if there are none
	shielded   bool                       // a word of those who fight the thing
	otherTrade bool                       // a word of a trade that shares words with it
}

// maxForbiddenHits bounds the words that are looked at in a text: a page that
// repeats one for megabytes has said enough.
const maxForbiddenHits = 5000

// A forbiddenHit is a word in a text.
type forbiddenHit struct{ word, start, end int }

// in gives the words of a folded text that count.
func (l *lexicon) in(text string) forbiddenHits {
	var hits forbiddenHits
	var found []forbiddenHit
	l.matcher.Scan(text, func(word, end int) bool {
		h := forbiddenHit{word, end - len(l.words[word]), end}
		switch l.group[word] {
		case groupShield:
			hits.shielded = true
		case groupTrade:
			hits.otherTrade = true
		default:
			if bounded(text, h.start, h.end) {
				found = append(found, h)
			}
		}
		return len(found) < maxForbiddenHits
	})
	// Of words that lie over each other the first and longest is meant: 太阳城娱乐
	// and 娱乐城 in 太阳城娱乐城 are one, and a phrase takes what is within it.
	slices.SortFunc(found, func(a, b forbiddenHit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	last := 0
	for _, h := range found {
		if h.start < last {
			continue
		}
		last = h.end
		if l.group[h.word] != groupCancel && !l.followed(text[h.end:]) {
			hits.add(l.group[h.word], l.words[h.word])
		}
	}
	return hits
}

func (h *forbiddenHits) add(group, word string) {
	if h.groups == nil {
		h.groups = map[string]map[string]bool{}
	}
	if h.groups[group] == nil {
		h.groups[group] = map[string]bool{}
	}
	h.groups[group][word] = true
}

// bounded tells whether the Latin letters at the ends of text[start:end] end
// there.
func bounded(text string, start, end int) bool {
	return (start == 0 || !latin(text[start]) || !latin(text[start-1])) && (end == len(text) || !latin(text[end-1]) || !latin(text[end]))
}

func latin(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' || '0' <= b && b <= '9' }

// maxAfter is the length of the longest word of the group "after", in bytes, at
// least.
const maxAfter = 24

// followed tells whether a word is the name of something else for what follows.
func (l *lexicon) followed(rest string) bool {
	rest = strings.ToLower(rest[:min(len(rest), maxAfter)])
	return slices.ContainsFunc(l.after, func(w string) bool { return strings.HasPrefix(rest, w) })
}

// quotes are the title and the first lines with words of a group, five in all.
func (l *lexicon) quotes(p *page.Page, group string) []string {
	quotes := []string{clip(p.Title)}
	for line := range strings.Lines(p.Text) {
		if len(quotes) == 5 {
			break
		}
		if len(l.in(line).groups[group]) > 0 {
			quotes = append(quotes, clip(strings.TrimSpace(line)))
		}
	}
	return quotes
}
