package warc

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// htmlPage is a page of about 52 kB that compresses like one: mark-up that
// repeats, words that do not.
func htmlPage(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	var b bytes.Buffer
	b.WriteString("<!doctype html><html><head><meta charset=utf-8><title>示例</title></head><body>")
	for b.Len() < 52<<10 {
		fmt.Fprintf(&b, `<li class="item col-%d"><a href="/news/%d.html" title="`, r.IntN(12), r.IntN(1e7))
		for range 8 + r.IntN(12) {
			b.WriteRune(rune(0x4e00 + r.IntN(3000)))
		}
		b.WriteString(`"><img src="/upload/` + fmt.Sprint(r.Uint32()) + `.jpg" alt=""></a></li>` + "\n")
	}
	b.WriteString("</body></html>")
	return b.Bytes()
}

func BenchmarkLevel(b *testing.B) {
	body := htmlPage(1)
	for _, level := range []int{gzip.NoCompression, gzip.BestSpeed, 3, 6, gzip.BestCompression, gzip.HuffmanOnly} {
		b.Run(fmt.Sprint(level), func(b *testing.B) {
			var out bytes.Buffer
			z, err := gzip.NewWriterLevel(&out, level)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				out.Reset()
				z.Reset(&out)
				z.Write(body)
				z.Close()
			}
			b.ReportMetric(float64(out.Len())/float64(len(body)), "ratio")
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, name := range []string{"new", "seen"} {
		b.Run(name, func(b *testing.B) {
			w := newWriter(b, b.TempDir(), 0)
			obs := full()
			obs.Visits[0].Hops[1].Body = htmlPage(1)
			obs.Rendered = nil
			n := 0
			for b.Loop() {
				if name == "new" {
					n++
					copy(obs.Visits[0].Hops[1].Body, fmt.Sprintf("<!--%08d", n))
				}
				if _, err := w.Write(obs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	w := newWriter(b, b.TempDir(), 0)
	place, err := w.Write(page("a.cn", strings.Repeat("x", 10)+string(htmlPage(1))))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := read(w.dir, place); err != nil {
			b.Fatal(err)
		}
	}
}
