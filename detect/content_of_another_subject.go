package detect

import (
	"regexp"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/page"
)

// contentOfAnotherSubject: 已备案网站涉及其他主体内容. The copyright line names
// whose site it is.
var contentOfAnotherSubject = &Rule{
	ID:       "content-of-another-subject",
	Severity: Notice,
	Title:    Text{"版权信息不是备案主体", "the copyright line names another than the filed subject"},
	Rationale: Text{
		"网站内容应属于备案的主办单位。版权信息写着另一家单位，可能是网站已经易主、借用他人备案，或主体更名后没有变更备案。",
		"The content of a site should be its subject's own. Another name in the copyright line may mean that the site has changed hands, that another's filing is used, or that the subject changed its name without changing the filing.",
	},
	Remedy: Text{
		"请核对网站的实际主办单位：主体已变化的请重新备案或变更备案，主体更名的请办理变更；关联单位的内容请在备案备注中说明。",
		"Check whose site it is: after a change of hands file anew, after a change of name change the filing; content of an affiliate can be explained in the remarks of the filing.",
	},
	Source: reviewers("网站内容和主体性质相符 / content that fits the subject"),
	Policy: Policies{
		Filing:   Text{"已备案且清单给出主办单位：提示", "filed, with the subject in the inventory: notice"},
		Liveness: Text{"仅当看到网站自己的页面", "only when the site's own page was seen"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"没有有效备案；落在其他域名；占位页面", "no filing in force; landed on another domain; a placeholder"},
		Unknown:  Text{"清单没有给出主办单位；页面没有收全或由脚本生成，且没有看到版权信息", "the inventory gives no subject; page not whole or drawn by script, and no copyright line seen"},
	},
	Check: checkOtherSubject,
}

func checkOtherSubject(c *Case) Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	if c.Liveness == Placeholder {
		return exempt(ReasonPlaceholder)
	}
	if c.Filing.Subject == "" || c.Filing.Status != crawler.FilingFiled {
		return unknown(ReasonNameNotKnown)
	}
	names := copyrightNames(c.Home)
	if len(names) == 0 {
		if why := unreadReason(c); why != "" {
			return unknown(why)
		}
		return pass()
	}
	subject := firm(c.Filing.Subject)
	if slices.ContainsFunc(names, func(n string) bool { return related(firm(n), subject) }) {
		return pass()
	}
	list := quoted(names)
	return found(Notice, Finding{
		Where: footWhere(c),
		Saw: Text{
			"版权信息为 " + list.ZH + "，备案主体为“" + c.Filing.Subject + "”",
			"the copyright line names " + list.EN + ", the filed subject is \"" + c.Filing.Subject + "\"",
		},
		Fix: Text{
			"请核对网站的实际主办单位，必要时办理变更备案或重新备案。",
			"Check whose site it is, and change the filing or file anew where needed.",
		},
	})
}

var (
	copyrightMark = regexp.MustCompile(`(?i)版权所有|copyright|©|\(c\)|主办单位|主办:`)
	unitName      = regexp.MustCompile(`[\p{Han}A-Za-z0-9()&·]{2,40}?(?:有限责任公司|股份有限公司|有限公司|合作社|事务所|基金会|协会|医院|大学|学院|中学|小学|研究院|研究所|工厂)`)
	// A builder's credit on the same line names a stranger.
	creditMark = regexp.MustCompile(`(?i)技术支持|设计制作|网站建设|powered by|制作`)
	// So do the words before and behind the name of who hosts, drew or runs the
	// machinery: 由…提供云计算服务, CDN:…, 主题由…设计.
	creditBefore = regexp.MustCompile(`(?i)(?:由|感谢|托管于|cdn|云服务|服务器|主题|模板|驱动)[^\p{Han}\p{L}]{0,3}$`)
	creditBehind = regexp.MustCompile(`^[^\p{Han}\p{L}]{0,3}(?:提供|强力驱动|驱动|托管|设计|开发|承建|建设|维护|支持)`)
	// The copyright of a map is its maker's.
	mapMark = regexp.MustCompile(`(?i)审图号|GS\s?\(\d{4}\)|高德软件|四维图新|超图软件|长地万方|mapbar`)
)

// copyrightNames are the units that the copyright lines of the page name.
func copyrightNames(p *page.Page) []string {
	var names []string
	for line := range strings.Lines(p.Text[max(0, len(p.Text)-6000):]) {
		at := copyrightMark.FindStringIndex(line)
		if at == nil || mapMark.MatchString(line) {
			continue
		}
		rest := line[at[0]:]
		if credit := creditMark.FindStringIndex(rest); credit != nil {
			rest = rest[:credit[0]]
		}
		rest = copyrightMark.ReplaceAllString(rest, " ")
		for _, n := range unitsIn(rest) {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

// unitsIn are the units that a line names, three at most, without those that
// it credits with hosting or building the site.
func unitsIn(line string) []string {
	var names []string
	for _, m := range unitName.FindAllStringIndex(line, 3) {
		name, before := line[m[0]:m[1]], line[:m[0]]
		if creditBehind.MatchString(line[m[1]:]) || creditBefore.MatchString(before) {
			continue
		}
		// 本站由…公司: the words run on into the name.
		if i := strings.Index(name, "由"); i >= 0 {
			name = name[i+len("由"):]
		}
		if name = strings.Trim(name, " ()&·"); !strings.HasSuffix(name, "云计算有限公司") {
			names = append(names, name)
		}
	}
	return names
}

// firm reduces the name of a unit to what distinguishes it.
func firm(name string) string {
	name = plainName(name)
	for _, form := range []string{"股份有限公司", "有限责任公司", "有限公司", "集团", "中国"} {
		name = strings.ReplaceAll(name, form, "")
	}
	return strings.TrimLeft(name, "0123456789")
}

// related tells whether two names may be the same unit's: one contains the
// other, or they share a run of four characters (北京青禾, 青禾灌溉北京).
func related(a, b string) bool {
	if a == "" || b == "" || strings.Contains(a, b) || strings.Contains(b, a) {
		return true
	}
	runes := []rune(a)
	for i := 0; i+4 <= len(runes); i++ {
		if strings.Contains(b, string(runes[i:i+4])) {
			return true
		}
	}
	return false
}
