package document

import (
	"image"
	"image/color"
)

// normal is the length in pixels of the longer side at which pictures are
// measured: a page of A4 is still well read at it, and figures of different
// cameras become comparable. Smaller pictures are not enlarged.
const normal = 1000

// A grey is a picture reduced to luminance.
type grey struct {
	w, h int
	px   []uint8
}

func (g *grey) row(y int) []uint8 { return g.px[y*g.w : (y+1)*g.w] }

// reduce brings a picture to the normalised size, each pixel the mean of those
// that it stands for.
func reduce(img image.Image) *grey {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > normal {
		w, h = max(1, w*normal/long), max(1, h*normal/long)
	}
	g := &grey{w: w, h: h, px: make([]uint8, w*h)}
	at := luma(img)
	column := make([]int, b.Dx())
	for x := range column {
		column[x] = x * w / b.Dx()
	}
	sums, counts := make([]int, w), make([]int, w)
	row := 0
	flush := func() {
		for x := range sums {
			g.px[row*w+x] = uint8(sums[x] / max(1, counts[x]))
		}
		clear(sums)
		clear(counts)
	}
	for y := range b.Dy() {
		if to := y * h / b.Dy(); to != row {
			flush()
			row = to
		}
		for x := range column {
			sums[column[x]] += int(at(b.Min.X+x, b.Min.Y+y))
			counts[column[x]]++
		}
	}
	flush()
	return g
}

// luma returns the luminance of a pixel. What is transparent counts as white, as
// viewers show it.
func luma(img image.Image) func(x, y int) uint8 {
	switch m := img.(type) {
	case *image.YCbCr:
		return func(x, y int) uint8 { return m.Y[m.YOffset(x, y)] }
	case *image.Gray:
		return func(x, y int) uint8 { return m.Pix[m.PixOffset(x, y)] }
	case *image.RGBA:
		return func(x, y int) uint8 {
			p := m.Pix[m.PixOffset(x, y):]
			return uint8(weigh(int(p[0]), int(p[1]), int(p[2])) + 255 - int(p[3]))
		}
	case *image.NRGBA:
		return func(x, y int) uint8 {
			p := m.Pix[m.PixOffset(x, y):]
			a := int(p[3])
			return uint8((weigh(int(p[0]), int(p[1]), int(p[2]))*a + 255*(255-a)) / 255)
		}
	case *image.Paletted:
		table := make([]uint8, 256)
		for i, c := range m.Palette {
			table[i] = lumaOf(c)
		}
		return func(x, y int) uint8 { return table[m.Pix[m.PixOffset(x, y)]] }
	}
	return func(x, y int) uint8 { return lumaOf(img.At(x, y)) }
}

func lumaOf(c color.Color) uint8 {
	r, g, b, a := c.RGBA()
	return uint8(min(255, (weigh(int(r), int(g), int(b))+0xffff-int(a))>>8))
}

// weigh is the luminance of ITU-R BT.601, which JPEG uses too.
func weigh(r, g, b int) int { return (299*r + 587*g + 114*b) / 1000 }
