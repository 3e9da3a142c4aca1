package document

import (
	"slices"

	"github.com/beianwatch/beianwatch/crawler"
)

// How a sheet is told from what it lies on. All are in grey levels at the
// normalised size.
const (
	rim      = 3  // pixels from the edge at which it is looked along: scanners leave a line at the very edge
	paperOff = 30 // how far the ground at the edge may be from the paper's grey to be paper
	inkOff   = 60 // how much darker than the paper a stroke is
	strokes  = 12 // strokes along one side of the picture that are print cut through; a crease or a line of a frame makes one or two
)

// A side is what one looks at along one side of the picture.
type side struct {
	ground  float64 // grey of three quarters of it at least
	strokes int     // how often it passes from paper to ink
}

// edges reports whether what is on the sheet runs out of the picture. Only print
// that the edge cuts through proves it: the ground there is the paper's, and
// strokes of ink cross the edge one after another, while another side is clean.
// On a patterned table all four sides have strokes, and nothing can be told.
func (g *grey) edges() crawler.SheetEdge {
	if g.w < 100 || g.h < 100 {
		return crawler.EdgesUntold
	}
	paper := g.paper()
	cut, clean := 0, 0
	for _, s := range g.sides(paper) {
		onPaper := s.ground > paper-paperOff
		switch {
		case s.strokes == 0:
			clean++
		case s.strokes >= strokes && onPaper:
			cut++
		}
	}
	switch {
	case clean == 4:
		return crawler.EdgesClean
	case cut > 0 && clean >= 1:
		return crawler.EdgesCut
	}
	return crawler.EdgesUntold
}

// paper is the grey of the sheet: the most common light grey inside.
func (g *grey) paper() float64 {
	var counts [256]int
	n := 0
	for y := g.h / 5; y < g.h*4/5; y++ {
		for _, v := range g.row(y)[g.w/5 : g.w*4/5] {
			counts[v]++
			n++
		}
	}
	return below(&counts, n, 0.75)
}

func (g *grey) sides(paper float64) [4]side {
	top, bottom := g.row(rim), g.row(g.h-1-rim)
	left, right := make([]uint8, g.h), make([]uint8, g.h)
	for y := range g.h {
		row := g.row(y)
		left[y], right[y] = row[rim], row[g.w-1-rim]
	}
	return [4]side{along(top, paper), along(bottom, paper), along(left, paper), along(right, paper)}
}

// along counts the strokes on a line of pixels.
func along(line []uint8, paper float64) side {
	var s side
	ink := false
	for _, v := range line {
		dark := float64(v) < paper-inkOff
		if dark && !ink {
			s.strokes++
		}
		ink = dark
	}
	sorted := slices.Clone(line)
	slices.Sort(sorted)
	s.ground = float64(sorted[len(sorted)*6/10])
	return s
}
