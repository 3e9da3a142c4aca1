package html

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"

	"golang.org/x/net/html"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// checkPage holds a page to what every report promises: whole markup, no
// script but ours, no address but a few, nothing that hides.
func checkPage(t *testing.T, page []byte) {
	t.Helper()
	reporttest.Safe(t, "page", string(page))
	var open []string
	scripts, styles, data := 0, 0, false
	z := html.NewTokenizer(bytes.NewReader(page))
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		switch tok.Type {
		case html.StartTagToken:
			checkAttributes(t, tok)
			switch tok.Data {
			case "meta", "input", "br", "img", "use", "path", "rect", "circle", "line": // have no end tag here
				continue
			case "script":
				if slices.ContainsFunc(tok.Attr, func(a html.Attribute) bool { return a.Key == "type" && a.Val == "application/json" }) {
					data = true
				} else {
					scripts++
				}
			case "style":
				styles++
			}
			open = append(open, tok.Data)
		case html.SelfClosingTagToken:
			checkAttributes(t, tok)
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				t.Fatalf("</%s> closes %v", tok.Data, open)
			}
			open = open[:len(open)-1]
		case html.TextToken:
			if len(open) == 0 {
				continue
			}
			switch inside := open[len(open)-1]; inside {
			case "script", "style":
				if data { // no browser runs it
					if data = false; !json.Valid([]byte(tok.Data)) || strings.ContainsAny(tok.Data, "<>&") {
						t.Error("the block of data is no JSON, or may end its element")
					}
					continue
				}
				if !strings.Contains(string(page), digestAttribute(tok.Data)) {
					t.Errorf("the policy does not allow this %s", inside)
				}
			}
		}
	}
	if z.Err() != io.EOF {
		t.Errorf("reading the page: %v", z.Err())
	}
	want := 1
	if bytes.Contains(page, []byte(`id="domains"`)) {
		want = 2 // that of the list, too
	}
	if len(open) != 0 || scripts != want || styles != 1 {
		t.Errorf("left open: %v; %d scripts and %d styles", open, scripts, styles)
	}
}

// digestAttribute is how the policy's digest of a text stands in an attribute.
func digestAttribute(text string) string {
	return strings.NewReplacer("+", "&#43;").Replace(digest(text))
}

var allowedAttributes = []string{"lang", "charset", "http-equiv", "content", "name", "class", "type", "id", "checked", "aria-label", "aria-hidden",
	"role", "for", "width", "height", "viewbox", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "d", "cx", "cy",
	"r", "x", "y", "x1", "x2", "y1", "y2", "patternunits", "patterntransform", "href", "rel", "hidden", "open", "text-anchor", "autocomplete", "value", "src", "alt"}

func checkAttributes(t *testing.T, tok html.Token) {
	t.Helper()
	switch tok.Data {
	case "img":
		if !slices.ContainsFunc(tok.Attr, func(a html.Attribute) bool {
			return a.Key == "src" && strings.HasPrefix(a.Val, "data:image/jpeg;base64,")
		}) {
			t.Error("<img> with an address")
		}
	case "iframe", "object", "embed", "link", "base", "form", "textarea":
		t.Errorf("<%s> in a report", tok.Data)
	}
	for _, a := range tok.Attr {
		if !slices.Contains(allowedAttributes, a.Key) {
			t.Errorf("attribute %s=%.40q on <%s>", a.Key, a.Val, tok.Data)
		}
		if a.Key == "href" {
			if !ownLink(a.Val) {
				t.Errorf("<%s> leads to %.60q", tok.Data, a.Val)
			}
		}
	}
}

// ownLink reports whether an address is one that a report may lead to: a part of
// the page, another report, or the source of a rule.
func ownLink(to string) bool {
	for _, r := range append(slices.Clone(reporttest.Rules), rules.All...) {
		if to == r.Source.Link && strings.HasPrefix(to, "https://") {
			return true
		}
	}
	return strings.HasPrefix(to, "#") || strings.HasPrefix(to, "../") || strings.HasPrefix(to, "domains/") ||
		to == "results.csv" || to == "results.jsonl" || to == "results.xlsx"
}

func TestHostileTextInHTML(t *testing.T) {
	for _, payload := range reporttest.Payloads {
		r, obs, run := reporttest.Record(), reporttest.Observation(), reporttest.Run()
		for _, v := range []any{r, obs, run} {
			reporttest.Poison(reflect.ValueOf(v), payload)
		}
		for i := range r.Outcomes {
			r.Outcomes[i].Rule = payload // no rule of ours has this id
		}
		r.Outcomes = append(r.Outcomes, reporttest.Record().Outcomes...)
		var b bytes.Buffer
		if err := sampleHTML("zh").Domain(&b, &Subject{Run: run, Record: r, Evidence: Evidence{Seen: obs, File: payload}, Events: []Event{{Tone: payload, Text: detect.Text{ZH: payload, EN: payload}}}, Back: "../index.html"}); err != nil {
			t.Fatal(err)
		}
		checkPage(t, b.Bytes())
		if b.Len() > 3<<20 {
			t.Errorf("%.20q makes a page of %d bytes", payload, b.Len())
		}

		s := reports.NewSummary(run, reporttest.Rules)
		s.Page = func(string, string) string { return "domains/x.html" }
		for range 3 {
			s.Add(r)
		}
		s.Reject(1, payload, payload)
		s.Close()
		s.Changes = reporttest.HostileChanges(run, payload)
		b.Reset()
		if err := sampleHTML("en").Summary(&b, s); err != nil {
			t.Fatal(err)
		}
		checkPage(t, b.Bytes())
		hostileList(t, s, r)
	}
}

// hostileList writes an overview with a list of the record.
func hostileList(t *testing.T, s *reports.Summary, r *reports.Record) {
	t.Helper()
	h := sampleHTML("zh")
	list, err := newListing(t.TempDir(), h.Rules)
	if err != nil {
		t.Fatal(err)
	}
	defer list.close()
	for range 2 {
		if err := list.add(r, "domains/x.html"); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := h.summary(&b, s, list); err != nil {
		t.Fatal(err)
	}
	checkPage(t, b.Bytes())
	if b.Len() > 3<<20 {
		t.Errorf("an overview of %d bytes", b.Len())
	}
}
