package detect

import (
	"fmt"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/kind"
)

// filedSitePlaceholder: 已备案网站未开站. A default page, a notice of building
// works, a parked name or an empty directory is no site.
var filedSitePlaceholder = &Rule{
	ID:       "filed-site-placeholder",
	Severity: Violation,
	Title:    Text{"已备案网站只有占位页面", "a filed site shows only a placeholder"},
	Rationale: Text{
		"默认页、“建设中”、空白页、域名停放页或目录列表都不算开站，抽查时会被认定为“未开站”；停放页还常意味着域名已过期或易主。",
		"A default page, \"under construction\", a blank page, a parked name or a directory listing does not count as an open site at spot checks; a parked name often means that the domain has expired or changed hands.",
	},
	Remedy: Text{
		"请部署正式内容，并使其与主办单位性质相符；不再使用请主动注销备案。",
		"Deploy the site's real content, fitting the subject's nature, or cancel the filing if the site is given up.",
	},
	Source: reviewers("已备案网站未开站 / a filed site is not open"),
	Needs:  NeedsFiling,
	Policy: Policies{
		Filing:   Text{"仅已备案", "filed only"},
		Liveness: Text{"默认页、已暂停、域名停放：违规；建设中、空白页（需复查确认）、目录列表：警告", "default page, suspended or parked: violation; under construction, blank (confirmed by further looks) or directory listing: warning"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"未备案；备案通过不足 3 天；跳转到其他域名。清单声明 closed：通过", "not filed; approved less than 3 days ago; leads to another domain. expect = closed: pass"},
		Unknown:  Text{"备案状态未知；打不开、被拦截或被防火墙拒绝；空白页尚未复查", "status unknown; down, blocked or refused; a blank page not looked at again"},
	},
	Dated: true,
	Check: checkFiledPlaceholder,
}

func checkFiledPlaceholder(c *Case) Outcome {
	if o, ok := filedSite(c); !ok {
		return o
	}
	if why := livenessReason(c); why != "" {
		return unknown(why)
	}
	if c.Liveness != Placeholder {
		return pass()
	}
	if c.Target.Expect == crawler.ExpectClosed {
		return passFor(ReasonExpected)
	}
	severity := Violation
	switch c.Kind.Name {
	case kind.Blank:
		if c.File == "" && !confirmed(c) {
			return unknown(ReasonNotConfirmed)
		}
		severity = Warning
	case kind.UnderConstruction, kind.Listing:
		severity = Warning
	}
	return found(severity, placeholderFinding(c))
}

func placeholderFinding(c *Case) Finding {
	cause := CauseText(string(c.Kind.Name))
	saw := Text{cause.ZH, cause.EN}
	if c.Kind.Saw != "" {
		saw = Text{saw.ZH + "：“" + c.Kind.Saw + "”", saw.EN + ": “" + c.Kind.Saw + "”"}
	}
	if c.File == "" && c.Answer.Status != 200 {
		saw = Text{fmt.Sprintf("%s（HTTP %d）", saw.ZH, c.Answer.Status), fmt.Sprintf("%s (HTTP %d)", saw.EN, c.Answer.Status)}
	}
	fix := Text{
		"请把正式网站部署到该域名，并在页脚标明备案号。",
		"Deploy the real site on this domain, with its filing number at the foot.",
	}
	if c.Kind.Name == kind.Parked {
		fix = Text{
			"请确认域名是否仍归您所有：若已过期或转让，请尽快注销原备案；若仍在使用，请恢复解析到您的服务器。",
			"Make sure that the domain is still yours: if it has expired or been sold, cancel the filing soon; if it is in use, point it back to your server.",
		}
	}
	return Finding{Where: homeWhere(c), Saw: saw, Fix: fix}
}

// homeWhere names the page that was judged.
func homeWhere(c *Case) Text {
	if c.File != "" {
		return Text{"文件 " + c.File, "file " + c.File}
	}
	return Text{"首页 " + c.Answer.URL, "home page " + c.Answer.URL}
}
