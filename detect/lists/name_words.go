package lists

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/match"
)

//go:embed site_names.txt
var nameWordsText string

// NameWords are the words that the name of a site may not hold.
type NameWords struct {
	matcher *match.Matcher
	words   []string
	groups  []string // of each word
}

// The groups of words; site_names.txt says what each means.
const (
	NamesHead         = "head"
	NamesState        = "state"
	NamesBanned       = "banned"
	NamesNotPersons   = "banned-personal"
	NamesApproval     = "approval"
	NamesForeign      = "foreign"
	NamesPersonal     = "personal"
	NamesPersonalMore = "personal-more"
)

var nameGroups = []string{NamesHead, NamesState, NamesBanned, NamesNotPersons, NamesApproval, NamesForeign, NamesPersonal, NamesPersonalMore}

// maxNameWords bounds a list of a user's own.
const maxNameWords = 100_000

// ReadNameWords reads groups of words: a line [GROUP], then a word a line. What
// follows a # is passed over. An error names the line.
func ReadNameWords(r io.Reader) (*NameWords, error) {
	w := &NameWords{}
	group := ""
	err := eachLine(r, func(text string) error {
		switch {
		case !utf8.ValidString(text):
			return message.Errorf("文件须为 UTF-8", "the file must be in UTF-8")
		case text[0] == '[':
			group = strings.Trim(text, "[]")
			if !slices.Contains(nameGroups, group) {
				return message.Errorf("没有名为 %q 的分组：可用 %s", "no group is called %q: use %s", group, strings.Join(nameGroups, ", "))
			}
		case group == "":
			return message.Errorf("请先写分组，例如 [banned]", "say the group first, like [banned]")
		case len(w.words) == maxNameWords:
			return message.Errorf("超过 %d 个词，想必有误", "more than %d words are surely not meant", maxNameWords)
		default:
			w.words, w.groups = append(w.words, fold.Name(text)), append(w.groups, group)
		}
		return nil
	})
	if err != nil {
		return nil, message.Errorf("网站名称词表%w", "reading words of site names, %w", err)
	}
	w.matcher = match.New(w.words)
	return w, nil
}

// String lists the words and their groups, in a fixed order.
func (w *NameWords) String() string { return fmt.Sprint(w.words, w.groups) }

// DefaultNameWords is the embedded list, read once: it never changes.
var DefaultNameWords = sync.OnceValue(func() *NameWords {
	w, err := ReadNameWords(strings.NewReader(nameWordsText))
	if err != nil {
		panic(err) // the embedded list is held to its form by a test of its own
	}
	return w
})

// NameHits are the words of each group in a name.
type NameHits map[string][]string

// In returns the words of each group in a name as plainName makes it; those of
// the head only where the name begins with them.
func (w *NameWords) In(name string) NameHits {
	var hits NameHits
	w.matcher.Scan(name, func(word, end int) bool {
		text, group := w.words[word], w.groups[word]
		if group == NamesHead && end != len(text) {
			return true
		}
		if hits == nil {
			hits = NameHits{}
		}
		if !slices.Contains(hits[group], text) {
			hits[group] = append(hits[group], text)
		}
		return true
	})
	return hits
}

// Without are the words of a group that the subject's own name does not hold.
func (h NameHits) Without(group, subject string) []string {
	var list []string
	for _, word := range h[group] {
		if !strings.Contains(subject, word) {
			list = append(list, word)
		}
	}
	return list
}
