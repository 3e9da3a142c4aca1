package rules

import (
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/lists"
)

// domainHolderMismatch: 域名注册者应为该单位（含公司股东）、单位主要负责人或高级管理人员；
// 为个人的，应为其本人. So another company's name is no proof, a personal site's
// is.
var domainHolderMismatch = &detect.Rule{
	ID:       "domain-holder-mismatch",
	Witness:  detect.WitnessNone,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "域名所有人与备案主体不一致", EN: "the domain's holder is not the filed subject"},
	Kept:     detect.Text{ZH: "域名所有人与备案主体一致", EN: "the domain's holder is the filed subject"},
	Rationale: detect.Text{
		ZH: "用于网站的域名应由主办单位自己（含股东、主要负责人或高级管理人员）注册并完成实名认证，个人网站应由本人注册。域名所有人与备案主体不一致是最常见的驳回原因之一，核查时也会要求整改。",
		EN: "A site's domain is to be registered by its subject (shareholders, its head or senior managers included), a personal site's by that very person. A holder that differs is among the most common reasons for rejection, and checks ask to correct it.",
	},
	Remedy: detect.Text{
		ZH: "请登录域名注册商变更域名实名认证信息（中文填主办单位全称，英文填全称拼音），或修改备案主体信息，使二者一致；变更后等待 3 至 5 个工作日入库再提交。",
		EN: "Change the holder's verified name at the registrar (in Chinese the subject's full name, in English its pinyin) or the subject of the filing, so that both agree; wait three to five working days before filing.",
	},
	Source:  notice264("第二条，及常见驳回原因“域名所有人不正确” / article 2, and the rejection reason on the domain's holder"),
	Needs:   detect.NeedsSite,
	Private: true,
	Dated:   true,
	Policy: detect.Policies{
		Filing: detect.Text{
			ZH: "已备案或审核中：个人备案的域名属于他人为违规，单位备案的域名属于另一单位或（仅认单位的省份）个人为待核实，名称只差法律形式或互相包含为提示；其他状态各低一级（提示不变）。登记处与清单说法不同时以较新的为准；另一方与主体一致时为提示",
			EN: "filed or in review: violation for a personal filing whose domain is another's, warning for another unit's name or (where the province takes units only) a person's, notice for a name that differs in its legal form or contains the other; one step less otherwise. Where registry and inventory disagree the fresher one counts; a notice if the other agrees with the subject",
		},
		Liveness: detect.Text{ZH: "不区分", EN: "any"},
		Place:    detect.Text{ZH: "省份允许法定代表人持有时，个人持有人为未判定", EN: "a person as the holder is unknown where the province allows the legal representative"},
		Exempt:   detect.Text{ZH: "备案已注销；服务器在内地以外且未备案；IP 地址；只检查文件", EN: "filing cancelled; hosted abroad and not filed; an address; a file"},
		Unknown:  detect.Text{ZH: "不知道备案主体或域名所有人；所有人被隐藏；所有人以拼音或外文书写；所有人可能是法定代表人", EN: "subject or holder not known; holder redacted; holder in Latin letters; holder may be the legal representative"},
	},
	Check: checkHolder,
}

func checkHolder(c *detect.Case) detect.Outcome {
	if o, ok := domainDuty(c); !ok {
		return o
	}
	if fold.Name(c.Filing.Subject) == "" {
		return unknown(detect.ReasonNameNotKnown)
	}
	list := sayings(c, func(r *crawler.Registration) string { return r.Holder }, c.Target.Holder.DomainHolder)
	if len(list) == 0 {
		if r := registration(c); r != nil && r.Redacted {
			return unknown(detect.ReasonHolderRedacted)
		}
		return unknown(unregistered(c))
	}
	fit := holderFit(c, list[0].value)
	severity := detect.Severity("")
	switch fit {
	case fitSame:
		return pass()
	case fitScript:
		return unknown(detect.ReasonHolderScript)
	case fitClose:
		severity = detect.Notice
	case fitPerson:
		switch c.Policy.Holders[filingProvince(c)] {
		case lists.HolderUnit:
			severity = lowered(c, detect.Warning)
		default: // allowed, or not known to be forbidden
			return unknown(detect.ReasonHolderPerson)
		}
	case fitOther:
		severity = lowered(c, detect.Warning)
		if personal(c) {
			severity = lowered(c, detect.Violation)
		}
	}
	if len(list) == 2 && holderFit(c, list[1].value) == fitSame {
		severity = detect.Notice
	}
	return found(severity, holderFinding(c, list, fit))
}

// fit says how a holder's name compares with the subject's.
type fit int

const (
	fitSame   fit = iota
	fitClose      // one contains the other, or only the legal form differs
	fitPerson     // a person's name, and the subject is a unit
	fitScript     // one is in Chinese, the other is not
	fitOther
)

// holderFit compares names without brackets, spaces, width and script variants.
func holderFit(c *detect.Case, holder string) fit {
	a, b := unitKey(holder), unitKey(c.Filing.Subject)
	switch {
	case a == b:
		return fitSame
	case fold.HasHan(a) != fold.HasHan(b):
		return fitScript
	case legalCore(a) == legalCore(b), contained(a, b), contained(b, a):
		return fitClose
	case !personal(c) && personName(a):
		return fitPerson
	}
	return fitOther
}

// unitKey is a unit's name as it is compared: 有限责任公司 and 有限公司 are one form.
func unitKey(name string) string {
	return strings.ReplaceAll(fold.Name(name), "有限责任公司", "有限公司")
}

// legalCore is a name without its legal form. 有限公司 and 股份有限公司 are two
// forms, which one company has one after the other.
func legalCore(name string) string {
	for _, form := range []string{"股份有限公司", "有限公司", "公司"} {
		if core, ok := strings.CutSuffix(name, form); ok {
			return core
		}
	}
	return name
}

// contained reports whether one name is a part of another: a branch, an old name
// with a word less.
func contained(part, whole string) bool {
	return utf8.RuneCountInString(legalCore(part)) >= 4 && strings.Contains(whole, legalCore(part))
}

// unitWords end the name of something that is no person.
var unitWords = []string{"公司", "厂", "店", "部", "会", "院", "校", "学", "所", "社", "站", "局", "处", "室", "中心", "集团", "银行", "网", "团", "馆", "府", "委", "办", "行", "坊", "吧", "工作室"}

// personName reports whether a name can be a person's: two to four Chinese
// characters without a word that ends the names of units.
func personName(name string) bool {
	n := utf8.RuneCountInString(name)
	if n < 2 || n > 4 || !fold.HasHan(name) {
		return false
	}
	for _, w := range unitWords {
		if strings.HasSuffix(name, w) {
			return false
		}
	}
	return true
}

func holderFinding(c *detect.Case, list []said, how fit) detect.Finding {
	s := list[0]
	saw := detect.Text{
		ZH: s.by.ZH + "：域名所有人为“" + detect.Clip(s.value) + "”，备案主体为“" + c.Filing.Subject + "”",
		EN: s.by.EN + ": the holder is \"" + detect.Clip(s.value) + "\", the filed subject \"" + c.Filing.Subject + "\"",
	}
	switch how {
	case fitClose:
		saw.ZH, saw.EN = saw.ZH+"（名称相近，可能是更名、分支机构或法律形式变化）", saw.EN+" (close: a former name, a branch or another legal form)"
	case fitPerson:
		saw.ZH, saw.EN = saw.ZH+"（个人，该省只认单位）", saw.EN+" (a person, while the province takes units only)"
	}
	if len(list) == 2 && unitKey(list[1].value) != unitKey(s.value) {
		saw.ZH += "；而" + list[1].by.ZH + "为“" + detect.Clip(list[1].value) + "”，较旧"
		saw.EN += "; " + list[1].by.EN + ", which is older, says \"" + detect.Clip(list[1].value) + "\""
	}
	f := detect.Finding{Where: domainWhere(c), Saw: saw, Fix: detect.Text{
		ZH: "请在域名注册商处把所有人变更为“" + c.Filing.Subject + "”，或变更备案主体；若所有人是其股东、主要负责人或高级管理人员，请备好证明。",
		EN: "Change the holder at the registrar to \"" + c.Filing.Subject + "\", or the subject of the filing; if the holder is its shareholder, head or senior manager, keep the proof at hand.",
	}}
	if personal(c) {
		f.Fix = detect.Text{
			ZH: "个人网站的域名须由本人持有：请在域名注册商处把所有人变更为“" + c.Filing.Subject + "”，或以实际所有人为主体重新备案。",
			EN: "A personal site's domain must be that person's own: change the holder at the registrar to \"" + c.Filing.Subject + "\", or file anew for whoever holds it.",
		}
	}
	return f
}
