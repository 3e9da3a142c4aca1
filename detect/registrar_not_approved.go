package detect

import "github.com/beianwatch/beianwatch/crawler"

// registrarNotApproved: since 2018 only a domain from a registrar that the
// ministry approved can be filed.
var registrarNotApproved = &Rule{
	ID:       "registrar-not-approved",
	Severity: Violation,
	Title:    Text{"域名注册商未经工信部批复", "the domain's registrar is not approved"},
	Rationale: Text{
		"网站使用的域名应当由工信部批复的域名注册服务机构提供服务；在境外注册商处注册的域名无法通过备案核验，已备案的在核查时会被要求转入。",
		"A site's domain is to be served by a registrar that the ministry approved; domains at foreign registrars do not pass the check before filing, and those that are filed are asked to move.",
	},
	Remedy: Text{
		"请把域名转入工信部已批复的注册服务机构，或更换其他可备案的域名。",
		"Transfer the domain to an approved registrar, or use another domain that can be filed.",
	},
	Source: notice264("第二条，及常见驳回原因“域名注册商非工信部批复” / article 2, and the rejection reason on the registrar"),
	Needs:  NeedsSite,
	Dated:  true,
	Policy: Policies{
		Filing: Text{
			"用户自己的名单：已备案或审核中且注册商不在其中（或标为未批复）为违规，其他状态为警告；内置名单：列为未批复的，已备案或审核中为警告，其他为提示",
			"by a list of the user's own: violation when filed or in review and the registrar is absent or marked, warning otherwise; by the built-in list: warning for a registrar marked as not approved when filed or in review, notice otherwise",
		},
		Liveness: Text{"不区分", "any"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"备案已注销；服务器在内地以外且未备案；IP 地址；只检查文件", "filing cancelled; hosted abroad and not filed; an address; a file"},
		Unknown:  Text{"不知道注册商；注册商不在内置名单中；名单与注册商名称的语言不同", "registrar not known; not in the built-in list; list and name are in different languages"},
	},
	Check: checkRegistrar,
}

func checkRegistrar(c *Case) Outcome {
	if o, ok := domainDuty(c); !ok {
		return o
	}
	list := sayings(c, func(r *crawler.Registration) string { return r.Registrar }, c.Target.Holder.Registrar)
	if len(list) == 0 {
		return unknown(unregistered(c))
	}
	id := ""
	if r := registration(c); r != nil && list[0].by != byInventory {
		id = r.RegistrarID
	}
	registrars := c.Policy.registrars()
	how := registrars.of(list[0].value, id)
	full := Warning
	switch {
	case how == approvalGiven:
		return pass()
	case how == approvalUnknown:
		return unknown(ReasonRegistrarNotListed)
	case registrars.whole:
		full = Violation
	}
	return found(lowered(c, full), registrarFinding(c, list[0], how))
}

func registrarFinding(c *Case, s said, how approval) Finding {
	why := Text{"不在您的名单中", "which is not in your list"}
	if how == approvalRefused {
		why = Text{"据名单未经工信部批复", "which the list calls not approved"}
	}
	return Finding{
		Where: domainWhere(c),
		Saw: Text{
			s.by.ZH + "：注册商为“" + clip(s.value) + "”，" + why.ZH,
			s.by.EN + ": the registrar is \"" + clip(s.value) + "\", " + why.EN,
		},
		Fix: Text{
			"请在 domain.miit.gov.cn 核对该注册商；未获批复的，把域名转入已批复的注册服务机构。",
			"Look the registrar up on domain.miit.gov.cn; if it is not approved, transfer the domain to one that is.",
		},
	}
}
