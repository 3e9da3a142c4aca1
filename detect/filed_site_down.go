package detect

import (
	"fmt"

	"github.com/beianwatch/beianwatch/crawler"
)

// filedSiteDown: reviewers and spot checks ask that a filed site be open
// (已备案网站未开站); a site that nothing serves becomes an empty shell
// (空壳网站) and its filing is cancelled.
var filedSiteDown = &Rule{
	ID:       "filed-site-down",
	Severity: Violation,
	Title:    Text{"已备案网站无法访问", "a filed site is down"},
	Rationale: Text{
		"已备案的网站应当可以访问。长期打不开会被接入商或管局认定为“未开站”或“空壳网站”，可能被取消接入、注销备案号，且注销后不可恢复。",
		"A filed site should be open. If it stays down, the provider or the authority takes it for an empty shell, withdraws access and cancels the number; a cancelled number does not come back.",
	},
	Remedy: Text{
		"请恢复网站访问（解析、服务器、证书、程序），并确保内容与主办单位性质相符；不再使用请主动注销备案。",
		"Bring the site back (DNS, server, certificate, application) with content that fits the subject, or cancel the filing if the site is given up.",
	},
	Source: reviewers("已备案网站未开站 / a filed site is not open"),
	Needs:  NeedsDNS | NeedsFiling | NeedsSite,
	Policy: Policies{
		Filing:   Text{"仅已备案", "filed only"},
		Liveness: Text{"打不开且经多次复查确认：违规；首页返回 4xx、错误页或循环跳转：警告", "down and confirmed by further looks: violation; 4xx, an error page or a redirect loop at the home page: warning"},
		Place:    Text{"观测点未声明在内地时，超时、重置、不可达：警告", "from a vantage not declared mainland, timeouts, resets and unreachable addresses: warning"},
		Exempt:   Text{"未备案；备案通过不足 3 天；被接入商拦截；跳转到其他域名；只检查文件。清单声明 closed：通过", "not filed; approved less than 3 days ago; blocked by the provider; leads to another domain; a file. expect = closed: pass"},
		Unknown:  Text{"备案状态未知；尚未复查确认；被防火墙拒绝；我方原因未能看到", "status unknown; not confirmed yet; refused by a firewall; not seen for reasons of ours"},
	},
	Dated: true,
	Check: checkFiledDown,
}

func checkFiledDown(c *Case) Outcome {
	if o, ok := filedSite(c); !ok {
		return o
	}
	switch c.Liveness {
	case Down:
	case Blocked:
		return exempt(ReasonBlocked)
	case Challenged, Unseen:
		return unknown(livenessReason(c))
	default:
		return pass()
	}
	if c.Target.Expect == crawler.ExpectClosed {
		return passFor(ReasonExpected)
	}
	if !confirmed(c) {
		return unknown(ReasonNotConfirmed)
	}
	return found(downSeverity(c), downFinding(c))
}

// filedSite says whether the rules about a filed site's being open apply.
func filedSite(c *Case) (Outcome, bool) {
	switch {
	case c.Filing.Status != crawler.FilingFiled:
		return exempt(ReasonNotFiled), false
	case c.Away != "":
		return exempt(ReasonAway), false
	case justApproved(c):
		return exempt(ReasonJustApproved), false
	}
	return Outcome{}, true
}

func downFinding(c *Case) Finding {
	cause := CauseText(c.Cause)
	at := c.FailedURL
	if c.Answer != nil {
		at = c.Answer.URL
	}
	detail := ""
	if c.Failure != nil && c.Failure.Detail != "" {
		detail = "（" + c.Failure.Detail + "）"
	}
	how := looksText(c)
	return Finding{
		Where: Text{at, at},
		Saw:   Text{cause.ZH + detail + "；" + how.ZH, cause.EN + ascii(detail) + "; " + how.EN},
		Fix:   downFix(c.Cause),
	}
}

// looksText tells how many looks failed, in a row or out of how many.
func looksText(c *Case) Text {
	failed := len(failures(c))
	if c.Policy.Fails == 0 {
		return Text{fmt.Sprintf("连续 %d 次查看均失败", failed), fmt.Sprintf("%d looks in a row failed", failed)}
	}
	seen, most := len(watched(c.Attempts)), c.Policy.Looks
	return Text{
		fmt.Sprintf("首次失败后查看 %d 次，其中 %d 次失败（共计划 %d 次，%d 次失败即判定）", seen, failed, most, c.Policy.Fails),
		fmt.Sprintf("%d of %d looks after the first failure failed (of %d planned, %d are enough)", failed, seen, most, c.Policy.Fails),
	}
}

// ascii turns the brackets of a Chinese text into those of an English one.
func ascii(detail string) string {
	if detail == "" {
		return ""
	}
	return " (" + detail[len("（"):len(detail)-len("）")] + ")"
}

// downFix tells what to mend, by cause.
func downFix(cause string) Text {
	switch k := crawler.FailureKind(cause); {
	case k.DNS():
		return Text{
			"请检查域名是否过期、DNS 服务器设置是否正确，并把域名（或 www）解析到备案接入商的内地服务器；不再使用请注销备案。",
			"Check whether the domain has expired and its name servers are right, and point it (or www.) to the mainland server of the access provider; cancel the filing if the site is given up.",
		}
	case k == crawler.FailTLS:
		return Text{
			"请检查 HTTPS 证书与 TLS 配置，或先恢复 HTTP 访问。",
			"Check the certificate and the TLS settings, or serve plain HTTP until they are mended.",
		}
	case k == crawler.FailRedirects:
		return Text{
			"请检查 HTTP/HTTPS 与 www 之间的跳转设置，去掉循环。",
			"Check the redirects between HTTP, HTTPS and www., and remove the loop.",
		}
	case k == crawler.FailRefused, k == crawler.FailUnreachable, k == crawler.FailTimeout, k == crawler.FailReset:
		return Text{
			"请检查服务器是否运行、80/443 端口与安全组是否放行、解析地址是否仍属于您的服务器。",
			"Check that the server runs, that ports 80 and 443 are open in its firewall, and that the address is still yours.",
		}
	}
	return Text{
		"请恢复首页访问：检查站点程序、目录与 Web 服务器日志，使首页返回 200 和正常内容。",
		"Bring the home page back: check the application, the document root and the server's log until it answers 200 with content.",
	}
}
