package export

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

func TestCSVGolden(t *testing.T) {
	clean := reporttest.PlainRules(reporttest.Variant(2))
	clean.Domain = "clean.example.cn"
	for i := range clean.Outcomes {
		clean.Outcomes[i] = detect.Outcome{Rule: clean.Outcomes[i].Rule, Verdict: detect.Pass}
	}
	file := reporttest.PlainRules(reporttest.Record())
	file.Domain, file.File = "", "site/index.html"
	for _, lang := range []string{"zh", "en"} {
		var b bytes.Buffer
		if err := WriteCSV(&b, reporttest.Records(reporttest.PlainRules(reporttest.Record()), clean, file), lang); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, "run-"+lang+".csv", b.Bytes())
		if !bytes.HasPrefix(b.Bytes(), []byte("\xef\xbb\xbf")) || bytes.Count(b.Bytes(), []byte("\n")) != bytes.Count(b.Bytes(), []byte("\r\n")) {
			t.Error("no BOM, or a line feed alone")
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(rows) != 1+3+1+3 {
			t.Errorf("%d rows, %v", len(rows), err)
		}
	}
}

func TestCellIsNoFormula(t *testing.T) {
	cases := map[string]string{
		"":                           "",
		"example.cn":                 "example.cn",
		"=HYPERLINK(\"http://x\")":   "'=HYPERLINK(\"http://x\")",
		"+86 10":                     "'+86 10",
		"-1":                         "'-1",
		"@SUM(A1)":                   "'@SUM(A1)",
		"\t=1":                       "'\t'=1",
		"\r=1":                       "'\r=1",
		"\n=1":                       "'\n=1",
		"＝1+1":                       "'＝1+1",
		"a;=cmd|' /C calc'!A0":       "a;'=cmd|' /C calc'!A0",
		"1=1":                        "1=1",
		"a\x00b":                     "a\ufffdb",
		"\xff=":                      "\ufffd=",
		"京ICP备12345678号-1":           "京ICP备12345678号-1",
		"https://a.cn/?a=1;b=2&c=-1": "https://a.cn/?a=1;b=2&c=-1",
	}
	for in, want := range cases {
		if got := cell(in); got != want {
			t.Errorf("cell(%q) = %q, want %q", in, got, want)
		}
	}
	long := cell("=" + strings.Repeat("长", 40000))
	if n := utf8.RuneCountInString(long); n > maxCell || !strings.HasSuffix(long, "…") {
		t.Errorf("a cell of %d characters", n)
	}
}

// FuzzCSV checks that no cell of a hostile record begins like a formula, and
// that the table keeps its shape.
func FuzzCSV(f *testing.F) {
	f.Add("=1", "a\r\nb", "\"", "@x\x00")
	f.Fuzz(func(t *testing.T, title, domain, saw, owner string) {
		r := reporttest.Record()
		r.Domain, r.Owner, r.FinalURL = domain, owner, title
		r.Outcomes[3].Findings[0].Saw = detect.Text{ZH: saw, EN: saw}
		var b bytes.Buffer
		if err := WriteCSV(&b, reporttest.Records(r), "zh"); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(b.Bytes()[len(bom):])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 4 {
			t.Fatalf("%d rows", len(rows))
		}
		for _, row := range rows {
			for _, c := range row {
				if c != "" && strings.ContainsRune("=+-@\t\r\n", rune(c[0])) {
					t.Fatalf("cell %q", c)
				}
			}
		}
	})
}
