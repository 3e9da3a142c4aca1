// Package frames says where in the picture of a page the findings stand.
package frames

import (
	"bytes"
	"image/jpeg"
	"strings"
	"unicode"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/source"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// maxFrames bounds the frames in one picture: with more, none points at anything.
const maxFrames = 6

// A Frame is around the place of findings, in pixels of the picture.
type Frame struct {
	X, Y, Width, Height int
	Tone                detect.Severity
	Title               detect.Text
}

// A View is all frames of a picture, and the size of the picture in pixels.
type View struct {
	Width, Height int
	List          []Frame
}

// Of finds the places of findings in the picture of a page: the words that a finding
// quotes, else for one about the foot of the page the foot. What lies outside the
// picture has none. book has the titles of the rules.
func Of(obs *crawler.Observation, r *reports.Record, book wording.Book) View {
	var v View
	if obs.Drawing == nil || len(obs.Drawing.Boxes) == 0 {
		return v
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(obs.Screenshot))
	if err != nil {
		return v
	}
	v.Width, v.Height = size.Width, size.Height
	text := newPictured(obs.Drawing.Boxes)
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != detect.Found || r.Waived(o.Rule) || !source.About(o.Rule) {
			continue
		}
		for j := range o.Findings {
			if at, ok := text.finding(r, o.Rule, &o.Findings[j]); ok && len(v.List) < maxFrames {
				v.add(at, o.Severity, wording.Capital(book.Title(o.Rule)))
			}
		}
	}
	return v
}

// add adds a frame; findings of one place share it, in the tone of the gravest.
func (v *View) add(at crawler.Box, tone detect.Severity, title detect.Text) {
	const margin, edge = 4, 2 // a frame is seen on all sides
	left, top := max(at.X-margin, edge), max(at.Y-margin, edge)
	f := Frame{X: left, Y: top, Width: min(at.X+at.Width+margin, v.Width-edge) - left, Height: min(at.Y+at.Height+margin, v.Height-edge) - top, Tone: tone, Title: title}
	if f.Width <= 0 || f.Height <= 0 {
		return // the picture is another one's size
	}
	for i := range v.List {
		if g := &v.List[i]; g.X == f.X && g.Y == f.Y && g.Width == f.Width && g.Height == f.Height {
			if reports.Rank(tone) > reports.Rank(g.Tone) {
				g.Tone = tone
			}
			if g.Title != title {
				g.Title = wording.Joined(wording.Say("；", "; "), g.Title, title)
			}
			return
		}
	}
	v.List = append(v.List, f)
}

// A pictured is the text in a picture, without blanks, and where it stands.
type pictured struct {
	boxes []crawler.Box
	text  string
	ends  []int // of each box in text
}

func newPictured(boxes []crawler.Box) *pictured {
	p := &pictured{boxes: boxes}
	var b strings.Builder
	for i := range boxes {
		b.WriteString(squeezed(boxes[i].Text))
		p.ends = append(p.ends, b.Len())
	}
	p.text = b.String()
	return p
}

// squeezed is a text without blanks: markup breaks numbers where it likes.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// minWords is how many bytes of text are told apart from what stands there by chance:
// two characters of Chinese.
const minWords = 6

// finding returns where a finding stands.
func (p *pictured) finding(r *reports.Record, rule string, f *detect.Finding) (crawler.Box, bool) {
	for _, words := range source.Words(r, rule, f) {
		if words = squeezed(words); len(words) < minWords {
			continue
		}
		if at := strings.LastIndex(p.text, words); at >= 0 { // the foot stands last
			return p.around(at, at+len(words)), true
		}
	}
	if strings.HasPrefix(rule, "footer-") || strings.HasPrefix(rule, "police-") {
		return p.foot()
	}
	return crawler.Box{}, false
}

// around is the smallest box that holds those of a part of the text.
func (p *pictured) around(from, to int) crawler.Box {
	var all crawler.Box
	start := 0
	for i, end := range p.ends {
		if start < to && end > from && end > start {
			all = union(all, p.boxes[i])
		}
		start = end
	}
	return all
}

// foot is the largest of the boxes that are named as the foot of the page.
func (p *pictured) foot() (crawler.Box, bool) {
	var best crawler.Box
	for _, b := range p.boxes {
		if b.Foot && b.Width*b.Height > best.Width*best.Height {
			best = b
		}
	}
	return best, best.Width > 0
}

// union is the smallest box that holds both; an empty one counts for nothing.
func union(a, b crawler.Box) crawler.Box {
	if a.Width == 0 {
		return crawler.Box{X: b.X, Y: b.Y, Width: b.Width, Height: b.Height}
	}
	x, y := min(a.X, b.X), min(a.Y, b.Y)
	return crawler.Box{X: x, Y: y, Width: max(a.X+a.Width, b.X+b.Width) - x, Height: max(a.Y+a.Height, b.Y+b.Height) - y}
}
