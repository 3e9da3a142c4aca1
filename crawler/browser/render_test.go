package browser

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/domsnapshot"
)

// tables builds the tables of a page by hand, with sizes that no page of a test could
// have in a browser.
type tables struct {
	res   domsnapshot.CaptureSnapshotResult
	index map[string]domsnapshot.StringIndex
}

func newTables() *tables {
	doc := &domsnapshot.DocumentSnapshot{
		Nodes:     &domsnapshot.NodeTreeSnapshot{ShadowRootType: &domsnapshot.RareStringData{}, PseudoType: &domsnapshot.RareStringData{}, ContentDocumentIndex: &domsnapshot.RareIntegerData{}},
		Layout:    &domsnapshot.LayoutTreeSnapshot{},
		TextBoxes: &domsnapshot.TextBoxSnapshot{},
	}
	t := &tables{index: map[string]domsnapshot.StringIndex{}}
	t.res.Documents = append(t.res.Documents, doc)
	t.node(-1, documentNode, "#document", "")
	return t
}

func (t *tables) string(s string) domsnapshot.StringIndex {
	i, known := t.index[s]
	if !known {
		i = domsnapshot.StringIndex(len(t.res.Strings))
		t.index[s], t.res.Strings = i, append(t.res.Strings, s)
	}
	return i
}

// node adds a node and returns its number.
func (t *tables) node(parent, kind int64, name, value string, attributes ...string) int64 {
	n := t.res.Documents[0].Nodes
	n.ParentIndex, n.NodeType = append(n.ParentIndex, parent), append(n.NodeType, kind)
	n.NodeName, n.NodeValue = append(n.NodeName, t.string(name)), append(n.NodeValue, t.string(value))
	var list domsnapshot.ArrayOfStrings
	for _, a := range attributes {
		list = append(list, int64(t.string(a)))
	}
	n.Attributes = append(n.Attributes, list)
	return int64(len(n.ParentIndex) - 1)
}

// rare adds a row to a table that has few.
func (t *tables) rare(to *domsnapshot.RareStringData, node int64, value string) {
	to.Index, to.Value = append(to.Index, node), append(to.Value, t.string(value))
}

// seen gives a node a box in which text stands.
func (t *tables) seen(node int64, text string) {
	l, boxes := t.res.Documents[0].Layout, t.res.Documents[0].TextBoxes
	l.NodeIndex, l.Text = append(l.NodeIndex, node), append(l.Text, t.string(text))
	l.Styles = append(l.Styles, domsnapshot.ArrayOfStrings{int64(t.string("visible"))})
	l.Bounds = append(l.Bounds, domsnapshot.Rectangle{0, 0, 9, 9})
	boxes.LayoutIndex, boxes.Bounds = append(boxes.LayoutIndex, int64(len(l.NodeIndex)-1)), append(boxes.Bounds, domsnapshot.Rectangle{0, 0, 9, 9})
}

func (t *tables) snapshot(test *testing.T) *snapshot {
	test.Helper()
	s, err := newSnapshot(&t.res)
	if err != nil {
		test.Fatal(err)
	}
	return s
}

// many is how often a hostile page repeats itself: a walk over all for each would take
// hours.
const many = 400_000

// TestManySlots: as many slots as children of their host are read in one walk.
func TestManySlots(t *testing.T) {
	p := newTables()
	host := p.node(0, elementNode, "DIV", "")
	root := p.node(host, fragmentNode, "#document-fragment", "")
	p.rare(p.res.Documents[0].Nodes.ShadowRootType, root, "closed")
	for range many / 2 {
		p.node(root, elementNode, "SLOT", "", "name", "x")
	}
	foot := p.node(root, elementNode, "SLOT", "", "name", "foot")
	p.node(foot, textNode, "#text", "nothing was given")
	for range many {
		p.node(host, elementNode, "B", "", "slot", "y")
	}
	given := p.node(host, elementNode, "I", "", "slot", "foot")
	p.node(given, textNode, "#text", "京ICP备20031415号-1")
	body, _ := render(t.Context(), p.snapshot(t))
	if dom := string(body); !strings.Contains(dom, "京ICP备20031415号-1") || strings.Contains(dom, "nothing was given") {
		t.Errorf("the slot is not filled in %d bytes", len(body))
	}
}

// TestManyPseudoElements: the text of each is found without a walk over the layout.
func TestManyPseudoElements(t *testing.T) {
	p := newTables()
	body := p.node(0, elementNode, "BODY", "")
	text := " " // of which nothing is written
	for n := range many {
		if n == many-1 {
			text = "字"
		}
		i := p.node(body, elementNode, "::after", "")
		p.rare(p.res.Documents[0].Nodes.PseudoType, i, "after")
		p.seen(i, text)
		p.seen(p.node(i, textNode, "#text", ""), text)
	}
	dom, cut := render(t.Context(), p.snapshot(t))
	if want := `<span data-pseudo="after">字字</span>`; strings.Count(string(dom), want) != 1 || cut {
		t.Errorf("%q, cut: %v", dom, cut)
	}
}

// TestFrameInItself: tables by which a document holds itself are no endless page.
func TestFrameInItself(t *testing.T) {
	p := newTables()
	frames := p.res.Documents[0].Nodes.ContentDocumentIndex
	html := p.node(0, elementNode, "HTML", "")
	body := p.node(html, elementNode, "BODY", "")
	for range 100 {
		frames.Index, frames.Value = append(frames.Index, p.node(body, elementNode, "IFRAME", "")), append(frames.Value, 1)
	}
	for range many {
		p.node(body, elementNode, "::marker", "")
	}
	p.res.Documents = append(p.res.Documents, p.res.Documents[0])
	s := p.snapshot(t)
	if render(t.Context(), s); s.docs[1].written == false {
		t.Error("the frame was not written")
	}
}

// TestRenderEndsWithItsContext: a page is not written on when its time is over.
func TestRenderEndsWithItsContext(t *testing.T) {
	p := newTables()
	body := p.node(0, elementNode, "BODY", "")
	for range 10_000 {
		p.node(body, elementNode, "B", "")
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if dom, cut := render(over, p.snapshot(t)); !cut || strings.Count(string(dom), "<b") > 2000 {
		t.Errorf("cut: %v, %d elements", cut, strings.Count(string(dom), "<b"))
	}
}
