package wording

import (
	"sync"

	"github.com/beianwatch/beianwatch/detect/rules"

	"github.com/beianwatch/beianwatch/detect"
)

// known finds the rules of this program by id.
var known = sync.OnceValue(func() Book { return NewBook(rules.All) })

// Title returns the title of a rule of this program, which says what is wrong; the
// id itself for a rule that the program does not have (any more).
func Title(rule string) detect.Text { return known().Title(rule) }

// A Book finds a rule by its id.
type Book map[string]*detect.Rule

// NewBook makes a Book of rules, usually all of the program.
func NewBook(rules []*detect.Rule) Book {
	book := make(Book, len(rules))
	for _, r := range rules {
		book[r.ID] = r
	}
	return book
}

// Title returns the title of the rule where it is broken. A stored run may name
// a rule that this program no longer has; then its id has to do.
func (b Book) Title(id string) detect.Text {
	if r, ok := b[id]; ok {
		return r.Title
	}
	return Same(Clean(id, 80))
}

// Kept returns the title of the rule where it is kept, not judged or does not
// apply, so that nothing reads "no filing number: passed".
func (b Book) Kept(id string) detect.Text {
	if r, ok := b[id]; ok && r.Kept.ZH != "" {
		return r.Kept
	}
	return b.Title(id)
}

// TitleOf returns the title that goes with an outcome.
func (b Book) TitleOf(o *detect.Outcome) detect.Text {
	if o.Verdict == detect.Found {
		return b.Title(o.Rule)
	}
	return b.Kept(o.Rule)
}
