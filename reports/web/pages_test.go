package web

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
	"github.com/beianwatch/beianwatch/reports/store"
)

// everyPage is the pages over two runs, with their query.
func everyPage(run, before string) []string {
	return []string{"/", "/domains", "/domains?status=violation&q=site", "/domains?due=week", "/runs", "/runs/" + run, "/runs/" + before + ".." + run, "/rules", "/rules/footer-link-missing",
		"/owners", "/waivers", "/inventory", "/calendar", "/check", "/check?domain=a.cn", "/account", "/users", "/audit"}
}

// TestPages: every page answers in both languages, with nothing inline and nothing from
// elsewhere.
func TestPages(t *testing.T) {
	s := service(t)
	addRun(t, s.Store, "20261122T020000-0001", 130, nil)
	addRun(t, s.Store, "20261123T020000-0002", 130, func(i int, r *reports.Record) {
		if i%8 == 1 {
			*r = *reporttest.Record()
			r.Run, r.Domain = "20261123T020000-0002", reporttest.Variant(i).Domain
		}
	})
	at := serving(t, s)
	paths := append(everyPage("20261123T020000-0002", "20261122T020000-0001"), "/domains/site0000.example.cn", "/owners/"+url.PathEscape("门户组"))
	for _, lang := range []string{"zh", "en"} {
		for _, path := range paths {
			a, body := call(t, "GET", at+path, "", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "beianwatch-lang", Value: lang}) })
			if a.StatusCode != http.StatusOK {
				t.Errorf("%s %s: %d %.300s", lang, path, a.StatusCode, body)
				continue
			}
			checkPage(t, lang+" "+path, body)
		}
	}
	_, body := call(t, "GET", at+"/domains?status=violation", "", nil)
	next := href(body, `rel="next"`)
	if next == "" {
		t.Fatal("a list of more than a page has no next one")
	}
	if _, body = call(t, "GET", at+next, "", nil); !strings.Contains(body, "site00") || strings.Contains(body, ">site0000.") {
		t.Error("the next page does not go on behind the first")
	}
	for _, format := range []string{"csv", "jsonl", "xlsx"} {
		if a, body := call(t, "GET", at+"/domains/export?status=violation&format="+format, "", nil); a.StatusCode != 200 || len(body) < 500 {
			t.Errorf("%s: %d, %d bytes", format, a.StatusCode, len(body))
		}
	}
}

// href is the address of the first link with an attribute.
func href(page, attribute string) string {
	_, rest, ok := strings.Cut(page, "<a "+attribute+` href="`)
	if !ok {
		return ""
	}
	link, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(link)
}

// checkPage fails if a page holds what the policy forbids or what its reader cannot use.
func checkPage(t *testing.T, what, page string) {
	t.Helper()
	tree, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	titles := 0
	for n := range tree.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "h1":
			titles++
		case "script":
			if n.FirstChild != nil {
				t.Errorf("%s: an inline script", what)
			}
		case "style", "iframe", "object", "embed", "base":
			t.Errorf("%s: an element %s", what, n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s: <%s %s>", what, n.Data, a.Key)
			case a.Key == "src" || n.Data == "link" && a.Key == "href" || n.Data == "form" && a.Key == "action":
				if !strings.HasPrefix(a.Val, "/") || strings.HasPrefix(a.Val, "//") {
					t.Errorf("%s: <%s %s=%q> leads elsewhere", what, n.Data, a.Key, a.Val)
				}
			case a.Key == "href":
				if u, err := url.Parse(a.Val); err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
					t.Errorf("%s: a link to %q", what, a.Val)
				}
			}
		}
	}
	if titles != 1 {
		t.Errorf("%s: %d headings of the first level", what, titles)
	}
	if strings.Contains(page, "%!") || strings.Contains(page, "<no value>") || strings.Contains(page, "ZgotmplZ") {
		t.Errorf("%s: a template went wrong", what)
	}
}

// TestHostilePages: whatever stands in a run, no page runs it, follows it or is broken by
// it.
func TestHostilePages(t *testing.T) {
	for i, payload := range reporttest.Payloads {
		s := service(t)
		const run, before = "20261123T020000-0002", "20261122T020000-0001"
		poison := func(_ int, r *reports.Record) {
			id, outs := r.Run, reporttest.Record().Outcomes
			reporttest.Poison(reflect.ValueOf(r).Elem(), payload)
			r.Run, r.Domain, r.Outcomes = id, "host.example", outs
			for j := range outs {
				for k := range outs[j].Findings {
					reporttest.Poison(reflect.ValueOf(&outs[j].Findings[k]), payload)
				}
			}
		}
		addRun(t, s.Store, before, 1, nil)
		addRun(t, s.Store, run, 1, poison)
		s.Evidence = func(context.Context, string, *store.Result) *crawler.Observation {
			obs := reporttest.Observation()
			reporttest.Poison(reflect.ValueOf(obs), payload)
			return obs
		}
		s.Rejected = func(_ context.Context, _ string, each func(reports.Reject) error) error {
			return each(reports.Reject{Line: 1, Text: payload, Reason: payload})
		}
		at := serving(t, s)
		short := payload[:min(len(payload), 300)] // a longer address is refused
		for _, path := range append(everyPage(run, before), "/domains/host.example", "/domains?"+url.Values{"q": {short}, "owner": {short}}.Encode(), "/check?"+url.Values{"domain": {short}}.Encode(), "/owners/"+url.PathEscape(short)) {
			a, body := call(t, "GET", at+path, "", nil)
			if a.StatusCode >= 500 {
				t.Errorf("payload %d: %s answers %d: %.300s", i, path, a.StatusCode, body)
			}
			checkPage(t, path, body)
		}
		a, body := call(t, "POST", at+"/check", url.Values{"page": {"<html><body>" + payload + "</body></html>"}}.Encode(), func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") })
		if a.StatusCode >= 500 && s.Judge != nil {
			t.Errorf("payload %d: the check answers %d", i, a.StatusCode)
		}
		checkPage(t, "a pasted page", body)
	}
}

// TestEmpty: without any run every page says what to do.
func TestEmpty(t *testing.T) {
	at := serving(t, service(t))
	for _, path := range []string{"/", "/domains", "/runs", "/rules", "/owners", "/inventory", "/calendar", "/check", "/waivers"} {
		a, body := call(t, "GET", at+path, "", nil)
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
		checkPage(t, path, body)
	}
	for _, path := range []string{"/runs/none", "/domains/none.example", "/rules/none", "/inventory/NONE", "/runs/a..b"} {
		if a, body := call(t, "GET", at+path, "", nil); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d %.100s", path, a.StatusCode, body)
		}
	}
}
