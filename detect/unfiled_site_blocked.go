package detect

import "github.com/beianwatch/beianwatch/crawler"

// unfiledSiteBlocked: the provider already keeps the duty in the owner's
// place. The owner should know; nothing is violated.
var unfiledSiteBlocked = &Rule{
	ID:       "unfiled-site-blocked",
	Severity: Notice,
	Title:    Text{"未备案网站已被接入商拦截", "an unfiled site is blocked by its provider"},
	Rationale: Text{
		"域名解析到了内地服务器但没有备案，接入商已经拦截访问。网站目前没有对外服务，但解析仍然存在，备案审核时可能被要求关闭。",
		"The domain points to a server in mainland China without a filing, and the provider has cut it off. Nothing is served, but the DNS record remains and reviewers may ask to remove it.",
	},
	Remedy: Text{
		"如需继续使用，请办理备案；否则请删除指向内地服务器的解析。",
		"File the site if it is to be used; otherwise remove the DNS record that points to the mainland.",
	},
	Source: order33("第五条 / article 5"),
	Needs:  NeedsFiling | NeedsSite,
	Policy: Policies{
		Filing:   Text{"未备案、已注销、审核中：提示；已备案：不适用", "unfiled, cancelled or in review: notice; filed: exempt"},
		Liveness: Text{"仅当看到接入商的拦截页，或带域名访问被重置而不带域名有应答（经复查确认）", "only for a provider's block page, or a reset that depends on the name (confirmed by further looks)"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"已备案；只检查文件", "filed; a file"},
		Unknown:  Text{"备案状态未知；被防火墙拒绝；未能看到", "status unknown; refused by a firewall; not seen"},
	},
	Check: checkUnfiledBlocked,
}

func checkUnfiledBlocked(c *Case) Outcome {
	if c.Filing.Status == crawler.FilingFiled {
		return exempt(ReasonFiled)
	}
	switch c.Liveness {
	case Blocked:
	case Challenged, Unseen:
		return unknown(livenessReason(c))
	default:
		return pass()
	}
	if c.Cause == CauseNameReset && !confirmed(c) {
		return unknown(ReasonNotConfirmed)
	}
	where, saw := blockEvidence(c)
	return found(Notice, Finding{
		Where: where,
		Saw:   saw,
		Fix: Text{
			"如需使用该域名，请尽快办理备案；不再使用请删除解析记录。",
			"File the site soon if the domain is to be used; otherwise remove its DNS record.",
		},
	})
}

// blockEvidence tells what shows that the provider blocks the name.
func blockEvidence(c *Case) (where, saw Text) {
	nameless := Text{}
	if v := c.visit(crawler.AskNoName, ""); v != nil {
		switch p := v.Last(); {
		case p != nil:
			status := httpCause(p.Status)[len("http-"):]
			nameless = Text{"；不带域名访问同一地址返回 HTTP " + status, "; the same address asked without the name answers HTTP " + status}
		case v.Failure != nil:
			nameless = Text{"；不带域名访问同一地址：" + CauseText(string(v.Failure.Kind)).ZH, "; the same address asked without the name: " + CauseText(string(v.Failure.Kind)).EN}
		}
	}
	if c.Cause == CauseNameReset {
		t := CauseText(CauseNameReset)
		return Text{c.FailedURL, c.FailedURL}, Text{t.ZH + nameless.ZH, t.EN + nameless.EN}
	}
	where = Text{c.Answer.URL, c.Answer.URL}
	saw = Text{"接入商的备案拦截页（" + c.Cause + "）", "a provider's block page (" + c.Cause + ")"}
	if c.Kind.Saw != "" {
		saw = Text{saw.ZH + "：“" + c.Kind.Saw + "”", saw.EN + ": “" + c.Kind.Saw + "”"}
	}
	return where, Text{saw.ZH + nameless.ZH, saw.EN + nameless.EN}
}
