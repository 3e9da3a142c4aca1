package detect

import (
	"strings"

	"golang.org/x/net/idna"

	"github.com/beianwatch/beianwatch/crawler"
)

// suffixNotApproved: only names under suffixes that the ministry approved can
// be filed.
var suffixNotApproved = &Rule{
	ID:       "suffix-not-approved",
	Severity: Warning,
	Title:    Text{"域名后缀不能备案", "the domain's suffix cannot be filed"},
	Rationale: Text{
		"只有工信部批复的顶级域下的域名可以备案，部分省份另有限制（如北京不受理 .org）。这类域名提交备案会被驳回，也就不能接入内地服务器。",
		"Only names under suffixes that the ministry approved can be filed, and some provinces are stricter (Beijing takes no .org). Such a domain is sent back at filing, and so may not be served from the mainland.",
	},
	Remedy: Text{
		"请更换可备案后缀的域名（如 .cn、.com、.net），或把网站放在内地以外。",
		"Use a domain with a suffix that can be filed (such as .cn, .com or .net), or host the site outside the mainland.",
	},
	Source: notice264("第二条，及常见驳回原因“域名后缀未批复” / article 2, and the rejection reason on suffixes"),
	Needs:  NeedsSite,
	Policy: Policies{
		Filing:   Text{"审核中、未备案或未知：警告；已备案：提示（当时已受理）", "in review, unfiled or unknown: warning; filed: notice (it was accepted once)"},
		Liveness: Text{"不区分", "any"},
		Place:    Text{"名单可按省份限制后缀", "the list may restrict a suffix by province"},
		Exempt:   Text{"备案已注销；服务器在内地以外且未备案；IP 地址；只检查文件", "filing cancelled; hosted abroad and not filed; an address; a file"},
		Unknown:  Text{"名单中没有该后缀；后缀受省份限制而省份未知", "not in the list; restricted by province, and the province is not known"},
	},
	Check: checkSuffix,
}

func checkSuffix(c *Case) Outcome {
	if o, ok := domainDuty(c); !ok {
		return o
	}
	name := registrable(c.Target.Domain)
	suffix := name[strings.LastIndexByte(name, '.')+1:]
	province := filingProvince(c)
	switch c.Policy.suffixes().of(suffix, province, personal(c)) {
	case approvalGiven:
		return pass()
	case approvalUnknown:
		return unknown(ReasonSuffixNotListed)
	}
	severity := Warning
	if c.Filing.Status == crawler.FilingFiled {
		severity = Notice
	}
	where := Text{"据可备案后缀名单", "by the list of suffixes"}
	if !c.Policy.suffixes().refused[suffix] {
		where = Text{"据" + province.Name() + "的可备案后缀名单", "by the list of suffixes for " + province.Name()}
	}
	if shown, err := idna.Lookup.ToUnicode(suffix); err == nil {
		suffix = shown
	}
	return found(severity, Finding{
		Where: domainWhere(c),
		Saw:   Text{where.ZH + "，“." + suffix + "”域名不能备案", where.EN + ", domains under \"." + suffix + "\" cannot be filed"},
		Fix: Text{
			"请在 domain.miit.gov.cn 核对该后缀；未获批复的，更换可备案后缀的域名。",
			"Look the suffix up on domain.miit.gov.cn; if it is not approved, use a domain that can be filed.",
		},
	})
}
