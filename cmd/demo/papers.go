package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// papers are the documents of the sites' filings, drawn here: strokes in place
// of print, because no real certificate belongs into a program.
var papers = map[string]func() *image.Gray{
	"hengrun/licence.jpg": func() *image.Gray { return paper(1400, 990, 14, 1) },
	"hengrun/pledge.jpg":  func() *image.Gray { return paper(990, 1400, 16, 5) },
	"hengrun/id.jpg":      func() *image.Gray { return paper(1240, 780, 9, 2) },
	"banxia/licence.jpg":  func() *image.Gray { return soft(soft(paper(1400, 990, 14, 3), 7), 7) },
	"banxia/id-a.jpg":     func() *image.Gray { return paper(1240, 780, 9, 4) },
}

// writePapers draws the documents below dir.
func writePapers(dir string) error {
	for name, draw := range papers {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, draw(), &jpeg.Options{Quality: 85}); err != nil {
			return fmt.Errorf("drawing the demo's documents: %w", err)
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if err == nil {
			err = os.WriteFile(path, b.Bytes(), 0o644)
		}
		if err != nil {
			return fmt.Errorf("writing the demo's documents: %w", err)
		}
	}
	return nil
}

// paper is a sheet with a frame and lines of print.
func paper(w, h, lines int, seed uint64) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = 242
	}
	for _, r := range []image.Rectangle{image.Rect(30, 30, w-30, 36), image.Rect(30, h-36, w-30, h-30), image.Rect(30, 30, 36, h-30), image.Rect(w-36, 30, w-30, h-30)} {
		ink(g, r)
	}
	rnd := rand.New(rand.NewPCG(seed, seed))
	pitch := (h - 160) / lines
	side := pitch / 2
	for line := range lines {
		for x := 100; x < w-100-side-rnd.IntN(w/3); x += side * 6 / 5 {
			glyph(g, rnd, image.Pt(x, 80+line*pitch), side)
		}
	}
	return g
}

// glyph draws some upright and level strokes into a square.
func glyph(g *image.Gray, rnd *rand.Rand, at image.Point, side int) {
	thick := max(2, side/11)
	for range 6 {
		off := rnd.IntN(side - thick)
		level, upright := image.Rect(0, off, side, off+thick), image.Rect(off, 0, off+thick, side)
		if rnd.IntN(2) == 0 {
			level = upright
		}
		ink(g, level.Add(at))
	}
}

func ink(g *image.Gray, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			g.Pix[g.PixOffset(x, y)] = 35
		}
	}
}

// soft is the sheet out of focus: each pixel the mean of those around it, n on
// each side.
func soft(g *image.Gray, n int) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	for range 2 { // along the rows, and turned along the columns
		out := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				sum := 0
				for i := x - n; i <= x+n; i++ {
					sum += int(g.Pix[g.PixOffset(min(max(i, 0), w-1), y)])
				}
				out.Pix[out.PixOffset(y, x)] = uint8(sum / (2*n + 1))
			}
		}
		g, w, h = out, h, w
	}
	return g
}
