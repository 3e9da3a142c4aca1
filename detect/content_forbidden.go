package detect

import (
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/page"
)

// contentForbidden: 网站内容可能涉及不被允许的内容. Mostly it is not the owner's:
// a lapsed name registered by others, or a break-in.
var contentForbidden = &Rule{
	ID:       "content-forbidden",
	Severity: Warning,
	Title:    Text{"页面疑似含有赌博、色情等禁止内容", "the page seems to hold forbidden content (gambling, adult …)"},
	Rationale: Text{
		"赌博、色情、伪造证件等内容不允许通过任何备案提供。出现在已备案的网站上，往往说明域名过期后被他人注册，或网站被入侵；备案主体可能因此被列入黑名单。",
		"Gambling, pornography, forged papers and the like may not be offered under any filing. On a filed site they mostly mean that the name lapsed and others registered it, or that the site was broken into; the filed subject may be barred for it.",
	},
	Remedy: Text{
		"请立即核实：域名已不归您所有的，请尽快注销备案；网站被入侵的，请下线、清除并修补后再开放。",
		"Look into it at once: if the name is no longer yours, cancel the filing; if the site was broken into, take it offline, clean and mend it before it opens again.",
	},
	Source: decree292("第十五条 / article 15"),
	Policy: Policies{
		Filing:   Text{"已备案、未知：警告；未备案、已注销、审核中：不适用", "filed or unknown: warning; unfiled, cancelled or in review: exempt"},
		Liveness: Text{"仅当网站正常提供内容", "only when the site serves content"},
		Place:    Text{"内地以外且没有备案：不适用", "outside the mainland and not filed: exempt"},
		Exempt:   Text{"没有有效备案；落在其他域名；占位页面", "no filing in force; landed on another domain; a placeholder"},
		Unknown:  Text{"页面没有收全或由脚本生成，且没有看到此类内容", "page not whole or drawn by script, and no such content seen"},
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
	// forbiddenPapers is forbiddenHead for forged papers, whose words are whole
	// offers (代办假证).
	forbiddenPapers = 2
)

func checkForbidden(c *Case) Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	if c.Liveness == Placeholder {
		return exempt(ReasonPlaceholder)
	}
	if abroadUnfiled(c) {
		return exempt(ReasonAbroad)
	}
	if f, ok := forbiddenOn(c.Home, homeWhere(c)); ok {
		return found(Warning, f)
	}
	for i := range c.Inner {
		if f, ok := forbiddenOn(c.Inner[i].Page, innerWhere(&c.Inner[i])); ok {
			return found(Warning, f)
		}
	}
	if why := unreadContent(c); why != "" {
		return unknown(why)
	}
	return pass()
}

// forbiddenOn judges one page: its text is looked at once its head has spoken.
func forbiddenOn(p *page.Page, where Text) (Finding, bool) {
	words := forbiddenWords()
	head := words.in(fold.String(p.Title + "\n" + p.Description + "\n" + p.Keywords))
	if len(head.groups) == 0 || head.shielded {
		return Finding{}, false
	}
	text := words.in(p.Text)
	for _, group := range words.groups {
		if !charged(group, head, text) {
			continue
		}
		name := forbiddenGroups[group]
		return Finding{
			Where: where,
			Saw:   Text{"标题和内容像是" + name.ZH, "title and content look like " + name.EN},
			Fix: Text{
				"请立即核实域名归属与网站是否被入侵；不再归您所有的请注销备案，被入侵的请下线清理。",
				"Check at once whose the name is and whether the site was broken into; cancel the filing of a lost name, take a broken site offline.",
			},
			Quotes: words.quotes(p, group),
		}, true
	}
	return Finding{}, false
}

var forbiddenGroups = map[string]Text{
	"gambling":      {"赌博网站", "a gambling site"},
	"adult":         {"色情网站", "an adult site"},
	"forged-papers": {"伪造证件", "the sale of forged papers"},
}

// charged tells whether the words of a group in the head and in the text are
// enough. A page that says it is in another trade (travel, jewellery, machines)
// must have twice as many.
func charged(group string, head, text forbiddenHits) bool {
	in := head.groups[group]
	if len(in) == 0 {
		return false
	}
	total := len(in)
	for w := range text.groups[group] {
		if !in[w] {
			total++
		}
	}
	if head.otherTrade {
		return total >= 2*forbiddenTotal
	}
	return total >= forbiddenTotal || len(in) >= forbiddenHead || group == "forged-papers" && len(in) >= forbiddenPapers
}
