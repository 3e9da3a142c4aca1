package detect

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// corpusBodies reads the labelled pages for the benchmarks.
func corpusBodies(b *testing.B) (bodies [][]byte, size int64) {
	b.Helper()
	dir := os.Getenv("BEIANWATCH_CORPUS")
	if dir == "" {
		b.Skip("BEIANWATCH_CORPUS does not name a folder of labelled pages")
	}
	paths, err := filepath.Glob(filepath.Join(dir, "pages", "*"))
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		bodies, size = append(bodies, body), size+int64(len(body))
	}
	return bodies, size
}

// BenchmarkJudgeCorpus: decode, parse and all rules, over all labelled pages.
// Its ratio to BenchmarkGoqueryCorpus is what a verdict costs beyond a DOM.
func BenchmarkJudgeCorpus(b *testing.B) {
	bodies, size := corpusBodies(b)
	policy := DefaultPolicy()
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, body := range bodies {
			Judge(NewCase(Input{Obs: FileObservation("page.html", body, time.Time{}), File: "page.html", Policy: policy}, nil), All)
		}
	}
}

// BenchmarkGoqueryCorpus: goquery's DOM of the same pages, undecoded.
func BenchmarkGoqueryCorpus(b *testing.B) {
	bodies, size := corpusBodies(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, body := range bodies {
			if _, err := goquery.NewDocumentFromReader(bytes.NewReader(body)); err != nil {
				b.Log(err)
			}
		}
	}
}

// BenchmarkRules: the rules alone, on a case that is ready.
func BenchmarkRules(b *testing.B) {
	c := NewCase(Input{Obs: FileObservation("page.html", []byte(sitePage), time.Time{}), File: "page.html"}, nil)
	b.ReportAllocs()
	for b.Loop() {
		Judge(c, All)
	}
}
