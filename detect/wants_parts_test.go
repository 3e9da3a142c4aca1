package detect

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

const (
	shellPage = `<!doctype html><html><head><meta charset="utf-8"><title>青禾</title>
<link rel="modulepreload" href="/assets/vendor-9.js"><link rel="stylesheet" href="/assets/foot.css"></head>
<body><div id="app"></div><script type="module" src="/assets/index-1.js"></script><script src="https://cdn.example.com/lib.js"></script></body></html>`
	drawnPage = `<!doctype html><html><head><meta charset="utf-8"><title>青禾</title></head><body><div id="app"><nav><a href="/about">关于我们</a></nav>
<h1>青禾灌溉设备</h1><p>喷灌机、滴灌带和过滤设备，用于大田、果园和温室。</p><footer>版权所有 青禾 <a href="https://beian.miit.gov.cn/">鲁ICP备19034567号-2</a></footer></div></body></html>`
)

// footerPage is a page whose foot holds s.
func footerPage(s string) string {
	return `<!doctype html><html><head><meta charset="utf-8"><title>青禾灌溉</title></head><body><h1>青禾灌溉设备有限公司</h1>
<p>喷灌机、滴灌带和过滤设备，产品用于大田、果园和温室，配件常年备货。</p><div id="footer">` + s + `</div></body></html>`
}

// TestWantsParts: files are asked for only where they decide, and only the
// site's own.
func TestWantsParts(t *testing.T) {
	const number = `<a href="https://beian.miit.gov.cn/">鲁ICP备19034567号-2</a>`
	filed := crawler.Filing{Status: crawler.FilingFiled, Number: "鲁ICP备19034567号-2"}
	home := "http://example.cn/"
	tests := []struct {
		name   string
		filing crawler.Filing
		render Render
		site   script
		asked  []string
	}{
		{name: "a page with number and link costs nothing", filing: filed, render: RenderAuto,
			site: script{home: footerPage("版权所有 "+number) + `<script src="/js/foot.js"></script>`}, asked: []string{"home"}},
		{name: "a page that was read to its foot costs nothing", filing: filed, render: RenderAuto,
			site: script{home: footerPage("版权所有 青禾") + `<script src="/js/jquery.js"></script>`}, asked: []string{"home"}},
		{name: "an unfiled site owes no number", filing: crawler.Filing{Status: crawler.FilingUnfiled}, render: RenderAuto,
			site: script{home: footerPage(`<script src="/js/foot.js"></script>`)}, asked: []string{"home"}},
		{name: "the bundles of a shell", filing: filed, site: script{home: shellPage, home + "assets/index-1.js": `const x="./Foot-7.js",y="assets/Home-3.js",z="https://cdn.example.com/x.js"`},
			asked: []string{"home", "script http://example.cn/assets/index-1.js", "script http://example.cn/assets/vendor-9.js",
				"script http://example.cn/assets/Foot-7.js", "script http://example.cn/assets/Home-3.js"}},
		{name: "a number in the bundle ends the search", filing: filed, site: script{home: shellPage, home + "assets/index-1.js": `a="鲁ICP备19034567号-2",b="./Foot-7.js"`},
			asked: []string{"home", "script http://example.cn/assets/index-1.js", "script http://example.cn/assets/vendor-9.js"}},
		{name: "the script of the foot alone", filing: filed, site: script{home: footerPage(`<script src="/js/foot.js?v=2"></script>`) + `<script src="/js/app.js"></script><script src="//other.com/footer.js"></script>`},
			asked: []string{"home", "script http://example.cn/js/foot.js?v=2"}},
		{name: "a fragment that is loaded into the foot", filing: filed, site: script{home: footerPage(``) + `<script>$("#footer").load("/public/footer.html")</script>`},
			asked: []string{"home", "script http://example.cn/public/footer.html"}},
		{name: "a frame in the foot", filing: filed, site: script{home: footerPage(`<iframe src="/bottom.html"></iframe>`)},
			asked: []string{"home", "script http://example.cn/bottom.html"}},
		{name: "a shell is drawn after its files were read", filing: filed, render: RenderAuto, site: script{home: shellPage, "drawn " + home: drawnPage},
			asked: []string{"home", "script http://example.cn/assets/index-1.js", "script http://example.cn/assets/vendor-9.js", "render " + home}},
		{name: "an unfiled shell is drawn too: its content decides", filing: crawler.Filing{Status: crawler.FilingUnfiled}, render: RenderAuto, site: script{home: shellPage, "drawn " + home: drawnPage},
			asked: []string{"home", "script http://example.cn/assets/index-1.js", "script http://example.cn/assets/vendor-9.js", "render " + home}},
		{name: "always draws any page", filing: filed, render: RenderAlways, site: script{home: footerPage("版权所有 " + number)}, asked: []string{"home", "render " + home}},
		{name: "a firewall is not evaded by a browser", filing: filed, render: RenderAlways, site: script{home: "403 no", "https://example.cn/": "403 no"}, asked: []string{"home", "https"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			policy := DefaultPolicy()
			policy.Render = tt.render
			_, asked := tt.site.lookWith(t, policy, &crawler.Target{Domain: "example.cn", Filing: tt.filing})
			if !slices.Equal(asked, tt.asked) {
				t.Errorf("asked %q, want %q", asked, tt.asked)
			}
		})
	}
}

func TestPartsAreBounded(t *testing.T) {
	page := strings.Replace(shellPage, "</body>", strings.Repeat(`<script src="/a.js"></script>`, 3)+
		`<script src="/b.js"></script><script src="/c.js"></script><script src="/d.js"></script><script src="/e.js"></script><script src="/f.js"></script></body>`, 1)
	_, asked := script{"http://example.cn/": page}.look(t, &crawler.Target{Domain: "example.cn"})
	if len(asked) != 1+maxParts {
		t.Errorf("asked %q", asked)
	}
}

// TestWantsInner: one page of each sort, then the navigation; never files, the
// news or another host.
func TestWantsInner(t *testing.T) {
	page := `<!doctype html><html><head><meta charset="utf-8"><title>青禾</title></head><body><nav><a href="/">首页</a><a href="/news/">新闻中心</a><a href="/team.html">团队</a>
<a href="/product/">产品中心</a><a href="/lxwm.html">联系我们</a><a href="http://www.example.cn/about.html">关于我们</a><a href="/about.html#top">公司简介</a></nav>
<p><a href="/about.pdf">关于我们</a><a href="https://shop.example.cn/service">服务</a><a href="/fuwu.html">我们的服务</a><a href="/p/1.html">喷灌机</a></p><footer>版权所有 青禾</footer></body></html>`
	policy := DefaultPolicy()
	policy.Pages = 6
	site := script{"http://example.cn/": page, "http://example.cn/fuwu.html": sitePage, "http://example.cn/team.html": "!timeout", "http://www.example.cn/about.html": page}
	c, asked := site.lookWith(t, policy, &crawler.Target{Domain: "example.cn"})
	want := []string{"home", "inner http://www.example.cn/about.html", "inner http://example.cn/fuwu.html", "inner http://example.cn/product/",
		"inner http://example.cn/lxwm.html", "inner http://example.cn/team.html"}
	if !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
	if c.Liveness != Serving || len(c.Inner) != 1 || c.Inner[0].URL != "http://example.cn/fuwu.html" {
		t.Errorf("%s, inner %+v", c.Liveness, c.Inner)
	}
}

// TestCutShortIsLookedAtAgain: a page that ended early may be whole next time,
// one that we cut will not.
func TestCutShortIsLookedAtAgain(t *testing.T) {
	look := func(body string, cut bool, looks int) bool {
		obs := &crawler.Observation{Domain: "example.cn", At: time.Unix(1, 0), Visits: []crawler.Visit{{Ask: crawler.Ask{Kind: crawler.AskHome},
			Hops: []crawler.Page{{URL: "http://example.cn/", Status: 200, Body: []byte(body), Cut: cut}}}}}
		c := NewCase(Input{Target: &crawler.Target{Domain: "example.cn"}, Obs: obs, Attempts: make([]Attempt, looks-1)}, nil)
		if why := pageReason(c); looks == 3 && cut && why != ReasonPageCut {
			t.Errorf("after the last look: %s", why)
		}
		return NeedsConfirming(c)
	}
	half := sitePage[:len(sitePage)/2]
	whole := footerPage(`版权所有 <a href="https://beian.miit.gov.cn/">鲁ICP备19034567号-2</a>`)
	for name, c := range map[string]struct{ got, want bool }{
		"ended early":                      {look(half, true, 1), true},
		"ended early, the second time":     {look(half, true, 2), true},
		"ended early, the last time":       {look(half, true, 3), false},
		"whole":                            {look(sitePage, false, 1), false},
		"number and link were seen before": {look(whole, true, 1), false},
		"our own limit":                    {look(half+strings.Repeat(" ", maxWhole), true, 1), false},
	} {
		if c.got != c.want {
			t.Errorf("%s: looked at again %v", name, c.got)
		}
	}
}
