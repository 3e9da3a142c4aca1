package document

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"github.com/beianwatch/beianwatch/crawler"
)

// maxPixels bounds a picture: more than any telephone's camera makes in a file
// of maxRead bytes.
const maxPixels = 50_000_000

// maxScans bounds the passes of a progressive JPEG. Encoders write about ten; each
// costs time over the whole picture, whatever its bytes.
const maxScans = 100

// signatures are the first bytes of each format.
var signatures = []struct {
	format string
	at     int
	magic  string
}{
	{"jpeg", 0, "\xff\xd8\xff"}, {"png", 0, "\x89PNG\r\n\x1a\n"}, {"pdf", 0, "%PDF-"}, {"gif", 0, "GIF8"}, {"bmp", 0, "BM"},
	{"webp", 8, "WEBP"}, {"tiff", 0, "II*\x00"}, {"tiff", 0, "MM\x00*"}, {"heic", 4, "ftyphei"}, {"heic", 4, "ftypmif1"}, {"heic", 4, "ftypavif"},
}

// formatOf tells the format by content, "" if it is none of those known.
func formatOf(data []byte) string {
	for _, s := range signatures {
		if len(data) >= s.at+len(s.magic) && string(data[s.at:s.at+len(s.magic)]) == s.magic {
			return s.format
		}
	}
	return ""
}

// A probed picture is what its head says.
type probed struct {
	width, height int
	bytes         int64 // that decoding takes, about
	fault         crawler.DocumentFault
	detail        string
}

// probe reads the head of a picture and decides whether it may be decoded.
func probe(data []byte, format string) probed {
	var config image.Config
	var err error
	switch format {
	case "jpeg":
		config, err = jpeg.DecodeConfig(bytes.NewReader(data))
	case "png":
		config, err = png.DecodeConfig(bytes.NewReader(data))
	case "":
		return probed{fault: crawler.DocumentNoImage}
	default:
		return probed{fault: crawler.DocumentUnread, detail: format}
	}
	p := probed{width: config.Width, height: config.Height}
	if err != nil {
		p.fault, p.detail = faultOf(data, format, err), err.Error()
		return p
	}
	pixels := int64(config.Width) * int64(config.Height)
	p.bytes = limited(pixels * perPixel(data, format, config.ColorModel))
	switch {
	case pixels > maxPixels, pixels*perPixel(data, format, config.ColorModel) > maxDecoded:
		p.fault, p.detail = crawler.DocumentPixels, fmt.Sprintf("%d × %d", config.Width, config.Height)
	case pixels == 0:
		p.fault = crawler.DocumentDamaged
	case format == "jpeg" && bytes.Count(data, []byte{0xff, 0xda}) > maxScans:
		p.fault, p.detail = crawler.DocumentUnread, "too many scans"
	}
	return p
}

// perPixel is about how many bytes the decoder holds for a pixel. A
// progressive JPEG keeps four bytes a coefficient until its last scan; an
// interlaced PNG is decoded in parts beside the whole.
func perPixel(data []byte, format string, model color.Model) int64 {
	if format == "jpeg" {
		if progressive(data) {
			return 15
		}
		return 3
	}
	n := int64(4)
	switch model {
	case color.RGBA64Model, color.NRGBA64Model:
		n = 8
	case color.Gray16Model:
		n = 2
	case color.GrayModel:
		n = 1
	}
	if len(data) > 28 && data[28] == 1 { // the last byte of IHDR
		n *= 2
	}
	return n
}

// progressive reports whether a JPEG's frame is progressive.
func progressive(data []byte) bool {
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		switch m := data[i+1]; {
		case m == 0xff:
			i++ // a fill byte
			continue
		case m == 0xc2:
			return true
		case m == 0xda, m >= 0xc0 && m <= 0xcf && m != 0xc4 && m != 0xc8 && m != 0xcc:
			return false
		case m >= 0xd0 && m <= 0xd9, m == 0x01:
			i += 2 // without a length
			continue
		}
		i += 2 + int(binary.BigEndian.Uint16(data[i+2:]))
	}
	return false
}

// decode decodes a picture and reduces it to grey at the normalised size.
func decode(data []byte, format string) (*grey, crawler.DocumentFault, string) {
	read := png.Decode
	if format == "jpeg" {
		read = jpeg.Decode
	}
	img, err := read(bytes.NewReader(data))
	if err != nil {
		return nil, faultOf(data, format, err), err.Error()
	}
	return reduce(img), "", ""
}

// endings stand at the end of a picture that is whole.
var endings = map[string][]byte{"jpeg": {0xff, 0xd9}, "png": []byte("IEND")}

// faultOf says what a decoder's error means. Of a file that cannot be
// read and lacks its end it is said that it broke off; else it may be our decoder
// that knows less than others.
func faultOf(data []byte, format string, err error) crawler.DocumentFault {
	var jpegUnsupported jpeg.UnsupportedError
	var pngUnsupported png.UnsupportedError
	switch {
	case errors.As(err, &jpegUnsupported), errors.As(err, &pngUnsupported):
		return crawler.DocumentUnread
	case !bytes.Contains(tail(data), endings[format]):
		return crawler.DocumentTruncated
	}
	return crawler.DocumentDamaged
}

// tail is where the end of a picture stands: some programs append padding.
func tail(data []byte) []byte { return data[max(0, len(data)-4096):] }
