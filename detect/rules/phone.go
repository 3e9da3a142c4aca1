package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/phone"
	"github.com/beianwatch/beianwatch/detect/region"
)

// phoneNotLocal: 联系电话不是备案地区号段的电话号码. Only some provinces ask.
var phoneNotLocal = &detect.Rule{
	ID:       "phone-not-local",
	Witness:  detect.WitnessNone,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "联系电话不是备案省份的号码", EN: "a telephone number is not of the filing's province"},
	Kept:     detect.Text{ZH: "联系电话是备案省份的号码", EN: "the telephone numbers are of the filing's province"},
	Rationale: detect.Text{
		ZH: "部分省份要求联系电话为本省号码，外省号码会被驳回。座机看区号，手机看号段；400、95 等号码和虚拟运营商号段不能证明省份。",
		EN: "Some provinces ask for telephone numbers of their own and reject others. A land line tells by its area code, a mobile by its range; 400 and 95 numbers and those of resellers prove no province.",
	},
	Remedy: detect.Text{
		ZH: "请使用备案省、自治区、直辖市号段的电话号码。",
		EN: "Give a telephone number of the province in which the filing is made.",
	},
	Source:  reviewers("电话号码不符合 / telephone numbers"),
	Needs:   detect.NeedsSite,
	Private: true,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "未备案、审核中、未知：待核实；已备案（曾获通过）：提示", EN: "unfiled, in review or unknown: warning; filed (accepted once): notice"},
		Liveness: detect.Text{ZH: "不看网站", EN: "the site is not looked at"},
		Place:    detect.Text{ZH: "仅限要求本省号码的省份（可配置的表）", EN: "only for provinces that ask for local numbers (a table that can be replaced)"},
		Exempt:   detect.Text{ZH: "该省不要求；备案已注销；只检查文件", EN: "the province does not ask; the filing is cancelled; only a file is checked"},
		Unknown:  detect.Text{ZH: "备案省份未知；没有电话；号码不能证明省份，或没有号段数据（phone-data）", EN: "filing province not known; no number; the number proves no province, or there are no data on ranges (phone-data)"},
	},
	Check: checkPhoneLocal,
}

func checkPhoneLocal(c *detect.Case) detect.Outcome {
	if o, ok := inventoryDuty(c); !ok {
		return o
	}
	filing := filingProvince(c)
	if filing == region.None {
		return unknown(detect.ReasonProvinceNotKnown)
	}
	if !c.Policy.Customs[filing].LocalPhone {
		return exempt(detect.ReasonNotAsked)
	}
	numbers := phonesOf(c)
	if len(numbers) == 0 {
		return unknown(detect.ReasonNoPhone)
	}
	var elsewhere []detect.Text
	doubt := false
	for _, n := range numbers {
		switch p := provinceOf(c, n); p {
		case region.None:
			doubt = doubt || n.Kind == phone.Mobile || n.Kind == phone.Other
		case filing:
		default:
			elsewhere = append(elsewhere, detect.Text{ZH: detect.Clip(n.Raw) + "（" + p.Name() + "）", EN: detect.Clip(n.Raw) + " (" + p.English() + ")"})
		}
	}
	if len(elsewhere) > 0 {
		return foundAccepted(c, detect.Warning, notLocalFinding(filing, elsewhere))
	}
	if doubt || !proven(c, numbers) {
		if c.Policy.Segments == nil {
			return unknown(detect.ReasonNoSegments)
		}
		return unknown(detect.ReasonPhoneTellsNothing)
	}
	return pass()
}

// provinceOf is the province that a number proves.
func provinceOf(c *detect.Case, n phone.Number) region.Province {
	if n.Kind == phone.Land {
		return n.Province
	}
	return c.Policy.Segments.Of(n)
}

// proven reports whether any of the numbers proves a province.
func proven(c *detect.Case, numbers []phone.Number) bool {
	for _, n := range numbers {
		if provinceOf(c, n) != region.None {
			return true
		}
	}
	return false
}

func notLocalFinding(filing region.Province, elsewhere []detect.Text) detect.Finding {
	zh, en := make([]string, len(elsewhere)), make([]string, len(elsewhere))
	for i, t := range elsewhere {
		zh[i], en[i] = t.ZH, t.EN
	}
	return detect.Finding{
		Where: phoneWhere,
		Saw: detect.Text{
			ZH: "号码 " + strings.Join(zh, "、") + " 不是备案省份（" + filing.Name() + "）的号码",
			EN: "not of the filing's province (" + filing.English() + "): " + strings.Join(en, ", "),
		},
		Fix: detect.Text{ZH: "请改用" + filing.Name() + "的电话号码。", EN: "Give a number of " + filing.English() + " instead."},
	}
}

// phoneShared: 负责人手机号码为其他主体备案过.
var phoneShared = &detect.Rule{
	ID:       "phone-shared",
	Witness:  detect.WitnessNone,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "手机号同时用于多个主体", EN: "one mobile number stands under several subjects"},
	Kept:     detect.Text{ZH: "手机号只用于一个主体", EN: "the mobile number stands under one subject only"},
	Rationale: detect.Text{
		ZH: "一个负责人手机号只能用于一个备案主体；已为其他主体备案过的号码会被驳回。同一主体的多个网站可以共用。应急电话也不能与负责人电话相同。",
		EN: "The mobile of the person in charge can serve one subject only; a number that was filed for another is rejected. Several sites of one subject may share it. The emergency number must be another one.",
	},
	Remedy: detect.Text{
		ZH: "请联系原来备案的单位变更手机号码，或更换本次备案的手机号码。",
		EN: "Have the number changed in the other subject's filing, or give another one for this filing.",
	},
	Source:  reviewers("电话号码不符合 / telephone numbers"),
	Needs:   detect.NeedsSite,
	Private: true,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "清单中另有主体使用同一手机号：待核实；电话与手机是同一号码：提示（未备案、审核中、未知）", EN: "another subject in the inventory has the mobile: warning; phone and mobile are the same number: notice (unfiled, in review, unknown)"},
		Liveness: detect.Text{ZH: "不看网站", EN: "the site is not looked at"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "备案已注销；只检查文件", EN: "the filing is cancelled; only a file is checked"},
		Unknown:  detect.Text{ZH: "没有手机号或主体名称；没有通读整份清单", EN: "no mobile or no subject; the whole inventory was not read"},
	},
	Check: checkPhoneShared,
}

func checkPhoneShared(c *detect.Case) detect.Outcome {
	if o, ok := inventoryDuty(c); !ok {
		return o
	}
	list := mobiles(c)
	if len(list) == 0 {
		return unknown(detect.ReasonNoMobile)
	}
	if SubjectKey(c.Filing.Subject) == "" {
		return unknown(detect.ReasonNameNotKnown)
	}
	sharing := c.Target.Holder.Sharing
	if sharing == nil {
		return unknown(detect.ReasonOneLineOnly)
	}
	if len(sharing.Others) > 0 {
		return found(detect.Warning, sharedFinding(c))
	}
	if same := sameTwice(c); same != "" {
		return foundAccepted(c, detect.Notice, detect.Finding{
			Where: phoneWhere,
			Saw:   detect.Text{ZH: "电话与手机是同一号码 " + same, EN: "phone and mobile are the same number, " + same},
			Fix:   detect.Text{ZH: "如一个是应急电话，请换成另一号码。", EN: "If one of them is the emergency number, give another one for it."},
		})
	}
	return pass()
}

func sharedFinding(c *detect.Case) detect.Finding {
	s := c.Target.Holder.Sharing
	others := detect.Quoted(s.Others)
	if s.More {
		others = detect.Text{ZH: others.ZH + "等", EN: others.EN + " and others"}
	}
	return detect.Finding{
		Where: phoneWhere,
		Saw: detect.Text{
			ZH: fmt.Sprintf("手机号 %s 也用于%s，本行主体为“%s”", s.Mobile, others.ZH, detect.Clip(c.Filing.Subject)),
			EN: fmt.Sprintf("the mobile %s also stands under %s; the subject of this line is %q", s.Mobile, others.EN, detect.Clip(c.Filing.Subject)),
		},
		Fix: detect.Text{
			ZH: "请为其中一个主体更换手机号码；若是同一主体的不同写法，请统一名称。",
			EN: "Give one of the subjects another mobile; if these are spellings of one subject, write them alike.",
		},
	}
}

// sameTwice is the mobile that stands in both cells, "" if there is none.
func sameTwice(c *detect.Case) string {
	h := &c.Target.Holder
	if h.Phone == "" || h.Mobile == "" {
		return ""
	}
	mobile, tel := MobilesOf(h.Mobile, ""), MobilesOf(h.Phone, "")
	if len(mobile) == 1 && len(tel) == 1 && mobile[0] == tel[0] {
		return mobile[0]
	}
	return ""
}

// phoneUnverified: 电话不通或无人接听. Whether somebody answers cannot be seen
// from here; when somebody last did can be kept in the inventory.
var phoneUnverified = &detect.Rule{
	ID:       "phone-unverified",
	Witness:  detect.WitnessNone,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "联系电话久未核验或无法拨打", EN: "the telephone was not verified for long, or cannot be called"},
	Kept:     detect.Text{ZH: "联系电话近期核验过，可以拨打", EN: "the telephone was verified recently and can be called"},
	Rationale: detect.Text{
		ZH: "备案审核时会拨打联系电话，约一小时后再拨一次，仍无人接听即驳回；备案后抽查同样如此。电话应定期拨打核验。",
		EN: "Reviewers call the number, and once more about an hour later; if nobody answers, the filing is rejected, and spot checks do the same later. Call the numbers from time to time.",
	},
	Remedy: detect.Text{
		ZH: "请拨打核验（无人接听的约一小时后再拨一次），把日期填入清单的“电话核验时间”；lint 的 --calls 会写出待拨清单。",
		EN: "Call the number (once more an hour later if nobody answers) and put the date into phone_verified_at; lint --calls writes the list to call.",
	},
	Source:  reviewers("电话号码不符合 / telephone numbers"),
	Needs:   detect.NeedsSite,
	Private: true,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "号码位数不对、无法拨打：待核实；上次核验早于设定的天数（默认 180 天）：提示", EN: "a number that cannot be called: warning; last verified longer ago than the days set (180 by default): notice"},
		Liveness: detect.Text{ZH: "不看网站", EN: "the site is not looked at"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "备案已注销；只检查文件", EN: "the filing is cancelled; only a file is checked"},
		Unknown:  detect.Text{ZH: "没有电话；清单没有核验时间，或时间在将来", EN: "no number; the inventory has no date of verification, or one in the future"},
	},
	Dated: true,
	Check: checkPhoneVerified,
}

func checkPhoneVerified(c *detect.Case) detect.Outcome {
	if o, ok := inventoryDuty(c); !ok {
		return o
	}
	numbers := phonesOf(c)
	if len(numbers) == 0 {
		return unknown(detect.ReasonNoPhone)
	}
	for _, n := range numbers {
		if n.Kind == phone.Invalid {
			return found(detect.Warning, detect.Finding{
				Where: phoneWhere,
				Saw:   detect.Text{ZH: "号码“" + detect.Clip(n.Raw) + "”位数不对，无法拨打", EN: "the number \"" + detect.Clip(n.Raw) + "\" has a wrong number of digits and cannot be called"},
				Fix:   detect.Text{ZH: "请更正号码：手机 11 位，座机为区号加 7 或 8 位。", EN: "Correct it: a mobile has 11 digits, a land line an area code and 7 or 8 digits."},
			})
		}
	}
	at := c.Target.Holder.PhoneVerifiedAt
	if at.IsZero() || at.Sub(c.At) > 24*time.Hour {
		return unknown(detect.ReasonNotVerified)
	}
	if c.At.Sub(at) <= c.Policy.PhoneAge {
		return pass()
	}
	most := int(c.Policy.PhoneAge / (24 * time.Hour))
	return found(detect.Notice, detect.Finding{
		Where: phoneWhere,
		Saw: detect.Text{
			ZH: fmt.Sprintf("上次核验在 %s，已超过设定的 %d 天", at.Format(time.DateOnly), most),
			EN: fmt.Sprintf("last verified on %s, which is more than the %d days that were set", at.Format(time.DateOnly), most),
		},
		Fix: detect.Text{ZH: "请拨打核验，并更新核验时间。", EN: "Call the number and put the new date into the inventory."},
	})
}

// This file holds what the rules about telephones have in common.

// mobiles are the mobile numbers of the inventory's line: those of the mobile
// cell, else those of the phone cell, each once.
func mobiles(c *detect.Case) []string {
	return MobilesOf(c.Target.Holder.Mobile, c.Target.Holder.Phone)
}

// MobilesOf returns the mobile numbers by which a line is compared with others,
// as eleven digits: those of its mobile cell, or those of its phone cell where
// that has none.
func MobilesOf(mobile, tel string) []string {
	var list []string
	for _, cell := range [...]string{mobile, tel} {
		for _, n := range phone.Read(cell) {
			if n.Kind == phone.Mobile && !slices.Contains(list, n.Digits) {
				list = append(list, n.Digits)
			}
		}
		if len(list) > 0 {
			break
		}
	}
	return list
}

// SubjectKey is the name of a subject as it is compared with others: folded,
// letters and digits only. Empty: nothing to compare.
func SubjectKey(name string) string { return fold.Name(name) }

// phonesOf are all numbers of the line.
func phonesOf(c *detect.Case) []phone.Number {
	h := &c.Target.Holder
	return append(phone.Read(h.Phone), phone.Read(h.Mobile)...)
}

// phoneWhere is where findings about telephones are.
var phoneWhere = inventoryWhere("电话", "telephone")
