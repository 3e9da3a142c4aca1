package rules

import (
	"fmt"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/kind"
)

// downSeverity is how grave it is that the site is down. The weakest of the
// looks decides.
func downSeverity(c *detect.Case) detect.Severity {
	for _, a := range c.Failures() {
		switch cause := crawler.FailureKind(a.Cause); {
		case !c.Policy.VantageMainland && viaNetwork(cause):
			return detect.Warning
		case cause == crawler.FailDNSServer: // the resolvers' word: others may hear another
			return detect.Warning
		case cause == crawler.FailRedirects, a.Cause == detect.CauseErrorPage, strings.HasPrefix(a.Cause, "http-4"):
			// The server is there and talks: only the address "/" shows nothing.
			return detect.Warning
		}
	}
	return detect.Violation
}

// viaNetwork reports whether the failure may lie between us and the site. Seen
// from outside mainland China it often does.
func viaNetwork(k crawler.FailureKind) bool {
	switch k {
	case crawler.FailTimeout, crawler.FailReset, crawler.FailUnreachable, crawler.FailDNSTimeout, detect.CauseNameReset:
		return true
	}
	return false
}

// filedSiteBlocked: 接入备案. A site that is filed through one provider and
// points to another without an access filing there is cut off like an unfiled
// one.
var filedSiteBlocked = &detect.Rule{
	ID:       "filed-site-blocked",
	Witness:  detect.WitnessPage,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "已备案网站被接入商拦截", EN: "a filed site is blocked by its provider"},
	Kept:     detect.Text{ZH: "已备案网站未被接入商拦截", EN: "a filed site is not blocked by its provider"},
	Rationale: detect.Text{
		ZH: "登记为已备案，访问看到的却是接入商的备案拦截页。通常是域名解析到了没有做接入备案的服务商，或备案已被取消接入、注销；访客看不到网站，抽查时按“未开站”处理。",
		EN: "The register says filed, yet visitors get the provider's block page. As a rule the name points to a provider without an access filing, or the filing has lost its access or has been cancelled; visitors see no site, and spot checks take it as not open.",
	},
	Remedy: detect.Text{
		ZH: "请在当前服务商处办理接入备案，或把解析改回原接入商的服务器；并核对备案是否仍然有效。",
		EN: "Make an access filing with the present provider, or point the name back to the one it is filed with; and check that the filing is still in force.",
	},
	Source: reviewers("已备案网站未开站 / a filed site is not open"),
	Needs:  detect.NeedsFiling | detect.NeedsSite,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "仅已备案", EN: "filed only"},
		Liveness: detect.Text{ZH: "看到接入商的拦截页，或带域名访问被重置而不带域名有应答（经复查确认）", EN: "a provider's block page, or a reset that depends on the name (confirmed by further looks)"},
		Place:    detect.Text{ZH: "观测点在内地：违规；未声明在内地：待核实（有的域名只在境外被拦截）", EN: "from a mainland vantage: violation; otherwise warning (some names are blocked only from abroad)"},
		Exempt:   detect.Text{ZH: "未备案；备案通过不足 3 天；跳转到其他域名；只检查文件", EN: "not filed; approved less than 3 days ago; leads to another domain; a file"},
		Unknown:  detect.Text{ZH: "备案状态未知；打不开或被防火墙拒绝；重置尚未复查", EN: "status unknown; down or refused; a reset not looked at again"},
	},
	Dated: true,
	Check: checkFiledBlocked,
}

func checkFiledBlocked(c *detect.Case) detect.Outcome {
	if o, ok := filedSite(c); !ok {
		return o
	}
	if c.Liveness != detect.Blocked {
		if why := c.LivenessReason(); why != "" {
			return unknown(why)
		}
		return pass()
	}
	if c.Cause == detect.CauseNameReset && !c.Confirmed() {
		return unknown(detect.ReasonNotConfirmed)
	}
	severity := detect.Warning
	if c.Policy.VantageMainland {
		severity = detect.Violation
	}
	where, saw := blockEvidence(c)
	return found(severity, detect.Finding{
		Where: where,
		Saw:   saw,
		Fix: detect.Text{
			ZH: "请确认当前服务器所在的服务商是否已做接入备案；没有的请办理接入，或把解析改回原接入商。",
			EN: "Check whether an access filing exists with the provider of the present server; make one, or point the name back.",
		},
	})
}

// filedSiteDown: reviewers and spot checks ask that a filed site be open
// (已备案网站未开站); a site that nothing serves becomes an empty shell
// (空壳网站) and its filing is cancelled.
var filedSiteDown = &detect.Rule{
	ID:       "filed-site-down",
	Witness:  detect.WitnessSite,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "已备案网站无法访问", EN: "a filed site is down"},
	Kept:     detect.Text{ZH: "已备案网站可以访问", EN: "a filed site can be reached"},
	Rationale: detect.Text{
		ZH: "已备案的网站应当可以访问。长期打不开会被接入商或管局认定为“未开站”或“空壳网站”，可能被取消接入、注销备案号，且注销后不可恢复。",
		EN: "A filed site should be open. If it stays down, the provider or the authority takes it for an empty shell, withdraws access and cancels the number; a cancelled number does not come back.",
	},
	Remedy: detect.Text{
		ZH: "请恢复网站访问（解析、服务器、证书、程序），并确保内容与主办单位性质相符；不再使用请主动注销备案。",
		EN: "Bring the site back (DNS, server, certificate, application) with content that fits the subject, or cancel the filing if the site is given up.",
	},
	Source: reviewers("已备案网站未开站 / a filed site is not open"),
	Needs:  detect.NeedsDNS | detect.NeedsFiling | detect.NeedsSite,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "仅已备案", EN: "filed only"},
		Liveness: detect.Text{ZH: "打不开且经多次复查确认：违规；首页返回 4xx、错误页或循环跳转：待核实", EN: "down and confirmed by further looks: violation; 4xx, an error page or a redirect loop at the home page: warning"},
		Place:    detect.Text{ZH: "观测点未声明在内地时，超时、重置、不可达：待核实", EN: "from a vantage not declared mainland, timeouts, resets and unreachable addresses: warning"},
		Exempt:   detect.Text{ZH: "未备案；备案通过不足 3 天；被接入商拦截；跳转到其他域名；只检查文件。清单声明 closed：通过", EN: "not filed; approved less than 3 days ago; blocked by the provider; leads to another domain; a file. expect = closed: pass"},
		Unknown:  detect.Text{ZH: "备案状态未知；尚未复查确认；被防火墙拒绝；我方原因未能看到", EN: "status unknown; not confirmed yet; refused by a firewall; not seen for reasons of ours"},
	},
	Dated: true,
	Check: checkFiledDown,
}

func checkFiledDown(c *detect.Case) detect.Outcome {
	if o, ok := filedSite(c); !ok {
		return o
	}
	switch c.Liveness {
	case detect.Down:
	case detect.Blocked:
		return exempt(detect.ReasonBlocked)
	case detect.Challenged, detect.Unseen:
		return unknown(c.LivenessReason())
	default:
		return pass()
	}
	if c.Target.Expect == crawler.ExpectClosed {
		return passFor(detect.ReasonExpected)
	}
	if !c.Confirmed() {
		return unknown(detect.ReasonNotConfirmed)
	}
	return found(downSeverity(c), downFinding(c))
}

// filedSite says whether the rules about a filed site's being open apply.
func filedSite(c *detect.Case) (detect.Outcome, bool) {
	switch {
	case c.Filing.Status != crawler.FilingFiled:
		return exempt(detect.ReasonNotFiled), false
	case c.Away != "":
		return exempt(detect.ReasonAway), false
	case justApproved(c):
		return exempt(detect.ReasonJustApproved), false
	}
	return detect.Outcome{}, true
}

// downFinding tells of a site that is down. What the system said of the failure
// stays with the evidence: it is the jargon of programs, and names addresses of
// this machine.
func downFinding(c *detect.Case) detect.Finding {
	cause := detect.CauseText(c.Cause)
	at := c.FailedURL
	if c.Answer != nil {
		at = c.Answer.URL
	}
	var detail detect.Text
	if c.Failure != nil {
		detail = detect.DetailText(c.Failure.Detail)
	}
	how, others := looksText(c), waysText(c)
	return detect.Finding{
		Where: detect.Text{ZH: at, EN: at},
		Saw:   detect.Text{ZH: cause.ZH + detail.ZH + "；" + how.ZH + others.ZH, EN: cause.EN + detail.EN + "; " + how.EN + others.EN},
		Fix:   downFix(c.Cause),
	}
}

// looksText tells how many looks failed, in a row or out of how many.
func looksText(c *detect.Case) detect.Text {
	failed := len(c.Failures())
	if c.Policy.Fails == 0 {
		return detect.Text{ZH: fmt.Sprintf("连续 %d 次查看均失败", failed), EN: fmt.Sprintf("%d looks in a row failed", failed)}
	}
	seen, most := len(detect.Watched(c.Attempts)), c.Policy.Looks
	return detect.Text{
		ZH: fmt.Sprintf("首次失败后查看 %d 次，其中 %d 次失败（共计划 %d 次，%d 次失败即判定）", seen, failed, most, c.Policy.Fails),
		EN: fmt.Sprintf("%d of %d looks after the first failure failed (of %d planned, %d are enough)", failed, seen, most, c.Policy.Fails),
	}
}

// downFix tells what to mend, by cause.
func downFix(cause string) detect.Text {
	switch k := crawler.FailureKind(cause); {
	case k.DNS():
		return detect.Text{
			ZH: "请检查域名是否过期、DNS 服务器设置是否正确，并把域名（或 www）解析到备案接入商的内地服务器；不再使用请注销备案。",
			EN: "Check whether the domain has expired and its name servers are right, and point it (or www.) to the mainland server of the access provider; cancel the filing if the site is given up.",
		}
	case k == crawler.FailTLS:
		return detect.Text{
			ZH: "请检查 HTTPS 证书与 TLS 配置，或先恢复 HTTP 访问。",
			EN: "Check the certificate and the TLS settings, or serve plain HTTP until they are mended.",
		}
	case k == crawler.FailRedirects:
		return detect.Text{
			ZH: "请检查 HTTP/HTTPS 与 www 之间的跳转设置，去掉循环。",
			EN: "Check the redirects between HTTP, HTTPS and www., and remove the loop.",
		}
	case k == crawler.FailRefused, k == crawler.FailUnreachable, k == crawler.FailTimeout, k == crawler.FailReset:
		return detect.Text{
			ZH: "请检查服务器是否运行、80/443 端口与安全组是否放行、解析地址是否仍属于您的服务器。",
			EN: "Check that the server runs, that ports 80 and 443 are open in its firewall, and that the address is still yours.",
		}
	}
	return detect.Text{
		ZH: "请恢复首页访问：检查站点程序、目录与 Web 服务器日志，使首页返回 200 和正常内容。",
		EN: "Bring the home page back: check the application, the document root and the server's log until it answers 200 with content.",
	}
}

// filedSitePlaceholder: 已备案网站未开站. A default page, a notice of building
// works, a parked name or an empty directory is no site.
var filedSitePlaceholder = &detect.Rule{
	ID:       "filed-site-placeholder",
	Witness:  detect.WitnessSite,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "已备案网站只有占位页面", EN: "a filed site shows only a placeholder"},
	Kept:     detect.Text{ZH: "已备案网站有实际内容", EN: "a filed site has content of its own"},
	Rationale: detect.Text{
		ZH: "默认页、“建设中”、空白页、域名停放页或目录列表都不算开站，抽查时会被认定为“未开站”；停放页还常意味着域名已过期或易主。",
		EN: "A default page, \"under construction\", a blank page, a parked name or a directory listing does not count as an open site at spot checks; a parked name often means that the domain has expired or changed hands.",
	},
	Remedy: detect.Text{
		ZH: "请部署正式内容，并使其与主办单位性质相符；不再使用请主动注销备案。",
		EN: "Deploy the site's real content, fitting the subject's nature, or cancel the filing if the site is given up.",
	},
	Source: reviewers("已备案网站未开站 / a filed site is not open"),
	Needs:  detect.NeedsFiling,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "仅已备案", EN: "filed only"},
		Liveness: detect.Text{ZH: "默认页、已暂停、域名停放：违规；建设中、空白页（需复查确认）、目录列表：待核实", EN: "default page, suspended or parked: violation; under construction, blank (confirmed by further looks) or directory listing: warning"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "未备案；备案通过不足 3 天；跳转到其他域名。清单声明 closed：通过", EN: "not filed; approved less than 3 days ago; leads to another domain. expect = closed: pass"},
		Unknown:  detect.Text{ZH: "备案状态未知；打不开、被拦截或被防火墙拒绝；空白页尚未复查", EN: "status unknown; down, blocked or refused; a blank page not looked at again"},
	},
	Dated: true,
	Check: checkFiledPlaceholder,
}

func checkFiledPlaceholder(c *detect.Case) detect.Outcome {
	if o, ok := filedSite(c); !ok {
		return o
	}
	if why := c.LivenessReason(); why != "" {
		return unknown(why)
	}
	if c.Liveness != detect.Placeholder {
		return pass()
	}
	if c.Target.Expect == crawler.ExpectClosed {
		return passFor(detect.ReasonExpected)
	}
	severity := detect.Violation
	switch c.Kind.Name {
	case kind.Blank:
		if c.File == "" && !c.Confirmed() {
			return unknown(detect.ReasonNotConfirmed)
		}
		severity = detect.Warning
	case kind.UnderConstruction, kind.Listing:
		severity = detect.Warning
	}
	return found(severity, placeholderFinding(c))
}

func placeholderFinding(c *detect.Case) detect.Finding {
	cause := detect.CauseText(string(c.Kind.Name))
	saw := detect.Text{ZH: cause.ZH, EN: cause.EN}
	if c.Kind.Saw != "" {
		saw = detect.Text{ZH: saw.ZH + "：“" + c.Kind.Saw + "”", EN: saw.EN + ": “" + c.Kind.Saw + "”"}
	}
	if c.File == "" && c.Answer.Status != 200 {
		saw = detect.Text{ZH: fmt.Sprintf("%s（HTTP %d）", saw.ZH, c.Answer.Status), EN: fmt.Sprintf("%s (HTTP %d)", saw.EN, c.Answer.Status)}
	}
	fix := detect.Text{
		ZH: "请把正式网站部署到该域名，并在页脚标明备案号。",
		EN: "Deploy the real site on this domain, with its filing number at the foot.",
	}
	if c.Kind.Name == kind.Parked {
		fix = detect.Text{
			ZH: "请确认域名是否仍归您所有：若已过期或转让，请尽快注销原备案；若仍在使用，请恢复解析到您的服务器。",
			EN: "Make sure that the domain is still yours: if it has expired or been sold, cancel the filing soon; if it is in use, point it back to your server.",
		}
	}
	return detect.Finding{Where: homeWhere(c), Saw: saw, Fix: fix}
}

// justApproved reports whether the filing is so young that the provider's own
// systems may not know of it yet.
func justApproved(c *detect.Case) bool {
	at := c.Filing.ApprovedAt
	return !at.IsZero() && c.At.Sub(at) < c.Policy.Grace
}
