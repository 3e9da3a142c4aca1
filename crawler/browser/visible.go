package browser

import (
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/domsnapshot"
)

// seen says whether a visitor sees a node.
type seen uint8

const (
	seenNot    seen = iota // nothing of it
	seenUnsure             // its layout was put off: it shows when it is scrolled to or unfolded
	seenYes
)

const (
	leastFont    = 2.0  // CSS pixels: smaller text is not read by anybody
	leastOpacity = 0.05 // less is not seen
	leastBox     = 1.0  // CSS pixels: what is cut to a box of this width or height is hidden
)

// onPage reports whether a box has an area and a part of it that a visitor can
// scroll to: no one scrolls above the top or left of the left edge.
func onPage(box domsnapshot.Rectangle) bool {
	return len(box) == 4 && box[2] > 0 && box[3] > 0 && box[0]+box[2] > 0 && box[1]+box[3] > 0
}

// A cover is what ancestors do to the visibility of what they hold.
type cover struct {
	unseen   bool // transparent, or cut away by a clip of its own: holds for all descendants
	deferred bool // below content-visibility: auto, or in what one click unfolds
	cut      bool // in a box without area that cuts off what passes its edges …
	outer    bool // … and the same for what is positioned out of the flow
}

// sight finds out for every node of the document whether a visitor sees it:
// text by its boxes, elements by whether they hold something seen.
func (d *document) sight() []seen {
	if d.seeing != nil {
		return d.seeing
	}
	covers, seeing := make([]cover, d.count), make([]seen, d.count)
	for i := range int32(d.count) { // parents stand before their children
		above := cover{}
		if p := d.raw.Nodes.ParentIndex[i]; p >= 0 {
			above = covers[p]
		}
		covers[i] = d.cover(i, above)
		seeing[i] = d.look(i, covers[i])
	}
	for i := d.count - 1; i > 0; i-- {
		if p := d.raw.Nodes.ParentIndex[i]; seeing[i] > seeing[p] {
			seeing[p] = seeing[i]
		}
	}
	d.seeing = seeing
	return seeing
}

// cover is what a node passes on.
func (d *document) cover(i int32, above cover) cover {
	row := d.layout[i]
	if row < 0 || d.kind(i) != elementNode {
		return above
	}
	c := above
	position := d.style(row, stylePosition)
	switch position {
	case "fixed":
		c.cut, c.outer = false, false
	case "absolute":
		c.cut = c.outer
	}
	c.unseen = c.unseen || d.transparent(row) || clippedAway(d.style(row, styleClip), position) || emptyPath(d.style(row, styleClipPath))
	c.deferred = c.deferred || d.style(row, styleContentVisibility) == "auto" || d.name(i) == "DETAILS"
	if box := d.raw.Layout.Bounds[row]; len(box) == 4 && !d.root(i) && !replaced[d.name(i)] {
		c.cut = c.cut || cuts(d.style(row, styleOverflowX)) && box[2] <= leastBox || cuts(d.style(row, styleOverflowY)) && box[3] <= leastBox
	}
	if position != "static" {
		c.outer = c.cut
	}
	return c
}

// root reports the two elements whose overflow is the window's.
func (d *document) root(i int32) bool {
	name := d.name(i)
	return name == "HTML" || name == "BODY"
}

// look judges what a node shows by itself.
func (d *document) look(i int32, c cover) seen {
	row := d.layout[i]
	leaf := d.kind(i) == textNode || d.kind(i) == elementNode && (d.first[i] < 0 || replaced[d.name(i)])
	switch {
	case !leaf:
		return seenNot
	case c.deferred && (row < 0 || d.kind(i) == textNode && !d.inked[row]):
		return seenUnsure
	case row < 0, c.unseen, c.cut, d.style(row, styleVisibility) != "visible":
		return seenNot
	case d.kind(i) == elementNode:
		return d.lookElement(i, row)
	case pixels(d.style(row, styleFontSize)) < leastFont, !d.inked[row]:
		return seenNot
	}
	return seenYes
}

// lookElement judges an element that holds nothing or stands for something
// else. Pictures were not fetched, so that their size says nothing; where they
// stand does.
func (d *document) lookElement(i, row int32) seen {
	box := d.raw.Layout.Bounds[row]
	if _, framed := d.frames[i]; framed && (len(box) != 4 || box[2] <= leastBox || box[3] <= leastBox) {
		return seenNot
	}
	if len(box) == 4 && (box[0]+box[2] < 0 || box[1]+box[3] < 0) {
		return seenNot
	}
	return seenYes
}

// replaced are elements that show something by themselves.
var replaced = map[string]bool{
	"IMG": true, "INPUT": true, "TEXTAREA": true, "SELECT": true, "IFRAME": true, "FRAME": true, "OBJECT": true, "EMBED": true,
	"VIDEO": true, "AUDIO": true, "CANVAS": true, "svg": true, "PICTURE": true, "METER": true, "PROGRESS": true,
}

// transparent reports an element that is not painted and will not be: one that
// fades in when it is reached is on its way.
func (d *document) transparent(row int32) bool {
	opacity, err := strconv.ParseFloat(d.style(row, styleOpacity), 64)
	return err == nil && opacity < leastOpacity && d.style(row, styleAnimation) == "none" && strings.Trim(d.style(row, styleTransition), "0s, ") == ""
}

// cuts reports a value of overflow that shows nothing past the edge.
func cuts(overflow string) bool { return overflow != "" && overflow != "visible" }

// clippedAway reads the old property clip, which holds for positioned elements
// alone: rect(top, right, bottom, left).
func clippedAway(clip, position string) bool {
	list, ok := strings.CutPrefix(clip, "rect(")
	if !ok || position != "absolute" && position != "fixed" || strings.Contains(list, "auto") {
		return false
	}
	edges := strings.Fields(strings.ReplaceAll(strings.TrimSuffix(list, ")"), ",", " "))
	if len(edges) != 4 {
		return false
	}
	return pixels(edges[2])-pixels(edges[0]) <= leastBox || pixels(edges[1])-pixels(edges[3]) <= leastBox
}

// emptyPath reads a clip-path for the forms that leave nothing.
func emptyPath(path string) bool {
	if list, ok := strings.CutPrefix(path, "inset("); ok {
		first, _, _ := strings.Cut(strings.TrimSuffix(list, ")"), " ")
		n, percent := strings.CutSuffix(first, "%")
		inset, err := strconv.ParseFloat(n, 64)
		return percent && err == nil && inset >= 50
	}
	return strings.HasPrefix(path, "circle(0px") || strings.HasPrefix(path, "circle(0%") || strings.HasPrefix(path, "circle(0 ")
}

// pixels reads a computed length.
func pixels(v string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSuffix(v, "px"), 64)
	if err != nil {
		return 0
	}
	return n
}
