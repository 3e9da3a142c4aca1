package kind

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

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
	title   string // folded, white space collapsed
}

func newLook(answer *crawler.Page, p *page.Page) *look {
	l := &look{answer: answer, page: p}
	if answer != nil {
		l.status = answer.Status
	}
	if p != nil {
		l.visible = p.Visible
		l.title = foldWord(p.Title)
	}
	return l
}

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

// source is the page as it was sent, decoded. The bytes as received serve where
// they are UTF-8; for other encodings the tree is written out again.
func (l *look) source() string {
	utf8 := l.page == nil || l.page.Charset == "" || strings.EqualFold(l.page.Charset, "utf-8")
	if l.answer != nil && len(l.answer.Body) > 0 && utf8 {
		return fold.String(string(l.answer.Body[:min(len(l.answer.Body), maxSource)]))
	}
	if l.page == nil || l.page.Root == nil {
		return ""
	}
	w := &limitedWriter{}
	_ = html.Render(w, l.page.Root) // stops with an error at the limit, which is what is wanted
	return fold.String(w.String())
}

// A limitedWriter keeps the first maxSource bytes.
type limitedWriter struct{ strings.Builder }

func (w *limitedWriter) Write(b []byte) (int, error) {
	if w.Len()+len(b) > maxSource {
		return 0, errFull
	}
	return w.Builder.Write(b)
}

// WriteString and WriteByte keep html.Render from going round the limit.
func (w *limitedWriter) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// WriteByte is WriteString for one byte.
func (w *limitedWriter) WriteByte(b byte) error {
	_, err := w.Write([]byte{b})
	return err
}

type limitError struct{}

func (limitError) Error() string { return "the limit is reached" }

var errFull = limitError{}

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
