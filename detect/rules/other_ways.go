package rules

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
)

// siteShownToBrowsersOnly: what our own client got of a site that a visitor's
// browser shows. The site is open; who checks it with a plain client may think
// otherwise.
var siteShownToBrowsersOnly = &detect.Rule{
	ID:       "site-shown-to-browsers-only",
	Witness:  detect.WitnessNone,
	Severity: detect.Notice,
	Title:    detect.Text{ZH: "网站对浏览器可正常显示，对其他客户端则不能", EN: "the site is shown to browsers, and not to other clients"},
	Kept:     detect.Text{ZH: "网站对浏览器和其他客户端的显示一致", EN: "browsers and other clients are shown the same site"},
	Rationale: detect.Text{
		ZH: "浏览器可以打开该网站，因此不判为打不开；但普通 HTTP 客户端得到的是错误、空白或被中断的连接。接入商的自动核查、搜索引擎也可能因此认为网站未开通。",
		EN: "A browser shows the site, so it is not down; but a plain HTTP client gets an error, a blank page or a connection that is cut. Providers' automatic checks and search engines may take the site for closed.",
	},
	Remedy: detect.Text{
		ZH: "请检查服务器、CDN 或防火墙对非浏览器请求的应答，使首页对所有客户端返回 200 和同样的内容。",
		EN: "Check what the server, CDN or firewall answers to clients that are no browsers, and have the home page answer all of them with 200 and the same content.",
	},
	Source: reviewers("已备案网站未开站 / a filed site is not open"),
	Needs:  detect.NeedsSite,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "不区分：提示", EN: "any: notice"},
		Liveness: detect.Text{ZH: "浏览器看到网站，而本程序自己的请求没有", EN: "a browser shows the site, and our own requests did not"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "只检查文件", EN: "a file"},
		Unknown:  detect.Text{ZH: "没有看到网站", EN: "the site was not seen"},
	},
	Check: checkBrowsersOnly,
}

func checkBrowsersOnly(c *detect.Case) detect.Outcome {
	if c.Client == nil {
		if why := c.LivenessReason(); why != "" {
			return unknown(why)
		}
		return pass()
	}
	cause := detect.CauseText(c.Client.Cause)
	detail := detect.DetailText(c.Client.Detail)
	return found(detect.Notice, detect.Finding{
		Where: detect.Text{ZH: c.Client.URL, EN: c.Client.URL},
		Saw: detect.Text{
			ZH: fmt.Sprintf("浏览器显示了网站，标题“%s”；本程序的请求得到：%s%s", detect.Clip(c.Home.Title), cause.ZH, detail.ZH),
			EN: fmt.Sprintf("a browser shows the site, title \"%s\"; our own client got: %s%s", detect.Clip(c.Home.Title), cause.EN, detail.EN),
		},
		Fix: detect.Text{
			ZH: "网站可正常访问；建议使首页对非浏览器的请求也返回 200 和同样的内容。",
			EN: "The site is open; better have the home page answer clients that are no browsers in the same way.",
		},
	})
}

// maxWays bounds the ways that a finding names one by one.
const maxWays = 4

// waysText tells, as the end of a sentence, what came of the other ways to the
// site, and which addresses were left out; empty if there is nothing to tell.
func waysText(c *detect.Case) detect.Text {
	var zh, en []string
	ways := c.OtherWays()
	for _, w := range ways[:min(len(ways), maxWays)] {
		cause, at := detect.CauseText(w.Cause), w.URL
		if w.Addr.IsValid() {
			at += " @ " + w.Addr.String()
		}
		zh, en = append(zh, at+" "+cause.ZH), append(en, at+" "+cause.EN)
	}
	var t detect.Text
	if len(zh) > 0 {
		t = detect.Text{ZH: "；其他入口也未看到网站：" + strings.Join(zh, "、"), EN: "; no site by any other way: " + strings.Join(en, ", ")}
	}
	if more := len(ways) - maxWays; more > 0 {
		t.ZH += fmt.Sprintf(" 等共 %d 个", len(ways))
		t.EN += fmt.Sprintf(" and %d more", more)
	}
	if out := c.LeftOut(); len(out) > 0 {
		list := texts(out[:min(len(out), maxWays)])
		t.ZH += "；本机没有到以下地址的路由，未计入：" + strings.Join(list, "、")
		t.EN += "; left out, since this machine has no route to them: " + strings.Join(list, ", ")
	}
	return t
}

func texts(addrs []netip.Addr) []string {
	list := make([]string, len(addrs))
	for i, a := range addrs {
		list[i] = a.String()
	}
	return list
}
