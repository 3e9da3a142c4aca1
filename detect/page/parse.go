package page

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"unsafe"

	"github.com/beianwatch/beianwatch/detect/charset"
	"github.com/beianwatch/beianwatch/detect/fold"
)

// Options are what is known of a page besides its bytes.
type Options struct {
	URL         string // where it was found, base of relative links; "" for a file
	ContentType string // the HTTP header; "" if there was none
	Cut         bool   // the body was cut at the fetcher's limit
}

// Parse reads a page. It never fails: where the page could not be read whole,
// Fault says why and the rest of the Page is what could be seen all the same.
func Parse(body []byte, opt Options) *Page {
	p := &Page{URL: opt.URL, Foot: -1}
	if binary(body, opt.ContentType) {
		p.Fault = FaultBinary
		return p
	}
	text, name, ok := charset.Decode(body, opt.ContentType)
	p.Charset = name
	switch {
	case opt.Cut || endsEarly(text):
		p.Fault = FaultCut
	case !ok:
		p.Fault = FaultCharset
	}
	// The page is read where it lies: what a crawler saw is never changed, and a
	// copy of each page would be a fifth of all memory that is asked for.
	p.Source = unsafe.String(unsafe.SliceData(text), len(text))
	if veil := read(p, -1, nil); veil >= 0 {
		*p = Page{URL: p.URL, Charset: p.Charset, Fault: p.Fault, Source: p.Source}
		read(p, veil, nil)
	}
	return p
}

// read fills the page from its source. unveil is where in the source the tag of
// an element ends that is read as shown though its style hides it, -1 for none.
// Read returns where such an element is, or -1: a page that hides all it has is
// shown by its script. Where tree is given, the source is what a treeWriter wrote
// of it.
func read(p *Page, unveil int, tree *Tree) (veil int) {
	s := scratches.Get().(*scratch)
	r := reader{p: p, base: newBase(p.URL), anchor: -1, unveil: unveil, tree: tree}
	s.lend(&r)
	defer s.back(&r)
	r.z.s = p.Source
	r.c.link = -1
	r.index.seed = seed
	r.index.reset()
	r.quirks = !hasPrefixFold(strings.TrimLeft(p.Source[:min(len(p.Source), 512)], " \t\r\n"), "<!doctype")
	r.read()
	if unveil < 0 && r.hidesAll() {
		return r.veil
	}
	r.finish()
	return -1
}

var seed = maphash.MakeSeed()

// maxVeiled is how many bytes of text, two hundred characters, one element may
// hide beside less without being taken for the page itself; where nothing else
// is shown, a few words suffice.
const maxVeiled, minVeiled = 600, 60

// hidesAll reports whether one hidden element holds next to all of the page and
// there are scripts to show it. A page drawn into a mount point is not meant:
// what it hides is for search engines.
func (r *reader) hidesAll() bool {
	shown := len(r.out.raw)
	if r.veiled <= maxVeiled && (shown > 0 || r.veiled < minVeiled) || shown*5 >= r.veiled {
		return false
	}
	for _, held := range r.mounts {
		if held <= mountText {
			return false
		}
	}
	for _, s := range r.p.Scripts {
		if s.Runs {
			return true
		}
	}
	return false
}

// binary reports whether the answer is no page at all.
func binary(body []byte, contentType string) bool {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	switch kind = strings.TrimSpace(kind); {
	case strings.HasPrefix(kind, "image/"), strings.HasPrefix(kind, "video/"), strings.HasPrefix(kind, "audio/"), strings.HasPrefix(kind, "font/"),
		kind == "application/json", kind == "application/pdf", kind == "application/zip", kind == "text/css", kind == "text/javascript", kind == "application/javascript":
		return true
	}
	for _, magic := range []string{"\x89PNG", "GIF8", "\xFF\xD8\xFF", "%PDF-", "PK\x03\x04", "\x1F\x8B", "Rar!", "\x7FELF", "RIFF"} {
		if bytes.HasPrefix(body, []byte(magic)) {
			return true
		}
	}
	if noise(body) {
		return true
	}
	// A JSON answer without its type: an object or a list and no tag.
	head := bytes.TrimLeft(body[:min(len(body), 512)], "\xEF\xBB\xBF \t\r\n")
	return len(head) > 1 && (head[0] == '{' && head[1] == '"' || head[0] == '[' && (head[1] == '{' || head[1] == '"')) &&
		bytes.IndexByte(body, '<') < 0
}

// noise reports whether bytes are no text in any encoding: control characters stand all
// over them. Those of UTF-16 have as many, beside the zeros of its markup.
func noise(body []byte) bool {
	head := body[:min(len(body), 4096)]
	control, zeros := 0, 0
	for _, c := range head {
		switch {
		case c == 0:
			zeros++
		case c < '\t' || c > '\r' && c < ' ' && c != 0x1B || c == 0x7F:
			control++
		}
	}
	return len(head) >= 64 && control*25 > len(head) && zeros*10 < len(head)
}

// endsEarly reports whether the text stops within a tag, a comment or a script
// before the page's end: whatever followed was not received.
func endsEarly(text []byte) bool {
	tail := text[max(0, len(text)-256<<10):]
	open := bytes.LastIndexByte(tail, '<')
	if open < 0 || len(tail)-open < 2 {
		return false
	}
	if end := bytes.LastIndex(tail, []byte("</body")); end >= 0 {
		return false
	}
	if end := bytes.LastIndex(tail, []byte("</html")); end >= 0 {
		return false
	}
	c := tail[open+1] | 0x20
	if (c >= 'a' && c <= 'z' || tail[open+1] == '/') && bytes.IndexByte(tail[open:], '>') < 0 && len(tail)-open < 4096 {
		return true
	}
	script := bytes.LastIndex(tail, []byte("<script"))
	if script > bytes.LastIndex(tail, []byte("</script")) {
		return true
	}
	comment := bytes.LastIndex(tail, []byte("<!--"))
	return comment > script && comment > bytes.LastIndex(tail, []byte("-->"))
}

// finish turns what the walk gathered into the fields of the page: offsets in
// Raw become offsets in Text.
func (r *reader) finish() {
	p := r.p
	p.Raw = string(r.out.raw)
	p.Text = p.Raw
	r.out.closeSpan()
	if len(r.out.spans) > 0 {
		p.Spans = append(make([]Span, 0, len(r.out.spans)+1), r.out.spans...) // zones may split one
	}
	if len(r.links) > manyLinks { // given away: a copy costs more than what the next page saves
		p.Links, r.links = slices.Clip(r.links), nil
	} else if len(r.links) > 0 {
		p.Links = slices.Clone(r.links)
	}
	if len(r.asides) > 0 {
		p.Asides = slices.Clone(r.asides)
	}
	if len(r.drawn) > 0 {
		p.Drawn = slices.Clone(r.drawn)
	}
	for _, list := range r.traces {
		p.Traces = append(p.Traces, list...)
	}
	slices.SortStableFunc(p.Traces, func(a, b Trace) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Kind, b.Kind)) })
	if !fold.Clean(p.Raw) {
		r.foldText()
	} else {
		for i := range p.Spans {
			p.Spans[i].Start, p.Spans[i].End = p.Spans[i].RawStart, p.Spans[i].RawEnd
		}
	}
	for i := range p.Links {
		l := &p.Links[i]
		for l.Start < l.End && (p.Text[l.Start] == ' ' || p.Text[l.Start] == '\n') {
			l.Start++
		}
		l.Text = p.Text[l.Start:l.End]
		if alt := r.alts[i]; alt != "" {
			l.Text = strings.TrimSpace(alt + " " + l.Text)
		}
	}
	p.Visible = visible(p.Text)
	r.zones()
	r.shell()
	r.foot()
	r.finishTraces()
	if p.Visible < redirectText {
		p.Redirect = r.redirect()
	}
}

// foldText folds Raw span by span and moves every offset from Raw to Text.
func (r *reader) foldText() {
	p := r.p
	text := make([]byte, 0, len(p.Raw))
	for i := range p.Spans {
		s := &p.Spans[i]
		s.Start = len(text)
		text = fold.Append(text, p.Raw[s.RawStart:s.RawEnd])
		s.End = len(text)
	}
	p.Text = string(text)
	// Offsets come in rising order, so each is reached from the one before.
	at, raw, moved := 0, 0, 0
	move := func(to int) int {
		if at >= len(p.Spans) || to < raw || to > p.Spans[at].RawEnd {
			at = p.spanRaw(to)
			if at >= len(p.Spans) {
				return len(p.Text)
			}
			raw, moved = p.Spans[at].RawStart, p.Spans[at].Start
		}
		moved += fold.Len(p.Raw[raw:to])
		raw = to
		return moved
	}
	for i := range p.Links {
		p.Links[i].Start = move(p.Links[i].Start)
	}
	for i := range p.Links {
		p.Links[i].End = move(p.Links[i].End)
	}
	for i := range p.Asides {
		p.Asides[i].At = move(p.Asides[i].At)
	}
	for i := range p.Traces {
		p.Traces[i].At = move(p.Traces[i].At)
	}
	for i := range p.Drawn {
		p.Drawn[i].At = move(p.Drawn[i].At)
	}
}
