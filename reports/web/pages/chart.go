package pages

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// Charts are SVG made of rectangles in percent of their width, as in the exported
// reports; colour and pattern come from the style sheet by class. Beside each stands
// a table with its figures.

// mark draws the shape that goes with a severity or outcome; the word stands beside it.
func mark(word any) template.HTML {
	tone := fmt.Sprint(word)
	return template.HTML(`<svg class="mark t-` + template.HTMLEscapeString(tone) + `" aria-hidden="true"><use href="#m-` + template.HTMLEscapeString(tone) + `"/></svg>`)
}

// swatch draws the sample of a segment for a legend.
func swatch(class string) template.HTML {
	return template.HTML(`<svg class="swatch" aria-hidden="true"><rect class="f-` + template.HTMLEscapeString(class) + `" width="100%" height="100%"/></svg>`)
}

// minWidth is how wide a part is at least, in percent: one violation among a million
// domains can still be seen.
const minWidth = 0.6

// shares draws one bar of all segments.
func shares(p reports.Point) template.HTML {
	var b strings.Builder
	b.WriteString(`<svg class="bar" aria-hidden="true">`)
	x := 0.0
	for _, s := range wording.Segments(p) {
		if s.N == 0 || p.Domains == 0 {
			continue
		}
		w := max(100*float64(s.N)/float64(p.Domains), minWidth)
		b.WriteString(`<rect class="f-` + s.Class + `" x="` + percent(x) + `" y="0" width="` + percent(w) + `" height="100%"/>`)
		x += w
	}
	return template.HTML(b.String() + `</svg>`)
}

// part draws a bar as long as n is of most.
func part(class string, n, most int) template.HTML {
	w := 0.0
	if most > 0 && n > 0 {
		w = max(100*float64(n)/float64(most), minWidth)
	}
	return template.HTML(`<svg class="bar thin" aria-hidden="true"><rect class="f-` + template.HTMLEscapeString(class) + `" x="0" y="0" width="` + percent(w) + `" height="100%"/></svg>`)
}

// trend draws one column a run, oldest first: the domains with violations.
func trend(points []reports.Point) template.HTML {
	const foot, head = 14.0, 10.0 // percent of the height, for dates and figures
	most := 1
	for _, p := range points {
		most = max(most, p.Violations)
	}
	var b strings.Builder
	b.WriteString(`<svg class="trend" aria-hidden="true"><line class="axis" x1="0" x2="100%" y1="` + percent(100-foot) + `" y2="` + percent(100-foot) + `"/>`)
	step := 100 / float64(max(len(points), 8))
	label := 1 + len(points)/10 // every so manieth run has its date
	for i, p := range points {
		x, height := step*float64(i)+step*0.18, (100-foot-head)*float64(p.Violations)/float64(most)
		y := 100 - foot - height
		b.WriteString(`<rect class="f-violation" x="` + percent(x) + `" y="` + percent(y) + `" width="` + percent(step*0.64) + `" height="` + percent(height) + `"/>`)
		if i%label == 0 || i == len(points)-1 {
			middle := percent(x + step*0.32)
			b.WriteString(`<text text-anchor="middle" x="` + middle + `" y="` + percent(y-2) + `">` + wording.Grouped(p.Violations) + `</text>`)
			b.WriteString(`<text text-anchor="middle" x="` + middle + `" y="98%">` + p.At.In(china).Format("01-02") + `</text>`)
		}
	}
	return template.HTML(b.String() + `</svg>`)
}

func percent(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "%" }
