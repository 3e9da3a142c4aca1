package rules

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/credit"
	"github.com/beianwatch/beianwatch/detect/match"
	"github.com/beianwatch/beianwatch/detect/page"
)

// businessLicenceNotShown: 电子商务经营者应当在其首页显著位置，持续公示营业执照信息……
// 或者上述信息的链接标识。(E-commerce Law, article 15)
var businessLicenceNotShown = &detect.Rule{
	ID:       "business-licence-not-shown",
	Severity: detect.Notice,
	Witness:  detect.WitnessNone,
	Title:    detect.Text{ZH: "网上商店首页未公示营业执照信息", EN: "a shop's home page does not show its business licence"},
	Kept:     detect.Text{ZH: "网上商店首页公示了营业执照信息", EN: "a shop's home page shows its business licence"},
	Rationale: detect.Text{
		ZH: "《电子商务法》要求电子商务经营者在首页显著位置持续公示营业执照信息或其链接；未公示的，市场监督管理部门可责令限期改正并处一万元以下罚款。",
		EN: "The E-commerce Law asks those who sell online to show their business licence, or a link to it, continuously and prominently on the home page; the market authority may order it and fine up to 10,000 yuan.",
	},
	Remedy: detect.Text{
		ZH: "请在首页底部公示营业执照信息（图片、统一社会信用代码或“营业执照”链接）；依法不需要登记的，公示自我声明。",
		EN: "Show the business licence at the foot of the home page: a picture, the credit code or a link; those who need not register state that.",
	},
	Source: ecommerce("第十五条、第七十六条 / articles 15 and 76"),
	Needs:  detect.NeedsHome,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "不区分：提示", EN: "any: notice"},
		Liveness: detect.Text{ZH: "仅当网站提供内容", EN: "only when the site serves content"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "首页不是网上商店（没有购物车、购买按钮和价格）；跳转到其他域名；占位页", EN: "the home page is no shop (no cart, no button to buy, no prices); leads to another domain; a placeholder"},
		Unknown:  detect.Text{ZH: "页面由脚本生成或页脚没有读完整；页脚有图片（可能就是执照标识）", EN: "drawn by script or the foot was not read whole; a picture at the foot may be the licence's sign"},
	},
	Check: checkBusinessLicence,
}

func checkBusinessLicence(c *detect.Case) detect.Outcome {
	if c.Away != "" {
		return exempt(detect.ReasonAway)
	}
	if why := c.LivenessReason(); why != "" && c.File == "" {
		return unknown(why)
	}
	switch {
	case c.Liveness == detect.Placeholder:
		return exempt(detect.ReasonPlaceholder)
	case !sells(c.Home):
		return exempt(detect.ReasonNotShop)
	case showsLicence(c.Home):
		return pass()
	}
	if why := c.UnreadReason(); why != "" {
		return unknown(why)
	}
	if c.FooterUnread() {
		return unknown(detect.ReasonUnreadPart)
	}
	return found(detect.Notice, detect.Finding{
		Where: footWhere(c),
		Saw: detect.Text{
			ZH: "页面有购物车、购买按钮和价格，没有发现营业执照信息、统一社会信用代码或公示链接",
			EN: "the page has a cart, buttons to buy and prices, and neither a business licence nor a credit code nor a link to one",
		},
		Fix: detect.Text{
			ZH: "请在首页底部加上营业执照信息或链接，例如统一社会信用代码和执照图片的链接。",
			EN: "Put the licence or a link to it at the foot of the home page, such as the credit code with a link to a picture of the licence.",
		},
	})
}

// buying are what a visitor of a shop can do, as the whole text of a link, a
// button or a label.
var buying = []string{"购物车", "加入购物车", "立即购买", "立即抢购", "去结算", "结算", "我的购物车", "我的订单", "提交订单", "去购物车结算", "收货地址", "马上抢", "立即下单", "放入购物车"}

var buyingWords = sync.OnceValue(func() *match.Matcher { return match.New(buying) })

var price = regexp.MustCompile(`(?:¥|￥|RMB|价格?:?)\s*\d+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?\s*元`)

const (
	minBuying = 2 // things to do of a shop
	minPrices = 3
)

// sells reports whether a page is a shop's: it has its buttons, and prices.
func sells(p *page.Page) bool {
	words := buyingWords()
	if !words.Any(p.Text) {
		return false // most pages; what a visitor does not see sells nothing
	}
	did := map[string]bool{}
	note := func(text string) {
		if !words.Any(text) {
			return
		}
		text = strings.TrimFunc(text, func(r rune) bool { return strings.ContainsRune(" 0123456789()[]>:件", r) })
		if slices.Contains(buying, text) {
			did[text] = true
		}
	}
	for line := range strings.SplitSeq(p.Text, "\n") {
		note(line)
	}
	for i := range p.Links {
		note(p.Links[i].Text)
	}
	return len(did) >= minBuying && len(price.FindAllStringIndex(p.Text, minPrices)) == minPrices
}

// licenceWords stand where a licence is shown or linked to.
var licenceWords = []string{"营业执照", "证照信息", "经营证照", "亮照", "工商网监", "工商亮照", "电子营业执照", "经营许可信息", "证照公示", "资质证照", "商家资质", "企业资质公示", "自我声明"}

// licenceHosts are those to which the signs of the market authority lead.
var licenceHosts = []string{"gsxt.gov.cn", "zzlz.gsxt", "/gsxt", "yyzz", "yingyezhizhao", "license", "licence", "szcert", "scjgj", "samr.gov.cn"}

// showsLicence reports whether a page shows a business licence, its number or a
// link to it.
func showsLicence(p *page.Page) bool {
	if containsAny(p.Text, licenceWords) || credited.MatchString(p.Text) && hasCredit(p.Text) {
		return true
	}
	for i := range p.Links {
		l := &p.Links[i]
		if containsAny(strings.ToLower(l.Href), licenceHosts) || containsAny(l.Text, licenceWords) {
			return true
		}
	}
	return slices.ContainsFunc(p.Asides, func(a page.Aside) bool { return a.Kind == page.AsideAlt && containsAny(a.Text, licenceWords) })
}

var credited = regexp.MustCompile(`[0-9A-HJ-NPQRTUWXY]{18}`)

func hasCredit(text string) bool {
	for _, s := range credited.FindAllString(text, 20) {
		if _, kind := credit.Read(s); kind == credit.Code {
			return true
		}
	}
	return false
}
