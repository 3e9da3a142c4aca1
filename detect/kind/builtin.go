package kind

import "slices"

// embedded lists the fingerprints that come with the program, in order of
// precedence: what a provider says of a site goes before what a server says,
// and a page that names its kind before an error that could be anyone's.
//
// Each has an example under testdata that it must find; ordinary pages that use
// the same words are under testdata/normal.txtar and must stay normal.
func embedded() []Fingerprint {
	all := slices.Concat(blocks, challenges, suspensions, defaults, listings, parkings, constructions, errors)
	for i := range all {
		all[i].quoted = all[i].quotable()
	}
	return all
}

// quotable reports whether the words of a server's page are all that tells it: handbooks
// and those who sell hosting quote them. Where a site's own frame stands around them, what
// the page states decides.
func (f *Fingerprint) quotable() bool {
	switch f.Kind {
	case DefaultServer, Suspended, Error:
		return len(f.Text) > 0 && len(f.Title)+len(f.TitleIs)+len(f.HTML)+len(f.Leads)+len(f.Header)+len(f.Select) == 0
	}
	return false
}

// blocks are the pages by which a provider says that the name is not filed, or
// not filed with it (facts 8.1).
var blocks = []Fingerprint{
	{Name: "aliyun-block", Kind: Block, Cause: "Aliyun", HTML: []string{"batit.aliyun.com/alww.html", "aliyun.com/beian/beian-block"}},
	{Name: "aliyun-block-frame", Kind: Block, Cause: "Aliyun", Leads: []string{"batit.aliyun.com/alww.html", "aliyun.com/beian/beian-block"}},
	{Name: "aliyun-beaver", Kind: Block, Cause: "Aliyun", Status: []int{403}, Header: []string{"Server: Beaver"}},
	{Name: "aliyun-block-title", Kind: Block, Cause: "Aliyun", TitleIs: []string{"Non-compliance ICP Filing"}},
	{Name: "tencent-block", Kind: Block, Cause: "Tencent", Leads: []string{"dnspod.qcloud.com/static/webblock.html", "dnspod.qcloud.com/webblock.html"}},
	{Name: "tencent-block-script", Kind: Block, Cause: "Tencent", HTML: []string{"dnspod.qcloud.com/static/webblock.html", "dnspod.qcloud.com/webblock.html"}, MaxVisible: 60},
	// Huawei Cloud and other data centres: a frame to an error page at a bare
	// address, set by a script.
	{Name: "adm-block", Kind: Block, Alone: true, Cause: "ADM", Title: []string{"非法阻断"}, MaxVisible: 200},
	{Name: "adm-block-header", Kind: Block, Cause: "ADM", Status: []int{403}, Header: []string{"Server: ADM/"}, MaxVisible: 200},
	{Name: "ucloud-block", Kind: Block, Alone: true, Cause: "UCloud", Text: []string{"因该网站未进行备案或涉及发布违禁信息"}},
	{Name: "block-title", Kind: Block, Alone: true, TitleIs: []string{"阻断页面", "备案阻断", "未备案阻断", "未备案提示", "网站未备案", "域名未备案",
		"该网站未备案", "网站未备案或已被封禁"}},
	{Name: "block-reasons", Kind: Block, Alone: true, Text: []string{"该网站暂时无法进行访问", "该网站暂时无法访问", "您访问的网站暂时无法访问"},
		With: []string{"备案"}},
	{Name: "block-not-filed", Kind: Block, Alone: true, Statement: true, Text: []string{
		"本网站尚未进行备案", "该网站尚未进行备案", "该网站尚未备案", "该域名尚未备案", "域名尚未进行备案", "由于您的网站尚未备案", "由于您的网站未备案",
		"网站未备案,暂时无法", "您访问的域名未备案", "您访问的网站未备案", "您的域名未备案", "该网站未备案或未接入备案", "网站未备案或备案信息",
		"由于该网站未完成备案", "网站未取得备案号", "您访问的域名尚未备案",
	}, MaxVisible: 500},
	{Name: "block-recover", Kind: Block, Alone: true, Statement: true, Text: []string{"重获备案号后,如何恢复访问", "备案成功后即可恢复访问", "完成备案后方可恢复访问",
		"完成备案后即可正常访问"}},
}

// suspensions are pages of a hosting panel that closed the site.
var suspensions = []Fingerprint{
	{Name: "bt-stop", Kind: Suspended, Echo: true, Cause: "宝塔", TitleIs: []string{"抱歉,站点已暂停", "抱歉, 站点已暂停"}},
	{Name: "bt-stop-text", Kind: Suspended, Cause: "宝塔", Text: []string{"该站点已经被管理员停止运行", "您的请求的站点已经被管理员停止运行"}},
	{Name: "1panel-stop", Kind: Suspended, Echo: true, Cause: "1Panel", TitleIs: []string{"抱歉,站点已停止", "站点已停止", "抱歉, 站点已停止"}},
	{Name: "cpanel-suspended", Kind: Suspended, Cause: "cPanel", TitleIs: []string{"Account Suspended", "This Account has been suspended.",
		"Account has been suspended"}},
	{Name: "cpanel-suspended-page", Kind: Suspended, Cause: "cPanel", Leads: []string{"/cgi-sys/suspendedpage.cgi"}},
	{Name: "site-suspended", Kind: Suspended, Alone: true, Statement: true, Title: []string{
		"网站已暂停", "网站已关闭", "网站暂停服务", "网站已停用", "站点已暂停", "站点已关闭", "网站已被关闭", "网站已到期", "空间已到期",
		"主机已到期", "虚拟主机已到期", "网站已过期",
		"网站暂停访问", "网站欠费", "Site Suspended", "Website Suspended", "Site is suspended",
	}, MaxVisible: 400},
	{Name: "host-expired", Kind: Suspended, Alone: true, Statement: true, Text: []string{
		"您访问的网站空间已到期", "您访问的空间已到期", "您访问的虚拟主机已到期", "该虚拟主机已到期", "该虚拟主机已过期", "您访问的主机已过期",
		"该网站已到期", "本网站已到期", "您访问的网站已到期",
		"您的网站已过期", "该站点已被暂停", "该网站已被管理员关闭", "该网站已被暂停", "网站因欠费", "主机因欠费",
		"This account has been suspended", "This website has been suspended",
	}, MaxVisible: 300},
}

// listings are directories without an index page.
var listings = []Fingerprint{
	{Name: "index-of", Kind: Listing, Title: []string{"Index of /"}, MaxVisible: 3000},
	{Name: "python-listing", Kind: Listing, Cause: "Python", Title: []string{"Directory listing for /"}, MaxVisible: 3000},
	{Name: "iis-listing", Kind: Listing, Cause: "IIS", Text: []string{"[To Parent Directory]", "[转到父目录]", "[到父目录]"}, MaxVisible: 3000},
	{Name: "iis-listing-root", Kind: Listing, Cause: "IIS", Title: []string{" - /"}, HTML: []string{"<H1>localhost - /</H1><hr>",
		" - /</H1><hr>"}, MaxVisible: 3000},
	{Name: "tomcat-listing", Kind: Listing, Cause: "Tomcat", Title: []string{"Directory Listing For"}, MaxVisible: 3000},
	{Name: "jetty-listing", Kind: Listing, Cause: "Jetty", Title: []string{"Directory: /"}, MaxVisible: 3000},
	{Name: "nodejs-listing", Kind: Listing, Cause: "serve", Title: []string{"listing directory /", "Files within "}, MaxVisible: 3000},
}

// parkings are names that are parked or for sale.
var parkings = []Fingerprint{
	{Name: "parking-address", Kind: Parked, Leads: []string{
		"sedoparking.com", "parkingcrew.net", "bodis.com", "sedo.com/search/details", "dan.com/buy-domain", "afternic.com/forsale",
		"hugedomains.com/domain_profile",
		"parklogic.com", "above.com/marketplace", "domainmarket.com/buynow", "skenzo.com", "voodoo.com/parking", "dsparking.com", "parked.com",
		"uniregistry.com/market",
		"d38psrni17bvxu.cloudfront.net", "parking.godaddy.com", "img1.wsimg.com/parking-lander", "mi.aliyun.com/detail", "juming.com/ykj",
		"wanwang.aliyun.com/domain/parking", "am.22.cn/paimai", "www.4.cn/buynow",
		"www.ename.com/auction/domain", "www.ename.net/auction", "west.cn/ykj/view", "domain.west.cn", "parking.west263.com",
	}},
	{Name: "domain-parked-title", Kind: Parked, Alone: true, Statement: true, Title: []string{
		"域名停靠", "域名停放", "域名出售", "域名转让", "域名正在出售", "域名待售", "域名可转让", "此域名出售", "本域名出售", "该域名出售",
		"域名求购", "出售中的域名", "精品域名",
		"域名拍卖", "Domain Parked", "Parked Domain", "is parked", "domain for sale", "domain is for sale", "Buy this domain",
		".com is for sale", ".cn is for sale", ".net is for sale", ".org is for sale", ".top is for sale", ".xyz is for sale", ".cc is for sale", ".vip is for sale", ".info is for sale", ".io is for sale", ".site is for sale", ".shop is for sale", ".online is for sale", ".club is for sale", ".中国 is for sale",
		"This domain may be for sale", "domain name for sale",
	}, MaxVisible: 400},
	{Name: "domain-for-sale", Kind: Parked, Alone: true, Statement: true, Text: []string{
		"域名正在出售", "此域名出售", "本域名出售", "该域名出售", "此域名可出售", "此域名可转让", "本域名可转让", "该域名可转让", "本域名转让",
		"该域名转让", "此域名转让", "此域名待售", "该域名待售",
		"您访问的域名正在转让", "您所访问的域名正在出售", "您所访问的域名可以转让", "您正在访问的域名可以转让", "您正在访问的域名可转让",
		"访问的域名正在出售", "域名可能待售", "本域名正在转让", "本站域名转让", "本站域名出售",
		"This domain is for sale", "This domain may be for sale", "The domain is for sale", "domain name is for sale",
		"this domain name may be for sale", "Buy this domain", "is available for purchase",
	}, MaxVisible: 350},
	{Name: "domain-parked", Kind: Parked, Alone: true, Text: []string{
		"This domain is parked", "This domain has been parked", "parked free, courtesy of", "This Web page is parked", "domain parking",
		"域名停放页面", "该域名已停放", "该域名已被停放",
		"This domain has recently been registered", "This domain name has been registered with", "此域名已被注册,尚未", "该域名已注册,但尚未",
		"域名已成功注册", "该域名刚刚注册",
	}, MaxVisible: 350},
	{Name: "domain-expired", Kind: Parked, Alone: true, Statement: true, Text: []string{"该域名已过期", "此域名已过期", "您访问的域名已过期", "域名已到期,请",
		"This domain has expired", "This domain name expired"}, MaxVisible: 350},
}

// centres are names in which 建设中 and the like are no state: 网站建设中心 is a
// firm that builds sites.
var centres = []string{"建设中心", "维护中心", "升级中心", "开发中心", "施工中心", "制作中心", "改版中心", "建设中国", "筹备中心", "建设中的作用", "建设中的应用"}

// constructions are sites that are not there yet, or not there now (facts,
// section 9: a maintenance page is not an open site).
var constructions = []Fingerprint{
	{Name: "construction-title", Kind: UnderConstruction, Alone: true, Statement: true, Without: centres, Title: []string{
		"网站建设中", "网站正在建设", "^正在建设中", "官网建设中", "官网升级中", "官网维护中", "网站改版中", "站点建设中", "页面建设中", "网站筹备中", "网站开发中", "网站升级中", "网站维护中",
		"网站正在维护", "^系统升级维护", "^系统维护中", "^系统升级中", "网站升级维护",
		"站点维护", "^升级维护中", "^即将上线", "^敬请期待", "网站制作中", "^Under Construction", "^Coming Soon", "Site Maintenance",
		"^Under Maintenance", "Maintenance Mode",
		"We'll be back", "Be right back", "^Launching Soon", "^Opening Soon",
	}, MaxVisible: 300},
	{Name: "construction-title-is", Kind: UnderConstruction, Alone: true, TitleIs: []string{"建设中", "建设中...", "建设中…", "施工中", "维护中", "升级中",
		"开发中", "Maintenance", "maintenance"}, MaxVisible: 300},
	{Name: "construction-text", Kind: UnderConstruction, Alone: true, Statement: true, Without: centres, Text: []string{
		"网站建设中", "网站正在建设", "^正在建设中", "站点建设中", "本站建设中", "网站筹备中", "网站正在筹备", "网站正在开发", "网站开发中",
		"网站升级中", "网站正在升级", "网站维护中", "网站正在维护",
		"网站改版中", "网站正在改版", "^系统升级维护", "^系统维护升级", "^系统维护中", "^系统升级中", "^系统正在维护", "^系统正在升级", "站点正在维护", "站点维护中", "本站正在维护",
		"网站制作中", "网站即将上线", "本站即将上线", "官网即将上线", "新站即将上线", "平台即将上线", "^即将上线", "^敬请期待",
		"^Under Construction", "^Coming Soon", "^under maintenance", "undergoing maintenance", "scheduled maintenance", "We'll be back soon",
		"website is being built", "^launching soon",
	}, MaxVisible: 120},
	// A line that is nothing but these words, on a page of next to nothing else.
	{Name: "construction-short", Kind: UnderConstruction, Alone: true, Statement: true, Without: centres, Text: []string{"^建设中", "^施工中", "^维护中", "^升级中", "^开发中"}, MaxVisible: 30},
	// Words that a script types out, or that stand in an attribute.
	{Name: "construction-source", Kind: UnderConstruction, Alone: true, Without: centres, HTML: []string{"网站建设中", "网站正在建设", "网站维护中", "网站升级中",
		"网站正在维护"}, MaxVisible: 40},
}
