package html

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"image"
	"image/color"
	"image/jpeg"
)

// maxPicture bounds the bytes of a picture inside a report, which is mailed as it
// is.
const maxPicture = 60 << 10

// maxPixels bounds what is decoded: a screenshot has some 1 or 2 million.
const maxPixels = 16 << 20

// inlined returns a picture as an address that holds it, at most maxPicture large;
// "" for what is no JPEG.
func inlined(shot []byte) template.URL {
	config, err := jpeg.DecodeConfig(bytes.NewReader(shot))
	if err != nil || config.Width < 1 || config.Height < 1 || config.Width*config.Height > maxPixels {
		return ""
	}
	if len(shot) > maxPicture {
		shot = shrunk(shot)
	}
	if shot == nil {
		return ""
	}
	return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(shot))
}

// shrunk makes a JPEG smaller, by its quality first and then by its size; nil if it
// cannot be read.
func shrunk(shot []byte) []byte {
	img, err := jpeg.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil
	}
	for {
		for _, quality := range []int{50, 35, 25} {
			var b bytes.Buffer
			if jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}) == nil && b.Len() <= maxPicture {
				return b.Bytes()
			}
		}
		img = halved(img)
	}
}

// halved is an image of half the width and height; each pixel is the mean of four.
func halved(img image.Image) image.Image {
	at := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, max(1, at.Dx()/2), max(1, at.Dy()/2)))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			var r, g, b uint32
			for _, d := range [4]image.Point{{}, {X: 1}, {Y: 1}, {X: 1, Y: 1}} {
				pr, pg, pb, _ := img.At(min(at.Min.X+2*x+d.X, at.Max.X-1), min(at.Min.Y+2*y+d.Y, at.Max.Y-1)).RGBA()
				r, g, b = r+pr, g+pg, b+pb
			}
			out.SetRGBA(x, y, color.RGBA{R: uint8(r >> 10), G: uint8(g >> 10), B: uint8(b >> 10), A: 255})
		}
	}
	return out
}
