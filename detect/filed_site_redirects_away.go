package detect

import (
	"fmt"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
)

// filedSiteRedirectsAway: a filed domain that only leads to another's is not
// used as filed; the target must show the numbers itself.
var filedSiteRedirectsAway = &Rule{
	ID:       "filed-site-redirects-away",
	Severity: Warning,
	Title:    Text{"已备案网站跳转到其他域名", "a filed site leads to another domain"},
	Rationale: Text{
		"已备案的域名自身没有内容、只跳转到其他域名，抽查时可能被认定为“未开站”；跳转到未备案或境外的网站还会牵连本备案。",
		"A filed domain without content of its own that only leads elsewhere may be taken as not open at spot checks; leading to an unfiled or foreign site reflects on this filing.",
	},
	Remedy: Text{
		"请在该域名上直接提供与备案信息一致的内容；若确为同一主体的别名，请在清单中用 alias_of 与 expect=redirect 声明，并确保目标网站已备案且标明备案号。",
		"Serve the filed content on this domain itself; if it is an alias of the same subject, say so in the inventory (alias_of, expect = redirect) and make sure that the target is filed and shows its number.",
	},
	Source: reviewers("已备案网站未开站 / a filed site is not open"),
	Needs:  NeedsFiling | NeedsSite,
	Policy: Policies{
		Filing:   Text{"仅已备案", "filed only"},
		Liveness: Text{"最终落在另一个可注册域名上（HTTP、meta、脚本跳转或整页框架）：警告；alias_of 指明该目标：提示", "the way ends on another registrable domain (HTTP, meta, script or a whole-page frame): warning; alias_of names the target: notice"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"未备案；备案通过不足 3 天；只检查文件。清单声明 redirect 且目标相符：通过", "not filed; approved less than 3 days ago; a file. expect = redirect with the right target: pass"},
		Unknown:  Text{"备案状态未知；打不开、被拦截或被防火墙拒绝（且没有跳转）", "status unknown; down, blocked or refused without leading away"},
	},
	Dated: true,
	Check: checkRedirectsAway,
}

func checkRedirectsAway(c *Case) Outcome {
	if c.Filing.Status != crawler.FilingFiled {
		return exempt(ReasonNotFiled)
	}
	if justApproved(c) {
		return exempt(ReasonJustApproved)
	}
	if c.Away == "" || c.Liveness == Challenged {
		if why := livenessReason(c); why != "" {
			return unknown(why)
		}
		return pass()
	}
	alias := c.Target.AliasOf != "" && registrable(c.Target.AliasOf) == c.Away
	if c.Target.Expect == crawler.ExpectRedirect && (alias || c.Target.AliasOf == "") {
		return passFor(ReasonExpected)
	}
	severity := Warning
	if alias {
		severity = Notice
	}
	return found(severity, awayFinding(c))
}

func awayFinding(c *Case) Finding {
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
	verb := Text{"跳转到", "leads to"}
	if framed {
		verb = Text{"以整页框架显示", "shows in a whole-page frame"}
	}
	return Finding{
		Where: Text{way[0], way[0]},
		Saw: Text{
			fmt.Sprintf("%s %s：%s", verb.ZH, c.Away, strings.Join(way, " → ")),
			fmt.Sprintf("%s %s: %s", verb.EN, c.Away, strings.Join(way, " → ")),
		},
		Fix: Text{
			"请在 " + c.Target.Domain + " 上直接提供网站内容；若是有意的别名，请在清单中声明 expect=redirect、alias_of=" + c.Away + "。",
			"Serve the site on " + c.Target.Domain + " itself; if the alias is intended, say expect = redirect and alias_of = " + c.Away + " in the inventory.",
		},
	}
}
