package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// unseen keeps a text that the visitor does not see.
func (r *reader) unseen(s string) { r.aside(AsideHidden, s) }

func (r *reader) aside(kind AsideKind, raw string) {
	if raw = strings.TrimSpace(raw); raw != "" {
		r.asides = append(r.asides, Aside{Kind: kind, Text: fold.String(raw), Raw: raw, Foot: r.c.foot, Link: r.link(), At: len(r.out.raw)})
	}
}

// maxAlt is how many bytes of alt texts a link is said to hold: a link around
// a picture has one, a link left open has those of the whole page.
const maxAlt = 400

// labels keeps the texts that stand in attributes.
func (r *reader) labels(tag atom.Atom, a *attrs) {
	for i, s := range [...]string{a.alt, a.title, a.label} {
		if s == "" {
			continue
		}
		r.aside(AsideAlt, s)
		if l := r.link(); i == 0 && l >= 0 && tag != atom.A && len(r.alts[l]) < maxAlt {
			s = fold.String(s[:min(len(s), maxAlt)])
			if r.alts[l] != "" {
				s = r.alts[l] + " " + s
			}
			r.alts[l] = strings.ToValidUTF8(s, "")
		}
	}
}

// strip drops the tags of a piece of markup; it is for text that is matched,
// never shown.
func strip(s string) string {
	if strings.IndexByte(s, '<') < 0 {
		return html.UnescapeString(s)
	}
	z := scanner{s: s}
	var b strings.Builder
	for {
		switch z.next() {
		case tokenText:
			b.WriteString(z.text)
		case tokenEnd:
			return html.UnescapeString(b.String())
		}
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
