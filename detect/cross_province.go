package detect

import (
	"github.com/beianwatch/beianwatch/detect/credit"
	"github.com/beianwatch/beianwatch/detect/region"
)

// crossProvince: 跨省备案，即备案地域与主办单位证件地址不符. A unit files where
// its papers were issued; of persons provinces ask different things.
var crossProvince = &Rule{
	ID:       "cross-province",
	Severity: Violation,
	Title:    Text{"跨省备案：备案省份与证件地址不符", "filed in another province than that of the papers"},
	Rationale: Text{
		"单位只能在证件住所所在的省、自治区、直辖市备案，没有例外；跨省的订单会被驳回，已备案主体迁往外省的也须重新备案。个人能否跨省因省而异。",
		"A unit files in the province of the address in its papers, without exception; an order for another province is rejected, and a filed subject that moves to another must file anew. Whether persons may file elsewhere depends on the province.",
	},
	Remedy: Text{
		"请放弃当前备案订单，重新创建，“备案地域”选择与主办单位证件地址一致的省、自治区、直辖市；单位也可以用其在该省的分支机构备案。",
		"Give the order up and make a new one for the province of the address in the papers; a unit may also file through a branch in the other province.",
	},
	Source: reviewers("跨省备案驳回 / filing across provinces"),
	Needs:  NeedsSite,
	Policy: Policies{
		Filing: Text{
			"单位的证件地址在外省：未备案、审核中、未知为违规，已备案为警告；性质未知再低一级。个人按各省要求（可配置）：不得跨省为警告，须居住证等为提示。备案号前缀与清单省份不同：警告（证件地址与备案号一致时为提示）。仅信用代码不同：提示",
			"a unit whose papers are another province's: violation when unfiled, in review or unknown, warning when filed; one step less if the nature is unknown. Persons by the table of provinces: warning where none of another province may file, notice where a permit is asked for. Number and listed province differ: warning (notice where the papers agree with the number). Only the credit code differs: notice",
		},
		Liveness: Text{"不看网站", "the site is not looked at"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"备案已注销；只检查文件", "the filing is cancelled; only a file is checked"},
		Unknown:  Text{"备案省份或证件地址不知道、看不出省份；不知道该省对个人的要求", "filing province or address not given or without a province that can be told; what the province asks of persons is not known"},
	},
	Check: checkCrossProvince,
}

func checkCrossProvince(c *Case) Outcome {
	if o, ok := papersDuty(c); !ok {
		return o
	}
	filing := filingProvince(c)
	if filing == region.None {
		return unknown(ReasonProvinceNotKnown)
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
func otherProvince(c *Case, filing, home region.Province) Outcome {
	severity := Violation
	switch natureOf(c) {
	case natureUnknown:
		severity = Warning
	case naturePerson:
		switch c.Policy.Customs[filing].Persons {
		case PersonsOpen:
			return passFor(ReasonPersonsMayFile)
		case PersonsPermit:
			severity = Notice
		case PersonsLocal:
			severity = Warning
		default:
			return unknown(ReasonCustomNotKnown)
		}
	}
	f := Finding{
		Where: inventoryWhere("证件地址", "address of the papers"),
		Saw: Text{
			"证件地址“" + clip(c.Filing.CertAddress) + "”在" + home.Name() + "，备案地域为" + filing.Name() + filedAs(c).ZH,
			"the address of the papers, \"" + clip(c.Filing.CertAddress) + "\", lies in " + home.English() + ", the filing is made in " + filing.English() + filedAs(c).EN,
		},
		Fix: Text{
			"请核对证件地址；确在" + home.Name() + "的，请在" + home.Name() + "重新备案。",
			"Check the address; if it lies in " + home.English() + ", file anew there.",
		},
	}
	if severity == Notice {
		f.Fix = Text{
			filing.Name() + "要求外省个人提供居住证或学习、工作证明，请备好后提交。",
			filing.English() + " asks persons of other provinces for a residence permit, or a student's or work card: have it ready.",
		}
		return found(severity, f)
	}
	return foundAccepted(c, severity, f)
}

// filedAs names the number in a sentence, if there is one.
func filedAs(c *Case) Text {
	if numberProvince(c) == region.None {
		return Text{}
	}
	return Text{"（" + clip(c.Filing.Number) + "）", " (" + clip(c.Filing.Number) + ")"}
}

// contradiction compares the number's province with the listed one. home is the
// province of the papers, if known the same as the number's.
func contradiction(c *Case, home region.Province) (Outcome, bool) {
	of, listed := numberProvince(c), region.ByWord(c.Filing.Province)
	if of == region.None || listed == region.None || of == listed {
		return Outcome{}, false
	}
	severity := Warning
	if home == of {
		severity = Notice
	}
	return found(severity, Finding{
		Where: inventoryWhere("备案省份", "filing province"),
		Saw: Text{
			"备案号 " + clip(c.Filing.Number) + " 属于" + of.Name() + "，清单的备案省份为" + listed.Name(),
			"the number " + clip(c.Filing.Number) + " is of " + of.English() + ", the filing province in the inventory is " + listed.English(),
		},
		Fix: Text{
			"请核对备案号与备案省份，更正错误的一项。",
			"Check number and province, and correct the one that is wrong.",
		},
	}), true
}

// byCode compares with the division in the credit code, which alone proves
// nothing: firms move and keep it.
func byCode(c *Case, filing region.Province) Outcome {
	code, kind := credit.Read(c.Filing.CreditCode)
	if kind != credit.Code || natureOf(c) == naturePerson {
		return unknown(ReasonProvinceNotKnown)
	}
	switch home := region.ByCode(credit.Division(code)); home {
	case region.None: // 100000: registered nationally
		return unknown(ReasonProvinceNotKnown)
	case filing:
		return pass()
	default:
		return found(Notice, Finding{
			Where: inventoryWhere("统一社会信用代码", "credit code"),
			Saw: Text{
				"信用代码 " + code + " 的登记地为" + home.Name() + "，备案地域为" + filing.Name() + filedAs(c).ZH + "；清单没有可以判断的证件地址",
				"the credit code " + code + " was given out in " + home.English() + ", the filing is made in " + filing.English() + filedAs(c).EN + "; the inventory has no address that tells",
			},
			Fix: Text{
				"请在清单中填写证件地址并核对：单位迁址后信用代码不变，仅凭代码不能断定跨省。",
				"Fill in the address of the papers and check it: a firm that moves keeps its code, which alone proves nothing.",
			},
		})
	}
}
