package wording

import (
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// columnNames are the columns of the inventory for want of which a rule says the
// reason.
var columnNames = []struct {
	reason detect.Reason
	name   detect.Text
}{
	{detect.ReasonFilingUnknown, Say("备案状态", "filing status")},
	{detect.ReasonNumberNotKnown, Say("备案号", "filing number")},
	{detect.ReasonNameNotKnown, Say("主办单位名称、网站名称", "filing entity, site name")},
	{detect.ReasonNatureNotKnown, Say("单位性质", "nature of the entity")},
	{detect.ReasonProvinceNotKnown, Say("备案省份、证件地址", "filing province, certificate address")},
	{detect.ReasonCodeNotKnown, Say("统一社会信用代码", "credit code")},
	{detect.ReasonProviderUnknown, Say("接入商", "access provider")},
	{detect.ReasonRegistrationNotKnown, Say("域名所有人、注册商、到期日（或用 --whois 查询）", "domain holder, registrar, expiry (or ask with --whois)")},
	{detect.ReasonNoPhone, Say("联系电话", "telephone")},
	{detect.ReasonNoMobile, Say("手机", "mobile")},
	{detect.ReasonNotVerified, Say("电话核验时间", "date of telephone verification")},
	{detect.ReasonNoDocuments, Say("备案材料", "documents")},
}

// columnName returns the column that a reason asks for.
func columnName(r detect.Reason) (detect.Text, bool) {
	for _, c := range columnNames {
		if c.reason == r {
			return c.name, true
		}
	}
	return detect.Text{}, false
}

// MissingColumns says once which columns the inventory lacks and how many rules
// judged no domain for want of them: "清单缺少列：单位性质、接入商 → 12 条规则未启用". A rule
// counts that decided nothing, mostly for want of a column. The text is empty
// where there is none.
func MissingColumns(s *reports.Summary) detect.Text {
	wanted, rules := map[detect.Reason]bool{}, 0
	for i := range s.Rules {
		c := &s.Rules[i]
		if c.Pass+c.Found()+c.Waived > 0 || c.Unknown == 0 {
			continue
		}
		var missing []detect.Reason
		n := 0
		for _, w := range c.Why() {
			if _, ok := columnName(w.Reason); ok {
				missing, n = append(missing, w.Reason), n+w.N
			}
		}
		if 2*n <= c.Unknown {
			continue
		}
		rules++
		for _, r := range missing {
			wanted[r] = true
		}
	}
	if rules == 0 {
		return detect.Text{}
	}
	var names []detect.Text
	for _, c := range columnNames {
		if wanted[c.reason] {
			names = append(names, c.name)
		}
	}
	columns := Joined(List, names...)
	return detect.Text{
		ZH: "清单缺少列：" + columns.ZH + " → " + Grouped(rules) + " 条规则未启用",
		EN: "The inventory lacks columns: " + columns.EN + " → " + Counted(rules, "", "rule is off", "rules are off").EN,
	}
}
