package page

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// tracePiece is how many bytes of source a trace shows.
const tracePiece = 120

// finishTraces adds what is found when the page is read, says of each trace
// whether it is in the foot, and keeps the first and the last of each kind.
func (r *reader) finishTraces() {
	p := r.p
	for i := range p.Links {
		if l := &p.Links[i]; !l.Hidden && onRegister(l.URL) {
			kind := TraceLink
			if digitsIn(p.Text[l.Start:l.End]) >= 6 {
				kind = TraceNumberLink
			}
			p.Traces = append(p.Traces, Trace{Kind: kind, Saw: l.URL, Foot: l.Zone == ZoneFooter, At: l.Start, Link: i})
		}
	}
	for _, at := range marks(p.Text) {
		p.Traces = append(p.Traces, Trace{Kind: TraceTemplate, Saw: piece(p.Text, at), At: at, Link: -1})
	}
	for _, at := range garbled(p.Text) {
		p.Traces = append(p.Traces, Trace{Kind: TraceGarbled, Saw: piece(p.Text, at), At: at, Link: -1})
	}
	if len(p.Traces) == 0 {
		return
	}
	runs := false
	for _, s := range p.Scripts {
		runs = runs || s.Runs
	}
	foot := p.footAt()
	var kept [2]map[TraceKind]int
	kept[0], kept[1] = map[TraceKind]int{}, map[TraceKind]int{}
	slices.SortStableFunc(p.Traces, func(a, b Trace) int { return cmp.Compare(a.At, b.At) })
	p.Traces = slices.DeleteFunc(p.Traces, func(t Trace) bool {
		inFoot := 0
		if t.Foot || t.At >= foot {
			inFoot = 1
		}
		if !runs && (t.Kind == TraceEmpty || t.Kind == TracePart && t.Custom()) || t.Kind == TraceImage && inFoot == 0 && t.Link >= 0 && button(p, &p.Links[t.Link]) {
			return true
		}
		kept[inFoot][t.Kind]++
		return kept[inFoot][t.Kind] > maxTraces
	})
	for i := range p.Traces {
		t := &p.Traces[i]
		t.Foot = t.Foot || t.At >= foot
		t.Saw = clip(t.Saw)
	}
}

// button reports whether all that a visitor reads of a link is the name of another filing
// than the site's, so that a picture in it is the button's: 异地就医备案.
func button(p *Page, l *Link) bool {
	text, ok := strings.CutSuffix(strings.TrimSpace(p.Text[l.Start:l.End]), "备案")
	return ok && digitsIn(text) == 0 && !strings.ContainsAny(text, "网站查看点击域名联电子主体已") && namesBeside(text) >= 2 && !onRegister(l.URL) && !onPolice(l.URL)
}

// Custom reports whether what was seen is an element of the site's own.
func (t Trace) Custom() bool { return strings.HasPrefix(t.Saw, "<") && isCustom(t.Saw) }

// isCustom reports whether a tag is that of an element of the site's own.
func isCustom(tag string) bool {
	name, _, _ := strings.Cut(tag, " ")
	return strings.IndexByte(name, '-') > 0
}

// clip collapses the white space of a piece of source and cuts it.
func clip(s string) string {
	s = s[:min(len(s), 2*tracePiece)]
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "")
	for n := min(len(s), tracePiece); n < len(s); n-- {
		if utf8.RuneStart(s[n]) {
			return s[:n]
		}
	}
	return s
}

// piece is what stands around an offset.
func piece(s string, at int) string {
	return strings.ToValidUTF8(s[max(0, at-tracePiece/3):min(len(s), at+2*tracePiece/3)], "")
}

// garbled returns where characters that could not be decoded stand, the last
// ones if they are many.
func garbled(text string) (at []int) {
	if !strings.Contains(text, "\uFFFD") { // far faster than LastIndex
		return nil
	}
	for end := len(text); len(at) < manyTraces; {
		end = strings.LastIndex(text[:end], "\uFFFD")
		if end < 0 {
			break
		}
		at = append(at, end)
	}
	return at
}

// marks returns where marks of template engines stand in a text, the last ones
// if they are many: {{x}} {$x} {%x%} {dede:x/} {x:y} ${x} <%x%> <#x> [[x]].
func marks(text string) (at []int) {
	for _, open := range [...]byte{'{', '[', '<'} { // one after the other: most texts have none, which is soon seen
		first := len(at)
		for i := 0; ; i++ {
			n := strings.IndexByte(text[i:], open)
			if n < 0 {
				break
			}
			if i += n; !isMark(text[i:min(len(text), i+40)], i > 0 && (text[i-1] == '$' || text[i-1] == '#' || text[i-1] == '@')) {
				continue
			}
			if at = append(at, i); len(at)-first > manyTraces {
				at = slices.Delete(at, first, first+1)
			}
		}
	}
	slices.Sort(at)
	return at[max(0, len(at)-manyTraces):]
}

// isMark reports whether a template mark begins a text; dollar says that $, #
// or @ comes before it.
func isMark(s string, dollar bool) bool {
	if len(s) < 4 {
		return false
	}
	rest := s[1:]
	switch {
	case s[0] == '<':
		return rest[0] == '%' || rest[0] == '#'
	case s[0] == '[':
		return rest[0] == '[' && (isLetter(rest[1]) || rest[1] == '$' || rest[1] == '{')
	case rest[0] == '{' || rest[0] == '$' || rest[0] == '%' || dollar && isLetter(rest[0]):
		return true
	}
	n := 0 // {dede:global.cfg_beian/}, {pboot:siteicp}, {site_icp}
	for n < len(rest) && (isLetter(rest[n]) || rest[n] == '_') {
		n++
	}
	return n >= 2 && n < len(rest) && (rest[n] == ':' || rest[n] == '}' || rest[n] == '.' || rest[n] == '/')
}

func digitsIn(s string) (n int) {
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}
