package rules

import (
	"fmt"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/credit"
	"github.com/beianwatch/beianwatch/detect/lists"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/region"
)

// creditCodeInvalid tells a code whose check digit is wrong: it is a slip of
// whoever typed it, and proves nothing of a province.
var creditCodeInvalid = &detect.Rule{
	ID:       "credit-code-invalid",
	Witness:  detect.WitnessNone,
	Severity: detect.Notice,
	Title:    detect.Text{ZH: "统一社会信用代码的校验码不正确", EN: "the check digit of the credit code is wrong"},
	Kept:     detect.Text{ZH: "统一社会信用代码的校验码正确", EN: "the check digit of the credit code is right"},
	Rationale: detect.Text{
		ZH: "统一社会信用代码的最后一位是校验码。校验不通过说明代码有误，用它提交备案会因证件信息不符被驳回。",
		EN: "The last character of a unified social credit code is a check digit. Where it does not fit, the code has a slip in it, and a filing with it is rejected because it differs from the papers.",
	},
	Remedy: detect.Text{
		ZH: "请对照营业执照等证件更正代码。",
		EN: "Correct the code from the licence.",
	},
	Source: detect.Article{
		Law:   detect.Text{ZH: "GB 32100-2015《法人和其他组织统一社会信用代码编码规则》", EN: "GB 32100-2015, Coding rule of the unified social credit identifier for legal entities and other organizations"},
		Place: "5.2 校验码 / check digit",
		Since: "2015-10-01",
	},
	Needs:   detect.NeedsSite,
	Private: true,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "18 位代码校验不通过：提示", EN: "a code of 18 characters that does not check: notice"},
		Liveness: detect.Text{ZH: "不看网站", EN: "the site is not looked at"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "备案已注销；主体是个人；只检查文件", EN: "the filing is cancelled; the subject is a person; only a file is checked"},
		Unknown:  detect.Text{ZH: "清单没有代码，或是其他证件的号码", EN: "no code in the inventory, or the number of another certificate"},
	},
	Check: checkCreditCode,
}

func checkCreditCode(c *detect.Case) detect.Outcome {
	if o, ok := inventoryDuty(c); !ok {
		return o
	}
	if natureOf(c) == naturePerson {
		return exempt(detect.ReasonPersonal)
	}
	saw, ok := codeFault(c)
	if ok {
		return pass()
	}
	if saw == (detect.Text{}) {
		return unknown(detect.ReasonCodeNotKnown)
	}
	return found(detect.Notice, detect.Finding{
		Where: inventoryWhere("统一社会信用代码", "credit code"),
		Saw:   saw,
		Fix:   detect.Text{ZH: "请对照证件更正代码。", EN: "Correct the code from the documents."},
	})
}

// codeFault says what is wrong with the credit code; ok if it is right, and
// neither if it is the number of another certificate, as digits alone of another
// length may be.
func codeFault(c *detect.Case) (saw detect.Text, ok bool) {
	code, fault := c.Filing.CreditCodeFault()
	switch fault {
	case crawler.CodeLength:
		if strings.Trim(code, "0123456789") == "" {
			return detect.Text{}, false
		}
		return detect.Text{ZH: fmt.Sprintf("代码 %s 有 %d 位，应为 18 位", code, len(code)), EN: fmt.Sprintf("%s has %d characters, a code has 18", code, len(code))}, false
	case crawler.CodeLetter:
		return detect.Text{ZH: "代码 " + code + " 含有代码不使用的字母（如把 0 写成 O、把 1 写成 I）", EN: code + " has a letter that no code has (O for 0, I for 1)"}, false
	case crawler.CodeCut:
		return detect.Text{}, false
	}
	switch _, kind := credit.Read(code); kind {
	case credit.Code:
		return detect.Text{}, true
	case credit.Wrong:
		return detect.Text{ZH: "代码 " + code + " 的校验码不符", EN: "the check digit of " + code + " does not fit"}, false
	}
	return detect.Text{}, false
}

// crossProvince: 跨省备案，即备案地域与主办单位证件地址不符. A unit files where
// its papers were issued; of persons provinces ask different things.
var crossProvince = &detect.Rule{
	ID:       "cross-province",
	Witness:  detect.WitnessNone,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "跨省备案：备案省份与证件地址不符", EN: "filed in another province than that of the papers"},
	Kept:     detect.Text{ZH: "备案省份与证件地址一致", EN: "filed in the province of the papers"},
	Rationale: detect.Text{
		ZH: "单位只能在证件住所所在的省、自治区、直辖市备案，没有例外；跨省的订单会被驳回，已备案主体迁往外省的也须重新备案。个人能否跨省因省而异。",
		EN: "A unit files in the province of the address in its papers, without exception; an order for another province is rejected, and a filed subject that moves to another must file anew. Whether persons may file elsewhere depends on the province.",
	},
	Remedy: detect.Text{
		ZH: "请放弃当前备案订单，重新创建，“备案地域”选择与主办单位证件地址一致的省、自治区、直辖市；单位也可以用其在该省的分支机构备案。",
		EN: "Give the order up and make a new one for the province of the address in the papers; a unit may also file through a branch in the other province.",
	},
	Source:  reviewers("跨省备案驳回 / filing across provinces"),
	Needs:   detect.NeedsSite,
	Private: true,
	Policy: detect.Policies{
		Filing: detect.Text{
			ZH: "单位的证件地址在外省：未备案、审核中、未知为违规，已备案为待核实；性质未知再低一级。个人按各省要求（可配置）：不得跨省为待核实，须居住证等为提示。备案号前缀与清单省份不同：待核实（证件地址与备案号一致时为提示）。仅信用代码不同：提示",
			EN: "a unit whose papers are another province's: violation when unfiled, in review or unknown, warning when filed; one step less if the nature is unknown. Persons by the table of provinces: warning where none of another province may file, notice where a permit is asked for. Number and listed province differ: warning (notice where the papers agree with the number). Only the credit code differs: notice",
		},
		Liveness: detect.Text{ZH: "不看网站", EN: "the site is not looked at"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "备案已注销；只检查文件", EN: "the filing is cancelled; only a file is checked"},
		Unknown:  detect.Text{ZH: "备案省份或证件地址不知道、看不出省份；不知道该省对个人的要求", EN: "filing province or address not given or without a province that can be told; what the province asks of persons is not known"},
	},
	Check: checkCrossProvince,
}

func checkCrossProvince(c *detect.Case) detect.Outcome {
	if o, ok := inventoryDuty(c); !ok {
		return o
	}
	filing := filingProvince(c)
	if filing == region.None {
		return unknown(detect.ReasonProvinceNotKnown)
	}
	home := region.InAddress(c.Filing.CertAddress)
	if home != region.None && home != filing {
		return otherProvince(c, filing, home)
	}
	if o, ok := contradiction(c, home); ok {
		return o
	}
	if home != region.None {
		return pass()
	}
	return byCode(c, filing)
}

// otherProvince judges papers of another province than the filing's.
func otherProvince(c *detect.Case, filing, home region.Province) detect.Outcome {
	severity := detect.Violation
	switch natureOf(c) {
	case natureUnknown:
		severity = detect.Warning
	case naturePerson:
		switch c.Policy.Customs[filing].Persons {
		case lists.PersonsOpen:
			return passFor(detect.ReasonPersonsMayFile)
		case lists.PersonsPermit:
			severity = detect.Notice
		case lists.PersonsLocal:
			severity = detect.Warning
		default:
			return unknown(detect.ReasonCustomNotKnown)
		}
	}
	f := detect.Finding{
		Where: inventoryWhere("证件地址", "address of the papers"),
		Saw: detect.Text{
			ZH: "证件地址“" + detect.Clip(c.Filing.CertAddress) + "”在" + home.Name() + "，备案地域为" + filing.Name() + filedAs(c).ZH,
			EN: "the address of the papers, \"" + detect.Clip(c.Filing.CertAddress) + "\", lies in " + home.English() + ", the filing is made in " + filing.English() + filedAs(c).EN,
		},
		Fix: detect.Text{
			ZH: "请核对证件地址；确在" + home.Name() + "的，请在" + home.Name() + "重新备案。",
			EN: "Check the address; if it lies in " + home.English() + ", file anew there.",
		},
	}
	if severity == detect.Notice {
		f.Fix = detect.Text{
			ZH: filing.Name() + "要求外省个人提供居住证或学习、工作证明，请备好后提交。",
			EN: filing.English() + " asks persons of other provinces for a residence permit, or a student's or work card: have it ready.",
		}
		return found(severity, f)
	}
	return foundAccepted(c, severity, f)
}

// filedAs names the number in a sentence, if there is one.
func filedAs(c *detect.Case) detect.Text {
	if numberProvince(c) == region.None {
		return detect.Text{}
	}
	return detect.Text{ZH: "（" + detect.Clip(c.Filing.Number) + "）", EN: " (" + detect.Clip(c.Filing.Number) + ")"}
}

// contradiction compares the number's province with the listed one. home is the
// province of the documents, if known the same as the number's.
func contradiction(c *detect.Case, home region.Province) (detect.Outcome, bool) {
	of, listed := numberProvince(c), region.ByWord(c.Filing.Province)
	if of == region.None || listed == region.None || of == listed {
		return detect.Outcome{}, false
	}
	severity := detect.Warning
	if home == of {
		severity = detect.Notice
	}
	return found(severity, detect.Finding{
		Where: inventoryWhere("备案省份", "filing province"),
		Saw: detect.Text{
			ZH: "备案号 " + detect.Clip(c.Filing.Number) + " 属于" + of.Name() + "，清单的备案省份为" + listed.Name(),
			EN: "the number " + detect.Clip(c.Filing.Number) + " is of " + of.English() + ", the filing province in the inventory is " + listed.English(),
		},
		Fix: detect.Text{
			ZH: "请核对备案号与备案省份，更正错误的一项。",
			EN: "Check number and province, and correct the one that is wrong.",
		},
	}), true
}

// byCode compares with the division in the credit code, which alone proves
// nothing: firms move and keep it.
func byCode(c *detect.Case, filing region.Province) detect.Outcome {
	code, _ := c.Filing.CreditCodeFault()
	if _, kind := credit.Read(code); kind != credit.Code || natureOf(c) == naturePerson {
		return unknown(detect.ReasonProvinceNotKnown)
	}
	switch home := region.ByCode(credit.Division(code)); home {
	case region.None: // 100000: registered nationally
		return unknown(detect.ReasonProvinceNotKnown)
	case filing:
		return pass()
	default:
		return found(detect.Notice, detect.Finding{
			Where: inventoryWhere("统一社会信用代码", "credit code"),
			Saw: detect.Text{
				ZH: "信用代码 " + code + " 的登记地为" + home.Name() + "，备案地域为" + filing.Name() + filedAs(c).ZH + "；清单没有可以判断的证件地址",
				EN: "the credit code " + code + " was given out in " + home.English() + ", the filing is made in " + filing.English() + filedAs(c).EN + "; the inventory has no address that tells",
			},
			Fix: detect.Text{
				ZH: "请在清单中填写证件地址并核对：单位迁址后信用代码不变，仅凭代码不能断定跨省。",
				EN: "Fill in the address of the papers and check it: a firm that moves keeps its code, which alone proves nothing.",
			},
		})
	}
}

// This file holds what the rules about the documents of a filing have in common:
// they judge what the inventory says and need no network.

// inventoryDuty says whether the rules about papers apply: to every domain whose
// filing stands or may still be made.
func inventoryDuty(c *detect.Case) (detect.Outcome, bool) {
	if c.Filing.Status == crawler.FilingCancelled {
		return exempt(detect.ReasonNotFiled), false
	}
	return detect.Outcome{}, true
}

// A nature is what kind of subject a filing is made for.
type nature int

const (
	natureUnknown nature = iota
	naturePerson
	naturePublic // government and public institutions
	natureUnit   // any other unit
)

var (
	publicNatures = []string{"政府", "机关", "党政", "事业单位", "国防", "军队", "人大", "法院", "检察院", "government", "institution"}
	unitNatures   = []string{"企业", "公司", "个体", "工商户", "团体", "社团", "民办非企业", "社会服务机构", "基金会", "律师", "事务所", "学校", "合作社", "宗教", "组织", "医院",
		"company", "enterprise", "business", "organisation", "organization"}
	// Names that only a unit can have.
	unitNames = []string{"有限公司", "有限责任公司", "股份公司", "合作社", "合伙企业", "(有限合伙)", "事务所", "基金会", "商行", "经营部"}
)

// natureOf reads the nature of the subject. Without a word of it the legal form
// in the subject's name tells a unit, and nothing tells a person.
func natureOf(c *detect.Case) nature {
	word := strings.ToLower(c.Filing.Nature)
	switch {
	case personal(c) || word == "自然人" || word == "person":
		return naturePerson
	case containsAny(word, unitNatures):
		return natureUnit
	case containsAny(word, publicNatures):
		return naturePublic
	}
	if word == "" && c.Filing.Subject != "" {
		for _, form := range unitNames {
			if strings.HasSuffix(c.Filing.Subject, form) {
				return natureUnit
			}
		}
	}
	return natureUnknown
}

func containsAny(s string, words []string) bool {
	if s == "" {
		return false
	}
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// numberProvince is the province of the filed number; None without a number
// that bears one.
func numberProvince(c *detect.Case) region.Province {
	if c.Filing.Number == "" {
		return region.None
	}
	n, ok := number.Parse(c.Filing.Number)
	if !ok || n.Province == "" {
		return region.None
	}
	return region.ByWord(n.Province)
}

// filingProvince is the province in which the filing is or will be made: that of
// its number, else the one that the inventory names.
func filingProvince(c *detect.Case) region.Province {
	if p := numberProvince(c); p != region.None {
		return p
	}
	return region.ByWord(c.Filing.Province)
}

// personal reports whether the subject of the filing is a natural person.
func personal(c *detect.Case) bool {
	return c.Filing.Nature == "个人" || strings.EqualFold(c.Filing.Nature, "individual") || strings.EqualFold(c.Filing.Nature, "personal")
}

// public reports whether the subject is a public body, whose content of these
// kinds is its office rather than its trade: government, public institutions,
// hospitals.
func public(c *detect.Case) bool {
	for _, word := range []string{"政府", "国家机关", "党政", "事业单位", "国防", "人大", "法院", "检察院", "医院", "医疗机构"} {
		if strings.Contains(c.Filing.Nature, word) {
			return true
		}
	}
	host := c.Target.Domain
	return strings.HasSuffix(c.Filing.Subject, "医院") || strings.HasSuffix(host, ".gov.cn") || strings.HasSuffix(host, ".edu.cn")
}
