package detect

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/region"
)

// siteNameInvalid: 网站名称不合格，即网站未按规范命名，或名称中包含禁止使用的
// 词汇.
var siteNameInvalid = &Rule{
	ID:       "site-name-invalid",
	Severity: Violation,
	Title:    Text{"网站名称不符合命名规则", "the name of the site breaks the naming rules"},
	Rationale: Text{
		"备案的网站名称须有三个以上汉字，不能是纯数字、纯字母、域名或带特殊符号，不能含禁止使用的词汇；不合格的名称会被驳回。规则随单位性质和省份不同，且时有变化。",
		"The name filed for a site needs three Han characters or more, may not be digits or letters alone, a domain, or hold special characters or words that are forbidden; a name that breaks this is rejected. The rules differ by nature and province, and change.",
	},
	Remedy: Text{
		"请参考网站命名要求修改名称；如名称为公司的项目或产品，请在网站备注中写“XXXX为本公司的项目/产品”。",
		"Change the name by the naming rules; if it is the name of a project or product, say so in the remarks of the filing.",
	},
	Source: reviewers("网站名称不合格 / the site's name"),
	Needs:  NeedsSite,
	Policy: Policies{
		Filing: Text{
			"未备案、审核中、未知：纯数字、纯字母、域名、禁用词、国家字头为违规；汉字不足、特殊符号、个人禁用词、无审批的“论坛”等为警告；各省不一的规则为提示。已备案的名称曾获通过，各低一级，提示不再说明",
			"unfiled, in review or unknown: violation for digits, letters, a domain, forbidden words, heads of the state; warning for too few Han characters, special characters, words not for persons, 论坛 and the like without an approval; notice where provinces differ. A filed name was accepted once: one step less, and no notices",
		},
		Liveness: Text{"不看网站", "the site is not looked at"},
		Place:    Text{"广东的单位：名称宜为公司全称或简称加“官网”（提示）", "units in Guangdong: the firm's name with 官网 (notice)"},
		Exempt:   Text{"备案已注销；只检查文件", "the filing is cancelled; only a file is checked"},
		Unknown:  Text{"清单没有给出网站名称", "the inventory gives no name"},
	},
	Check: checkSiteNameValid,
}

// A nameFault is one naming rule that a name breaks.
type nameFault struct {
	severity Severity
	said     Text
}

func checkSiteNameValid(c *Case) Outcome {
	if o, ok := papersDuty(c); !ok {
		return o
	}
	name := strings.TrimSpace(c.Filing.SiteName)
	if plainName(name) == "" {
		return unknown(ReasonNameNotKnown)
	}
	var worst Severity
	var kept []nameFault
	for _, f := range nameFaults(c, name) {
		f.severity = accepted(c, f.severity)
		if f.severity == "" {
			continue
		}
		if kept = append(kept, f); worst == "" || grave(f.severity) > grave(worst) {
			worst = f.severity
		}
	}
	if worst == "" {
		return pass()
	}
	return found(worst, nameFinding(name, worst, kept))
}

// grave orders severities.
func grave(s Severity) int {
	switch s {
	case Violation:
		return 3
	case Warning:
		return 2
	}
	return 1
}

// nameFinding names every broken rule, the gravest first.
func nameFinding(name string, worst Severity, faults []nameFault) Finding {
	var first, rest []Text
	for _, f := range faults {
		if f.severity == worst {
			first = append(first, f.said)
		} else {
			rest = append(rest, f.said)
		}
	}
	said := joinTexts(first)
	if len(rest) > 0 {
		less := joinTexts(rest)
		said = Text{said.ZH + "。另可留意：" + less.ZH, said.EN + ". Less grave: " + less.EN}
	}
	return Finding{
		Where: inventoryWhere("网站名称", "name of the site"),
		Saw:   Text{"网站名称“" + clip(name) + "”" + said.ZH, "the name \"" + clip(name) + "\" " + said.EN},
		Fix: Text{
			"请按命名规则修改网站名称；已备案的请办理变更备案。",
			"Change the name by the naming rules; if it is filed, change the filing.",
		},
	}
}

func joinTexts(list []Text) Text {
	zh, en := make([]string, len(list)), make([]string, len(list))
	for i, t := range list {
		zh[i], en[i] = t.ZH, t.EN
	}
	return Text{strings.Join(zh, "；"), strings.Join(en, "; ")}
}

// nameFaults lists the rules that a name breaks: of its form, of its words, of
// its fitness for the subject.
func nameFaults(c *Case, name string) []nameFault {
	faults := formFaults(c, name)
	hits := c.Policy.NameWords.in(plainName(name))
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
	leastHan = 3
	mostHan  = 10
)

// formFaults judges the characters of a name.
func formFaults(c *Case, name string) []nameFault {
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
	add := func(s Severity, zh, en string) { faults = append(faults, nameFault{s, Text{zh, en}}) }
	switch {
	case isDomain(c, name, han):
		add(Violation, "就是域名", "is the domain itself")
		return faults
	case han == 0 && letters == 0:
		add(Violation, "是纯数字", "is digits alone")
	case han == 0:
		add(Violation, "是纯字母（没有汉字）", "is letters alone, without a Han character")
	case han < leastHan:
		add(Warning, "不足三个汉字", "has fewer than three Han characters")
	}
	if odd != "" {
		add(Warning, "含特殊符号“"+odd+"”", "holds the special characters \""+odd+"\"")
	}
	return faults
}

// isDomain tells whether a name is a domain: the site's own in any form, or
// any other that is nothing else.
func isDomain(c *Case, name string, han int) bool {
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
func wordFaults(c *Case, hits nameHits) []nameFault {
	var faults []nameFault
	add := func(s Severity, words []string, zh, en string) {
		if len(words) > 0 {
			list := quoted(words)
			faults = append(faults, nameFault{s, Text{zh + list.ZH, en + " " + list.EN}})
		}
	}
	subject, kind := plainName(c.Filing.Subject), natureOf(c)
	full := Violation
	switch kind {
	case naturePublic:
		full = Notice
	case natureUnknown:
		full = Warning
	}
	head := hits.without(namesHead, subject)
	add(full, head, "以国家级单位的字头开头：", "begins like that of a body of the state:")
	if len(head) == 0 && kind != naturePublic {
		add(Notice, hits.without(namesState, subject), "含国家级单位的字样：", "holds a word of bodies of the state:")
	}
	if kind != naturePublic {
		add(Violation, hits[namesBanned], "含禁止使用的词汇：", "holds forbidden words:")
		add(Notice, hits.without(namesForeign, subject), "含外国或国际组织名称，可能引人误解：", "holds the name of a country or an international organisation, which may mislead:")
	}
	if kind == naturePerson {
		add(Violation, hits[namesNotPersons], "含个人不得使用的词汇：", "holds words that no person may use:")
	}
	if kind == natureUnit && len(c.Filing.Approvals) == 0 {
		severity := Notice // an approval may exist
		if c.Filing.ApprovalsKnown {
			severity = Warning
		}
		add(severity, hits.without(namesApproval, subject), "含须有前置审批才可使用的词汇：", "holds words that need an approval:")
	}
	return faults
}

// personFaults judges a person's name for a site.
func personFaults(name string, hits nameHits) []nameFault {
	var faults []nameFault
	add := func(s Severity, zh, en string) { faults = append(faults, nameFault{s, Text{zh, en}}) }
	if words := hits[namesPersonal]; len(words) > 0 {
		list := quoted(words)
		add(Warning, "含个人网站禁用的词汇："+list.ZH, "holds words not for persons: "+list.EN)
	}
	if words := hits[namesPersonalMore]; len(words) > 0 {
		list := quoted(words)
		add(Notice, "含部分省份不允许个人使用的词汇："+list.ZH, "holds words that some provinces refuse to persons: "+list.EN)
	}
	if place := region.PlaceIn(name); place != "" {
		add(Notice, "含地名“"+place+"”", "holds the name of a place, \""+place+"\"")
	}
	if n := utf8.RuneCountInString(name); n > mostHan {
		add(Notice, "超过建议的十个字", "has more than the ten characters that are recommended")
	}
	return faults
}

// unitFaults judges how a unit's name for a site fits the unit.
func unitFaults(c *Case, name string) []nameFault {
	subject := firm(c.Filing.Subject)
	if subject == "" {
		return nil
	}
	var faults []nameFault
	plain := plainName(name)
	if strings.ContainsFunc(plain, func(r rune) bool { return unicode.Is(unicode.Han, r) }) && !sharesTwo(plain, subject) {
		faults = append(faults, nameFault{Notice, Text{
			"看不出与主办单位“" + clip(c.Filing.Subject) + "”的关系（项目或产品名请在备注中说明）",
			"shows no relation to the subject \"" + clip(c.Filing.Subject) + "\" (say in the remarks if it is a project or product)",
		}})
	}
	if filingProvince(c).Name() == "广东" && !strings.Contains(plain, "官网") {
		faults = append(faults, nameFault{Notice, Text{"在广东宜为公司全称或简称加“官网”", "should, in Guangdong, be the firm's name with 官网"}})
	}
	return faults
}

// sharesTwo tells whether two names have a run of two characters in common.
func sharesTwo(a, b string) bool {
	runes := []rune(a)
	for i := range len(runes) - 1 {
		if strings.Contains(b, string(runes[i:i+2])) {
			return true
		}
	}
	return false
}
