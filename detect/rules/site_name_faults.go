package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/lists"
	"github.com/beianwatch/beianwatch/detect/region"
)

// A nameFault is one naming rule that a name breaks.
type nameFault struct {
	severity detect.Severity
	said     detect.Text
}

// nameFaults lists the rules that a name breaks: of its form, of its words, of
// its fitness for the subject.
func nameFaults(c *detect.Case, name string) []nameFault {
	faults := formFaults(c, name)
	hits := c.Policy.NameWords.In(fold.Name(name))
	if hits != nil {
		faults = append(faults, wordFaults(c, hits)...)
	}
	switch natureOf(c) {
	case naturePerson:
		faults = append(faults, personFaults(name, hits)...)
	case natureUnit:
		faults = append(faults, unitFaults(c, name)...)
	}
	return faults
}

// Bounds on the length of a name, in Han characters: three for everybody, ten
// are recommended to persons.
const (
	minHan = 3
	maxHan = 10
)

// formFaults judges the characters of a name.
func formFaults(c *detect.Case, name string) []nameFault {
	han, letters, digits, odd := 0, 0, 0, ""
	for _, r := range fold.String(name) {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		case !strings.ContainsRune(" ·-()&", r) && !strings.ContainsRune(odd, r) && utf8.RuneCountInString(odd) < 5:
			odd += string(r)
		}
	}
	var faults []nameFault
	add := func(s detect.Severity, zh, en string) {
		faults = append(faults, nameFault{s, detect.Text{ZH: zh, EN: en}})
	}
	switch {
	case isDomain(c, name, han):
		add(detect.Violation, "就是域名", "is the domain itself")
		return faults
	case han == 0 && letters == 0:
		add(detect.Violation, "是纯数字", "is digits alone")
	case han == 0:
		add(detect.Violation, "是纯字母（没有汉字）", "is letters alone, without a Han character")
	case han < minHan:
		add(detect.Warning, "不足三个汉字", "has fewer than three Han characters")
	}
	if odd != "" {
		add(detect.Warning, "含特殊符号“"+odd+"”", "holds the special characters \""+odd+"\"")
	}
	return faults
}

// isDomain reports whether a name is a domain: the site's own in any form, or
// any other that is nothing else.
func isDomain(c *detect.Case, name string, han int) bool {
	name = strings.ToLower(strings.TrimSpace(fold.String(name)))
	for _, lead := range []string{"https://", "http://", "www."} {
		name = strings.TrimPrefix(name, lead)
	}
	name = strings.TrimSuffix(name, "/")
	if !strings.Contains(name, ".") {
		return false
	}
	for _, own := range []string{c.Target.Domain, c.Target.Given} {
		if name == strings.TrimPrefix(strings.ToLower(own), "www.") {
			return true
		}
	}
	return han == 0 && !strings.ContainsAny(name, " ,()&!") && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".") &&
		strings.IndexFunc(name[strings.LastIndexByte(name, '.')+1:], func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// wordFaults judges the words that hold for everybody, or for all but public
// bodies.
func wordFaults(c *detect.Case, hits lists.NameHits) []nameFault {
	var faults []nameFault
	add := func(s detect.Severity, words []string, zh, en string) {
		if len(words) > 0 {
			list := detect.Quoted(words)
			faults = append(faults, nameFault{s, detect.Text{ZH: zh + list.ZH, EN: en + " " + list.EN}})
		}
	}
	subject, kind := fold.Name(c.Filing.Subject), natureOf(c)
	full := detect.Violation
	switch kind {
	case naturePublic:
		full = detect.Notice
	case natureUnknown:
		full = detect.Warning
	}
	head := hits.Without(lists.NamesHead, subject)
	add(full, head, "以国家级单位的字头开头：", "begins like that of a body of the state:")
	if len(head) == 0 && kind != naturePublic {
		add(detect.Notice, hits.Without(lists.NamesState, subject), "含国家级单位的字样：", "holds a word of bodies of the state:")
	}
	if kind != naturePublic {
		free := hits.Without(lists.NamesBanned, subject)
		add(detect.Violation, free, "含禁止使用的词汇：", "holds forbidden words:")
		if len(free) == 0 { // the unit bears the word in its registered name
			add(detect.Notice, hits[lists.NamesBanned], "含禁止使用的词汇（主办单位名称中也有）：", "holds forbidden words, as the subject's own name does:")
		}
		add(detect.Notice, hits.Without(lists.NamesForeign, subject), "含外国或国际组织名称，可能引人误解：", "holds the name of a country or an international organisation, which may mislead:")
	}
	if kind == naturePerson {
		add(detect.Violation, hits[lists.NamesNotPersons], "含个人不得使用的词汇：", "holds words that no person may use:")
	}
	if kind == natureUnit && len(c.Filing.Approvals) == 0 {
		severity := detect.Notice // an approval may exist
		if c.Filing.ApprovalsKnown {
			severity = detect.Warning
		}
		add(severity, hits.Without(lists.NamesApproval, subject), "含须有前置审批才可使用的词汇：", "holds words that need an approval:")
	}
	return faults
}

// personFaults judges a person's name for a site.
func personFaults(name string, hits lists.NameHits) []nameFault {
	var faults []nameFault
	add := func(s detect.Severity, zh, en string) {
		faults = append(faults, nameFault{s, detect.Text{ZH: zh, EN: en}})
	}
	if words := hits[lists.NamesPersonal]; len(words) > 0 {
		list := detect.Quoted(words)
		add(detect.Warning, "含个人网站禁用的词汇："+list.ZH, "holds words not for persons: "+list.EN)
	}
	if words := hits[lists.NamesPersonalMore]; len(words) > 0 {
		list := detect.Quoted(words)
		add(detect.Notice, "含部分省份不允许个人使用的词汇："+list.ZH, "holds words that some provinces refuse to persons: "+list.EN)
	}
	if place := region.PlaceIn(name); place != "" {
		add(detect.Notice, "含地名“"+place+"”", "holds the name of a place, \""+place+"\"")
	}
	if n := utf8.RuneCountInString(name); n > maxHan {
		add(detect.Notice, "超过建议的十个字", "has more than the ten characters that are recommended")
	}
	return faults
}

// unitFaults judges how a unit's name for a site fits the unit.
func unitFaults(c *detect.Case, name string) []nameFault {
	subject := firm(c.Filing.Subject)
	if subject == "" {
		return nil
	}
	var faults []nameFault
	plain := fold.Name(name)
	if strings.ContainsFunc(plain, func(r rune) bool { return unicode.Is(unicode.Han, r) }) && !sharesTwo(plain, subject) {
		faults = append(faults, nameFault{detect.Notice, detect.Text{
			ZH: "看不出与主办单位“" + detect.Clip(c.Filing.Subject) + "”的关系（项目或产品名请在备注中说明）",
			EN: "shows no relation to the subject \"" + detect.Clip(c.Filing.Subject) + "\" (say in the remarks if it is a project or product)",
		}})
	}
	if filingProvince(c).Name() == "广东" && !strings.Contains(plain, "官网") {
		faults = append(faults, nameFault{detect.Notice, detect.Text{ZH: "在广东宜为公司全称或简称加“官网”", EN: "should, in Guangdong, be the firm's name with 官网"}})
	}
	return faults
}

// sharesTwo reports whether two names have a run of two characters in common.
func sharesTwo(a, b string) bool {
	runes := []rune(a)
	for i := range len(runes) - 1 {
		if strings.Contains(b, string(runes[i:i+2])) {
			return true
		}
	}
	return false
}
