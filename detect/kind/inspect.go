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
	elements int    // in the body, scripts and styles not counted

	open  string // the id of the mount point that is being read
	depth int    // elements open in it
	mute  int    // script, style and the like open: their text is not seen
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
			if in.open != "" && in.mute == 0 && len(bytes.TrimSpace(z.Text())) > 0 {
				in.open = ""
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			if body && tag != atom.Body {
				in.start(z, tag, kind == html.StartTagToken, more)
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
		}
		return
	}
	switch tag {
	case atom.Img, atom.Svg, atom.Video, atom.Audio, atom.Canvas, atom.Object, atom.Embed, atom.Picture, atom.Image:
		in.media = true
	case atom.Link, atom.Meta:
		return
	}
	in.elements++
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		in.attribute(string(key), string(value))
	}
}

// attribute takes in an attribute of an element of the body.
func (in *inspection) attribute(key, value string) {
	switch key {
	case "id":
		if in.mount == "" && mounts[strings.ToLower(value)] {
			in.open, in.depth, in.mute = "#"+value, 1, 0
		}
	case "style":
		in.media = in.media || strings.Contains(value, "url(")
	case "background":
		in.media = in.media || value != ""
	}
}

// end takes in an end tag.
func (in *inspection) end(tag atom.Atom) {
	if quiet[tag] {
		in.mute = max(0, in.mute-1)
	}
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

// empty are the elements that have no end tag.
var empty = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true, atom.Input: true,
	atom.Link: true, atom.Meta: true, atom.Source: true, atom.Track: true, atom.Wbr: true,
}
