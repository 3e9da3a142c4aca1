package lists

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect/match"
)

//go:embed forbidden.txt
var forbiddenText string

// A lexicon is the words of forbidden content in groups, found in one pass.
type Lexicon struct {
	matcher *match.Matcher
	words   []string
	group   []string // of each word
	Groups  []string // those that a page is charged with, in order
	after   []string // what follows a word and makes it mean something else
}

// The groups of the lexicon that charge nobody.
const (
	groupShield   = "shield"
	groupCancel   = "cancel"
	groupAfter    = "after"
	groupIndustry = "other-trade"
)

// Forbidden reads the lexicon at its first use.
var Forbidden = sync.OnceValue(func() *Lexicon {
	l := &Lexicon{}
	group := ""
	for line := range strings.Lines(forbiddenText) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			switch group = strings.Trim(line, "[]"); group {
			case groupShield, groupCancel, groupAfter, groupIndustry:
			default:
				l.Groups = append(l.Groups, group)
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

// ForbiddenHits are what a text has of the lexicon.
type ForbiddenHits struct {
	Groups        map[string]map[string]bool // by group: the different words that count; nil if there are none
	Shielded      bool                       // a word of those who fight the thing
	OtherIndustry bool                       // a word of a trade that shares words with it
}

// maxForbiddenHits bounds the words that are looked at in a text: a page that
// repeats one for megabytes has said enough.
const maxForbiddenHits = 5000

// A forbiddenHit is a word in a text.
type forbiddenHit struct{ word, start, end int }

// In returns the words of a folded text that count.
func (l *Lexicon) In(text string) ForbiddenHits {
	var hits ForbiddenHits
	var found []forbiddenHit
	l.matcher.Scan(text, func(word, end int) bool {
		h := forbiddenHit{word, end - len(l.words[word]), end}
		switch l.group[word] {
		case groupShield:
			hits.Shielded = true
		case groupIndustry:
			hits.OtherIndustry = true
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

func (h *ForbiddenHits) add(group, word string) {
	if h.Groups == nil {
		h.Groups = map[string]map[string]bool{}
	}
	if h.Groups[group] == nil {
		h.Groups[group] = map[string]bool{}
	}
	h.Groups[group][word] = true
}

// bounded reports whether the Latin letters at the ends of text[start:end] end
// there.
func bounded(text string, start, end int) bool {
	return (start == 0 || !latin(text[start]) || !latin(text[start-1])) && (end == len(text) || !latin(text[end-1]) || !latin(text[end]))
}

func latin(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' || '0' <= b && b <= '9' }

// maxAfter is the length of the longest word of the group "after", in bytes, at
// least.
const maxAfter = 24

// followed reports whether a word is the name of something else for what follows.
func (l *Lexicon) followed(rest string) bool {
	rest = strings.ToLower(rest[:min(len(rest), maxAfter)])
	return slices.ContainsFunc(l.after, func(w string) bool { return strings.HasPrefix(rest, w) })
}
