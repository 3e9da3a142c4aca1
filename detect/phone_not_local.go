package detect

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect/phone"
	"github.com/beianwatch/beianwatch/detect/region"
)

// phoneNotLocal: 联系电话不是备案地区号段的电话号码. Only some provinces ask.
var phoneNotLocal = &Rule{
	ID:       "phone-not-local",
	Severity: Warning,
	Title:    Text{"联系电话不是备案省份的号码", "a telephone number is not of the filing's province"},
	Rationale: Text{
		"部分省份要求联系电话为本省号码，外省号码会被驳回。座机看区号，手机看号段；400、95 等号码和虚拟运营商号段不能证明省份。",
		"Some provinces ask for telephone numbers of their own and reject others. A land line tells by its area code, a mobile by its range; 400 and 95 numbers and those of resellers prove no province.",
	},
	Remedy: Text{
		"请使用备案省、自治区、直辖市号段的电话号码。",
		"Give a telephone number of the province in which the filing is made.",
	},
	Source: reviewers("电话号码不符合 / telephone numbers"),
	Needs:  NeedsSite,
	Policy: Policies{
		Filing:   Text{"未备案、审核中、未知：警告；已备案（曾获通过）：提示", "unfiled, in review or unknown: warning; filed (accepted once): notice"},
		Liveness: Text{"不看网站", "the site is not looked at"},
		Place:    Text{"仅限要求本省号码的省份（可配置的表）", "only for provinces that ask for local numbers (a table that can be replaced)"},
		Exempt:   Text{"该省不要求；备案已注销；只检查文件", "the province does not ask; the filing is cancelled; only a file is checked"},
		Unknown:  Text{"备案省份未知；没有电话；号码不能证明省份，或没有号段数据（phone-data）", "filing province not known; no number; the number proves no province, or there are no data on ranges (phone-data)"},
	},
	Check: checkPhoneLocal,
}

func checkPhoneLocal(c *Case) Outcome {
	if o, ok := papersDuty(c); !ok {
		return o
	}
	filing := filingProvince(c)
	if filing == region.None {
		return unknown(ReasonProvinceNotKnown)
	}
	if !c.Policy.Customs[filing].LocalPhone {
		return exempt(ReasonNotAsked)
	}
	numbers := phonesOf(c)
	if len(numbers) == 0 {
		return unknown(ReasonNoPhone)
	}
	var elsewhere []Text
	doubt := false
	for _, n := range numbers {
		switch p := provinceOf(c, n); p {
		case region.None:
			doubt = doubt || n.Kind == phone.Mobile || n.Kind == phone.Other
		case filing:
		default:
			elsewhere = append(elsewhere, Text{clip(n.Raw) + "（" + p.Name() + "）", clip(n.Raw) + " (" + p.English() + ")"})
		}
	}
	if len(elsewhere) > 0 {
		return foundAccepted(c, Warning, notLocalFinding(filing, elsewhere))
	}
	if doubt || !proven(c, numbers) {
		if c.Policy.Segments == nil {
			return unknown(ReasonNoSegments)
		}
		return unknown(ReasonPhoneTellsNothing)
	}
	return pass()
}

// provinceOf is the province that a number proves.
func provinceOf(c *Case, n phone.Number) region.Province {
	if n.Kind == phone.Land {
		return n.Province
	}
	return c.Policy.Segments.Of(n)
}

// proven tells whether any of the numbers proves a province.
func proven(c *Case, numbers []phone.Number) bool {
	for _, n := range numbers {
		if provinceOf(c, n) != region.None {
			return true
		}
	}
	return false
}

func notLocalFinding(filing region.Province, elsewhere []Text) Finding {
	zh, en := make([]string, len(elsewhere)), make([]string, len(elsewhere))
	for i, t := range elsewhere {
		zh[i], en[i] = t.ZH, t.EN
	}
	return Finding{
		Where: phoneWhere,
		Saw: Text{
			"号码 " + strings.Join(zh, "、") + " 不是备案省份（" + filing.Name() + "）的号码",
			"not of the filing's province (" + filing.English() + "): " + strings.Join(en, ", "),
		},
		Fix: Text{"请改用" + filing.Name() + "的电话号码。", "Give a number of " + filing.English() + " instead."},
	}
}
