package page

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// A Drawn is something that a visitor sees and that is no text: a picture, a plug-in, an
// element with a picture behind it, or one without content that a style sheet may draw in.
type Drawn struct {
	At    int  // offset in Text at which it stands
	Empty bool // an element without content
	Foot  bool // in an element that the markup names as the foot

	tag                           atom.Atom
	width, height, class, id, src string
}

// maxDrawn is how many are kept: the first half and the last.
const maxDrawn = 128

// draw keeps something that is drawn where the walk is.
func (r *reader) draw(d Drawn) {
	if len(r.drawn) == maxDrawn {
		r.drawn = slices.Delete(r.drawn, maxDrawn/2, maxDrawn/2+1)
	}
	d.At = len(r.out.raw)
	r.drawn = append(r.drawn, d)
}

// picture keeps an element that shows something by itself, whatever stands in it.
func (r *reader) picture(t *tag) {
	a := &t.attrs
	if r.foreign > 0 && r.foreign != len(r.stack)+1 {
		return // a part of a drawing
	}
	switch t.atom {
	case atom.Img, atom.Image, atom.Video, atom.Canvas, atom.Object, atom.Embed, atom.Svg:
	case atom.Input:
		if !strings.EqualFold(a.typ, "image") {
			return
		}
	default:
		if a.style == "" || !strings.Contains(a.style, "url(") || strings.Contains(a.style, "url(#") {
			return
		}
	}
	r.draw(Drawn{Foot: r.c.foot, tag: t.atom, width: a.width, height: a.height, class: a.class, id: a.id, src: a.src})
}

// iconSize is the height or width in pixels below which no text of a foot can be read.
const iconSize = 12

// Picture reports whether it is a picture or a film by itself.
func (d Drawn) Picture() bool {
	switch d.tag {
	case atom.Img, atom.Image, atom.Video, atom.Canvas:
		return true
	}
	return false
}

// Icon reports whether a picture is too small for a text, or is named as what is none.
func (d Drawn) Icon() bool {
	return low(d.height, iconSize) || low(d.width, 5*iconSize) || decoration(d.class) || decoration(d.id) || iconFile.MatchString(fileName(d.src))
}

// iconFile is a picture by whose file's name it is a code to scan, a logo or a button.
var iconFile = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:logo|qr|qrcode|erweima|ewm|weixin|wechat|wx|weibo|kefu|icon|ico|arrow|gotop|totop|top|loading)(?:[^a-z]|$)`)

// badge reports whether an image, whose tag is source, is the sign that stands before a
// number (备案图标) and no picture of one: it is too narrow, or its only file is named so.
func badge(a *attrs, source string) bool {
	if low(a.width, 5*iconSize) && !strings.Contains(a.style, "width") {
		return true
	}
	return says(a.src) && badgeFile.MatchString(fileName(a.src)) && strings.Count(source, "src") == 1 &&
		!strings.Contains(source, "data-") && !strings.Contains(source, "original") && !strings.Contains(source, "file=")
}

var badgeFile = regexp.MustCompile(`(?i)(?:^|[^a-z]|beian|icp|gongan)(?:icon|ico|tubiao)(?:[^a-z]|$)|图标|徽章|%E5%9B%BE%E6%A0%87`)

// fileName is the last part of the path of an address.
func fileName(address string) string {
	if len(address) > longestClass {
		return "" // the data of a picture
	}
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	return address[strings.LastIndexByte(address, '/')+1:]
}

// low reports whether a length is given in pixels and is below a bound, or is one or two
// characters of the text beside.
func low(length string, bound int) bool {
	n, digits := 0, 0
	for digits < len(length) && length[digits] >= '0' && length[digits] <= '9' && digits < 5 {
		n = n*10 + int(length[digits]-'0')
		digits++
	}
	rest := length[digits:]
	return digits > 0 && (n < bound && (rest == "" || rest == "px") || n <= 2 && rest == "em")
}

// DrawnIn reports whether something is drawn within a range of Text, its ends among it. Where
// more is drawn than is kept, it says so of a range that what was left out may stand in.
func (p *Page) DrawnIn(start, end int) bool {
	if len(p.Drawn) == maxDrawn && start <= p.Drawn[maxDrawn/2].At && p.Drawn[maxDrawn/2-1].At <= end {
		return true
	}
	return slices.ContainsFunc(p.Drawn, func(d Drawn) bool { return start <= d.At && d.At <= end && !d.Icon() })
}

// footEnd is how many bytes of text, a hundred characters, may follow a picture that is
// named for the foot: more of it is a foot of text.
const footEnd = 300

// DrawnFoot reports whether the foot of the page may be a picture: one is named for it, or
// stands in an element without text that is; or one stands behind all text of a page of
// next to no text, whose words are pictures (slices). SVG that takes the size of what it stands in
// is a button's sign.
func (p *Page) DrawnFoot() bool {
	end := len(strings.TrimRight(p.Text, " \n"))
	worded := slices.ContainsFunc(p.Spans, func(s Span) bool { return s.Zone == ZoneFooter && strings.TrimSpace(p.Text[s.Start:s.End]) != "" })
	return slices.ContainsFunc(p.Drawn, func(d Drawn) bool {
		return !d.Empty && (d.Foot && !worded || footName(d.src) && d.At >= end-footEnd || p.Visible < redirectText && d.At >= end) && !(d.tag == atom.Svg && d.width == "") && !d.Icon()
	})
}
