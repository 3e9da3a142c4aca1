package detect

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/beianwatch/beianwatch/crawler"
)

// A script is what a site answers: address → answer. An answer is a status and
// a body, "-> URL" for a redirect, or "!KIND" for a failure; an address that
// is not in the script is refused.
type script map[string]string

// anyRules are rules by which a case will be judged: which, does not matter.
var anyRules = []*Rule{{ID: "any-rule"}}

// A reporter is what a test and a property check have in common.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// look carries out asks until none is left, as the scheduler does, and returns
// the asks in words.
func (s script) look(t reporter, target *crawler.Target, lookups ...crawler.Lookup) (*Case, []string) {
	t.Helper()
	return s.lookWith(t, DefaultPolicy(), target, lookups...)
}

// lookWith is look under a policy. What a browser draws of an address is the
// answer for "drawn " and the address.
func (s script) lookWith(t reporter, policy *Policy, target *crawler.Target, lookups ...crawler.Lookup) (*Case, []string) {
	t.Helper()
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	obs := &crawler.Observation{Domain: target.Domain, At: at, Lookups: lookups}
	var prev *Case
	var asked []string
	for range 30 {
		c := NewCase(Input{Target: target, Obs: obs, At: at, Policy: policy}, prev)
		asks := Wants(c, anyRules)
		if len(asks) == 0 {
			return c, asked
		}
		for _, ask := range asks {
			word := strings.TrimSpace(string(ask.Kind) + " " + ask.URL)
			if ask.Kind == crawler.AskAddress {
				word += " at " + ask.Addr.String()
			}
			if slices.Contains(asked, word) {
				t.Fatalf("asked for %q twice: %q", word, asked)
			}
			asked = append(asked, word)
			if ask.Kind == crawler.AskLookup {
				obs.Lookups = append(obs.Lookups, s.lookups(obs, HostOf(ask.URL))...)
				continue
			}
			v := s.visit(target.Domain, ask)
			if ask.Kind == crawler.AskRender && v.Failure == nil {
				drawn := v.Hops[0]
				drawn.URL, drawn.Via = ask.URL, crawler.ViaRendered
				obs.Rendered, v.Hops = &drawn, nil
			}
			obs.Visits = append(obs.Visits, v)
		}
		prev = c
	}
	t.Fatalf("asking does not end: %q", asked)
	return nil, nil
}

// lookups answers for those record types of a name that were not asked for. The
// script has IPv6 addresses under "AAAA " and the name.
func (s script) lookups(obs *crawler.Observation, name string) []crawler.Lookup {
	var list []crawler.Lookup
	for _, qtype := range []string{"A", "AAAA"} {
		if slices.ContainsFunc(obs.Lookups, func(l crawler.Lookup) bool { return l.Name == name && l.Type == qtype }) {
			continue
		}
		l := answer(name, strings.Fields(s[qtype+" "+name])...)
		if l.Type = qtype; l.Failure != nil {
			l.Failure.Kind = crawler.FailDNSNoAddr
		}
		list = append(list, l)
	}
	return list
}

func (s script) visit(domain string, ask crawler.Ask) crawler.Visit {
	url := ask.URL
	switch ask.Kind {
	case crawler.AskHome:
		url = "http://" + domain + "/"
	case crawler.AskHTTPS:
		url = "https://" + domain + "/"
	case crawler.AskWWW:
		url = "http://www." + domain + "/"
	case crawler.AskHTTPSWWW:
		url = "https://www." + domain + "/"
	case crawler.AskRender:
		url = "drawn " + url
	}
	at := netip.MustParseAddrPort("192.0.2.10:80")
	if ask.Kind == crawler.AskAddress {
		at = netip.AddrPortFrom(ask.Addr, 80)
	}
	v := crawler.Visit{Ask: ask}
	via := ask.Via
	for range 10 {
		answer, ok := s[url]
		if ask.Kind == crawler.AskAddress && HostOf(url) == HostOf(ask.URL) && at.Addr().String() != "192.0.2.10" {
			answer, ok = s[ask.Addr.String()+" "+url] // the first address is that of the other asks
		}
		if !ok {
			answer = "!refused"
		}
		if kind, failed := strings.CutPrefix(answer, "!"); failed {
			v.Failure, v.Failed = &crawler.Failure{Kind: crawler.FailureKind(kind)}, url
			return v
		}
		p := crawler.Page{URL: url, Via: via, Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Addr: at}
		if next, redirects := strings.CutPrefix(answer, "-> "); redirects {
			p.Status = 302
			v.Hops = append(v.Hops, p)
			url, via = next, crawler.ViaHTTP
			continue
		}
		if n, _ := fmt.Sscanf(answer, "%d ", &p.Status); n == 1 {
			answer = answer[4:]
		}
		p.Body = []byte(answer)
		v.Hops = append(v.Hops, p)
		return v
	}
	v.Failure, v.Failed = &crawler.Failure{Kind: crawler.FailRedirects}, url
	return v
}

func answer(name string, addrs ...string) crawler.Lookup {
	l := crawler.Lookup{Name: name, Type: "A", Server: "192.0.2.53:53"}
	for _, a := range addrs {
		l.Addrs = append(l.Addrs, netip.MustParseAddr(a))
	}
	if len(addrs) == 0 {
		l.Failure = &crawler.Failure{Kind: crawler.FailDNSNoName}
	}
	return l
}

const (
	sitePage  = `<html><head><meta charset="utf-8"><title>青禾灌溉</title></head><body><h1>青禾灌溉设备有限公司</h1><p>喷灌机、滴灌带和过滤设备，产品用于大田、果园和温室。</p><footer>版权所有 青禾灌溉</footer></body></html>`
	nginxPage = `<html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed.</p></body></html>`
)

func meta(url string) string {
	return `<html><head><meta http-equiv="refresh" content="0; url=` + url + `"></head><body></body></html>`
}

func TestWants(t *testing.T) {
	tests := []struct {
		name     string
		domain   string
		lookups  []crawler.Lookup
		site     script
		asked    []string
		liveness Liveness
		cause    string
		final    string
	}{
		{name: "one request settles an ordinary site", site: script{"http://example.cn/": sitePage},
			asked: []string{"home"}, liveness: Serving, final: "http://example.cn/"},
		{name: "a redirect to https is followed by the crawler", site: script{"http://example.cn/": "-> https://example.cn/", "https://example.cn/": sitePage},
			asked: []string{"home"}, liveness: Serving, final: "https://example.cn/"},
		{name: "https after a refusal", site: script{"https://example.cn/": sitePage},
			asked: []string{"home", "https", "www", "https-www"}, liveness: Serving, final: "https://example.cn/"},
		{name: "https after a default page", site: script{"http://example.cn/": nginxPage, "https://example.cn/": sitePage},
			asked: []string{"home", "https", "www", "https-www"}, liveness: Serving, final: "https://example.cn/"},
		{name: "https was tried by the redirect", site: script{"http://example.cn/": "-> https://example.cn/", "https://example.cn/": "!tls"},
			asked: []string{"home", "www", "https-www"}, liveness: Down, cause: "tls"},
		{name: "www after two refusals", site: script{"http://www.example.cn/": sitePage},
			asked: []string{"home", "https", "www", "https-www"}, liveness: Serving, final: "http://www.example.cn/"},
		{name: "www where the bare name has no address", lookups: []crawler.Lookup{answer("example.cn"), answer("www.example.cn", "192.0.2.10")},
			site: script{"http://www.example.cn/": sitePage}, asked: []string{"www"}, liveness: Serving, final: "http://www.example.cn/"},
		{name: "neither name exists", lookups: []crawler.Lookup{answer("example.cn"), answer("www.example.cn")},
			liveness: Down, cause: "dns-nxdomain"},
		{name: "www at the same silent server is asked as well: the name may decide", lookups: []crawler.Lookup{answer("example.cn", "192.0.2.10"), answer("www.example.cn", "192.0.2.10")},
			site: script{"http://example.cn/": "!timeout", "https://example.cn/": "!timeout"}, asked: []string{"home", "https", "www", "https-www", "lookup http://example.cn/", "lookup http://www.example.cn/"}, liveness: Down, cause: "timeout"},
		{name: "a firewall is not evaded by www", site: script{"http://example.cn/": "403 Forbidden", "https://example.cn/": "403 Forbidden"},
			asked: []string{"home", "https"}, liveness: Challenged, cause: "http-403"},
		{name: "a host below the registrable domain has no www", domain: "shop.example.cn", asked: []string{"home", "https"}, liveness: Down, cause: "refused"},
		{name: "an address has no www", domain: "192.0.2.10", asked: []string{"home", "https"}, liveness: Down, cause: "refused"},
		{name: "meta refresh", site: script{"http://example.cn/": meta("/cn/"), "http://example.cn/cn/": sitePage},
			asked: []string{"home", "follow http://example.cn/cn/"}, liveness: Serving, final: "http://example.cn/cn/"},
		{name: "meta refresh to itself ends the way", site: script{"http://example.cn/": meta("http://example.cn/")},
			asked: []string{"home", "https", "www", "https-www"}, liveness: Placeholder, cause: "blank", final: "http://example.cn/"},
		{name: "two pages that point at each other", site: script{"http://example.cn/": meta("/a"), "http://example.cn/a": meta("/")},
			asked: []string{"home", "follow http://example.cn/a"}, final: "http://example.cn/a"},
		{name: "a chain of refreshes is followed three times", site: script{"http://example.cn/": meta("/a"), "http://example.cn/a": meta("/b"), "http://example.cn/b": meta("/c"), "http://example.cn/c": meta("/d")},
			asked: []string{"home", "follow http://example.cn/a", "follow http://example.cn/b", "follow http://example.cn/c"}, liveness: Unseen, cause: CauseFollow},
		{name: "what a page points to fails", site: script{"http://example.cn/": meta("http://example.cn/gone")},
			asked: []string{"home", "follow http://example.cn/gone", "https", "www", "https-www"}, liveness: Down, cause: "refused"},
		{name: "a reset is repeated without the name", lookups: []crawler.Lookup{answer("example.cn", "192.0.2.10"), answer("www.example.cn")},
			site:  script{"http://example.cn/": "!reset", "https://example.cn/": "!reset", "http://192.0.2.10/": nginxPage},
			asked: []string{"home", "https", "lookup http://example.cn/", "no-name http://192.0.2.10/", "no-name https://192.0.2.10/"}, liveness: Blocked, cause: CauseNameReset},
		{name: "a reset that does not depend on the name", lookups: []crawler.Lookup{answer("example.cn", "192.0.2.10"), answer("www.example.cn")},
			site:  script{"http://example.cn/": "!reset", "https://example.cn/": "!reset", "http://192.0.2.10/": "!reset", "https://192.0.2.10/": "!reset"},
			asked: []string{"home", "https", "lookup http://example.cn/", "no-name http://192.0.2.10/", "no-name https://192.0.2.10/"}, liveness: Down, cause: "reset"},
		{name: "only https with www. serves", site: script{"https://www.example.cn/": sitePage},
			asked: []string{"home", "https", "www", "https-www"}, liveness: Serving, final: "https://www.example.cn/"},
		{name: "a redirect to a dead name", site: script{"http://example.cn/": "-> http://gone.example.cn/", "http://gone.example.cn/": "!dns-nxdomain", "https://example.cn/": sitePage},
			asked: []string{"home", "https", "www", "https-www"}, liveness: Serving, final: "https://example.cn/"},
		{name: "the failure that tells most decides", site: script{"https://example.cn/": "404 no"},
			asked: []string{"home", "https", "www", "https-www"}, liveness: Down, cause: "http-404"},
		{name: "another address serves", lookups: []crawler.Lookup{answer("example.cn", "192.0.2.10", "192.0.2.11"), answer("www.example.cn")},
			site: script{"http://example.cn/": "502 no", "192.0.2.11 http://example.cn/": sitePage},
			asked: []string{"home", "https", "lookup http://example.cn/", "address https://example.cn/ at 192.0.2.10",
				"address http://example.cn/ at 192.0.2.11", "address https://example.cn/ at 192.0.2.11"}, liveness: Serving, final: "http://example.cn/"},
		{name: "another address leads on, on the same server", lookups: []crawler.Lookup{answer("example.cn", "192.0.2.10", "192.0.2.11"), answer("www.example.cn")},
			site: script{"http://example.cn/": nginxPage, "192.0.2.11 http://example.cn/": meta("/cn/"), "192.0.2.11 http://example.cn/cn/": sitePage},
			asked: []string{"home", "https", "lookup http://example.cn/", "address https://example.cn/ at 192.0.2.10",
				"address http://example.cn/ at 192.0.2.11", "address https://example.cn/ at 192.0.2.11", "address http://example.cn/cn/ at 192.0.2.11"},
			liveness: Serving, final: "http://example.cn/cn/"},
		{name: "only the IPv6 address serves", lookups: []crawler.Lookup{answer("example.cn", "192.0.2.10"), answer("www.example.cn")},
			site: script{"http://example.cn/": nginxPage, "AAAA example.cn": "2001:db8::1", "2001:db8::1 http://example.cn/": sitePage},
			asked: []string{"home", "https", "lookup http://example.cn/", "address https://example.cn/ at 192.0.2.10",
				"address http://example.cn/ at 2001:db8::1", "address https://example.cn/ at 2001:db8::1"}, liveness: Serving, final: "http://example.cn/"},
		{name: "a way that we did not see may lead to the site", site: script{"http://example.cn/": nginxPage, "https://example.cn/": "!ours"},
			asked: []string{"home", "https", "www", "https-www"}, liveness: Unseen, cause: "ours"},
		{name: "so may one that turned us away", site: script{"http://example.cn/": nginxPage, "https://example.cn/": "403 no"},
			asked: []string{"home", "https", "www", "https-www"}, liveness: Challenged, cause: "http-403"},
		{name: "a redirect that leads nowhere, with the page", site: script{"http://example.cn/": "302 " + strings.Replace(footerPage("版权所有 青禾灌溉"), "</p>", "</p><p>销售人员可以上门勘察，按地块的坡度、水源和作物给出方案，并负责安装、调试和培训。</p>", 1)},
			asked: []string{"home"}, liveness: Serving, final: "http://example.cn/"},
		{name: "a redirect that leads nowhere, with its own words", site: script{"http://example.cn/": "302 <h1>302 Found</h1>"},
			asked: []string{"home", "https", "www", "https-www"}, liveness: Down, cause: "http-302"},
		{name: "our trouble is not the site's", site: script{"http://example.cn/": "!ours", "https://example.cn/": "!refused"},
			asked: []string{"home"}, liveness: Unseen, cause: "ours"},
		{name: "an address that we do not dial", site: script{"http://example.cn/": "!guard"}, asked: []string{"home"}, liveness: Unseen, cause: "guard"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.domain == "" {
				tt.domain = "example.cn"
			}
			c, asked := tt.site.look(t, &crawler.Target{Domain: tt.domain}, tt.lookups...)
			if !slices.Equal(asked, tt.asked) {
				t.Errorf("asked %q, want %q", asked, tt.asked)
			}
			if tt.liveness != "" && (c.Liveness != tt.liveness || c.Cause != tt.cause) {
				t.Errorf("%s %q, want %s %q", c.Liveness, c.Cause, tt.liveness, tt.cause)
			}
			if tt.final != "" && (c.Answer == nil || c.Answer.URL != tt.final) {
				t.Errorf("the answer is %+v, want %s", c.Answer, tt.final)
			}
		})
	}
}

// TestPinnedAddressHasNoWWW: the inventory names the address to dial, so www.
// is no way round it.
func TestPinnedAddressHasNoWWW(t *testing.T) {
	_, asked := script{}.look(t, &crawler.Target{Domain: "example.cn", Address: netip.MustParseAddr("192.0.2.10")})
	if want := []string{"home", "https"}; !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
}

func TestFilesAndStoppedLooksWantNothing(t *testing.T) {
	obs := FileObservation("index.html", []byte(meta("http://example.cn/")), time.Time{})
	if asks := Wants(NewCase(Input{Obs: obs, File: "index.html"}, nil), anyRules); asks != nil {
		t.Errorf("a file wants %v", asks)
	}
	stopped := &crawler.Observation{Domain: "example.cn", Trouble: "the run was stopped"}
	c := NewCase(Input{Target: &crawler.Target{Domain: "example.cn"}, Obs: stopped}, nil)
	if asks := Wants(c, anyRules); asks != nil || c.Liveness != Unseen {
		t.Errorf("a stopped look wants %v and is %s", asks, c.Liveness)
	}
}

// TestAskingEnds: whatever sites answer, asking ends and nothing is asked twice.
func TestAskingEnds(t *testing.T) {
	urls := []string{"http://example.cn/", "https://example.cn/", "http://www.example.cn/", "http://example.cn/a", "https://other.cn/", "http://192.0.2.10/", "https://192.0.2.10/"}
	answers := []string{sitePage, nginxPage, "", "403 no", "503 no", "404 no", "500 no", "!timeout", "!reset", "!refused", "!tls", "!ours", "!guard", "!redirects", "!scheme", "!dns-nxdomain", `{"a":1}`}
	answers = append(answers, shellPage, "drawn", drawnPage, `<nav><a href="/a">关于我们</a></nav><footer id="foot"></footer><script src="/a"></script><iframe src="/foot.html"></iframe>`)
	for _, u := range urls {
		answers = append(answers, "-> "+u, meta(u), `<frameset><frame src="`+u+`"></frameset>`, `<script>location.href="`+u+`"</script>`)
	}
	rapid.Check(t, func(r *rapid.T) {
		site := script{}
		for _, u := range append(urls, "drawn http://example.cn/", "http://example.cn/foot.html") {
			site[u] = rapid.SampledFrom(answers).Draw(r, u)
		}
		var lookups []crawler.Lookup
		if rapid.Bool().Draw(r, "resolved") {
			lookups = []crawler.Lookup{answer("example.cn", "192.0.2.10"), answer("www.example.cn", "192.0.2.11")}
		}
		policy := DefaultPolicy()
		policy.Render, policy.Pages = rapid.SampledFrom([]Render{"", RenderAuto, RenderAlways}).Draw(r, "render"), rapid.IntRange(0, 5).Draw(r, "pages")
		site.lookWith(r, policy, &crawler.Target{Domain: "example.cn"}, lookups...)
	})
}
