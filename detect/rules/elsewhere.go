package rules

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// filedSiteElsewhere: providers' checks look for 解析境外IP and 未解析本云IP.
// One address in the right place is enough for them, and for us.
var filedSiteElsewhere = &detect.Rule{
	ID:       "filed-site-elsewhere",
	Witness:  detect.WitnessNone,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "已备案网站没有解析到备案接入商的内地服务器", EN: "a filed site does not point to its provider's servers in the mainland"},
	Kept:     detect.Text{ZH: "已备案网站解析到备案接入商的内地服务器", EN: "a filed site points to its provider's servers in the mainland"},
	Rationale: detect.Text{
		ZH: "备案以“域名 + 内地接入商”为单位。域名只解析到境外，或不再解析到备案接入商的服务器，接入商核查时会认定备案未被使用，可能取消接入，使备案成为“空壳”。",
		EN: "A filing is of a name with a provider in the mainland. A name that points abroad only, or no longer to that provider, is taken as unused at the provider's checks; the access may be withdrawn and the filing become an empty shell.",
	},
	Remedy: detect.Text{
		ZH: "请把域名（或至少一个子域名）解析到备案接入商的内地服务器；已更换服务商的请办理新增接入；不再使用请注销备案。",
		EN: "Point the name (or at least one name below it) to the provider's servers in the mainland; after a change of provider make a new access filing; cancel the filing if it is not used.",
	},
	Source: detect.Article{
		Law:   detect.Text{ZH: "接入商核查标准（华为云备案文档“备案核查”、腾讯云“专项核查”）", EN: "providers' checks (Huawei Cloud and Tencent Cloud, documentation of filing checks)"},
		Place: "解析境外 IP、未解析本云 IP / points abroad, does not point to this cloud",
	},
	Needs: detect.NeedsDNS | detect.NeedsFiling | detect.NeedsSite,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "仅已备案", EN: "filed only"},
		Liveness: detect.Text{ZH: "只看解析结果，不看能否访问", EN: "by what DNS says, whether or not the site answers"},
		Place:    detect.Text{ZH: "观测点在内地：待核实；未声明在内地：提示（智能解析可能只对境外返回境外节点）", EN: "from a mainland vantage: warning; otherwise notice (DNS may answer us with nodes abroad)"},
		Exempt:   detect.Text{ZH: "未备案；备案通过不足 3 天；跳转到其他域名；只检查文件。清单声明 closed：通过", EN: "not filed; approved less than 3 days ago; leads to another domain; a file. expect = closed: pass"},
		Unknown:  detect.Text{ZH: "备案状态未知；没有解析结果；地址位置未知或属于 CDN、任播网络", EN: "status unknown; no address; an address whose place is not known, or of a CDN or anycast network"},
	},
	Dated: true,
	Check: checkFiledElsewhere,
}

func checkFiledElsewhere(c *detect.Case) detect.Outcome {
	if o, ok := filedSite(c); !ok {
		return o
	}
	if c.Target.Expect == crawler.ExpectClosed {
		return passFor(detect.ReasonExpected)
	}
	addrs := allAddresses(c)
	if len(addrs) == 0 {
		return unknown(detect.ReasonDown)
	}
	serves, known := c.Policy.Providers.Serves(c.Filing.AccessProvider, addrs)
	if serves {
		return pass()
	}
	inside, why := anyMainland(c, addrs)
	switch {
	case why != "":
		return unknown(why)
	case inside && !known:
		return pass()
	}
	severity := detect.Notice
	if c.Policy.VantageMainland {
		severity = detect.Warning
	}
	return found(severity, elsewhereFinding(c, addrs, inside))
}

// allAddresses are those of the domain and of its www. name.
func allAddresses(c *detect.Case) []netip.Addr {
	addrs := c.Addresses()
	if c.Target.Address.IsValid() {
		return addrs
	}
	www, _ := c.Obs.Addresses("www." + c.Target.Domain)
	return append(addrs[:len(addrs):len(addrs)], www...)
}

// anyMainland reports whether one of the addresses is in the mainland; the
// reason is set where none is and one of them may be.
func anyMainland(c *detect.Case, addrs []netip.Addr) (inside bool, why detect.Reason) {
	if c.Policy.Networks == nil {
		return false, detect.ReasonPlaceUnknown
	}
	for _, addr := range addrs {
		switch p := c.Policy.Networks.Of(addr.Unmap()); {
		case p.Mainland:
			return true, ""
		case p.Shared != "":
			why = detect.ReasonSharedNetwork
		case !p.Known && why == "":
			why = detect.ReasonPlaceUnknown
		}
	}
	return false, why
}

func elsewhereFinding(c *detect.Case, addrs []netip.Addr, inside bool) detect.Finding {
	var list []string
	for _, addr := range addrs[:min(len(addrs), 6)] {
		a := addr.Unmap()
		word := a.String()
		if country := c.Policy.Networks.Of(a).Country; country != "" {
			word += " (" + country + ")"
		}
		list = append(list, word)
	}
	joined := strings.Join(list, ", ")
	saw := detect.Text{ZH: "只解析到中国内地以外：" + joined, EN: "points only outside mainland China: " + joined}
	if inside {
		saw = detect.Text{ZH: "没有解析到接入商“" + c.Filing.AccessProvider + "”的网段：" + joined, EN: "does not point into the networks of \"" + c.Filing.AccessProvider + "\": " + joined}
	}
	return detect.Finding{
		Where: detect.Text{ZH: "DNS " + c.Target.Domain, EN: "DNS " + c.Target.Domain},
		Saw:   saw,
		Fix: detect.Text{
			ZH: "请把域名解析到备案接入商的内地服务器；已更换服务商的请办理新增接入备案。",
			EN: "Point the name to the provider's servers in the mainland; after a change of provider make a new access filing.",
		},
	}
}

// filedSiteRedirectsAway: a filed domain that only leads to another's is not
// used as filed; the target must show the numbers itself.
var filedSiteRedirectsAway = &detect.Rule{
	ID:       "filed-site-redirects-away",
	Witness:  detect.WitnessPage,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "已备案网站跳转到其他域名", EN: "a filed site leads to another domain"},
	Kept:     detect.Text{ZH: "已备案网站没有跳转到其他域名", EN: "a filed site does not lead to another domain"},
	Rationale: detect.Text{
		ZH: "已备案的域名自身没有内容、只跳转到其他域名，抽查时可能被认定为“未开站”；跳转到未备案或境外的网站还会牵连本备案。",
		EN: "A filed domain without content of its own that only leads elsewhere may be taken as not open at spot checks; leading to an unfiled or foreign site reflects on this filing.",
	},
	Remedy: detect.Text{
		ZH: "请在该域名上直接提供与备案信息一致的内容；若确为同一主体的别名，请在清单中用 alias_of 与 expect=redirect 声明，并确保目标网站已备案且标明备案号。",
		EN: "Serve the filed content on this domain itself; if it is an alias of the same subject, say so in the inventory (alias_of, expect = redirect) and make sure that the target is filed and shows its number.",
	},
	Source: reviewers("已备案网站未开站 / a filed site is not open"),
	Needs:  detect.NeedsFiling | detect.NeedsSite,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "仅已备案", EN: "filed only"},
		Liveness: detect.Text{ZH: "最终落在另一个可注册域名上（HTTP、meta、脚本跳转或整页框架）：待核实；alias_of 指明该目标：提示", EN: "the way ends on another registrable domain (HTTP, meta, script or a whole-page frame): warning; alias_of names the target: notice"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "未备案；备案通过不足 3 天；只检查文件。清单声明 redirect 且目标相符：通过", EN: "not filed; approved less than 3 days ago; a file. expect = redirect with the right target: pass"},
		Unknown:  detect.Text{ZH: "备案状态未知；打不开、被拦截或被防火墙拒绝（且没有跳转）", EN: "status unknown; down, blocked or refused without leading away"},
	},
	Dated: true,
	Check: checkRedirectsAway,
}

func checkRedirectsAway(c *detect.Case) detect.Outcome {
	if c.Filing.Status != crawler.FilingFiled {
		return exempt(detect.ReasonNotFiled)
	}
	if justApproved(c) {
		return exempt(detect.ReasonJustApproved)
	}
	if c.Away == "" || c.Liveness == detect.Challenged {
		if why := c.LivenessReason(); why != "" {
			return unknown(why)
		}
		if c.DrawnAway() {
			return unknown(detect.ReasonNotFollowed) // one browser's way is not every visitor's: some scripts send robots on
		}
		return pass()
	}
	alias := c.Target.AliasOf != "" && detect.Registrable(c.Target.AliasOf) == c.Away
	if c.Target.Expect == crawler.ExpectRedirect && (alias || c.Target.AliasOf == "") {
		return passFor(detect.ReasonExpected)
	}
	severity := detect.Warning
	if alias {
		severity = detect.Notice
	}
	return found(severity, awayFinding(c))
}

func awayFinding(c *detect.Case) detect.Finding {
	var way []string
	framed := false
	for _, hop := range c.Hops {
		way = append(way, hop.URL)
		framed = framed || hop.Via == crawler.ViaFrame
	}
	if c.Failure != nil && c.FailedURL != "" {
		way = append(way, c.FailedURL)
	}
	if len(way) > 6 {
		way = append(way[:3:3], append([]string{"…"}, way[len(way)-2:]...)...)
	}
	verb := detect.Text{ZH: "跳转到", EN: "leads to"}
	if framed {
		verb = detect.Text{ZH: "以整页框架显示", EN: "shows in a whole-page frame"}
	}
	return detect.Finding{
		Where: detect.Text{ZH: way[0], EN: way[0]},
		Saw: detect.Text{
			ZH: fmt.Sprintf("%s %s：%s", verb.ZH, c.Away, strings.Join(way, " → ")),
			EN: fmt.Sprintf("%s %s: %s", verb.EN, c.Away, strings.Join(way, " → ")),
		},
		Fix: detect.Text{
			ZH: "请在 " + c.Target.Domain + " 上直接提供网站内容；若是有意的别名，请在清单中声明 expect=redirect、alias_of=" + c.Away + "。",
			EN: "Serve the site on " + c.Target.Domain + " itself; if the alias is intended, say expect = redirect and alias_of = " + c.Away + " in the inventory.",
		},
	}
}
