package rules

import (
	"strings"

	"golang.org/x/net/idna"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
)

// registrarNotApproved: since 2018 only a domain from a registrar that the
// ministry approved can be filed.
var registrarNotApproved = &detect.Rule{
	ID:       "registrar-not-approved",
	Witness:  detect.WitnessNone,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "域名注册商未经工信部批复", EN: "the domain's registrar is not approved"},
	Kept:     detect.Text{ZH: "域名注册商已获工信部批复", EN: "the domain's registrar is approved"},
	Rationale: detect.Text{
		ZH: "网站使用的域名应当由工信部批复的域名注册服务机构提供服务；在境外注册商处注册的域名无法通过备案核验，已备案的在核查时会被要求转入。",
		EN: "A site's domain is to be served by a registrar that the ministry approved; domains at foreign registrars do not pass the check before filing, and those that are filed are asked to move.",
	},
	Remedy: detect.Text{
		ZH: "请把域名转入工信部已批复的注册服务机构，或更换其他可备案的域名。",
		EN: "Transfer the domain to an approved registrar, or use another domain that can be filed.",
	},
	Source: notice264("第二条，及常见驳回原因“域名注册商非工信部批复” / article 2, and the rejection reason on the registrar"),
	Needs:  detect.NeedsSite,
	Dated:  true,
	Policy: detect.Policies{
		Filing: detect.Text{
			ZH: "用户自己的名单：已备案或审核中且注册商不在其中（或标为未批复）为违规，其他状态为待核实；内置名单：列为未批复的，已备案或审核中为待核实，其他为提示",
			EN: "by a list of the user's own: violation when filed or in review and the registrar is absent or marked, warning otherwise; by the built-in list: warning for a registrar marked as not approved when filed or in review, notice otherwise",
		},
		Liveness: detect.Text{ZH: "不区分", EN: "any"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "备案已注销；服务器在内地以外且未备案；IP 地址；只检查文件", EN: "filing cancelled; hosted abroad and not filed; an address; a file"},
		Unknown:  detect.Text{ZH: "不知道注册商；注册商不在内置名单中；名单与注册商名称的语言不同", EN: "registrar not known; not in the built-in list; list and name are in different languages"},
	},
	Check: checkRegistrar,
}

func checkRegistrar(c *detect.Case) detect.Outcome {
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
	registrars := c.Policy.Registrars
	how := registrars.Of(list[0].value, id)
	full := detect.Warning
	switch {
	case how == lists.ApprovalGiven:
		return pass()
	case how == lists.ApprovalUnknown:
		return unknown(detect.ReasonRegistrarNotListed)
	case registrars.Whole():
		full = detect.Violation
	}
	return found(lowered(c, full), registrarFinding(c, list[0], how))
}

func registrarFinding(c *detect.Case, s said, how lists.Approval) detect.Finding {
	date := dated(c.Policy.Registrars.AsOf())
	why := detect.Text{ZH: "不在您的名单" + date.ZH + "中", EN: "which is not in your list" + date.EN}
	if how == lists.ApprovalRefused {
		why = detect.Text{ZH: "据名单" + date.ZH + "未经工信部批复", EN: "which the list" + date.EN + " calls not approved"}
	}
	return detect.Finding{
		Where: domainWhere(c),
		Saw: detect.Text{
			ZH: s.by.ZH + "：注册商为“" + detect.Clip(s.value) + "”，" + why.ZH,
			EN: s.by.EN + ": the registrar is \"" + detect.Clip(s.value) + "\", " + why.EN,
		},
		Fix: detect.Text{
			ZH: "请在 domain.miit.gov.cn 核对该注册商；未获批复的，把域名转入已批复的注册服务机构。",
			EN: "Look the registrar up on domain.miit.gov.cn; if it is not approved, transfer the domain to one that is.",
		},
	}
}

// suffixNotApproved: only names under suffixes that the ministry approved can
// be filed.
var suffixNotApproved = &detect.Rule{
	ID:       "suffix-not-approved",
	Witness:  detect.WitnessNone,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "域名后缀不能备案", EN: "the domain's suffix cannot be filed"},
	Kept:     detect.Text{ZH: "域名后缀可以备案", EN: "the domain's suffix can be filed"},
	Rationale: detect.Text{
		ZH: "只有工信部批复的顶级域下的域名可以备案，部分省份另有限制（如北京不受理 .org）。这类域名提交备案会被驳回，也就不能接入内地服务器。",
		EN: "Only names under suffixes that the ministry approved can be filed, and some provinces are stricter (Beijing takes no .org). Such a domain is sent back at filing, and so may not be served from the mainland.",
	},
	Remedy: detect.Text{
		ZH: "请更换可备案后缀的域名（如 .cn、.com、.net），或把网站放在内地以外。",
		EN: "Use a domain with a suffix that can be filed (such as .cn, .com or .net), or host the site outside the mainland.",
	},
	Source: notice264("第二条，及常见驳回原因“域名后缀未批复” / article 2, and the rejection reason on suffixes"),
	Needs:  detect.NeedsSite,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "审核中、未备案或未知：待核实；已备案：提示（当时已受理）", EN: "in review, unfiled or unknown: warning; filed: notice (it was accepted once)"},
		Liveness: detect.Text{ZH: "不区分", EN: "any"},
		Place:    detect.Text{ZH: "名单可按省份限制后缀", EN: "the list may restrict a suffix by province"},
		Exempt:   detect.Text{ZH: "备案已注销；服务器在内地以外且未备案；IP 地址；只检查文件", EN: "filing cancelled; hosted abroad and not filed; an address; a file"},
		Unknown:  detect.Text{ZH: "名单中没有该后缀；后缀受省份限制而省份未知", EN: "not in the list; restricted by province, and the province is not known"},
	},
	Check: checkSuffix,
}

func checkSuffix(c *detect.Case) detect.Outcome {
	if o, ok := domainDuty(c); !ok {
		return o
	}
	name := detect.Registrable(c.Target.Domain)
	suffix := name[strings.LastIndexByte(name, '.')+1:]
	province := filingProvince(c)
	switch c.Policy.Suffixes.Of(suffix, province, personal(c)) {
	case lists.ApprovalGiven:
		return pass()
	case lists.ApprovalUnknown:
		return unknown(detect.ReasonSuffixNotListed)
	}
	severity := detect.Warning
	if c.Filing.Status == crawler.FilingFiled {
		severity = detect.Notice
	}
	date := dated(c.Policy.Suffixes.AsOf())
	where := detect.Text{ZH: "据可备案后缀名单" + date.ZH, EN: "by the list of suffixes" + date.EN}
	if !c.Policy.Suffixes.Refused(suffix) {
		where = detect.Text{ZH: "据" + province.Name() + "的可备案后缀名单", EN: "by the list of suffixes for " + province.English()}
	}
	if shown, err := idna.Lookup.ToUnicode(suffix); err == nil {
		suffix = shown
	}
	return found(severity, detect.Finding{
		Where: domainWhere(c),
		Saw:   detect.Text{ZH: where.ZH + "，“." + suffix + "”域名不能备案", EN: where.EN + ", domains under \"." + suffix + "\" cannot be filed"},
		Fix: detect.Text{
			ZH: "请在 domain.miit.gov.cn 核对该后缀；未获批复的，更换可备案后缀的域名。",
			EN: "Look the suffix up on domain.miit.gov.cn; if it is not approved, use a domain that can be filed.",
		},
	})
}
