package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect/rules"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// The contract for machines: every field in order with its type. A type in
// brackets is that of the elements of an array, "{}" an object of which the
// members follow under the field's name and a dot, "{word}" an object from
// rule ids to words, "a|b" one of these words, "" an empty one.
var contract = []struct{ field, kind string }{
	{"schema", "1"}, {"run", "string"}, {"ruleset", "string"}, {"domain", "string"}, {"file", "string?"}, {"owner", "string"}, {"at", "time"},
	{"vantage", "string"}, {"liveness", "serving|placeholder|blocked|challenged|down|unknown"}, {"cause", "string"}, {"attempts", "number"},
	{"hops", "[]"}, {"hops.url", "string"}, {"hops.status", "number"}, {"hops.address", "string"},
	{"page_kind", "|normal|default-server|suspended|under-construction|parked|block|challenge|spa-shell|error|blank|listing|login"},
	{"final_url", "string"}, {"http_status", "number"}, {"addresses", "[string]"}, {"mainland", "bool"}, {"charset", "string"}, {"title", "string"},
	{"filing", "{}"}, {"filing.status", "filed|unfiled|in-review|cancelled|unknown"}, {"filing.number", "string"}, {"filing.source", "string"}, {"filing.at", "string"},
	{"shown", "{}"}, {"shown.icp", "[]"}, {"shown.icp.number", "string"}, {"shown.icp.raw", "string"},
	{"shown.icp.place", "footer|body|script|alt|comment|hidden"}, {"shown.icp.link", "string"}, {"shown.icp.link_kind", "current|legacy|other|none"},
	{"shown.police", "[]"}, {"shown.police.number", "string"}, {"shown.police.link", "string"}, {"shown.police.link_kind", "current|legacy|other|none"},
	{"shown.licences", "[]"}, {"shown.licences.kind", "telecom|icp-commercial|news|publishing|culture|audiovisual|drug-info|drug-device-record|device-platform|payment|fund-sales|religion|broadcast-production|healthcare|publication-business|bulletin-board|games|securities|insurance|banking|ride-hailing|training"},
	{"shown.licences.number", "string"},
	{"industries", "[]"}, {"industries.category", "finance|news|publishing|drugs-devices|culture|audiovisual|healthcare|ride-hailing|bulletin-board|training|games|religion"},
	{"industries.score", "number"}, {"industries.evidence", "[string]"},
	{"outcomes", "{pass|found|unknown|exempt|broken}"}, {"reasons", "{string}"},
	{"findings", "[]"}, {"findings.rule", "string"}, {"findings.severity", "violation|warning|notice"}, {"findings.where", "string"}, {"findings.saw", "string"},
	{"findings.fix", "string"}, {"findings.title", "string"}, {"findings.snippet", "string"}, {"findings.quotes", "[string]"},
	{"findings.state", "|opened|first-seen|still|worse|reopened"}, {"findings.since", "string"}, {"findings.due", "string"}, {"findings.waived", "bool"},
	{"findings.waiver", "{}?"}, {"findings.waiver.domain", "string"}, {"findings.waiver.rule", "string"}, {"findings.waiver.until", "string"},
	{"findings.waiver.reason", "string"}, {"findings.waiver.who", "string"},
}

// keep checks one line against the contract.
func keep(t *testing.T, line []byte) {
	t.Helper()
	if !bytes.HasSuffix(line, []byte("}\n")) || bytes.Count(line, []byte("\n")) != 1 {
		t.Fatalf("not one line: %q", line)
	}
	keepObject(t, "", line)
}

// keepObject checks the members of one object and their order.
func keepObject(t *testing.T, prefix string, raw json.RawMessage) {
	t.Helper()
	names, members := membersOf(t, raw)
	for _, f := range contract {
		name, ok := strings.CutPrefix(f.field, prefix)
		if !ok || strings.Contains(name, ".") {
			continue
		}
		if len(names) == 0 || names[0] != name {
			if !strings.HasSuffix(f.kind, "?") {
				t.Errorf("%s: the next member should be %s, and the members left are %v", raw[:min(80, len(raw))], f.field, names)
			}
			continue
		}
		keepValue(t, f.field, strings.TrimSuffix(f.kind, "?"), members[0])
		names, members = names[1:], members[1:]
	}
	if len(names) > 0 {
		t.Errorf("%sthe contract has no %v", prefix, names)
	}
}

func keepValue(t *testing.T, field, kind string, raw json.RawMessage) {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	ok := false
	switch {
	case kind == "{}":
		keepObject(t, field+".", raw)
		return
	case kind == "string":
		_, ok = v.(string)
	case kind == "number":
		_, ok = v.(float64)
	case kind == "bool":
		_, ok = v.(bool)
	case kind == "time":
		_, err := time.Parse("2006-01-02T15:04:05Z07:00", fmt.Sprint(v))
		ok = err == nil && !strings.Contains(fmt.Sprint(v), ".")
	case strings.HasPrefix(kind, "["):
		var list []json.RawMessage
		ok = string(raw) != "null" && json.Unmarshal(raw, &list) == nil
		for _, e := range list {
			if kind == "[]" {
				keepObject(t, field+".", e)
			} else {
				keepValue(t, field, strings.Trim(kind, "[]"), e)
			}
		}
	case strings.HasPrefix(kind, "{"):
		_, members := membersOf(t, raw)
		for _, e := range members {
			keepValue(t, field, strings.Trim(kind, "{}"), e)
		}
		return
	case strings.Contains(kind, "|"):
		s, isText := v.(string)
		ok = isText && slices.Contains(strings.Split(kind, "|"), s)
	default:
		ok = string(raw) == kind
	}
	if !ok {
		t.Errorf("%s is %s, the contract says %s", field, raw, kind)
	}
}

// membersOf lists names and values of an object in order.
func membersOf(t *testing.T, raw json.RawMessage) (names []string, values []json.RawMessage) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(raw))
	if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
		t.Fatalf("no object: %s", raw[:min(80, len(raw))])
	}
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			t.Fatal(err)
		}
		names, values = append(names, tok.(string)), append(values, v)
	}
	return names, values
}

func TestLineGolden(t *testing.T) {
	empty := &reports.Record{Schema: reports.Schema, Domain: "nosuch.example.cn", At: reporttest.At, Liveness: detect.Down, Cause: "dns-nxdomain", Attempts: 3,
		Filing: reports.Filing{Status: "unknown"}, Industries: []reports.Industry{{Category: industry.News}}}
	file := reporttest.PlainRules(reporttest.Record())
	file.Domain, file.File, file.Hops, file.Addresses = "", "site/index.html", nil, nil
	var got bytes.Buffer
	for _, lang := range []string{"zh", "en"} {
		for _, r := range []*reports.Record{reporttest.PlainRules(reporttest.Record()), empty, file} {
			line, err := Line(r, lang)
			if err != nil {
				t.Fatal(err)
			}
			keep(t, line)
			got.Write(line)
		}
	}
	reporttest.Golden(t, "lines.jsonl", got.Bytes())
	var pretty bytes.Buffer
	if err := WriteJSON(&pretty, reporttest.PlainRules(reporttest.Record()), "en"); err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "domain.json", pretty.Bytes())
}

// TestRecordOfACase runs cases of our own through detect and holds what
// comes out to the contract.
func TestRecordOfACase(t *testing.T) {
	at := reporttest.At.Add(123456789)
	addr := netip.MustParseAddrPort("203.0.113.7:80")
	lookup := crawler.Lookup{Name: "example.cn", Type: "A", Server: "192.0.2.1:53", At: at, RCode: "NOERROR", Addrs: []netip.Addr{addr.Addr()}}
	hop := func(url string, status int, body string) crawler.Page {
		return crawler.Page{URL: url, Addr: addr, Status: status, Proto: "HTTP/1.1", Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: []byte(body), At: at}
	}
	foot := `<html><head><title>示例公司</title></head><body><h1>示例公司</h1><p>` + strings.Repeat("我们制造水泵。", 60) +
		`</p><footer>版权所有 示例公司 <span>京ICP备05012345号-1</span> <a href="https://www.beian.gov.cn/portal/registerSystemInfo?recordcode=11010502030143">京公网安备 11010502030143号</a> 京B2-20201234</footer></body></html>`
	cases := map[string]detect.Input{
		"a page without the link": {Obs: &crawler.Observation{Domain: "example.cn", At: at, Vantage: "cn-east", Lookups: []crawler.Lookup{lookup},
			Visits: []crawler.Visit{{Ask: crawler.Ask{Kind: crawler.AskHome}, At: at, Hops: []crawler.Page{hop("http://example.cn/", 301, ""), hop("https://example.cn/", 200, foot)}}}}},
		"no such name": {Obs: &crawler.Observation{Domain: "example.cn", At: at, Lookups: []crawler.Lookup{{Name: "example.cn", Type: "A", At: at, RCode: "NXDOMAIN",
			Failure: &crawler.Failure{Kind: crawler.FailDNSNoName, Detail: "\xff\x00"}}}}},
		"stopped by ourselves": {Obs: &crawler.Observation{Domain: "example.cn", At: at, Trouble: "no file handles"}},
		"a file":               {File: "page.html", Obs: detect.FileObservation("page.html", []byte(foot), at)},
	}
	for name, in := range cases {
		t.Run(name, func(t *testing.T) {
			in.At = at
			if in.File == "" {
				in.Target = &crawler.Target{Line: 7, Domain: "example.cn", Given: "Example.CN", Owner: "门户组", Filing: crawler.Filing{
					Status: crawler.FilingFiled, Number: "京ICP备05012345号-1", Source: "inventory", CheckedAt: at}}
			}
			c := detect.NewCase(in, nil)
			r := reports.NewRecord(&reports.Run{ID: "20261123T020000-7f3a", Ruleset: "r1"}, c, detect.Judge(c, rules.All))
			line, err := Line(r, "en")
			if err != nil {
				t.Fatal(err)
			}
			keep(t, line)
			var back struct{ Outcomes, Reasons map[string]string }
			if err := json.Unmarshal(line, &back); err != nil {
				t.Fatal(err)
			}
			for _, rule := range rules.All {
				if back.Outcomes[rule.ID] == "" {
					t.Errorf("rule %s has no outcome", rule.ID)
				}
			}
			if len(back.Outcomes) != len(rules.All) {
				t.Errorf("%d outcomes for %d rules", len(back.Outcomes), len(rules.All))
			}
			if (r.Domain == "") != (r.File != "") || r.File != "" && (len(r.Hops) > 0 || r.FinalURL != "") {
				t.Errorf("domain %q, file %q, hops %v, final URL %q", r.Domain, r.File, r.Hops, r.FinalURL)
			}
		})
	}
}

func TestHostilePageCannotFillARecord(t *testing.T) {
	long := strings.Repeat("长", 1<<20)
	c := detect.NewCase(detect.Input{Target: &crawler.Target{Domain: "example.cn"}, Obs: &crawler.Observation{Domain: "example.cn", At: reporttest.At}}, nil)
	for range 5000 {
		c.Shown.ICP = append(c.Shown.ICP, number.ICP{Number: long[:300], Raw: long, Place: number.Body, Link: long, Kind: number.LinkNone})
		c.Hops = append(c.Hops, &crawler.Page{URL: long, Status: 200})
	}
	c.Industries = []industry.Judged{{Category: industry.News, Score: math.NaN(), Evidence: []string{long, "\xff"}}}
	text := detect.Text{ZH: long, EN: "\xff" + long}
	outs := []detect.Outcome{{Rule: "x", Verdict: detect.Found, Severity: detect.Notice, Findings: slices.Repeat([]detect.Finding{{Where: text, Saw: text, Fix: text, Quotes: slices.Repeat([]string{long}, 100)}}, 100)}}
	r := reports.NewRecord(nil, c, outs)
	line, err := Line(r, "zh")
	if err != nil {
		t.Fatal(err)
	}
	keep(t, line)
	if len(line) > 2<<20 {
		t.Errorf("the record takes %d bytes", len(line))
	}
	if len(outs[0].Findings) != 100 {
		t.Error("the outcomes that were given were changed")
	}
}

func TestWriteJSONLStopsAtAnError(t *testing.T) {
	trouble := fmt.Errorf("disk")
	seq := func(yield func(*reports.Record, error) bool) {
		_ = yield(reporttest.Record(), nil) && yield(nil, trouble)
	}
	if err := WriteJSONL(io.Discard, seq, "zh"); err != trouble {
		t.Errorf("got %v", err)
	}
	if err := WriteCSV(io.Discard, seq, "zh"); err != trouble {
		t.Errorf("got %v", err)
	}
}

func BenchmarkLine(b *testing.B) {
	r := reporttest.Record()
	for b.Loop() {
		if _, err := Line(r, "zh"); err != nil {
			b.Fatal(err)
		}
	}
}
