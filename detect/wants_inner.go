package detect

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/page"
)

// The pages that tell what a site does, best first. What a site writes about
// (its news, its cases) tells less of its trade than of the world.
var innerSorts = []*regexp.Regexp{
	regexp.MustCompile(`(?i)关于|简介|介绍|概况|about|gywm|gsjj|jianjie|company`),
	regexp.MustCompile(`(?i)服务|业务|解决方案|service|business|solution|fuwu|yewu`),
	regexp.MustCompile(`(?i)产品|商品|课程|product|goods|shop|course|chanpin`),
	regexp.MustCompile(`(?i)联系|contact|lianxi|lxwm`),
}

var (
	// Pages about others, about persons, or about nothing.
	innerNever = regexp.MustCompile(`(?i)新闻|资讯|动态|公告|博客|文章|案例|招聘|人才|帮助|登录|登陆|注册|购物车|搜索|隐私|协议|条款|声明|留言|english|login|logout|signin|signup|register|passport|cart|search|news|blog|article|case|job|help|privacy|terms|rss|feed|sitemap|wp-admin|/admin|/en/?$`)
	// Files that are no pages.
	innerFile = regexp.MustCompile(`(?i)^\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|gz|exe|apk|ipa|dmg|jpe?g|png|gif|webp|svg|ico|mp[34]|css|js|json|xml|txt)$`)
)

// wantInner asks for pages of the site beyond its home page, all at once: one
// of each sort, then what the navigation names.
func wantInner(c *Case) []crawler.Ask {
	most := c.Policy.Pages - 1
	if most < 1 || c.Home == nil || c.Answer == nil || c.Liveness != Serving || c.Away != "" || c.count(crawler.AskInner) > 0 || c.Unrendered() {
		return nil
	}
	var asks []crawler.Ask
	for _, u := range c.innerPages() {
		if len(asks) < most {
			asks = append(asks, crawler.Ask{Kind: crawler.AskInner, URL: u})
		}
	}
	return asks
}

// innerPages lists the addresses worth reading, best first.
func (c *Case) innerPages() []string {
	type choice struct {
		url  string
		sort int
	}
	var list []choice
	taken := map[string]bool{address(c.Answer.URL): true}
	seen := make([]bool, len(innerSorts))
	for i := range c.Home.Links {
		l := &c.Home.Links[i]
		u := address(l.URL)
		if l.Hidden || u == "" || taken[u] || !c.sameHost(u) || innerNever.MatchString(l.Text) || innerNever.MatchString(pathOf(u)) || innerFile.MatchString(path.Ext(pathOf(u))) {
			continue
		}
		at := slices.IndexFunc(innerSorts, func(r *regexp.Regexp) bool { return r.MatchString(l.Text) || r.MatchString(pathOf(u)) })
		switch {
		case at >= 0 && !seen[at]:
			seen[at] = true
		case l.Zone == page.ZoneNav:
			at = len(innerSorts)
		default:
			continue
		}
		taken[u] = true
		list = append(list, choice{u, at})
	}
	slices.SortStableFunc(list, func(a, b choice) int { return cmp.Compare(a.sort, b.sort) })
	urls := make([]string, len(list))
	for i := range list {
		urls[i] = list[i].url
	}
	return urls
}

// sameHost reports whether an address is of the very site that answered, with or
// without www.: what stands under another name may be another site of the owner.
func (c *Case) sameHost(address string) bool {
	return strings.TrimPrefix(HostOf(address), "www.") == strings.TrimPrefix(HostOf(c.Answer.URL), "www.")
}

// pathOf is what follows the host in an absolute address.
func pathOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return ""
}
