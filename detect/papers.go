package detect

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/region"
)

// This file holds what the rules about the papers of a filing have in common:
// they judge what the inventory says and need no network.

// papersDuty says whether the rules about papers apply: to every domain whose
// filing stands or may still be made.
func papersDuty(c *Case) (Outcome, bool) {
	if c.Filing.Status == crawler.FilingCancelled {
		return exempt(ReasonNotFiled), false
	}
	return Outcome{}, true
}

// accepted lowers a severity by one step for a filing that stands: the
// administration has accepted once what would now be sent back. Empty: not
// worth a word any more.
func accepted(c *Case, s Severity) Severity {
	if c.Filing.Status != crawler.FilingFiled {
		return s
	}
	return lower(s)
}

func lower(s Severity) Severity {
	switch s {
	case Violation:
		return Warning
	case Warning:
		return Notice
	}
	return ""
}

// foundAccepted is the outcome for a finding of full severity s.
func foundAccepted(c *Case, s Severity, f Finding) Outcome {
	if s = accepted(c, s); s == "" {
		return pass()
	}
	return found(s, f)
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
func natureOf(c *Case) nature {
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
func numberProvince(c *Case) region.Province {
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
func filingProvince(c *Case) region.Province {
	if p := numberProvince(c); p != region.None {
		return p
	}
	return region.ByWord(c.Filing.Province)
}

// inventoryWhere is where findings about papers are.
func inventoryWhere(zh, en string) Text { return Text{"清单：" + zh, "inventory: " + en} }
