package rules

import (
	"image"
	"math"
	"math/rand/v2"
)

// A pen draws documents of our own, in strokes that have the size and density
// of Chinese print without being any.
type pen struct {
	*image.Gray
	rnd *rand.Rand
}

func newPen(w, h int, paper uint8, seed uint64) pen {
	p := pen{image.NewGray(image.Rect(0, 0, w, h)), rand.New(rand.NewPCG(seed, 1))}
	for i := range p.Pix {
		p.Pix[i] = paper
	}
	return p
}

// line draws a line of the given thickness.
func (p pen) line(x0, y0, x1, y1, thick float64, ink uint8) {
	n := int(math.Hypot(x1-x0, y1-y0)*2) + 1
	for i := range n + 1 {
		t := float64(i) / float64(n)
		p.dot(x0+t*(x1-x0), y0+t*(y1-y0), thick/2, ink)
	}
}

func (p pen) dot(cx, cy, r float64, ink uint8) {
	for y := int(cy - r); y <= int(cy+r); y++ {
		for x := int(cx - r); x <= int(cx+r); x++ {
			if image.Pt(x, y).In(p.Rect) && math.Hypot(float64(x)-cx, float64(y)-cy) <= r+0.3 {
				p.Pix[p.PixOffset(x, y)] = ink
			}
		}
	}
}

// glyph draws a character of some strokes into a square of side s.
func (p pen) glyph(x, y, s float64, ink uint8) {
	thick := max(1.6, s/11)
	for range 5 + p.rnd.IntN(4) {
		a, b := p.rnd.Float64(), p.rnd.Float64()
		switch p.rnd.IntN(5) {
		case 0, 1:
			p.line(x+0.1*s, y+a*s, x+0.9*s, y+a*s, thick, ink)
		case 2, 3:
			p.line(x+a*s, y+0.1*s, x+a*s, y+0.9*s, thick, ink)
		default:
			p.line(x+a*s, y+0.2*s, x+b*s, y+0.9*s, thick, ink)
		}
	}
}

// text draws a line of n characters.
func (p pen) text(x, y, s float64, n int, ink uint8) {
	for i := range n {
		p.glyph(x+float64(i)*s*1.12, y, s, ink)
	}
}

func (p pen) frame(margin, thick float64, ink uint8) {
	w, h := float64(p.Rect.Dx())-margin, float64(p.Rect.Dy())-margin
	p.line(margin, margin, w, margin, thick, ink)
	p.line(margin, h, w, h, thick, ink)
	p.line(margin, margin, margin, h, thick, ink)
	p.line(w, margin, w, h, thick, ink)
}

func (p pen) seal(cx, cy, r float64) {
	for i := range 360 {
		a := float64(i) * math.Pi / 180
		p.dot(cx+r*math.Cos(a), cy+r*math.Sin(a), 3, 110)
	}
	p.dot(cx, cy, r/4, 110)
}

// drawLicence is a business licence: A4 lying, a printed frame, a title, columns
// of entries, a seal.
func drawLicence() *image.Gray {
	p := newPen(1400, 990, 243, 7)
	p.frame(40, 9, 120)
	p.frame(58, 3, 150)
	p.text(470, 110, 90, 5, 30)
	for i := range 7 {
		y := 300 + float64(i)*78
		p.text(120, y, 22, 4, 90)
		p.text(250, y, 22, 14, 40)
		p.text(760, y, 22, 4, 90)
		p.text(890, y, 22, 13, 40)
	}
	p.seal(1130, 800, 95)
	return p.Gray
}

// drawCard is the front of an identity card: a tinted ground, five entries, a
// portrait.
func drawCard() *image.Gray {
	p := newPen(1240, 780, 214, 11)
	for y := range p.Rect.Dy() {
		for x := range p.Rect.Dx() {
			p.Pix[p.PixOffset(x, y)] = uint8(214 + 10*math.Sin(float64(x)/70)*math.Sin(float64(y)/90))
		}
	}
	for y := 120; y < 560; y++ { // a portrait is soft
		for x := 840; x < 1160; x++ {
			dx, dy := float64(x-1000)/150, float64(y-340)/200
			p.Pix[p.PixOffset(x, y)] = uint8(200 - 130*math.Exp(-dx*dx-dy*dy))
		}
	}
	for i, n := range []int{3, 6, 9, 10, 5} {
		p.text(80, 90+float64(i)*95, 40, 2, 120)
		p.text(210, 90+float64(i)*95, 40, n, 30)
	}
	p.text(80, 660, 44, 5, 120)
	p.text(400, 660, 44, 14, 30)
	return p.Gray
}

// drawLetter is a letter of authorisation: a title, a few lines, a date and a
// seal on white.
func drawLetter() *image.Gray {
	p := newPen(990, 1400, 252, 13)
	p.text(370, 120, 44, 5, 20)
	for i := range 9 {
		n := 34
		if i%4 == 3 {
			n = 15
		}
		p.text(100, 280+float64(i)*58, 21, n, 25)
	}
	p.text(620, 1000, 21, 10, 25)
	p.text(620, 1060, 21, 8, 25)
	p.seal(730, 1030, 90)
	return p.Gray
}

// photographed lays a sheet on a table, turned a little, lit from the left,
// with the grain of a camera.
func photographed(g *image.Gray, table func(x, y int) float64) *image.Gray {
	w, h := g.Rect.Dx()*6/5, g.Rect.Dy()*6/5
	out := image.NewGray(image.Rect(0, 0, w, h))
	rnd := rand.New(rand.NewPCG(3, 3))
	sin, cos := math.Sincos(2.5 * math.Pi / 180)
	for y := range h {
		for x := range w {
			dx, dy := float64(x-w/2), float64(y-h/2)
			sx, sy := dx*cos+dy*sin+float64(g.Rect.Dx())/2, dy*cos-dx*sin+float64(g.Rect.Dy())/2
			v := table(x, y)
			if sx >= 0 && sy >= 0 && sx < float64(g.Rect.Dx()-1) && sy < float64(g.Rect.Dy()-1) {
				v = between(g, sx, sy)
			}
			v = v*(0.95-0.3*float64(x)/float64(w)) + rnd.NormFloat64()*3
			out.Pix[out.PixOffset(x, y)] = grain(v)
		}
	}
	return out
}

func darkTable(_, _ int) float64 { return 45 }

// woodenTable has grain of its own, light and dark.
func woodenTable(x, y int) float64 {
	return 130 + 60*math.Sin(float64(y)/5+2*math.Sin(float64(x)/60))
}

// between reads a picture between its pixels.
func between(g *image.Gray, x, y float64) float64 {
	i, j := int(x), int(y)
	fx, fy := x-float64(i), y-float64(j)
	at := func(i, j int) float64 {
		return float64(g.Pix[min(j, g.Rect.Dy()-1)*g.Stride+min(i, g.Rect.Dx()-1)])
	}
	return at(i, j)*(1-fx)*(1-fy) + at(i+1, j)*fx*(1-fy) + at(i, j+1)*(1-fx)*fy + at(i+1, j+1)*fx*fy
}

func grain(v float64) uint8 { return uint8(min(255, max(0, v+0.5))) }

// each changes every pixel.
func each(g *image.Gray, f func(float64) float64) *image.Gray {
	out := image.NewGray(g.Rect)
	for i, v := range g.Pix {
		out.Pix[i] = grain(f(float64(v)))
	}
	return out
}

// blurred is out of focus by a Gaussian of sigma pixels at the normalised size
// (1000 pixels along the longer side): three passes of a box come close to it.
func blurred(g *image.Gray, sigma float64) *image.Gray {
	sigma *= float64(max(g.Rect.Dx(), g.Rect.Dy())) / 1000
	r := int(math.Round((math.Sqrt(4*sigma*sigma+1) - 1) / 2))
	for range 3 {
		g = turned(box(turned(box(g, r)), r))
	}
	return g
}

// box is the mean over 2r+1 pixels of a row.
func box(g *image.Gray, r int) *image.Gray {
	out := image.NewGray(g.Rect)
	w := g.Rect.Dx()
	for y := range g.Rect.Dy() {
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		sum := 0
		for x := -r; x <= r; x++ {
			sum += int(row[min(max(x, 0), w-1)])
		}
		for x := range w {
			out.Pix[y*out.Stride+x] = uint8(sum / (2*r + 1))
			sum += int(row[min(x+r+1, w-1)]) - int(row[max(x-r, 0)])
		}
	}
	return out
}

// turned exchanges rows and columns.
func turned(g *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, g.Rect.Dy(), g.Rect.Dx()))
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			out.Pix[x*out.Stride+y] = g.Pix[y*g.Stride+x]
		}
	}
	return out
}

// shrunk is the picture with the longer side of so many pixels.
func shrunk(g *image.Gray, long int) *image.Gray {
	scale := float64(max(g.Rect.Dx(), g.Rect.Dy())) / float64(long)
	if scale > 1.5 {
		g = blurred(g, 0.3*scale)
	}
	out := image.NewGray(image.Rect(0, 0, int(float64(g.Rect.Dx())/scale), int(float64(g.Rect.Dy())/scale)))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Pix[y*out.Stride+x] = grain(between(g, float64(x)*scale, float64(y)*scale))
		}
	}
	return out
}

// cropped keeps a part of the picture.
func cropped(g *image.Gray, left, top, right, bottom float64) *image.Gray {
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	from := g.SubImage(image.Rect(int(w*left), int(h*top), int(w*right), int(h*bottom))).(*image.Gray)
	out := image.NewGray(image.Rect(0, 0, from.Rect.Dx(), from.Rect.Dy()))
	for y := range out.Rect.Dy() {
		copy(out.Pix[y*out.Stride:], from.Pix[y*from.Stride:y*from.Stride+out.Rect.Dx()])
	}
	return out
}

// noisy adds the grain of a camera in the dark.
func noisy(g *image.Gray, sigma float64) *image.Gray {
	rnd := rand.New(rand.NewPCG(5, 5))
	return each(g, func(v float64) float64 { return v + sigma*rnd.NormFloat64() })
}
