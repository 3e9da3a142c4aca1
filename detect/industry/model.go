package industry

import (
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect/match"
)

// A model is all lexicons made ready for one pass over a page. It never changes
// after it is built.
type model struct {
	matcher *match.Matcher
	length  []int      // word → its length in bytes
	longest int        // the most of them
	uses    [][]use    // word → the groups that it counts for; none for a phrase that only cancels
	cancels []bool     // word → it takes the words within it out of the count
	feeble  []bool     // word → it is only weak wherever it is used
	owner   []int      // group → trade, -1 for a group of a kind of site
	writes  []bool     // group → of a trade whose own pages are articles
	trades  []trade    // the categories, in the order of the contract
	sites   []siteKind // the kinds of site that lower a score
}

// A use is what a word counts for.
type use struct {
	group uint16 // index into tally.said and tally.done
	sort  sort
	worth float32 // of the group, per word
}

// A trade is the part of the model for one category.
type trade struct {
	category Category
	mark     float64
	groups   []groupRef
	less     []lesser
}

// A siteKind is a kind of site that is in no trade, such as a software vendor.
type siteKind struct {
	name   string
	mark   float64
	groups []groupRef
}

// A groupRef points to a group's points in a tally.
type groupRef struct {
	index uint16
	sort  sort
	cap   float32
	leans bool
}

// A lesser is what a kind of site takes off a trade's points.
type lesser struct {
	site  int
	share float64
	body  bool // not off what the page says of itself
}

// lexicons builds the model once, on first use: some 15 ms that a page which is
// never judged need not pay. The embedded files are checked by a test, so an
// error here cannot be.
var lexicons = sync.OnceValue(func() *model {
	var trades, sites []*lexicon
	for _, c := range Categories() {
		trades = append(trades, mustLexicon(string(c)+".txt"))
	}
	for _, name := range siteFiles() {
		sites = append(sites, mustLexicon(name))
	}
	return newModel(trades, sites)
})

// siteFiles are the lexicons of the kinds of site: files named site-*.txt.
func siteFiles() []string {
	entries, err := lexiconFiles.ReadDir("lexicon")
	if err != nil {
		panic(err)
	}
	var names []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "site-") {
			names = append(names, e.Name())
		}
	}
	return names
}

func mustLexicon(file string) *lexicon {
	text, err := lexiconFiles.ReadFile(path.Join("lexicon", file))
	if err != nil {
		panic(err)
	}
	l, err := parseLexicon(strings.TrimSuffix(file, ".txt"), string(text))
	if err != nil {
		panic(err)
	}
	return l
}

// newModel puts lexicons together.
func newModel(trades, sites []*lexicon) *model {
	m := &model{}
	b := &builder{m: m, words: map[string]int{}}
	at := map[string]int{}
	for i, l := range sites {
		name := strings.TrimPrefix(l.name, "site-")
		at[name] = i
		m.sites = append(m.sites, siteKind{name, l.mark, b.add(l, -1)})
	}
	for i, l := range trades {
		t := trade{category: Category(l.name), mark: l.mark, groups: b.add(l, i)}
		for _, name := range slices.Sorted(maps.Keys(l.less)) {
			site, ok := at[name]
			if !ok {
				panic("lexicon " + l.name + ": no kind of site is called " + name)
			}
			t.less = append(t.less, lesser{site, l.less[name].share, l.less[name].body})
		}
		m.trades = append(m.trades, t)
	}
	m.matcher = match.New(b.list)
	return m
}

// A builder gathers the words of all lexicons.
type builder struct {
	m     *model
	words map[string]int // word → its index
	list  []string
}

// add enters the groups of one lexicon, which belongs to trade owner.
func (b *builder) add(l *lexicon, owner int) []groupRef {
	m := b.m
	var refs []groupRef
	for _, g := range l.groups {
		ref := groupRef{uint16(len(m.owner)), g.sort, float32(g.cap), g.leans}
		m.owner = append(m.owner, owner)
		m.writes = append(m.writes, owner < 0 || writes[Category(l.name)])
		for _, w := range g.words {
			at := b.word(strings.ToLower(w))
			if g.sort == cancel {
				m.cancels[at] = true
				continue
			}
			m.feeble[at] = m.feeble[at] && g.sort == weak
			m.uses[at] = append(m.uses[at], use{ref.index, g.sort, float32(g.weight)})
		}
		if g.sort != cancel {
			refs = append(refs, ref)
		}
	}
	return refs
}

// word returns the index of a word.
func (b *builder) word(w string) int {
	at, ok := b.words[w]
	if !ok {
		at = len(b.list)
		b.words[w] = at
		b.list = append(b.list, w)
		b.m.uses = append(b.m.uses, nil)
		b.m.cancels = append(b.m.cancels, false)
		b.m.feeble = append(b.m.feeble, true)
		b.m.length = append(b.m.length, len(w))
		b.m.longest = max(b.m.longest, len(w))
	}
	return at
}

// writes are the trades whose own pages are articles: reports, chapters, threads.
// An article about another trade is no page of it.
var writes = map[Category]bool{News: true, Publishing: true, BulletinBoard: true}
