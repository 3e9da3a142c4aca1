package document

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// stripes is a picture with something to see.
func stripes(w, h int) image.Image {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		if g.Pix[i] = 240; i%w/3%2 == 0 && i%w > 40 && i%w < w-40 {
			g.Pix[i] = 20
		}
	}
	return g
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pngHead is a PNG that promises w × h pixels and holds none.
func pngHead(w, h uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	ihdr := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	ihdr = append(ihdr, 8, 2, 0, 0, 0)
	for _, chunk := range [][]byte{ihdr, []byte("IDAT"), []byte("IEND")} {
		b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4)))
		b.Write(chunk)
		b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk)))
	}
	return b.Bytes()
}

func reader(t *testing.T, files map[string][]byte) (*Reader, string) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, "in", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Open(filepath.Join(dir, "in"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r, dir
}

func TestBadFiles(t *testing.T) {
	whole := asJPEG(t, stripes(600, 400))
	drawn := asPNG(t, stripes(600, 400))
	scans := append(bytes.Clone(whole[:len(whole)-2]), bytes.Repeat([]byte{0xff, 0xda, 0, 3, 0}, 200)...)
	r, _ := reader(t, map[string][]byte{
		"ok.jpg": whole, "ok.png": drawn, "empty.jpg": {}, "cut.jpg": whole[:len(whole)/2], "cut.png": drawn[:len(drawn)/2],
		"page.jpg": []byte("<!doctype html><title>404</title>"), "scan.pdf": []byte("%PDF-1.7\n"), "bomb.png": pngHead(60000, 60000),
		"wide.png": pngHead(1<<31-1, 1), "hole.png": pngHead(100, 100), "broken.jpg": append([]byte("\xff\xd8\xff\xe0"), bytes.Repeat([]byte{7}, 400)...),
		"huge.jpg": append(bytes.Clone(whole), make([]byte, maxRead)...), "scans.jpg": append(scans, 0xff, 0xd9), "a/b/deep.png": drawn,
	})
	for _, tt := range []struct {
		path   string
		fault  crawler.DocumentFault
		format string
	}{
		{"ok.jpg", "", "jpeg"},
		{"ok.png", "", "png"},
		{`a\b\deep.png`, "", "png"},
		{"./a/../ok.png", "", "png"},
		{"none.jpg", crawler.DocumentAbsent, ""},
		{"a", crawler.DocumentOutside, ""},
		{"empty.jpg", crawler.DocumentEmpty, ""},
		{"cut.jpg", crawler.DocumentTruncated, "jpeg"},
		{"cut.png", crawler.DocumentTruncated, "png"},
		{"page.jpg", crawler.DocumentNoImage, ""},
		{"scan.pdf", crawler.DocumentUnread, "pdf"},
		{"bomb.png", crawler.DocumentPixels, "png"},
		{"wide.png", crawler.DocumentPixels, "png"},
		{"hole.png", crawler.DocumentDamaged, "png"},
		{"broken.jpg", crawler.DocumentTruncated, "jpeg"},
		{"huge.jpg", crawler.DocumentTooBig, "jpeg"},
		{"scans.jpg", crawler.DocumentUnread, "jpeg"},
	} {
		f := r.Read(t.Context(), []crawler.Document{{Kind: "k", Path: tt.path}})[0]
		if f.Fault != tt.fault || f.Format != tt.format || f.Path != tt.path || f.Kind != "k" {
			t.Errorf("%s: fault %q (%s), format %q; want %q, %q", tt.path, f.Fault, f.Detail, f.Format, tt.fault, tt.format)
		}
	}
}

func TestNothingOutsideIsRead(t *testing.T) {
	r, dir := reader(t, map[string][]byte{"ok.png": asPNG(t, stripes(600, 400))})
	if err := os.WriteFile(filepath.Join(dir, "secret.png"), asPNG(t, stripes(600, 400)), 0o644); err != nil {
		t.Fatal(err)
	}
	in := filepath.Join(dir, "in")
	for link, to := range map[string]string{"out.png": "../secret.png", "abs.png": filepath.Join(dir, "secret.png"), "up": "..", "inner.png": "ok.png"} {
		if err := os.Symlink(to, filepath.Join(in, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(in, "pipe.png"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"../secret.png", "a/../../secret.png", filepath.Join(dir, "secret.png"), "out.png", "abs.png", "up/secret.png", "", ".", "..", "/", `..\secret.png`, "pipe.png"} {
		if f := r.Read(t.Context(), []crawler.Document{{Path: path}})[0]; f.Fault != crawler.DocumentOutside || f.Size != 0 {
			t.Errorf("%q: %+v", path, f)
		}
	}
	if f := r.Read(t.Context(), []crawler.Document{{Path: "inner.png"}})[0]; f.Fault != "" {
		t.Errorf("a link that stays inside: %+v", f)
	}
}

func TestFactsFollowTheFile(t *testing.T) {
	r, dir := reader(t, map[string][]byte{"a.png": asPNG(t, stripes(600, 400))})
	doc := []crawler.Document{{Path: "a.png"}}
	if f := r.Read(t.Context(), doc)[0]; f.Width != 600 {
		t.Fatalf("%+v", f)
	}
	if err := os.WriteFile(filepath.Join(dir, "in", "a.png"), asPNG(t, stripes(500, 400)), 0o644); err != nil {
		t.Fatal(err)
	}
	if f := r.Read(t.Context(), doc)[0]; f.Width != 500 {
		t.Errorf("the file was replaced, yet %+v", f)
	}
}

func TestTooManyFiles(t *testing.T) {
	r, _ := reader(t, map[string][]byte{"a.png": asPNG(t, stripes(600, 400))})
	docs := make([]crawler.Document, maxFiles+1)
	for i := range docs {
		docs[i].Path = "a.png"
	}
	got := r.Read(t.Context(), docs)
	if got[maxFiles-1].Fault != "" || got[maxFiles].Fault != crawler.DocumentOurs {
		t.Errorf("%+v %+v", got[maxFiles-1], got[maxFiles])
	}
}

// TestColourModels reads the same picture in every form that the decoders
// give.
func TestColourModels(t *testing.T) {
	src := stripes(300, 200)
	palette := image.NewPaletted(src.Bounds(), color.Palette{color.Gray{20}, color.Gray{240}})
	clear := image.NewNRGBA(src.Bounds()) // black ink on nothing
	deep := image.NewNRGBA64(src.Bounds())
	full := image.NewRGBA(src.Bounds())
	for y := range 200 {
		for x := range 300 {
			c := src.At(x, y)
			palette.Set(x, y, c)
			deep.Set(x, y, c)
			full.Set(x, y, c)
			if c.(color.Gray).Y < 100 {
				clear.Set(x, y, color.NRGBA{20, 20, 20, 255})
			}
		}
	}
	for name, img := range map[string]image.Image{"grey": src, "palette": palette, "transparent": clear, "16 bits": deep, "rgba": full} {
		dark, light := reduce(img).light()
		if dark > 22 || light < 238 {
			t.Errorf("%s: darkest %.0f, lightest %.0f", name, dark, light)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(asJPEG(f, stripes(60, 40)))
	f.Add(asPNG(f, stripes(60, 40)))
	f.Add(pngHead(1<<31-1, 1<<31-1))
	f.Add([]byte("\xff\xd8\xff\xc2\x00\x00\xff\xff\xff\xd8\xff\xe0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		format := formatOf(data)
		p := probe(data, format)
		if p.fault != "" {
			return
		}
		if p.bytes < 1 || p.bytes > maxDecoded {
			t.Fatalf("a picture of %d bytes was let through", p.bytes)
		}
		if p.width*p.height > 1<<20 {
			return // it would only take time
		}
		g, fault, _ := decode(data, format)
		if fault != "" {
			return
		}
		s, marks := g.sharpness()
		dark, light := g.light()
		if !(s >= 0) || !(marks >= 0 && marks <= 1) || dark > light {
			t.Fatalf("sharpness %v, marks %v, dark %v, light %v", s, marks, dark, light)
		}
		g.edges()
	})
}
