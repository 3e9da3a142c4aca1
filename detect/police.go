package detect

import (
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// The rules about the public-security filing (公安联网备案), a duty beside the
// ICP filing: due within 30 days of the opening of a site. Who owes it cannot
// be seen on a page, so these are remarks unless the inventory says more.

// policeDuty is footerDuty for the second filing.
func policeDuty(c *Case) (Outcome, bool) {
	if o, ok := footerDuty(c); !ok {
		return o, false
	}
	if abroadUnfiled(c) {
		return exempt(ReasonAbroad), false
	}
	return Outcome{}, true
}

// policeSeverity is Warning where the inventory says that the filing is due or
// made.
func policeSeverity(c *Case) Severity {
	if c.Filing.PoliceDue || c.Filing.PoliceNumber != "" {
		return Warning
	}
	return Notice
}

// shownPolice are the public-security numbers that a visitor sees.
func shownPolice(c *Case) []number.Police {
	var list []number.Police
	for _, p := range c.Shown.Police {
		if seen(p.Place) {
			list = append(list, p)
		}
	}
	return list
}

// noPolice is the outcome of the rules about a shown public-security number
// when none is shown.
func noPolice(c *Case) Outcome {
	if c.Liveness == Placeholder {
		return exempt(ReasonPlaceholder)
	}
	if why := policeTrace(c); why != "" {
		return unknown(why)
	}
	return exempt(ReasonNoNumber)
}

// tells reports whether a text tells of a public-security number: by its
// label, or by an address that it links to.
func tells(s string) bool {
	return begins(s, "公", "公网安备", "公安备案", "公安联网") || begins(s, "beian.", "beian.mps.gov.cn") || strings.Contains(s, "//www.beian.gov.cn") ||
		strings.Contains(s, "recordcode=")
}

// begins reports whether one of the words, which all begin so, is in s.
func begins(s, beginning string, words ...string) bool {
	for {
		i := strings.Index(s, beginning)
		if i < 0 {
			return false
		}
		s = s[i:]
		if slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(s, w) }) {
			return true
		}
		s = s[len(beginning):]
	}
}

// policeTrace is trace for a public-security number: why one may be there that
// no text shows. It may stand in a script, in the text of an image, on an icon
// that links to the platform, or behind a label whose digits were not found.
func policeTrace(c *Case) Reason { return c.memo.police.or(c.policeTrace) }

func (c *Case) policeTrace() Reason {
	if why := unreadReason(c); why != "" {
		return why
	}
	for i := range c.Home.Asides {
		switch a := &c.Home.Asides[i]; {
		case a.Kind == page.AsideMeta || c.Rendered && a.Kind != page.AsideAlt || !tells(a.Text):
		case a.Kind == page.AsideAlt:
			return ReasonUnreadPart
		case a.Kind != page.AsideComment:
			return ReasonDrawnByScript
		}
	}
	for i := range c.Home.Links {
		// One around another number, the ICP number mostly, is a slip.
		l := &c.Home.Links[i]
		if !l.Hidden && (tells(l.URL) && len(digitsOf(l.Text)) < 6 || l.Zone == page.ZoneFooter && tells(l.Text)) {
			return ReasonUnreadPart
		}
	}
	if tells(footText(c.Home)) {
		return ReasonUnreadPart
	}
	return ""
}

// footText is the text of the zones that are marked as the foot of the page.
func footText(p *page.Page) string {
	var b strings.Builder
	for _, s := range p.Spans {
		if s.Zone == page.ZoneFooter {
			b.WriteString(p.Text[s.Start:s.End])
		}
	}
	return b.String()
}

var policeSource = police33("第十二条、第二十三条 / articles 12 and 23")

var policeRationale = Text{
	"网站开通之日起三十日内应当办理公安联网备案，并在首页底部标明公安备案号、链接到全国互联网安全管理服务平台。不履行的，公安机关可给予警告或停机整顿。",
	"Within thirty days of opening, a site is to be filed with public security as well and show that number at the foot, linked to the police platform. Otherwise the police may warn the operator or have the site suspended.",
}

func policePolicies(unknowns Text) Policies {
	return Policies{
		Filing:   Text{"已备案、未知：提示；清单注明应办理或已有公安备案号：警告；未备案、已注销、审核中：不适用", "filed or unknown: notice; warning when the inventory says that it is due or gives its number; unfiled, cancelled or in review: exempt"},
		Liveness: Text{"仅当看到网站自己的页面", "only when the site's own page was seen"},
		Place:    Text{"内地以外且没有备案：不适用", "outside the mainland and not filed: exempt"},
		Exempt:   Text{"没有有效备案；落在其他域名；占位页面；备案通过不足 30 天；页面上没有公安备案号（仅格式与链接规则）", "no filing in force; landed on another domain; a placeholder; approved less than 30 days ago; no such number on the page (form and link only)"},
		Unknown:  unknowns,
	}
}

func policeWhere(c *Case, p number.Police) Text {
	place, home := placeTexts[p.Place], homeWhere(c)
	return Text{home.ZH + "，" + place.ZH, home.EN + ", " + place.EN}
}
