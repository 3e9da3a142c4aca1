package detect

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/match"
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

// The bounds: words of one group in title, description and keywords, and
// different ones on the whole page. Two in the head are a gambling site's own
// name and trade; articles name one at most.
const (
	forbiddenHead  = 2
	forbiddenTotal = 4
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
	inHead, shielded := words.in(fold.String(p.Title + "\n" + p.Description + "\n" + p.Keywords))
	if len(inHead) == 0 || shielded {
		return Finding{}, false
	}
	inText, _ := words.in(p.Text)
	for _, group := range words.groups {
		all := map[string]bool{}
		for w := range inHead[group] {
			all[w] = true
		}
		for w := range inText[group] {
			all[w] = true
		}
		if n := len(inHead[group]); n == 0 || n < forbiddenHead && len(all) < forbiddenTotal {
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

// quotes are the title and the first lines with words of a group, five in all.
func (l *lexicon) quotes(p *page.Page, group string) []string {
	quotes := []string{clip(p.Title)}
	for line := range strings.Lines(p.Text) {
		if len(quotes) == 5 {
			break
		}
		if hits, _ := l.in(line); len(hits[group]) > 0 {
			quotes = append(quotes, clip(strings.TrimSpace(line)))
		}
	}
	return quotes
}

var forbiddenGroups = map[string]Text{
	"gambling":      {"赌博网站", "a gambling site"},
	"adult":         {"色情网站", "an adult site"},
	"forged-papers": {"伪造证件", "the sale of forged papers"},
}

//go:embed forbidden.txt
var forbiddenText string

// A lexicon is words in groups, found in one pass.
type lexicon struct {
	matcher *match.Matcher
	words   []string
	group   []string // of each word
	groups  []string // in order, without the shield
}

// forbiddenWords reads the lexicon at its first use.
var forbiddenWords = sync.OnceValue(func() *lexicon {
	l := &lexicon{}
	group := ""
	for line := range strings.Lines(forbiddenText) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			if group = strings.Trim(line, "[]"); group != "shield" {
				l.groups = append(l.groups, group)
			}
		default:
			l.words, l.group = append(l.words, line), append(l.group, group)
		}
	}
	l.matcher = match.New(l.words)
	return l
})

// in gives the different words of each group in a folded text, and whether one
// of the shield is among them.
func (l *lexicon) in(text string) (hits map[string]map[string]bool, shielded bool) {
	l.matcher.Scan(text, func(word, _ int) bool {
		group := l.group[word]
		if group == "shield" {
			shielded = true
			return true
		}
		if hits == nil {
			hits = map[string]map[string]bool{}
		}
		if hits[group] == nil {
			hits[group] = map[string]bool{}
		}
		hits[group][l.words[word]] = true
		return true
	})
	return hits, shielded
}
