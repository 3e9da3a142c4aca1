package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// to answers with a status and a raw Location.
func to(status int, location string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" || r.URL.RawQuery != "" {
			arrived(w, r)
			return
		}
		w.Header()["Location"] = []string{location}
		w.WriteHeader(status)
		fmt.Fprint(w, "moved")
	}
}

func arrived(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "arrived at "+r.URL.String()) }

func TestRedirectsAreFollowed(t *testing.T) {
	for name, c := range map[string]struct {
		status   int
		location string
		want     string // "" for: not followed
	}{
		"301":                         {301, "/x", "http://a.cn/x"},
		"302":                         {302, "/x", "http://a.cn/x"},
		"303":                         {303, "/x", "http://a.cn/x"},
		"307":                         {307, "/x", "http://a.cn/x"},
		"308":                         {308, "/x", "http://a.cn/x"},
		"absolute":                    {302, "http://b.cn/x", "http://b.cn/x"},
		"the port by name":            {302, "http://b.cn:80/x", "http://b.cn/x"},
		"capitals":                    {302, "HTTP://B.CN/x", "http://b.cn/x"},
		"without a path":              {302, "http://b.cn", "http://b.cn/"},
		"without a scheme":            {302, "//b.cn/x", "http://b.cn/x"},
		"relative":                    {302, "x/y.html", "http://a.cn/x/y.html"},
		"up and down":                 {302, "../x/./y", "http://a.cn/x/y"},
		"query only":                  {302, "?a=b", "http://a.cn/?a=b"},
		"fragment dropped":            {302, "/x#top", "http://a.cn/x"},
		"blanks around":               {302, "  /x  ", "http://a.cn/x"},
		"backslashes":                 {302, `http:\\b.cn\x`, "http://b.cn/x"},
		"Chinese host":                {302, "http://北京.cn/x", "http://xn--1lq90i.cn/x"},
		"full-width host":             {302, "http://ｂ.cn/x", "http://b.cn/x"},
		"UTF-8 path":                  {302, "/首页", "http://a.cn/%E9%A6%96%E9%A1%B5"},
		"GBK path":                    {302, "/\xca\xd7\xd2\xb3", "http://a.cn/%CA%D7%D2%B3"},
		"bad escape":                  {302, "/100%", "http://a.cn/100%25"},
		"user and password":           {302, "http://u:p@b.cn/x", "http://b.cn/x"},
		"empty":                       {302, "", ""},
		"on 200":                      {200, "/x", ""},
		"on 201":                      {201, "/x", ""},
		"on 404":                      {404, "/x", ""},
		"on 300":                      {300, "/x", ""},
		"host with an underscore":     {302, "http://b_b.cn/x", "http://b_b.cn/x"},
		"a dotted host":               {302, "http://b.cn./x", "http://b.cn./x"},
		"space within":                {302, "/a b", "http://a.cn/a%20b"},
		"address in decimal, allowed": {302, "http://2130706433/x", "http://127.0.0.1/x"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			n.site("a.cn", to(c.status, c.location))
			n.site("b.cn", arrived)
			n.name("xn--1lq90i.cn", n.name("b.cn"))
			n.name("b_b.cn", n.name("b.cn"))
			n.name("literal", "127.0.0.1")
			n.site("literal", arrived)
			v := n.home("a.cn")
			want := []string{"http://a.cn/"}
			if c.want != "" {
				want = append(want, c.want)
			}
			if got := urls(v); !slices.Equal(got, want) || v.Failure != nil {
				t.Fatalf("hops %q, failure %v, want %q", got, v.Failure, want)
			}
			if c.want == "" {
				return
			}
			if last := v.Last(); last.Via != crawler.ViaHTTP || !strings.HasPrefix(string(last.Body), "arrived") {
				t.Errorf("via %q, body %q", last.Via, last.Body)
			}
			if first := v.Hops[0]; first.Status != c.status || string(first.Body) != "moved" || first.Via != crawler.ViaStart ||
				first.Header.Get("Location") != strings.TrimSpace(c.location) {
				t.Errorf("the first hop is not kept as it came: %d %q %q", first.Status, first.Body, first.Header)
			}
		})
	}
}

func TestRedirectsThatEnd(t *testing.T) {
	for name, c := range map[string]struct {
		location string
		kind     crawler.FailureKind
		failed   string
	}{
		"to an app":              {"weixin://dl/business/?t=x", crawler.FailScheme, "weixin://dl/business/?t=x"},
		"to a script":            {"javascript:alert(1)", crawler.FailScheme, "javascript:alert(1)"},
		"to a file":              {"file:///etc/passwd", crawler.FailScheme, "file:///etc/passwd"},
		"to data":                {"data:text/html,hi", crawler.FailScheme, "data:text/html,hi"},
		"to FTP":                 {"ftp://b.cn/", crawler.FailScheme, "ftp://b.cn/"},
		"to another port":        {"http://b.cn:8080/x", crawler.FailScheme, "http://b.cn:8080/x"},
		"to SSH":                 {"http://127.0.0.1:22/", crawler.FailScheme, "http://127.0.0.1:22/"},
		"to no host":             {"http://", crawler.FailScheme, "http://"},
		"to a broken host":       {"http://a b.cn/", crawler.FailScheme, "http://a b.cn/"},
		"to a broken port":       {"http://b.cn:99999/", crawler.FailScheme, "http://b.cn:99999/"},
		"to itself":              {"/", crawler.FailRedirects, "http://a.cn/"},
		"to itself, absolute":    {"http://a.cn/#x", crawler.FailRedirects, "http://a.cn/"},
		"to a fragment":          {"#top", crawler.FailRedirects, "http://a.cn/"},
		"into the private net":   {"http://192.168.0.1/admin", crawler.FailGuard, "http://192.168.0.1/admin"},
		"to metadata":            {"http://169.254.169.254/latest/", crawler.FailGuard, "http://169.254.169.254/latest/"},
		"to metadata in decimal": {"http://2852039166/", crawler.FailGuard, "http://169.254.169.254/"},
		"to mapped loopback":     {"http://[::ffff:7f00:1]/", crawler.FailGuard, "http://[::ffff:7f00:1]/"},
		"to a private name":      {"http://inside.cn/", crawler.FailGuard, "http://inside.cn/"},
		"to no name":             {"http://nowhere.cn/", crawler.FailDNSNoName, "http://nowhere.cn/"},
		"to a name too long":     {"http://" + strings.Repeat("a", 64) + ".cn/", crawler.FailDNSNoName, "http://" + strings.Repeat("a", 64) + ".cn/"},
		"to SERVFAIL":            {"http://servfail.cn/", crawler.FailDNSServer, "http://servfail.cn/"},
		"to a silent server":     {"http://silent.cn/", crawler.FailDNSTimeout, "http://silent.cn/"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			n.site("a.cn", to(302, c.location))
			n.name("inside.cn", "10.0.0.1")
			v := n.home("a.cn")
			if kindOf(v) != c.kind || v.Failed != c.failed {
				t.Errorf("failure %v at %q, want %s at %q", v.Failure, v.Failed, c.kind, c.failed)
			}
			if len(v.Hops) != 1 || string(v.Hops[0].Body) != "moved" || v.Last() != nil {
				t.Errorf("%d hops kept, want the one that redirects", len(v.Hops))
			}
		})
	}
}

func TestManyRedirects(t *testing.T) {
	n := newInternet(t)
	steps := func(w http.ResponseWriter, r *http.Request) {
		var k int
		fmt.Sscanf(r.URL.Path, "/%d", &k)
		if r.Host == "ten.cn" && k == 10 {
			fmt.Fprint(w, "arrived")
			return
		}
		http.Redirect(w, r, fmt.Sprintf("/%d", k+1), http.StatusFound)
	}
	n.site("ten.cn", steps)
	n.site("endless.cn", steps)
	if v := n.home("ten.cn"); v.Failure != nil || len(v.Hops) != 11 {
		t.Errorf("ten redirects: %d hops, failure %v", len(v.Hops), v.Failure)
	}
	if v := n.home("endless.cn"); kindOf(v) != crawler.FailRedirects || len(v.Hops) != 11 || v.Failed != "http://endless.cn/11" {
		t.Errorf("endless: %d hops, failure %v at %s", len(v.Hops), v.Failure, v.Failed)
	}
}

func TestLoopOfTwo(t *testing.T) {
	n := newInternet(t)
	n.site("a.cn", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://b.cn/", http.StatusMovedPermanently)
	})
	n.site("b.cn", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://a.cn/", http.StatusMovedPermanently)
	})
	if v := n.home("a.cn"); kindOf(v) != crawler.FailRedirects || len(v.Hops) != 2 {
		t.Errorf("%d hops, failure %v", len(v.Hops), v.Failure)
	}
}

func TestRefreshHeader(t *testing.T) {
	for refresh, want := range map[string]string{
		"0; url=/x":              "http://a.cn/x",
		"3;URL='http://a.cn/x'":  "http://a.cn/x",
		"5, /x":                  "http://a.cn/x",
		"6; url=/x":              "",
		"0":                      "",
		"0; url=":                "",
		"0; url=/":               "", // reloads itself
		"":                       "",
		"99999999999999; url=/x": "",
	} {
		n := newInternet(t)
		n.site("a.cn", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" && refresh != "" {
				w.Header().Set("Refresh", refresh)
			}
			fmt.Fprint(w, "page")
		})
		v := n.home("a.cn")
		if got := v.Last(); got == nil || want == "" && len(v.Hops) != 1 || want != "" && (got.URL != want || got.Via != crawler.ViaHTTP) {
			t.Errorf("Refresh %q: hops %q, failure %v, want %q", refresh, urls(v), v.Failure, want)
		}
	}
}

func TestParseRefresh(t *testing.T) {
	for s, want := range map[string]struct {
		seconds int
		url     string
		ok      bool
	}{
		"0;url=/a":            {0, "/a", true},
		" 1.5 ; URL = \"/a\"": {1, "/a", true},
		"2 /a":                {2, "/a", true},
		".5;/a":               {0, "/a", true},
		"1;url='/a'b":         {1, "/a", true},
		"1;url='/a":           {1, "/a", true},
		"1;urlx":              {1, "urlx", true},
		"1;url /a":            {1, "url /a", true},
		"1":                   {}, "1;": {}, "": {}, "x;url=/a": {}, "1x;url=/a": {}, "-1;url=/a": {}, ";url=/a": {},
	} {
		seconds, url, ok := parseRefresh(s)
		if seconds, url = map[bool]int{true: seconds}[ok], map[bool]string{true: url}[ok]; seconds != want.seconds || url != want.url || ok != want.ok {
			t.Errorf("parseRefresh(%q) = %d, %q, %v, want %v", s, seconds, url, ok, want)
		}
	}
}

// A site that sends each visitor round once to see whether a cookie sticks.
func TestCookieRound(t *testing.T) {
	n := newInternet(t)
	n.site("a.cn", func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("seen"); err == nil && c.Value == "1" {
			fmt.Fprint(w, "welcome")
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		http.Redirect(w, r, "/", http.StatusFound)
	})
	v := n.home("a.cn")
	if v.Failure != nil || len(v.Hops) != 2 || string(v.Last().Body) != "welcome" {
		t.Fatalf("hops %q, failure %v", urls(v), v.Failure)
	}
	// Nothing is left for the next visit.
	if v := n.home("a.cn"); len(v.Hops) != 2 {
		t.Errorf("the second look needed %d hops: a cookie was kept", len(v.Hops))
	}
}

// An ask that carries a visit on shows the cookies of the visit so far.
func TestCookiesOfTheLook(t *testing.T) {
	n := newInternet(t)
	n.site("a.cn", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "k", Value: "v"})
		fmt.Fprint(w, r.Header.Get("Cookie"))
	})
	obs := look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskHome},
		crawler.Ask{Kind: crawler.AskFollow, URL: "http://a.cn/x", Via: crawler.ViaScript}, crawler.Ask{Kind: crawler.AskHome})
	if got := string(obs.Visits[1].Last().Body); got != "k=v" || obs.Visits[1].Last().Via != crawler.ViaScript {
		t.Errorf("followed with cookies %q, via %q", got, obs.Visits[1].Last().Via)
	}
	if got := string(obs.Visits[2].Last().Body); got != "" {
		t.Errorf("a fresh start shows cookies %q", got)
	}
}

func FuzzParseRefresh(f *testing.F) {
	for _, s := range []string{"0;url=/a", "5, '/a", ".5;URL=\"x\"", "1;url"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		seconds, url, ok := parseRefresh(s)
		if ok && (seconds < 0 || url == "" || !strings.Contains(s, url)) {
			t.Fatalf("parseRefresh(%q) = %d, %q", s, seconds, url)
		}
	})
}

// Wherever a Location leads, it is a web page at an allowed port or a failure.
func FuzzLocation(f *testing.F) {
	for _, s := range []string{"/x", "//b.cn", "http:\\\\b.cn", "http://北京.cn/#x", "/\xca\xd7", "weixin://x", "http://b.cn:22/", "http://[::1]/", "http://0x7f.1/", "#", "?"} {
		f.Add(s)
	}
	c := New(Options{Guard: guard.New(nil, nil)})
	base, _ := url.Parse("http://a.cn/dir/")
	f.Fuzz(func(t *testing.T, location string) {
		v := newVisit(c.Session(&crawler.Observation{Domain: "a.cn"}), t.Context(), crawler.Ask{Kind: crawler.AskHome})
		v.out.Hops = []crawler.Page{{URL: base.String(), Status: 302, Header: http.Header{"Location": {location}}}}
		to, failure := v.next(base)
		if failure != nil || to == "" || v.forbidden(to) != nil {
			return
		}
		u, err := url.Parse(to)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Fragment != "" || portOf(u) != 80 && portOf(u) != 443 {
			t.Fatalf("Location %q leads to %q", location, to)
		}
	})
}
