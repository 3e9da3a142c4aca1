package rules

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/beianwatch/beianwatch/detect"
)

// plainPage is a page without a number.
const plainPage = `<html><head><meta charset="utf-8"><title>青禾灌溉</title></head><body><h1>青禾灌溉设备有限公司</h1><p>喷灌机、滴灌带和过滤设备，产品用于大田、果园和温室。</p><footer>版权所有 青禾灌溉</footer></body></html>`

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
	policy := detect.DefaultPolicy()
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, body := range bodies {
			detect.Judge(detect.NewCase(detect.Input{Obs: detect.FileObservation("page.html", body, time.Time{}), File: "page.html", Policy: policy}, nil), All)
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
	c := detect.NewCase(detect.Input{Obs: detect.FileObservation("page.html", []byte(plainPage), time.Time{}), File: "page.html"}, nil)
	b.ReportAllocs()
	for b.Loop() {
		detect.Judge(c, All)
	}
}
