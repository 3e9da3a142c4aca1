package export

import (
	"bytes"
	"encoding/xml"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

func fileRecord() *reports.Record {
	r := reporttest.Record()
	r.Domain, r.File, r.FinalURL = "", "网站/index page.html", ""
	return r
}

func TestSARIFIsValid(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		var b bytes.Buffer
		at := func(*reports.Record, *reports.Finding) (int, int) { return 12, 3 }
		if err := WriteSARIF(&b, reporttest.Records(fileRecord(), reporttest.Variant(1), reporttest.Variant(2)), rules.All, lang, at); err != nil {
			t.Fatal(err)
		}
		log, err := sarif.FromBytes(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		log.Runs[0].NewlineSequences, log.Runs[0].Tool.Driver.Language = []string{"\n"}, "zh-CN" // without, their own structs are not valid
		if err := log.Validate(); err != nil {
			t.Errorf("%s: not valid by the schema: %v", lang, err)
		}
		if len(log.Runs) != 1 || len(log.Runs[0].Results) == 0 {
			t.Fatal("no results")
		}
		first := log.Runs[0].Results[0]
		place := first.Locations[0].PhysicalLocation
		if *place.ArtifactLocation.URI != "%E7%BD%91%E7%AB%99/index%20page.html" || *place.Region.StartLine != 12 || *place.Region.StartColumn != 3 {
			t.Errorf("%s: %v", lang, place)
		}
	}
}

func TestJUnit(t *testing.T) {
	r := reporttest.RecordOf("a.cn", detect.Serving, "")
	r.Outcomes = []detect.Outcome{
		{Rule: "footer-number-missing", Verdict: detect.Found, Severity: detect.Violation, Findings: []detect.Finding{{Saw: detect.Text{ZH: "没有\x1b备案号 <&]]>", EN: "none"}}}},
		{Rule: "footer-link-missing", Verdict: detect.Found, Severity: detect.Notice},
		{Rule: "filed-site-down", Verdict: detect.Pass}, {Rule: "preapproval-news", Verdict: detect.Exempt}, {Rule: "suffix-unregistrable", Verdict: detect.Unknown, Reason: detect.ReasonFile},
	}
	var b bytes.Buffer
	if err := WriteJUnit(&b, reporttest.Records(r), detect.Warning, "zh"); err != nil {
		t.Fatal(err)
	}
	var got junitSuites
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 4 || got.Failures != 1 || got.Skipped != 1 || len(got.Suites[0].Cases) != 4 || got.Suites[0].Cases[0].Failure == nil {
		t.Errorf("%s", b.String())
	}
	if c := got.Suites[0].Cases[1]; c.Name != "footer-link-missing" || !strings.Contains(c.Output, "提示") {
		t.Errorf("a lesser finding is %+v", c)
	}
	b.Reset()
	if err := WriteJUnit(&b, reporttest.Records(r), "never", "zh"); err != nil || strings.Contains(b.String(), "<failure") {
		t.Errorf("a failure where nothing fails: %s, %v", b.String(), err)
	}
}

func TestGitHubCommands(t *testing.T) {
	r := fileRecord()
	reporttest.Poison(reflect.ValueOf(r), "x\n::set-env name=A::b\r%0A,:")
	r.File = "a,b:c\n::error::d"
	var b bytes.Buffer
	if err := WriteGitHub(&b, reporttest.Records(r), "en", nil); err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`^::(error|warning|notice) title=[^:,]*(,file=[^:,]*)?::[^\r]*$`)
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	if len(lines) != len(r.Findings()) {
		t.Errorf("%d lines for %d findings", len(lines), len(r.Findings()))
	}
	for _, l := range lines {
		if !command.MatchString(l) {
			t.Errorf("%q", l)
		}
	}
}

func TestMarkdown(t *testing.T) {
	r := reporttest.Record()
	reporttest.Poison(reflect.ValueOf(r), "a|b\n<script>x</script>[y](http://evil.cn)@all")
	var b bytes.Buffer
	if err := WriteMarkdown(&b, reporttest.Records(r, reporttest.Variant(2)), "zh"); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if strings.Contains(got, "<script") || strings.Contains(got, "://") || strings.Contains(got, "@all") || !strings.Contains(got, "共 2 个域名") {
		t.Error(got)
	}
	for _, l := range strings.Split(got, "\n") {
		if strings.HasPrefix(l, "|") && strings.Count(strings.ReplaceAll(l, `\|`, ""), "|") != 5 {
			t.Errorf("a cell breaks the table: %s", l)
		}
	}
}
