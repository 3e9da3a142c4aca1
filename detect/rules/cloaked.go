package rules

import (
	"slices"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/page"
)

// contentCloaked: a site that shows some visitors a copy of a provider's block
// page hides its content from those who check it.
var contentCloaked = &detect.Rule{
	ID:       "content-cloaked",
	Severity: detect.Warning,
	Witness:  detect.WitnessNone,
	Title:    detect.Text{ZH: "网站用脚本向部分访客展示假的拦截页", EN: "the site's script shows some visitors a copy of a block page"},
	Kept:     detect.Text{ZH: "网站没有向部分访客展示假的拦截页", EN: "the site shows no visitor a copy of a block page"},
	Rationale: detect.Text{
		ZH: "页面自己的脚本按浏览器、屏幕或来路区分访客，向其中一部分展示接入商“未备案拦截页”的仿冒页，而向其他访客展示别的内容。这种做法多见于被入侵的网站，或域名过期后被他人用来发布赌博、色情内容。",
		EN: "A script of the page tells visitors apart by browser, screen or the way they came, shows some of them a copy of a provider's block page and others something else. It is met on hijacked sites and on expired domains that others use for gambling or adult content.",
	},
	Remedy: detect.Text{
		ZH: "请分别用电脑和手机打开网站，检查首页源代码与服务器文件是否被篡改；域名已不归您所有的，请尽快注销备案。",
		EN: "Open the site on a desktop and on a telephone, and check page source and server files for changes that are not yours; if the domain is no longer yours, cancel its filing soon.",
	},
	Source: decree292("第十五条 / article 15"),
	Needs:  detect.NeedsHome,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "不区分：待核实", EN: "any: warning"},
		Liveness: detect.Text{ZH: "收到页面时", EN: "when a page was received"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "跳转到其他域名", EN: "leads to another domain"},
		Unknown:  detect.Text{ZH: "没有收到页面，或没有收全", EN: "no page was received, or not whole"},
	},
	Check: checkCloaked,
}

func checkCloaked(c *detect.Case) detect.Outcome {
	if c.Away != "" {
		return exempt(detect.ReasonAway)
	}
	if saw, ok := kind.Cloaks(c.Static); ok {
		return found(detect.Warning, cloakedFinding(c, detect.Text{
			ZH: "页面脚本区分访客并写出拦截页：" + saw, EN: "a script of the page tells visitors apart and writes a block page: " + saw,
		}))
	}
	if saw, ok := drawnBlock(c); ok {
		return found(detect.Warning, cloakedFinding(c, detect.Text{
			ZH: "服务器返回的不是拦截页，浏览器执行页面脚本后却显示：" + saw,
			EN: "what the server sent is no block page; after its scripts ran the browser shows: " + saw,
		}))
	}
	return pass()
}

// drawnBlock reports whether a browser shows a block page where the server sent
// another: the same document, with the scripts that it came with.
func drawnBlock(c *detect.Case) (saw string, ok bool) {
	drawn := c.Obs.Rendered
	if drawn == nil || c.Static == nil || c.Answer == nil || c.Kind.Name == kind.Block || detect.HostOf(drawn.URL) != detect.HostOf(c.Answer.URL) {
		return "", false
	}
	p := page.Parse(drawn.Body, page.Options{URL: drawn.URL, ContentType: drawn.Header.Get("Content-Type"), Cut: drawn.Cut})
	k := c.Policy.Kinds.Of(nil, p)
	if k.Name != kind.Block {
		return "", false
	}
	for i := range c.Static.Scripts {
		s := &c.Static.Scripts[i]
		if s.Runs && slices.ContainsFunc(p.Scripts, func(o page.Script) bool { return o.Src == s.Src && o.Inline == s.Inline }) {
			return k.Saw, true
		}
	}
	return "", false
}

func cloakedFinding(c *detect.Case, saw detect.Text) detect.Finding {
	return detect.Finding{
		Where: homeWhere(c),
		Saw:   saw,
		Fix: detect.Text{
			ZH: "请从页面和服务器上删除该脚本，并查明它是如何被放入的。",
			EN: "Remove the script from page and server, and find out how it came there.",
		},
	}
}
