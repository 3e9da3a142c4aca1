package kind

import (
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/page"
)

// A look is one answer with what the fingerprints ask of it.
type look struct {
	answer  *crawler.Page // nil if a file is judged
	page    *page.Page    // nil if the answer is no page
	status  int           // 0 if not known
	visible int
	title   string            // folded, white space collapsed
	parts   []coreLine        // of the title; see titleParts
	core    *core             // see coreWithin; nil before
	more    int               // the page says more than so many characters beside its frame
	tree    *goquery.Document // made by the first selector; nil before
}

func newLook(answer *crawler.Page, p *page.Page) *look {
	l := &look{answer: answer, page: p}
	if answer != nil {
		l.status = answer.Status
	}
	if p != nil {
		l.visible = p.Visible
		l.title = foldWord(strings.ToValidUTF8(p.Title[:min(len(p.Title), maxTitle)], ""))
	}
	return l
}

// maxTitle is how much of a title is looked at, in bytes.
const maxTitle = 4 << 10

func (l *look) statusLine() string { return "HTTP " + strconv.Itoa(l.status) }

// text is what a visitor reads, folded.
func (l *look) text() string {
	if l.page == nil {
		return ""
	}
	return l.page.Text
}

// maxSource is how much of the source is searched, in bytes. Pages with few
// visible characters can carry megabytes of script; what marks a default page
// or a challenge stands at its head.
const maxSource = 64 << 10

// source is the head of the page as it was sent, decoded and folded.
func (l *look) source() string {
	switch {
	case l.page != nil && l.page.Source != "":
		return fold.String(l.page.Source[:min(len(l.page.Source), maxSource)])
	case l.answer != nil:
		return fold.String(string(l.answer.Body[:min(len(l.answer.Body), maxSource)]))
	}
	return ""
}

// leads are the addresses that the answer has or points to.
func (l *look) leads() []string {
	var all []string
	if l.answer != nil {
		all = append(all, l.answer.URL)
		all = append(all, l.answer.Header.Values("Location")...)
	}
	if p := l.page; p != nil {
		all = append(all, p.URL, p.Refresh, p.Redirect)
		for _, f := range p.Frames {
			all = append(all, f.Src)
		}
		for _, s := range p.Scripts {
			all = append(all, s.Src)
		}
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// line returns the line of the visible text in which offset at stands, as
// written, for a reader: at most maxSaw characters.
func (l *look) line(at int) string {
	p := l.page
	at = min(at, len(p.Text))
	number := strings.Count(p.Text[:at], "\n")
	raw := p.Raw
	for ; number > 0; number-- {
		_, rest, ok := strings.Cut(raw, "\n")
		if !ok {
			break
		}
		raw = rest
	}
	raw, _, _ = strings.Cut(raw, "\n")
	return short(raw)
}

// maxSaw bounds Kind.Saw, in characters: a line in a report.
const maxSaw = 120

func short(s string) string {
	s = strings.TrimSpace(s)
	n := 0
	for i := range s {
		if n == maxSaw {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
