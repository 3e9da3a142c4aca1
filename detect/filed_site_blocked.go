package detect

// filedSiteBlocked: 接入备案. A site that is filed through one provider and
// points to another without an access filing there is cut off like an unfiled
// one.
var filedSiteBlocked = &Rule{
	ID:       "filed-site-blocked",
	Severity: Violation,
	Title:    Text{"已备案网站被接入商拦截", "a filed site is blocked by its provider"},
	Rationale: Text{
		"登记为已备案，访问看到的却是接入商的备案拦截页。通常是域名解析到了没有做接入备案的服务商，或备案已被取消接入、注销；访客看不到网站，抽查时按“未开站”处理。",
		"The register says filed, yet visitors get the provider's block page. As a rule the name points to a provider without an access filing, or the filing has lost its access or has been cancelled; visitors see no site, and spot checks take it as not open.",
	},
	Remedy: Text{
		"请在当前服务商处办理接入备案，或把解析改回原接入商的服务器；并核对备案是否仍然有效。",
		"Make an access filing with the present provider, or point the name back to the one it is filed with; and check that the filing is still in force.",
	},
	Source: reviewers("已备案网站未开站 / a filed site is not open"),
	Needs:  NeedsFiling | NeedsSite,
	Policy: Policies{
		Filing:   Text{"仅已备案", "filed only"},
		Liveness: Text{"看到接入商的拦截页，或带域名访问被重置而不带域名有应答（经复查确认）", "a provider's block page, or a reset that depends on the name (confirmed by further looks)"},
		Place:    Text{"观测点在内地：违规；未声明在内地：警告（有的域名只在境外被拦截）", "from a mainland vantage: violation; otherwise warning (some names are blocked only from abroad)"},
		Exempt:   Text{"未备案；备案通过不足 3 天；跳转到其他域名；只检查文件", "not filed; approved less than 3 days ago; leads to another domain; a file"},
		Unknown:  Text{"备案状态未知；打不开或被防火墙拒绝；重置尚未复查", "status unknown; down or refused; a reset not looked at again"},
	},
	Dated: true,
	Check: checkFiledBlocked,
}

func checkFiledBlocked(c *Case) Outcome {
	if o, ok := filedSite(c); !ok {
		return o
	}
	if c.Liveness != Blocked {
		if why := livenessReason(c); why != "" {
			return unknown(why)
		}
		return pass()
	}
	if c.Cause == CauseNameReset && !confirmed(c) {
		return unknown(ReasonNotConfirmed)
	}
	severity := Warning
	if c.Policy.VantageMainland {
		severity = Violation
	}
	where, saw := blockEvidence(c)
	return found(severity, Finding{
		Where: where,
		Saw:   saw,
		Fix: Text{
			"请确认当前服务器所在的服务商是否已做接入备案；没有的请办理接入，或把解析改回原接入商。",
			"Check whether an access filing exists with the provider of the present server; make one, or point the name back.",
		},
	})
}
