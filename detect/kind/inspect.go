package kind

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/beianwatch/beianwatch/detect/page"
)

// An inspection is what the source of a page with little text shows.
type inspection struct {
	mount    string // "#app": the empty element that a framework draws into; "" if there is none
	media    bool   // something to see that is not text
	boxes    int    // elements of the body with nothing in them, which a style sheet may fill
	sheet    bool   // a style sheet that was not read, or one with pictures
	elements int    // in the body, scripts and styles not counted

	open  string    // the id of the mount point that is being read
	depth int       // elements open in it
	mute  int       // script, style and the like open: their text is not seen
	box   atom.Atom // the element that was opened last and has nothing in it so far
	style bool      // a style element is open
}

// maxInspected is how much of the source is read, in bytes: what is between the
// first elements of a page and its first data.
const maxInspected = 128 << 10

// inspect reads the source of a page for its shape. It is called only for
// pages with next to no text.
func inspect(p *page.Page) inspection {
	var in inspection
	z := html.NewTokenizer(strings.NewReader(p.Source[:min(len(p.Source), maxInspected)]))
	for body := false; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			in.close() // a page that ends within its mount point has nothing in it either
			return in
		}
		switch kind {
		case html.TextToken:
			in.text(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			switch {
			case body && tag != atom.Body:
				in.start(z, tag, kind == html.StartTagToken, more)
			case tag == atom.Style:
				in.style = true
			case more && (tag == atom.Link || tag == atom.Body):
				in.attributes(z)
				in.open, in.mount = "", "" // whatever the body is called: its elements are looked at
			}
			body = body || tag == atom.Body
		case html.EndTagToken:
			name, _ := z.TagName()
			in.end(atom.Lookup(name))
		}
	}
}

// start takes in the start tag of an element of the body; opens is false for
// <br/> and the like, more tells whether it has attributes.
func (in *inspection) start(z *html.Tokenizer, tag atom.Atom, opens, more bool) {
	opens = opens && !empty[tag]
	if in.open != "" && opens {
		in.depth++
	}
	if quiet[tag] {
		if opens {
			in.mute++
			in.style = in.style || tag == atom.Style
		}
		return
	}
	switch tag {
	case atom.Img, atom.Svg, atom.Video, atom.Audio, atom.Canvas, atom.Object, atom.Embed, atom.Picture, atom.Image, atom.Textarea, atom.Select:
		in.media = true
	case atom.Meta:
		return
	}
	in.box = tag
	if tag != atom.Link {
		in.elements++
	}
	if more {
		in.attributes(z)
	}
}

// attributes takes in the attributes of the tag just read.
func (in *inspection) attributes(z *html.Tokenizer) {
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		in.attribute(string(key), string(value))
	}
}

// text takes in a text between tags.
func (in *inspection) text(text []byte) {
	switch {
	case len(bytes.TrimSpace(text)) == 0:
	case in.style:
		in.sheet = in.sheet || bytes.Contains(text, []byte("url(")) || bytes.Contains(text, []byte("@import"))
	case in.mute == 0:
		in.open, in.box = "", 0
	}
}

// painted tells whether there may be pictures on a page without any in its
// source: a style sheet puts them into empty boxes.
func (in *inspection) painted() bool { return in.sheet && in.boxes > 0 }

// attribute takes in an attribute of an element of the body.
func (in *inspection) attribute(key, value string) {
	switch key {
	case "id":
		if in.mount == "" && mounts[strings.ToLower(value)] {
			in.open, in.depth, in.mute = "#"+value, 1, 0
		}
	case "style":
		in.media = in.media || strings.Contains(value, "url(")
	case "rel":
		in.sheet = in.sheet || strings.EqualFold(value, "stylesheet")
	case "background":
		in.media = in.media || value != ""
	}
}

// end takes in an end tag.
func (in *inspection) end(tag atom.Atom) {
	if quiet[tag] {
		in.mute = max(0, in.mute-1)
		in.style = in.style && tag != atom.Style
	}
	if in.box == tag && boxes[tag] {
		in.boxes++
	}
	in.box = 0
	if in.open == "" || empty[tag] {
		return
	}
	if in.depth--; in.depth <= 0 {
		in.close()
	}
}

// close ends the mount point that is being read: it held no text.
func (in *inspection) close() {
	if in.open != "" {
		in.mount, in.open = in.open, ""
	}
}

// quiet are the elements whose text nobody sees.
var quiet = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true}

// boxes are the elements that style sheets fill with pictures.
var boxes = map[atom.Atom]bool{
	atom.Div: true, atom.Section: true, atom.A: true, atom.Span: true, atom.I: true, atom.Header: true, atom.Main: true, atom.Figure: true, atom.Li: true,
}

// empty are the elements that have no end tag.
var empty = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true, atom.Input: true,
	atom.Link: true, atom.Meta: true, atom.Source: true, atom.Track: true, atom.Wbr: true,
}
