package page

import (
	"errors"
	"sort"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Tree is a page as its tree of elements has it: the second reading of a page
// that is about to be accused. The tree says what stands in what, by the
// standard's whole algorithm; all else is read of it as [Parse] reads it.
type Tree struct {
	Page  *Page // the same facts as of Parse; Source is the page's own, but Trace.Saw is written as the tree has it
	texts []treeText
	open  []*html.Node // elements in the order of their start tags
}

// A treeText is where in Raw the text of an element begins.
type treeText struct {
	raw  int
	node *html.Node
}

// ErrTooDeep is returned by [ReadTree] for a page whose tree cannot be built:
// nested deeper than 512 elements, or one that would take too long.
var ErrTooDeep = errors.New("the page nests too deep for a tree")

// What a tree may take: bytes of the page, and start and end tags times the
// depth at which they stand, which bounds the parser's steps.
const (
	maxTreeBytes  = 8 << 20
	maxTreeEffort = 48 << 20
)

// ReadTree reads a page again, which Parse has read, by building its tree. The
// only error is ErrTooDeep.
func ReadTree(p *Page) (*Tree, error) {
	if len(p.Source) > maxTreeBytes || p.effort > maxTreeEffort || p.Fault == FaultDeep {
		return nil, ErrTooDeep
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(p.Source))
	if err != nil {
		return nil, ErrTooDeep // reading from a string has no other
	}
	t := &Tree{}
	var w treeWriter
	w.children(doc.Nodes[0])
	t.open = w.open
	source := w.b.String()
	read := func(unveil int) (veil int) {
		t.Page = &Page{URL: p.URL, Charset: p.Charset, Fault: p.Fault, Source: source}
		t.texts = t.texts[:0]
		return read(t.Page, unveil, t)
	}
	if veil := read(-1); veil >= 0 {
		read(veil)
	}
	t.Page.Source = p.Source
	return t, nil
}

// A treeWriter writes a tree as markup in which every element that is not void
// has its end tag, so that the scanner that reads pages reads it too.
type treeWriter struct {
	b    strings.Builder
	open []*html.Node
}

func (w *treeWriter) children(n *html.Node) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		switch k.Type {
		case html.TextNode:
			w.b.WriteString(html.EscapeString(k.Data))
		case html.CommentNode:
			w.b.WriteString("<!--")
			w.b.WriteString(k.Data)
			w.b.WriteString("-->")
		case html.ElementNode:
			w.element(k)
		}
	}
}

func (w *treeWriter) element(n *html.Node) {
	name := n.Data
	if n.DataAtom == atom.Plaintext {
		name = "pre" // which ends
	}
	w.open = append(w.open, n)
	w.b.WriteByte('<')
	w.b.WriteString(name)
	for _, a := range n.Attr {
		if strings.ContainsAny(a.Key, " \t\r\n\f/>=\"'<") {
			continue // made by a slip of the pen, and none that is asked for
		}
		w.b.WriteByte(' ')
		if a.Namespace != "" {
			w.b.WriteString(a.Namespace + ":")
		}
		w.b.WriteString(a.Key)
		w.b.WriteString(`="`)
		w.b.WriteString(html.EscapeString(a.Val))
		w.b.WriteByte('"')
	}
	w.b.WriteByte('>')
	if void(n.DataAtom) && n.Namespace == "" {
		return
	}
	if k := n.FirstChild; isRaw(n) && k != nil && k.Type == html.TextNode {
		w.b.WriteString(k.Data)
	} else {
		w.children(n)
	}
	w.b.WriteString("</")
	w.b.WriteString(name)
	w.b.WriteByte('>')
}

// isRaw reports whether the content of the element is written as it is. The
// parser took it as text, or it could not hold the end tag.
func isRaw(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Xmp, atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript:
		return n.Namespace == ""
	}
	return false
}

// node is the element of a start tag, by its place among all.
func (t *Tree) node(nodes int) *html.Node {
	if nodes > 0 && nodes <= len(t.open) {
		return t.open[nodes-1]
	}
	return nil
}

// At returns the element whose own text stands at an offset of Page.Text, nil
// if there is none.
func (t *Tree) At(offset int) *html.Node {
	raw := t.Page.rawAt(offset)
	i := sort.Search(len(t.texts), func(i int) bool { return t.texts[i].raw > raw })
	if i == 0 {
		return nil
	}
	return t.texts[i-1].node
}

// Path returns where the text at an offset of Page.Text stands, as a CSS
// selector: html > body > div.footer > p:nth-of-type(2) > a. "" if nowhere.
func (t *Tree) Path(offset int) string {
	var steps []string
	for n := t.At(offset); n != nil && n.Type == html.ElementNode; n = n.Parent {
		steps = append(steps, step(n))
	}
	for i, k := 0, len(steps)-1; i < k; i, k = i+1, k-1 {
		steps[i], steps[k] = steps[k], steps[i]
	}
	return strings.Join(steps, " > ")
}

// longestStep is how many bytes of an id are written in a path.
const longestStep = 60

// step is one element of a path: its id, or its name and place.
func step(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "id" && a.Val != "" && len(a.Val) <= longestStep && plainName(a.Val) {
			return n.Data + "#" + a.Val
		}
	}
	place, more := 1, false
	for k := n.PrevSibling; k != nil; k = k.PrevSibling {
		if k.Type == html.ElementNode && k.Data == n.Data {
			place++
		}
	}
	for k := n.NextSibling; k != nil && !more; k = k.NextSibling {
		more = k.Type == html.ElementNode && k.Data == n.Data
	}
	if place == 1 && !more {
		return n.Data
	}
	return n.Data + ":nth-of-type(" + strconv.Itoa(place) + ")"
}

// plainName reports whether an id can stand in a selector as it is.
func plainName(id string) bool {
	for i := range len(id) {
		if c := id[i]; !isLetter(c) && c != '-' && c != '_' && (c < '0' || c > '9' || i == 0) {
			return false
		}
	}
	return true
}
