package browser

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/domsnapshot"
)

// A snapshot is a page as its browser holds it, with all its frames: the DOM
// with closed shadow roots, and the boxes in which text was laid out. The
// page's own script has no part in how it is read.
type snapshot struct {
	strings []string
	docs    []*document
}

// A document is the DOM of one frame.
type document struct {
	shot  *snapshot
	raw   *domsnapshot.DocumentSnapshot
	count int

	first, next []int32            // first child and next sibling, -1: none
	host        []int32            // node → the element in whose shadow tree it is, -1: in none
	layout      []int32            // node → its first row in the layout table, -1: no box
	inked       []bool             // layout row → a text box with an area, seen from the document's edge
	shadow      map[int32]string   // node → "open", "closed" or "user-agent": the root that it is
	pseudo      map[int32]string   // node → "before", "after" …
	frames      map[int32]int      // node → the document in it
	values      map[int32]string   // node → what stands in a field
	slotted     map[int32]struct{} // light children that a slot has shown
	lights      map[int32]lights   // host → its light children, once a slot has asked
	pseudoRows  map[int32][]int32  // pseudo element → the layout rows of its text
	seeing      []seen             // node → whether a visitor sees it, once it was asked for
	written     bool               // it stands in the output
}

// styles are the computed styles that are asked for, in the order of the
// constants.
var styles = []string{"visibility", "opacity", "font-size", "overflow-x", "overflow-y", "position", "clip", "clip-path", "content-visibility", "animation-name", "transition-duration"}

const (
	styleVisibility = iota
	styleOpacity
	styleFontSize
	styleOverflowX
	styleOverflowY
	stylePosition
	styleClip
	styleClipPath
	styleContentVisibility
	styleAnimation
	styleTransition
)

// snapshot reads the page.
func (d *drawing) snapshot(ctx context.Context) (*snapshot, error) {
	res, err := call(ctx, d.tab.s, domsnapshot.CaptureSnapshot, domsnapshot.CaptureSnapshotParams{ComputedStyles: styles})
	if err != nil {
		return nil, fmt.Errorf("reading the DOM: %w", err)
	}
	return newSnapshot(&res)
}

// newSnapshot links the tables of the protocol. A table that does not fit the
// others is an error: they come from a process that a page may have taken over.
func newSnapshot(res *domsnapshot.CaptureSnapshotResult) (*snapshot, error) {
	s := &snapshot{strings: res.Strings}
	for _, raw := range res.Documents {
		d := &document{shot: s, raw: raw}
		if err := d.link(len(res.Documents)); err != nil {
			return nil, fmt.Errorf("reading the DOM: %w", err)
		}
		s.docs = append(s.docs, d)
	}
	if len(s.docs) == 0 {
		return nil, fmt.Errorf("reading the DOM: the browser gave no document")
	}
	return s, nil
}

// text returns a string of the table; -1 stands for none.
func (s *snapshot) text(i domsnapshot.StringIndex) string {
	if i < 0 || int(i) >= len(s.strings) {
		return ""
	}
	return s.strings[i]
}

// address is that of the main document.
func (s *snapshot) address() string { return s.text(s.docs[0].raw.DocumentURL) }

// link makes the tree and the way from nodes to boxes.
func (d *document) link(docs int) error {
	n := d.raw.Nodes
	if n == nil || d.raw.Layout == nil || d.raw.TextBoxes == nil {
		return fmt.Errorf("a table is missing")
	}
	d.count = len(n.ParentIndex)
	if len(n.NodeType) != d.count || len(n.NodeName) != d.count || len(n.NodeValue) != d.count || len(n.Attributes) != d.count {
		return fmt.Errorf("the node tables differ in length")
	}
	d.first, d.next, d.layout, d.host = fill(d.count), fill(d.count), fill(d.count), fill(d.count)
	for i := d.count - 1; i > 0; i-- {
		p := n.ParentIndex[i]
		if p < 0 || p >= int64(i) {
			return fmt.Errorf("node %d stands before its parent", i)
		}
		d.next[i], d.first[p] = d.first[p], int32(i)
	}
	d.shadow, d.pseudo, d.values = d.rare(n.ShadowRootType), d.rare(n.PseudoType), d.rare(n.InputValue)
	for i, v := range d.rare(n.TextValue) {
		d.values[i] = v
	}
	for i := int32(1); i < int32(d.count); i++ { // parents stand before their children
		p := n.ParentIndex[i]
		switch _, shadow := d.shadow[int32(p)]; {
		case d.kind(int32(p)) != fragmentNode:
			d.host[i] = d.host[p]
		case shadow && p > 0:
			d.host[i] = int32(n.ParentIndex[p])
		}
	}
	d.frames, d.slotted, d.lights = map[int32]int{}, map[int32]struct{}{}, map[int32]lights{}
	if c := n.ContentDocumentIndex; c != nil && len(c.Index) == len(c.Value) {
		for i, node := range c.Index {
			if doc := c.Value[i]; node >= 0 && node < int64(d.count) && doc > 0 && doc < int64(docs) {
				d.frames[int32(node)] = int(doc)
			}
		}
	}
	return d.linkLayout()
}

// linkLayout reads the layout rows and which of them have ink.
func (d *document) linkLayout() error {
	l, boxes := d.raw.Layout, d.raw.TextBoxes
	if len(l.Styles) != len(l.NodeIndex) || len(l.Bounds) != len(l.NodeIndex) || len(l.Text) != len(l.NodeIndex) || len(boxes.Bounds) != len(boxes.LayoutIndex) {
		return fmt.Errorf("the layout tables differ in length")
	}
	for row, node := range l.NodeIndex {
		if node >= 0 && node < int64(d.count) && d.layout[node] < 0 {
			d.layout[node] = int32(row)
		}
	}
	d.pseudoRows = map[int32][]int32{}
	for row, node := range l.NodeIndex {
		if node < 0 || node >= int64(d.count) {
			continue
		}
		for _, i := range []int64{node, d.raw.Nodes.ParentIndex[node]} {
			if _, pseudo := d.pseudo[int32(i)]; pseudo && i >= 0 {
				d.pseudoRows[int32(i)] = append(d.pseudoRows[int32(i)], int32(row))
			}
		}
	}
	d.inked = make([]bool, len(l.NodeIndex))
	for i, row := range boxes.LayoutIndex {
		if row >= 0 && int(row) < len(d.inked) && onPage(boxes.Bounds[i]) {
			d.inked[row] = true
		}
	}
	return nil
}

// lights are the light children of a host by the name of the slot that they ask for.
type lights map[string][]int32

// take returns the light children of a host that ask for a slot and that no slot has
// taken. They are listed once: a page may have as many slots as children.
func (d *document) take(host int32, slot string) []int32 {
	all, known := d.lights[host]
	if !known {
		all = lights{}
		for c := d.first[host]; c >= 0; c = d.next[c] {
			if _, root := d.shadow[c]; root {
				continue
			}
			name := ""
			if d.kind(c) == elementNode {
				name, _ = d.attribute(c, "slot")
			}
			all[name] = append(all[name], c)
		}
		d.lights[host] = all
	}
	list := all[slot]
	delete(all, slot)
	return list
}

// fill returns n times -1.
func fill(n int) []int32 {
	list := make([]int32, n)
	for i := range list {
		list[i] = -1
	}
	return list
}

// rare reads a table that has rows for few nodes.
func (d *document) rare(t *domsnapshot.RareStringData) map[int32]string {
	m := map[int32]string{}
	if t == nil || len(t.Index) != len(t.Value) {
		return m
	}
	for i, node := range t.Index {
		if node >= 0 && node < int64(d.count) {
			m[int32(node)] = d.shot.text(t.Value[i])
		}
	}
	return m
}

// name is the node's name as the DOM has it: DIV, #text, ::before.
func (d *document) name(i int32) string { return d.shot.text(d.raw.Nodes.NodeName[i]) }

// value is the text of a text node or comment.
func (d *document) value(i int32) string { return d.shot.text(d.raw.Nodes.NodeValue[i]) }

// kind is the nodeType of the DOM.
func (d *document) kind(i int32) int64 { return d.raw.Nodes.NodeType[i] }

// The node types of the DOM that occur.
const (
	elementNode  = 1
	textNode     = 3
	commentNode  = 8
	documentNode = 9
	doctypeNode  = 10
	fragmentNode = 11
)

// attribute returns one attribute and whether it is there.
func (d *document) attribute(i int32, name string) (string, bool) {
	list := d.raw.Nodes.Attributes[i]
	for k := 0; k+1 < len(list); k += 2 {
		if d.shot.text(domsnapshot.StringIndex(list[k])) == name {
			return d.shot.text(domsnapshot.StringIndex(list[k+1])), true
		}
	}
	return "", false
}

// style returns a computed style of a layout row, "" where none was given.
func (d *document) style(row int32, which int) string {
	list := d.raw.Layout.Styles[row]
	if which >= len(list) {
		return ""
	}
	return d.shot.text(domsnapshot.StringIndex(list[which]))
}
