package kind

import (
	"strings"
	"sync"

	"github.com/PuerkitoBio/goquery"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/match"
)

// The conditions that are told by words. The words of all fingerprints are
// found in one pass.
const (
	inTitle = iota
	inText
	inWith
	inWithout
	inHTML
	inLeads
	conditions
)

// compiled are the fingerprints in the form that matching needs.
type compiled struct {
	words   [conditions]words
	titleIs map[string][]int    // folded lower-case title → fingerprints
	headers [][]header          // by fingerprint
	needs   []uint16            // by fingerprint: the bits of the conditions that must hold
	bound   []int               // by fingerprint: most visible characters
	selects [][]goquery.Matcher // by fingerprint: selectors
	widest  [conditions]int     // by condition: the largest bound of the fingerprints that have it

	// The words of "with" stand behind those of "text" in one Matcher, so that
	// the text is read once; this is the first of them.
	firstWith int
}

// words are the words of one condition.
type words struct {
	matcher *match.Matcher
	owner   []int  // word → fingerprint
	length  []int  // word → its length in bytes
	first   []bool // word → it must begin its statement
}

// A header is one header condition.
type header struct{ name, value string }

// The bits of needs beyond those of the conditions.
const (
	bitTitleIs = 1 << (conditions + iota)
	bitHeader
	bitClear // none of the words of "without" is there; set from the start
)

// builtIn compiles the embedded fingerprints once; they are checked by a test,
// so an error here cannot be.
var builtIn = sync.OnceValue(func() *Fingerprints {
	f, err := compile(embedded())
	if err != nil {
		panic(err)
	}
	return f
})

// compile checks fingerprints and prepares them for matching.
func compile(all []Fingerprint) (*Fingerprints, error) {
	f := &Fingerprints{all: all}
	f.titleIs = make(map[string][]int)
	var texts [conditions][]string
	seen := make(map[string]bool)
	for i := range all {
		one := &all[i]
		if err := one.check(); err != nil {
			return nil, err
		}
		if seen[one.Name] {
			return nil, message.Errorf("有两个指纹名为 %q：请给第二个换个名称", "two fingerprints are called %q: give the second another name", one.Name)
		}
		seen[one.Name] = true
		f.add(i, one, &texts)
		if err := f.addSelectors(one); err != nil {
			return nil, err
		}
	}
	f.firstWith = len(texts[inText])
	texts[inText] = append(texts[inText], texts[inWith]...)
	f.words[inText].owner = append(f.words[inText].owner, f.words[inWith].owner...)
	f.words[inText].length = append(f.words[inText].length, f.words[inWith].length...)
	f.words[inText].first = append(f.words[inText].first, f.words[inWith].first...)
	for _, c := range []int{inTitle, inText, inWithout, inHTML, inLeads} {
		f.words[c].matcher = match.New(texts[c])
	}
	return f, nil
}

// add enters the conditions of fingerprint i.
func (f *Fingerprints) add(i int, one *Fingerprint, texts *[conditions][]string) {
	var needs uint16
	for c, list := range [conditions][]string{one.Title, one.Text, one.With, one.Without, one.HTML, one.Leads} {
		for _, w := range list {
			w, first := strings.CutPrefix(w, "^")
			word := foldWord(w)
			texts[c] = append(texts[c], word)
			f.words[c].owner = append(f.words[c].owner, i)
			f.words[c].length = append(f.words[c].length, len(word))
			f.words[c].first = append(f.words[c].first, first)
			if c != inWithout {
				needs |= 1 << c
			}
		}
	}
	for _, t := range one.TitleIs {
		key := strings.ToLower(foldWord(t))
		f.titleIs[key] = append(f.titleIs[key], i)
		needs |= bitTitleIs
	}
	var headers []header
	for _, h := range one.Header {
		name, value, _ := strings.Cut(h, ":")
		headers = append(headers, header{strings.TrimSpace(name), strings.ToLower(strings.TrimSpace(value))})
		needs |= bitHeader
	}
	if len(one.Without) > 0 {
		needs |= bitClear
	}
	bound := one.MaxVisible
	if bound == 0 {
		bound = DefaultMaxVisible
	}
	f.headers = append(f.headers, headers)
	f.needs = append(f.needs, needs)
	f.bound = append(f.bound, bound)
	for c := range f.widest {
		if needs&(1<<c) != 0 {
			f.widest[c] = max(f.widest[c], bound)
		}
	}
}

// foldWord brings a word to the form that page texts have.
func foldWord(w string) string {
	return strings.Join(strings.Fields(fold.String(w)), " ")
}
