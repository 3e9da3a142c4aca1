package number

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/beianwatch/beianwatch/detect/charset"
	"github.com/beianwatch/beianwatch/detect/page"
)

// corpus reads the pages of the folder that BEIANWATCH_CORPUS names.
func corpus(b *testing.B) [][]byte {
	dir := os.Getenv("BEIANWATCH_CORPUS")
	if dir == "" {
		b.Skip("BEIANWATCH_CORPUS names no folder of pages")
	}
	files, err := filepath.Glob(filepath.Join(dir, "pages", "*.html"))
	if err != nil || len(files) == 0 {
		b.Fatalf("no pages in %s: %v", dir, err)
	}
	var bodies [][]byte
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// BenchmarkPages compares what a page costs with goquery's parse alone, over
// real pages. One operation is one page.
func BenchmarkPages(b *testing.B) {
	bodies := corpus(b)
	each := func(b *testing.B, do func(body []byte)) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			do(bodies[i%len(bodies)])
		}
	}
	b.Run("goquery", func(b *testing.B) {
		each(b, func(body []byte) {
			if _, err := goquery.NewDocumentFromReader(bytes.NewReader(body)); err != nil {
				return
			}
		})
	})
	b.Run("decode", func(b *testing.B) { each(b, func(body []byte) { charset.Decode(body, "") }) })
	b.Run("parse", func(b *testing.B) { each(b, func(body []byte) { page.Parse(body, page.Options{}) }) })
	b.Run("all", func(b *testing.B) { each(b, func(body []byte) { Find(page.Parse(body, page.Options{})) }) })
}
