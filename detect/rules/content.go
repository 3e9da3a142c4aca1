package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/lists"
	"github.com/beianwatch/beianwatch/detect/page"
)

// contentForbidden: 网站内容可能涉及不被允许的内容. Mostly it is not the owner's:
// a lapsed name registered by others, or a break-in.
var contentForbidden = &detect.Rule{
	ID:       "content-forbidden",
	Witness:  detect.WitnessNone,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "页面疑似含有赌博、色情等禁止内容", EN: "the page seems to hold forbidden content (gambling, adult …)"},
	Kept:     detect.Text{ZH: "页面没有赌博、色情等禁止内容", EN: "the page holds no forbidden content (gambling, adult …)"},
	Rationale: detect.Text{
		ZH: "赌博、色情、伪造证件等内容不允许通过任何备案提供。出现在已备案的网站上，往往说明域名过期后被他人注册，或网站被入侵；备案主体可能因此被列入黑名单。",
		EN: "Gambling, pornography, forged papers and the like may not be offered under any filing. On a filed site they mostly mean that the name lapsed and others registered it, or that the site was broken into; the filed subject may be barred for it.",
	},
	Remedy: detect.Text{
		ZH: "请立即核实：域名已不归您所有的，请尽快注销备案；网站被入侵的，请下线、清除并修补后再开放。",
		EN: "Look into it at once: if the name is no longer yours, cancel the filing; if the site was broken into, take it offline, clean and mend it before it opens again.",
	},
	Source: decree292("第十五条 / article 15"),
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "已备案、未知：待核实；未备案、已注销、审核中：不适用", EN: "filed or unknown: warning; unfiled, cancelled or in review: exempt"},
		Liveness: detect.Text{ZH: "仅当网站正常提供内容", EN: "only when the site serves content"},
		Place:    detect.Text{ZH: "内地以外且没有备案：不适用", EN: "outside the mainland and not filed: exempt"},
		Exempt:   detect.Text{ZH: "没有有效备案；落在其他域名；占位页面", EN: "no filing in force; landed on another domain; a placeholder"},
		Unknown:  detect.Text{ZH: "页面没有收全或由脚本生成，且没有看到此类内容", EN: "page not whole or drawn by script, and no such content seen"},
	},
	Check: checkForbidden,
}

// The bounds: different words of one group in title, description and keywords,
// or on the whole page with at least one of them there. Three in the head are a
// gambling site's own name and trade; articles name one at most, and an honest
// trade that shares a word with it rarely a second.
const (
	forbiddenHead  = 3
	forbiddenTotal = 4
	// forbiddenForged is forbiddenHead for forged papers, whose words are whole
	// offers (代办假证).
	forbiddenForged = 2
)

func checkForbidden(c *detect.Case) detect.Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	if c.Liveness == detect.Placeholder {
		return exempt(detect.ReasonPlaceholder)
	}
	if c.AbroadUnfiled() {
		return exempt(detect.ReasonAbroad)
	}
	if f, ok := forbiddenOn(c.Home, homeWhere(c)); ok {
		return found(detect.Warning, f)
	}
	for i := range c.Inner {
		if f, ok := forbiddenOn(c.Inner[i].Page, innerWhere(&c.Inner[i])); ok {
			return found(detect.Warning, f)
		}
	}
	if why := unreadContent(c); why != "" {
		return unknown(why)
	}
	return pass()
}

// forbiddenOn judges one page: its text is looked at once its head has spoken.
func forbiddenOn(p *page.Page, where detect.Text) (detect.Finding, bool) {
	words := lists.Forbidden()
	head := words.In(fold.String(p.Title + "\n" + p.Description + "\n" + p.Keywords))
	if len(head.Groups) == 0 || head.Shielded {
		return detect.Finding{}, false
	}
	text := words.In(p.Text)
	for _, group := range words.Groups {
		if !charged(group, head, text) {
			continue
		}
		name := forbiddenGroups[group]
		return detect.Finding{
			Where: where,
			Saw:   detect.Text{ZH: "标题和内容像是" + name.ZH, EN: "title and content look like " + name.EN},
			Fix: detect.Text{
				ZH: "请立即核实域名归属与网站是否被入侵；不再归您所有的请注销备案，被入侵的请下线清理。",
				EN: "Check at once whose the name is and whether the site was broken into; cancel the filing of a lost name, take a broken site offline.",
			},
			Quotes: forbiddenQuotes(words, p, group),
		}, true
	}
	return detect.Finding{}, false
}

var forbiddenGroups = map[string]detect.Text{
	"gambling":      {ZH: "赌博网站", EN: "a gambling site"},
	"adult":         {ZH: "色情网站", EN: "an adult site"},
	"forged-papers": {ZH: "伪造证件", EN: "the sale of forged papers"},
}

// charged reports whether the words of a group in the head and in the text are
// enough. A page that says it is in another trade (travel, jewellery, machines)
// must have twice as many.
func charged(group string, head, text lists.ForbiddenHits) bool {
	in := head.Groups[group]
	if len(in) == 0 {
		return false
	}
	total := len(in)
	for w := range text.Groups[group] {
		if !in[w] {
			total++
		}
	}
	if head.OtherIndustry {
		return total >= 2*forbiddenTotal
	}
	return total >= forbiddenTotal || len(in) >= forbiddenHead || group == "forged-papers" && len(in) >= forbiddenForged
}

// contentOfAnotherSubject: 已备案网站涉及其他主体内容. The copyright line names
// whose site it is.
var contentOfAnotherSubject = &detect.Rule{
	ID:       "content-of-another-subject",
	Witness:  detect.WitnessNone,
	Severity: detect.Notice,
	Title:    detect.Text{ZH: "版权信息不是备案主体", EN: "the copyright line names another than the filed subject"},
	Kept:     detect.Text{ZH: "版权信息与备案主体一致", EN: "the copyright line names the filed subject"},
	Rationale: detect.Text{
		ZH: "网站内容应属于备案的主办单位。版权信息写着另一家单位，可能是网站已经易主、借用他人备案，或主体更名后没有变更备案。",
		EN: "The content of a site should be its subject's own. Another name in the copyright line may mean that the site has changed hands, that another's filing is used, or that the subject changed its name without changing the filing.",
	},
	Remedy: detect.Text{
		ZH: "请核对网站的实际主办单位：主体已变化的请重新备案或变更备案，主体更名的请办理变更；关联单位的内容请在备案备注中说明。",
		EN: "Check whose site it is: after a change of hands file anew, after a change of name change the filing; content of an affiliate can be explained in the remarks of the filing.",
	},
	Source: reviewers("网站内容和主体性质相符 / content that fits the subject"),
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "已备案且清单给出主办单位：提示", EN: "filed, with the subject in the inventory: notice"},
		Liveness: detect.Text{ZH: "仅当看到网站自己的页面", EN: "only when the site's own page was seen"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "没有有效备案；落在其他域名；占位页面", EN: "no filing in force; landed on another domain; a placeholder"},
		Unknown:  detect.Text{ZH: "清单没有给出主办单位；页面没有收全或由脚本生成，且没有看到版权信息", EN: "the inventory gives no subject; page not whole or drawn by script, and no copyright line seen"},
	},
	Check: checkOtherSubject,
}

func checkOtherSubject(c *detect.Case) detect.Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	if c.Liveness == detect.Placeholder {
		return exempt(detect.ReasonPlaceholder)
	}
	if c.Filing.Subject == "" || c.Filing.Status != crawler.FilingFiled {
		return unknown(detect.ReasonNameNotKnown)
	}
	names := copyrightNames(c.Home)
	if len(names) == 0 {
		if why := c.UnreadReason(); why != "" {
			return unknown(why)
		}
		return pass()
	}
	subject := firm(c.Filing.Subject)
	if slices.ContainsFunc(names, func(n string) bool { return related(firm(n), subject) }) {
		return pass()
	}
	list := detect.Quoted(names)
	return found(detect.Notice, detect.Finding{
		Where: footWhere(c),
		Saw: detect.Text{
			ZH: "版权信息为 " + list.ZH + "，备案主体为“" + c.Filing.Subject + "”",
			EN: "the copyright line names " + list.EN + ", the filed subject is \"" + c.Filing.Subject + "\"",
		},
		Fix: detect.Text{
			ZH: "请核对网站的实际主办单位，必要时办理变更备案或重新备案。",
			EN: "Check whose site it is, and change the filing or file anew where needed.",
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
	name = fold.Name(name)
	for _, form := range []string{"股份有限公司", "有限责任公司", "有限公司", "集团", "中国"} {
		name = strings.ReplaceAll(name, form, "")
	}
	return strings.TrimLeft(name, "0123456789")
}

// related reports whether two names may be the same unit's: one contains the
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

// quotes are the title and the first lines with words of a group, five in all.
func forbiddenQuotes(l *lists.Lexicon, p *page.Page, group string) []string {
	quotes := []string{detect.Clip(p.Title)}
	for line := range strings.Lines(p.Text) {
		if len(quotes) == 5 {
			break
		}
		if len(l.In(line).Groups[group]) > 0 {
			quotes = append(quotes, detect.Clip(strings.TrimSpace(line)))
		}
	}
	return quotes
}

// unreadContent says why content of a kind may be there unseen.
func unreadContent(c *detect.Case) detect.Reason {
	if why := detect.FaultReason(c.Home.Fault); why != "" {
		return why
	}
	if c.Unrendered() {
		return c.ScriptReason()
	}
	return ""
}
