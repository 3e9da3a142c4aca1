package rules

import (
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// TestOneSnippet: all findings of a report ask for the same code; no line of it
// is made from a malformed number, and the number has the form that the province
// asks for.
func TestOneSnippet(t *testing.T) {
	page := func(foot string) string {
		return `<!doctype html><meta charset=utf-8><title>青禾木器</title><h1>青禾木器有限公司</h1><p>我们在本地做了二十年的木门、木窗与楼梯，接受来图定制，质保五年。</p><footer><p>版权所有 © 2026 青禾木器有限公司 ` + foot + `</p></footer>`
	}
	const icp = `<a href="https://beian.miit.gov.cn/" target="_blank" rel="noopener">`
	for name, c := range map[string]struct{ foot, filing, want string }{
		"suffix and old link":  {`<a href="http://www.miitbeian.gov.cn">鄂ICP备20031415号-1</a>`, "鄂ICP备20031415号-1", icp + "鄂ICP备20031415号-1</a>"},
		"police of 15 digits":  {`<a href="https://beian.miit.gov.cn/">浙ICP备20031415号-1</a> <a href="http://a.cn/">浙公网安备330110020190411号</a>`, "", ""},
		"police, wrong link":   {`浙ICP备20031415号-1 <a href="http://a.cn/">浙公网安备33011002019041号</a>`, "", icp + "浙ICP备20031415号-1</a>\n" + `<a href="https://beian.mps.gov.cn/#/query/webSearch?code=33011002019041" target="_blank" rel="noopener">浙公网安备33011002019041号</a>`},
		"nothing to be pasted": {`<a href="https://beian.miit.gov.cn/">浙ICP备20031415号-1</a>`, "", ""},
	} {
		filing := crawler.Filing{Status: crawler.FilingUnknown}
		if c.filing != "" {
			filing = crawler.Filing{Status: crawler.FilingFiled, Number: c.filing, Source: "flag"}
		}
		at := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
		judged := detect.NewCase(detect.Input{Target: &crawler.Target{Filing: filing}, Obs: detect.FileObservation("a.html", []byte(page(c.foot)), at), File: "a.html", At: at}, nil)
		outs := detect.Judge(judged, All)
		if got := Snippet(judged, outs); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		for _, o := range WithSnippet(outs, Snippet(judged, outs)) {
			for _, f := range o.Findings {
				if f.Snippet != "" && f.Snippet != c.want || strings.Contains(f.Snippet, "330110020190411") {
					t.Errorf("%s: %s asks for %s", name, o.Rule, f.Snippet)
				}
			}
		}
	}
}
