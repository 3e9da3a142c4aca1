package html

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// manyRecord is the ith domain of a large run: all rules of the program judged, a
// page and its answers kept, two in five with a violation or warning.
func manyRecord(i int) *reports.Record {
	r := reporttest.Variant(i)
	r.Domain = "site" + strconv.Itoa(i) + ".example.cn"
	r.Owner = "负责人" + strconv.Itoa(i%500)
	for _, rule := range rules.All {
		if _, ok := r.Outcome(rule.ID); ok {
			continue
		}
		o := detect.Outcome{Rule: rule.ID, Verdict: detect.Pass}
		switch {
		case rule.ID == "police-number-malformed" || i%3 == 0 && rule.ID == "site-name-mismatch":
			o = detect.Outcome{Rule: rule.ID, Verdict: detect.Found, Severity: detect.Notice, Findings: []detect.Finding{{}}}
		case i%4 == 0 && rule.ID == "phone-not-local":
			o = detect.Outcome{Rule: rule.ID, Verdict: detect.Unknown, Reason: detect.ReasonNoPhone}
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	return r
}

// BenchmarkFolder writes the reports of a run of BEIANWATCH_DOMAINS domains (1,000
// without it) and tells how many files of what size came of it. With
// BEIANWATCH_REPORTS it leaves them in that folder.
func BenchmarkFolder(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("BEIANWATCH_DOMAINS"))
	if err != nil {
		n = 1_000
	}
	body := []byte("<html>\n<body>\n")
	for len(body) < 52_000 {
		body = append(body, "<p>公司新闻：产品发布会在新厂区举行。</p>\n"...)
	}
	body = append(body, "<footer>版权所有 示例科技有限公司 <a>京 ICP 备 12345678 号－1</a></footer>\n</body>"...)
	for b.Loop() {
		out := os.Getenv("BEIANWATCH_REPORTS")
		if out == "" {
			out = b.TempDir()
		}
		f := sampleFolder(out, n)
		f.Rules, f.Pages = rules.All, PagesFindings
		f.Evidence = func(string) Evidence {
			obs := reporttest.Observation()
			obs.Visits[0].Hops[1].Body = body
			return Evidence{Seen: obs, File: "r/e.warc.gz", Offset: 7}
		}
		_, err := f.Write(func(yield func(*reports.Record, error) bool) {
			for i := range n {
				if !yield(manyRecord(i), nil) {
					return
				}
			}
		})
		if err != nil {
			b.Fatal(err)
		}
		files, size := 0, int64(0)
		err = filepath.WalkDir(f.Dir(), func(_ string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				info, err := d.Info()
				if err != nil {
					return err
				}
				files, size = files+1, size+info.Size()
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		index, err := os.Stat(filepath.Join(f.Dir(), "index.html"))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(files), "files")
		b.ReportMetric(float64(size)/1e6, "MB")
		b.ReportMetric(float64(index.Size())/1e6, "MB-overview")
	}
}
