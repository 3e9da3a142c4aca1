package document

import (
	"cmp"
	"slices"
)

// block is the side in pixels of the squares in which sharpness is measured: a
// few strokes of small print at the normalised size.
const block = 20

// seen is the least variance of grey of a square on which there is something
// to see: a deviation of 8, pale print on white.
const seen = 64

// A square is what one square of the picture shows.
type square struct {
	grey    float64 // variance of grey
	laplace float64 // variance of the Laplacian
}

// sharpness is the variance of the Laplacian over the variance of grey, which
// makes it independent of how dark the print is. Of the half of the squares with
// the most to see the sharpest seventh decides: a soft portrait, or a table out
// of focus around a card, does not weigh against the print beside it. What the
// grain of the picture adds is taken off, as the empty squares show it. marks is
// the share of squares with something to see.
func (g *grey) sharpness() (sharpness, marks float64) {
	var ratios, grain []float64
	var shown []square
	squares := 0
	for y := 1; y+block < g.h; y += block {
		for x := 1; x+block < g.w; x += block {
			s := g.square(x, y)
			if squares++; s.grey < seen {
				grain = append(grain, s.laplace)
				continue
			}
			shown = append(shown, s)
		}
	}
	noise := 0.0
	if len(grain) >= 10 {
		noise = quantile(grain, 0.5)
	}
	slices.SortFunc(shown, func(a, b square) int { return cmp.Compare(b.grey, a.grey) })
	for _, s := range shown[:(len(shown)+1)/2] {
		// The Laplacian of white noise has 20 times its variance.
		ratios = append(ratios, max(0, s.laplace-noise)/max(1, s.grey-noise/20))
	}
	if len(ratios) == 0 {
		return 0, 0
	}
	return quantile(ratios, 0.85), float64(len(shown)) / float64(squares)
}

// square measures the square with its corner at x, y.
func (g *grey) square(x, y int) square {
	var sum, squares, lsum, lsquares float64
	for j := y; j < y+block; j++ {
		above, row, below := g.row(j-1), g.row(j), g.row(j+1)
		for i := x; i < x+block; i++ {
			v := float64(row[i])
			l := float64(above[i]) + float64(below[i]) + float64(row[i-1]) + float64(row[i+1]) - 4*v
			sum, squares = sum+v, squares+v*v
			lsum, lsquares = lsum+l, lsquares+l*l
		}
	}
	const n = block * block
	return square{squares/n - sum*sum/(n*n), lsquares/n - lsum*lsum/(n*n)}
}

// light returns the grey of the darkest and of the lightest parts. A letter of a
// few lines inks two thousandths of its page, and dust less; the lightest
// twentieth is paper even on a dark table.
func (g *grey) light() (dark, light float64) {
	var counts [256]int
	for _, v := range g.px {
		counts[v]++
	}
	return below(&counts, len(g.px), 0.002), below(&counts, len(g.px), 0.95)
}

// below is the grey below which the share of n pixels lies.
func below(counts *[256]int, n int, share float64) float64 {
	left := int(share * float64(n))
	for v, c := range counts {
		if left -= c; left < 0 {
			return float64(v)
		}
	}
	return 255
}

// quantile sorts list.
func quantile(list []float64, q float64) float64 {
	slices.Sort(list)
	return list[min(len(list)-1, int(q*float64(len(list))))]
}
