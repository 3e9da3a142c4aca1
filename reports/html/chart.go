package html

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// The charts are SVG made of rectangles in percent of their width, without a
// view box: they fit any width, stay sharp, print, and need no script. Colour
// and pattern come from the style sheet by class.

// rects draws segments side by side over whole percent of the width. A part
// that exists is at least minWidth wide, so that one violation among a million
// domains can still be seen.
func rects(segments []wording.Segment, whole float64, total int) string {
	const minWidth = 0.6 // percent; about 4 px on a wide screen
	if total <= 0 {
		return ""
	}
	var b strings.Builder
	x := 0.0
	for _, s := range segments {
		if s.N == 0 {
			continue
		}
		width := max(whole*float64(s.N)/float64(total), minWidth)
		b.WriteString(`<rect class="f-` + template.HTMLEscapeString(s.Class) + `" x="` + percentOf(x) + `" y="0" width="` + percentOf(width) + `" height="100%"/>`)
		x += width
	}
	return b.String()
}

// bar draws one bar that is as long as its segments are of most.
func bar(class string, segments []wording.Segment, most int) template.HTML {
	sum := 0
	for _, s := range segments {
		sum += s.N
	}
	whole := 0.0
	if most > 0 {
		whole = 100 * float64(sum) / float64(most)
	}
	return template.HTML(`<svg class="` + class + `" aria-hidden="true">` + rects(segments, whole, sum) + `</svg>`)
}

// swatch draws the sample of a segment for a legend.
func swatch(class string) template.HTML {
	return template.HTML(`<svg aria-hidden="true"><rect class="f-` + template.HTMLEscapeString(class) + `" width="100%" height="100%"/></svg>`)
}

// trend draws one column a run, oldest first: the domains with findings,
// stacked by severity, the most severe at the bottom.
func trend(points []reports.Point) template.HTML {
	const foot, head = 14.0, 8.0 // percent of the height for dates and figures
	most := 1
	for _, p := range points {
		most = max(most, p.Found())
	}
	var b strings.Builder
	b.WriteString(`<svg class="trend" aria-hidden="true"><line class="axis" x1="0" x2="100%" y1="` + percentOf(100-foot) + `" y2="` + percentOf(100-foot) + `"/>`)
	step := 100 / float64(max(len(points), 6))
	label := 1 + len(points)/10 // every so manieth run has its date
	dates := trendDates(points)
	for i, p := range points {
		x, y := step*float64(i)+step*0.18, 100-foot
		for _, s := range wording.Segments(p)[:3] {
			height := (100 - foot - head) * float64(s.N) / float64(most)
			if s.N == 0 {
				continue
			}
			y -= height
			b.WriteString(`<rect class="f-` + s.Class + `" x="` + percentOf(x) + `" y="` + percentOf(y) + `" width="` + percentOf(step*0.64) + `" height="` + percentOf(height) + `"/>`)
		}
		middle := percentOf(x + step*0.32)
		if i%label == 0 || i == len(points)-1 {
			b.WriteString(`<text text-anchor="middle" x="` + middle + `" y="` + percentOf(y-1.5) + `">` + wording.Grouped(p.Found()) + `</text>`)
			b.WriteString(`<text text-anchor="middle" x="` + middle + `" y="98%">` + dates[i] + `</text>`)
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// trendDates labels the runs by day, those of one day by the time of day.
func trendDates(points []reports.Point) []string {
	perDay := map[string]int{}
	for _, p := range points {
		perDay[wording.InZone(p.At).Format(time.DateOnly)]++
	}
	var dates []string
	for _, p := range points {
		layout := "01-02"
		if perDay[wording.InZone(p.At).Format(time.DateOnly)] > 1 {
			layout = "15:04"
		}
		dates = append(dates, wording.InZone(p.At).Format(layout))
	}
	return dates
}

func percentOf(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "%" }
