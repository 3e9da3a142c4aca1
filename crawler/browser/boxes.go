package browser

import (
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler"
)

// The bounds of what is kept of where things stand in a picture. A window full of
// small print has some 200 texts.
const (
	maxBoxes   = 300
	maxBoxText = 240 // bytes of one text
)

// boxes lists what a visitor sees in the window, in its pixels: the texts of the main
// document and the elements that are named as a foot. What stands in frames is left
// out: their boxes are measured from the frame's own edge.
func (s *snapshot) boxes() []crawler.Box {
	d := s.docs[0]
	sight := d.sight()
	var list []crawler.Box
	for i := range int32(d.count) {
		row := d.layout[i]
		if row < 0 || sight[i] != seenYes || len(list) == maxBoxes {
			continue
		}
		bounds := d.raw.Layout.Bounds[row]
		if len(bounds) != 4 {
			continue
		}
		box, ok := inWindow(bounds[0]-d.raw.ScrollOffsetX, bounds[1]-d.raw.ScrollOffsetY, bounds[2], bounds[3])
		switch {
		case !ok:
			continue
		case d.kind(i) == textNode:
			box.Text = clipText(strings.TrimSpace(d.value(i)), maxBoxText)
			if box.Text == "" {
				continue
			}
		case d.kind(i) == elementNode && d.foot(i):
			box.Foot = true
		default:
			continue
		}
		list = append(list, box)
	}
	return list
}

// inWindow cuts a rectangle to the window; false if nothing is left of it.
func inWindow(x, y, w, h float64) (crawler.Box, bool) {
	left, top, right, bottom := max(x, 0), max(y, 0), min(x+w, width), min(y+h, height)
	if !(right-left >= leastBox && bottom-top >= leastBox) { // false for what is no number, too
		return crawler.Box{}, false
	}
	return crawler.Box{X: int(left), Y: int(top), Width: int(right - left), Height: int(bottom - top)}, true
}

// foot reports whether an element is named as the foot of the page.
func (d *document) foot(i int32) bool {
	if d.name(i) == "FOOTER" {
		return true
	}
	for _, attribute := range []string{"id", "class", "role"} {
		v, _ := d.attribute(i, attribute)
		v = strings.ToLower(v)
		if strings.Contains(v, "foot") || strings.Contains(v, "copyright") || v == "contentinfo" {
			return true
		}
	}
	return false
}

// clipText cuts a text at the end of a character.
func clipText(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
