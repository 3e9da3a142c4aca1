package rules

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/page"
)

// personalFilingBusinessContent: 如果网站内容涉及行业或企业内容，请勿选择为个人
// 性质备案. Persons may keep blogs, not firms, shops or forums.
var personalFilingBusinessContent = &detect.Rule{
	ID:       "personal-filing-business-content",
	Witness:  detect.WitnessNone,
	Severity: detect.Warning,
	Title:    detect.Text{ZH: "个人备案的网站含有企业、经营或论坛内容", EN: "a personal filing with the content of a firm, a shop or a forum"},
	Kept:     detect.Text{ZH: "个人备案的网站没有企业、经营或论坛内容", EN: "a personal filing without the content of a firm, a shop or a forum"},
	Rationale: detect.Text{
		ZH: "个人性质的备案只能用于博客、个人空间等，不得含有企业、行业、经营、论坛等内容。超出范围的，备案可能被注销并列入黑名单，且个人备案不能变更为企业备案。",
		EN: "A personal filing is for blogs and the like, not for content of a firm, a trade, a shop or a forum. Beyond that the filing may be cancelled and the person barred, and a personal filing cannot be changed into a firm's.",
	},
	Remedy: detect.Text{
		ZH: "请注销个人备案，改以单位性质重新备案并上传单位证件；或删除企业、经营和论坛内容。",
		EN: "Cancel the personal filing and file anew as a unit with the unit's papers; or take the firm's, shop's or forum's content off the site.",
	},
	Source: reviewers("网站内容不合格 / content"),
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "已备案且性质为个人：两类以上迹象，或论坛，或标题即公司名称为待核实；只有一类迹象，或迹象只在内页为提示", EN: "filed by a person: warning for signs of two kinds, a forum, or a firm's name as the title; notice for signs of one kind, or on inner pages only"},
		Liveness: detect.Text{ZH: "仅当网站正常提供内容", EN: "only when the site serves content"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "没有有效备案；性质不是个人；落在其他域名；占位页面", EN: "no filing in force; the subject is no person; landed on another domain; a placeholder"},
		Unknown:  detect.Text{ZH: "备案状态或性质未知；页面没有收全或由脚本生成", EN: "status or nature unknown; page not whole or drawn by script"},
	},
	Check: checkPersonal,
}

func checkPersonal(c *detect.Case) detect.Outcome {
	if o, ok := footerDuty(c); !ok {
		return o
	}
	switch {
	case c.Filing.Status != crawler.FilingFiled:
		return unknown(detect.ReasonFilingUnknown)
	case c.Filing.Nature == "":
		return unknown(detect.ReasonNatureNotKnown)
	case !personal(c):
		return exempt(detect.ReasonNotPersonal)
	case c.Liveness == detect.Placeholder:
		return exempt(detect.ReasonPlaceholder)
	}
	signs := businessSigns(c)
	if len(signs) == 0 {
		if why := unreadContent(c); why != "" {
			return unknown(why)
		}
		return pass()
	}
	severity, home := detect.Notice, 0
	for _, s := range signs {
		if s.on == nil {
			home++
		}
		if s.enough && s.on == nil {
			severity = detect.Warning
		}
	}
	if home > 0 && len(signs) > 1 {
		severity = detect.Warning
	}
	return found(severity, personalFinding(c, signs))
}

// A sign is one kind of business content, with what shows it.
type sign struct {
	kind   detect.Text
	quotes []string
	enough bool          // it needs no second sign
	on     *detect.Inner // the page that shows it; nil for the home page
}

// What a visitor reads on the page of a firm or a shop, and hardly on a blog.
var (
	firmWords = regexp.MustCompile(`公司简介|企业简介|公司概况|营业执照|招商加盟|产品中心|客户案例|企业邮箱|我司|本公司`)
	firmTitle = regexp.MustCompile(`(?:有限责任|股份有限|有限)公司$`)
	shopWords = regexp.MustCompile(`加入购物车|购物车|立即购买|在线下单|立即下单|确认订单|支持货到付款`)
	priceTag  = regexp.MustCompile(`[¥￥]\s?\d+`)
	callWords = regexp.MustCompile(`(?:客服|服务|咨询|招商|全国)热线|\b400-?\d{3,4}-?\d{3,4}\b`)
	// In running text the number tells whose hotline it is: those of operators,
	// banks and offices have five or six digits.
	callNumber = regexp.MustCompile(`(?:客服|服务|咨询|招商|全国)热线[:为是]{0,2}\s?\d[\d -]{6,}`)
	// A title in parts: 首页 - 某某有限公司, 某某有限公司_产品.
	titleParts = regexp.MustCompile(`\s[-–—:·]\s|[-_|–—,:·]+`)
	blogWords  = regexp.MustCompile(`(?i)博客|日记|笔记|随笔|个人|blog`)
)

// businessSigns gathers the signs of all pages, each kind once: a sign on the
// home page before the same on another.
func businessSigns(c *detect.Case) []sign {
	signs := signsOn(c.Home)
	for _, j := range c.Industries {
		if j.Category == industry.BulletinBoard {
			signs = append(signs, sign{kind: detect.Text{ZH: "论坛内容", EN: "a forum"}, quotes: j.Evidence, enough: true, on: c.IndustryPage(j.Category)})
		}
	}
	for i := range c.Inner {
		for _, s := range signsOn(c.Inner[i].Page) {
			if !slices.ContainsFunc(signs, func(t sign) bool { return t.kind == s.kind }) {
				s.on = &c.Inner[i]
				signs = append(signs, s)
			}
		}
	}
	return signs
}

// signsOn looks for them outside friend links.
func signsOn(p *page.Page) []sign {
	var signs []sign
	text, labels := ownText(p)
	titled := firmTitled(p.Title)
	if hits := firmWords.FindAllString(text, -1); distinct(hits) >= 2 || titled {
		s := sign{kind: detect.Text{ZH: "企业内容", EN: "a firm's content"}, quotes: hits, enough: titled}
		if titled {
			s.quotes = append([]string{p.Title}, hits...)
		}
		signs = append(signs, s)
	}
	if names := copyrightNames(p); len(names) > 0 {
		signs = append(signs, sign{kind: detect.Text{ZH: "版权属于单位", EN: "a unit in the copyright line"}, quotes: names})
	}
	hits, prices := shopWords.FindAllString(text, -1), priceTag.FindAllString(labels, -1)
	if n := distinct(hits); n >= 2 || n == 1 && len(prices) > 0 || distinct(prices) >= shopPrices {
		signs = append(signs, sign{kind: detect.Text{ZH: "经营内容", EN: "a shop's content"}, quotes: append(hits, prices...)})
	}
	if hits := append(callWords.FindAllString(labels, -1), callNumber.FindAllString(text, -1)...); len(hits) > 0 {
		signs = append(signs, sign{kind: detect.Text{ZH: "经营热线", EN: "a business line"}, quotes: hits})
	}
	return signs
}

// firmTitled reports whether the name of the site in a title, its first or its
// last part, is a firm's. A blog may write of one.
func firmTitled(title string) bool {
	if blogWords.MatchString(title) {
		return false
	}
	parts := titleParts.Split(fold.String(title), -1)
	for _, part := range []string{parts[0], parts[len(parts)-1]} {
		part = strings.TrimSpace(part)
		for _, rest := range []string{"官方网站", "官网", "网站", "首页", "主页", "!", "。"} {
			part = strings.TrimSpace(strings.TrimSuffix(part, rest))
		}
		if firmTitle.MatchString(part) {
			return true
		}
	}
	return false
}

// shopPrices is how many different prices, outside running text, make a shop
// without a word of one: a blog names the prices of a book or two.
const shopPrices = 4

// article is how many characters a line has at least that may be running text.
const article = 25

// ownText is what a visitor reads without the names of others; labels is that
// without running text, where a blog quotes prices and hotlines of others.
func ownText(p *page.Page) (text, labels string) {
	var all, foot strings.Builder
	for _, s := range p.Spans {
		switch s.Zone {
		case page.ZoneFriends:
		case page.ZoneFooter:
			foot.WriteString(p.Text[s.Start:s.End])
		default:
			all.WriteString(p.Text[s.Start:s.End])
		}
	}
	var short strings.Builder
	for line := range strings.Lines(all.String()) {
		if utf8.RuneCountInString(line) < article || !strings.ContainsAny(line, "。，,;；") {
			short.WriteString(line)
		}
	}
	return all.String() + "\n" + foot.String(), short.String() + "\n" + foot.String()
}

func distinct(list []string) int {
	set := map[string]bool{}
	for _, s := range list {
		set[s] = true
	}
	return len(set)
}

func personalFinding(c *detect.Case, signs []sign) detect.Finding {
	var zh, en, quotes []string
	for _, s := range signs {
		on := detect.Text{}
		if s.on != nil {
			where := innerWhere(s.on)
			on = detect.Text{ZH: "（" + where.ZH + "）", EN: " (" + where.EN + ")"}
		}
		zh, en = append(zh, s.kind.ZH+on.ZH), append(en, s.kind.EN+on.EN)
		for i, q := range s.quotes {
			if i < 2 && len(quotes) < 5 {
				quotes = append(quotes, detect.Clip(q))
			}
		}
	}
	return detect.Finding{
		Where: homeWhere(c),
		Saw: detect.Text{
			ZH: "备案性质为个人，网站上有：" + strings.Join(zh, "、"),
			EN: "the filing is a person's, the site shows: " + strings.Join(en, ", "),
		},
		Fix: detect.Text{
			ZH: "请以单位性质重新备案，或删除这些内容。",
			EN: "File anew as a unit, or take this content off the site.",
		},
		Quotes: quotes,
	}
}
