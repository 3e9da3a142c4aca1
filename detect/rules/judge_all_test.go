package rules

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// TestSnippetsAreEscaped: what an inventory or a page says goes into HTML that
// an owner pastes.
func TestSnippetsAreEscaped(t *testing.T) {
	c := detect.NewCase(detect.Input{
		Target: &crawler.Target{Domain: "example.cn", Filing: crawler.Filing{Status: crawler.FilingFiled, Number: `"><script>alert(1)</script>`}},
		Obs:    &crawler.Observation{Domain: "example.cn"},
	}, nil)
	if s := footSnippet(c); strings.Contains(s, "<script") {
		t.Errorf("the snippet is %s", s)
	}
}

// FuzzJudge: no page, however hostile, breaks a rule or leaves one without a
// proper outcome.
func FuzzJudge(f *testing.F) {
	f.Add([]byte(plainPage), 200)
	f.Add([]byte("<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>"), 403)
	f.Add([]byte(`<meta http-equiv="refresh" content="0; url=http://example.com/">`), 200)
	f.Add([]byte("<p>京ICP备12345678号<a href='http://www.miibeian.gov.cn'>京公网安备110102000247"), 200)
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		target := &crawler.Target{Domain: "example.cn", Filing: crawler.Filing{Number: "京ICP备16012345号-1", Nature: "个人", SiteName: "示例", Subject: "示例有限公司"}}
		obs := &crawler.Observation{Domain: "example.cn", Visits: []crawler.Visit{{Ask: crawler.Ask{Kind: crawler.AskHome},
			Hops: []crawler.Page{{URL: "http://example.cn/", Status: status, Body: body}}}}}
		c := detect.NewCase(detect.Input{Target: target, Obs: obs}, nil)
		detect.Wants(c, All)
		detect.NeedsConfirming(c)
		for _, o := range detect.Judge(c, All) {
			if o.Verdict == detect.Broken {
				t.Errorf("%s is broken: %s", o.Rule, o.Detail)
			}
			testTexts(t, o)
		}
	})
}

// TestEveryVisitIsJudged: whatever the addresses of a site answered and
// whatever is filed, every rule has a proper outcome.
func TestEveryVisitIsJudged(t *testing.T) {
	answers := []string{plainPage, "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>", "", `{"a":1}`, `<frameset><frame src="http://other.cn/"></frameset>`,
		`<div id="app"></div><script src="/assets/index.js"></script>`, `<footer id="foot"></footer><script src="/a"></script><iframe src="/foot.html"></iframe>`}
	failures := []crawler.FailureKind{"", "", "", crawler.FailTimeout, crawler.FailReset, crawler.FailRefused, crawler.FailTLS, crawler.FailOurs, crawler.FailGuard, crawler.FailRedirects, crawler.FailScheme}
	rapid.Check(t, func(r *rapid.T) {
		obs := &crawler.Observation{Domain: "example.cn"}
		if rapid.Bool().Draw(r, "resolved") {
			obs.Lookups = []crawler.Lookup{{Name: "example.cn", Type: "A", Addrs: []netip.Addr{netip.MustParseAddr("192.0.2.10")}}}
		}
		for ask, url := range map[crawler.AskKind]string{crawler.AskHome: "http://example.cn/", crawler.AskHTTPS: "https://example.cn/", crawler.AskWWW: "http://www.example.cn/",
			crawler.AskNoName: "http://192.0.2.10/", crawler.AskFollow: "http://other.cn/", crawler.AskScript: "http://example.cn/assets/index.js"} {
			if ask != crawler.AskHome && rapid.Bool().Draw(r, "not asked "+url) {
				continue
			}
			v := crawler.Visit{Ask: crawler.Ask{Kind: ask, URL: url}}
			if kind := rapid.SampledFrom(failures).Draw(r, "failure of "+url); kind != "" {
				v.Failure, v.Failed = &crawler.Failure{Kind: kind}, url
			} else {
				v.Hops = []crawler.Page{{URL: url, Status: rapid.SampledFrom([]int{200, 403, 404, 500, 503}).Draw(r, "status of "+url), Header: http.Header{"Content-Type": {"text/html"}},
					Body: []byte(rapid.SampledFrom(answers).Draw(r, "answer of "+url)), Addr: netip.MustParseAddrPort("192.0.2.10:80")}}
			}
			obs.Visits = append(obs.Visits, v)
		}
		status := rapid.SampledFrom([]crawler.FilingStatus{crawler.FilingFiled, crawler.FilingUnfiled, crawler.FilingInReview, crawler.FilingCancelled, ""}).Draw(r, "filing")
		c := detect.NewCase(detect.Input{Target: &crawler.Target{Domain: "example.cn", Filing: crawler.Filing{Status: status}}, Obs: obs}, nil)
		for _, o := range detect.Judge(c, All) {
			testTexts(t, o)
			if o.Verdict == detect.Broken {
				r.Fatalf("%s is broken: %s", o.Rule, o.Detail)
			}
		}
	})
}
