package visit

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/browser"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/detect"
)

// TestPicture: a page that runs no script is drawn for its picture where it is about to
// be accused, up to a line of the inventory. A drawing that is not whole takes nothing
// from what is found, and none adds to it.
func TestPicture(t *testing.T) {
	path, err := browser.Find("")
	if errors.Is(err, browser.ErrNone) {
		t.Skip("no browser is installed")
	}
	n := newInternet(t)
	unlinked := strings.Replace(goodPage, ` href="https://beian.miit.gov.cn/"`, "", 1)
	broken := strings.Replace(unlinked, "</head>", `<link rel="stylesheet" href="http://none.cn/a.css"></head>`, 1)
	n.set(func() {
		hidden := strings.Replace(unlinked, "</head>", "<style>footer{display:none}</style></head>", 1)
		for name, body := range map[string]string{"hidden.cn": hidden, "good.cn": goodPage, "unlinked.cn": unlinked, "broken.cn": broken} {
			n.zone[name], n.pages[name+"/"] = webAddr, body
		}
	})
	s := n.scanner(t)
	loopback := netip.MustParsePrefix("127.0.0.0/8")
	pool := browser.New(browser.Options{
		Path: path, Tabs: 1, Guard: guard.New([]netip.Prefix{loopback}, map[uint16]uint16{80: n.port, 443: 1}),
		Resolve: func(context.Context, string) ([]netip.Addr, error) { return nil, errors.New("no such name") },
	})
	defer pool.Close()
	s.Draw, s.Pictures, s.Policy.Render = pool.Do, 2, detect.RenderAuto
	for _, test := range []struct {
		domain       string
		line         int
		pictured     bool
		found        detect.Verdict // of footer-link-missing
		leftToOthers bool
	}{
		{domain: "good.cn", line: 2, found: detect.Pass},
		{domain: "unlinked.cn", line: 2, pictured: true, found: detect.Found, leftToOthers: true},
		{domain: "unlinked.cn", pictured: true, found: detect.Found, leftToOthers: true}, // asked for by a person
		{domain: "unlinked.cn", line: 3, found: detect.Found},
		{domain: "broken.cn", line: 2, found: detect.Found, leftToOthers: true},
		{domain: "hidden.cn", line: 2, found: detect.Found, leftToOthers: true}, // the browser would find more
	} {
		target := filed(test.domain)
		target.Line = test.line
		c := s.Visit(t.Context(), target, nil, nil)
		if got := c.Obs.Screenshot != nil; got != test.pictured || c.Rendered != got || (c.Obs.Drawing != nil) != got || (c.Visit(crawler.AskRender, "") != nil) != got {
			t.Errorf("%s in line %d: a picture: %v, want %v (drawn %v)", test.domain, test.line, got, test.pictured, c.Rendered)
		}
		for _, o := range s.Judge(c) {
			if o.Rule == "footer-link-missing" && o.Verdict != test.found {
				t.Errorf("%s in line %d: %s %s, want %s", test.domain, test.line, o.Verdict, o.Reason, test.found)
			}
		}
		_, end := s.Deferring().VisitAgain(t.Context(), target, nil, nil, nil)
		if end.Release(); end.Render != test.leftToOthers || end.Render && !end.Whole {
			t.Errorf("%s in line %d: left to another scanner: %v", test.domain, test.line, end.Render)
		}
	}
}
