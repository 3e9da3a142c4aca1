package demo

import (
	"github.com/beianwatch/beianwatch/detect"
)

// allSites lists the sites in the order of the inventory.
func allSites() []Site {
	var all []Site
	for _, group := range [][]Site{goodSites(), unclearSites(), unfiledSites(), deadSites(), placeholderSites(), leadingSites(), footerSites(), linkSites(), policeSites(), contentSites(), tradeSites(), paperSites(), recordSites()} {
		all = append(all, group...)
	}
	return all
}

// bystanders are not in the inventory: where other sites lead, and the control
// sites that tell whether the trouble is ours.
func bystanders() []Site {
	return []Site{
		{Domain: "control-one.example", web: home(page("moju.html")), control: true},
		{Domain: "control-two.example", web: home(page("jituan.html")), control: true},
		{Domain: "block.provider.example", web: routes(paths{"/beian-block": page("server/block-frame.html")})},
		{Domain: "m.minghe-mobile.example", web: home(page("hualian.html"))},
	}
}

// ok is an open site without a fault that shows its police number.
func ok() verdicts {
	out := proper()
	for rule, v := range passes(policeRules...) {
		out[rule] = v
	}
	return out
}

// plain is an open site without a fault that shows no police number, which is
// worth a remark.
func plain() verdicts {
	out := proper()
	for rule, v := range notice("police-number-missing") {
		out[rule] = v
	}
	return out
}

// unread is what holds of a filed site of which nothing, or not the foot, was
// seen: no rule about its foot can say more.
func unread() verdicts {
	return unknown("footer-number-missing", "footer-link-missing", "footer-link-wrong", "police-number-missing")
}

// goodSites keep every rule, each in another way that a scan must get right.
func goodSites() []Site {
	return []Site{
		{
			Domain: "hengrun-zhoucheng.example",
			Point:  detect.Text{ZH: "普通企业站，有“新闻中心”“企业视频”，不应误报前置审批", EN: "an ordinary company with a news column and a video: no pre-approval may fire"},
			row: row{status: isFiled, number: "苏ICP备18903417号-1", subject: "江苏恒润轴承制造有限公司", siteName: "恒润轴承", province: "江苏", approvals: "无", server: "127.0.0.1",
				police: "苏公网安备32058202913407号", owner: "信息部", team: "恒润", papers: "营业执照:hengrun/licence.jpg;法定代表人身份证:hengrun/id.jpg;承诺书:hengrun/pledge.jpg"},
			web: home(page("hengrun.html")), cdn: "hengrun.cdn-cache.example",
			Expected: is(detect.Serving, ok(), exempt("unfiled-site-serving", "unfiled-site-blocked"),
				passes("filed-site-blocked", "filed-site-elsewhere", "server-address-differs", "site-name-mismatch", "content-of-another-subject", "content-forbidden", "content-cloaked", "site-shown-to-browsers-only"), passes(paperRules...)).of("normal"),
		},
		{
			Domain:   "zhaopin.hengrun-zhoucheng.example",
			Point:    detect.Text{ZH: "子域名，备案随主域名", EN: "a host below the registrable domain: the filing is the domain's"},
			row:      row{status: isFiled, number: "苏ICP备18903417号-1", subject: "江苏恒润轴承制造有限公司", siteName: "恒润轴承", province: "江苏", owner: "人力资源部", team: "恒润"},
			web:      home(page("zhaopin.html")),
			names:    apexOnly,
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain:   "xiangyang-zhixiao.example",
			Point:    detect.Text{ZH: "GBK 编码，只在 meta 里声明；学校官网不是培训机构", EN: "GBK, declared in a meta element only; a public school is no after-school training"},
			row:      row{status: isFiled, number: "豫ICP备17895206号-1", subject: "向阳县职业技术学校", nature: "事业单位", siteName: "向阳县职业技术学校", province: "河南"},
			web:      home(pageIn("gbk", "text/html", "zhixiao.html")),
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain:   "nanling-dianqi.example",
			Point:    detect.Text{ZH: "GB18030 四字节字与全角备案号；广东主体号不带 -N", EN: "GB18030 with four-byte characters, a full-width number, and Guangdong's form without -N"},
			row:      row{status: isFiled, number: "粤ICP备19867425号", subject: "佛山市南岭电气有限公司", siteName: "南岭电气", province: "广东"},
			web:      home(pageIn("gb18030", "text/html; charset=gb18030", "nanling.html")),
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain:   "beihe-bowuguan.example",
			Point:    detect.Text{ZH: "UTF-16 编码，只有字节序标记", EN: "UTF-16 told by its byte order mark alone"},
			row:      row{status: isFiled, number: "冀ICP备2023908156号-1", subject: "北河市博物馆", nature: "事业单位", siteName: "北河市博物馆", province: "河北"},
			web:      home(pageIn("utf-16", "text/html", "bowuguan.html")),
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain:   "yunshan-hotel.example",
			Point:    detect.Text{ZH: "HTTP 跳转 HTTPS，自签证书：记录但不影响结论", EN: "HTTP leads to HTTPS with a self-signed certificate, which is recorded and changes nothing"},
			row:      row{status: isFiled, number: "琼ICP备2021870493号-2", subject: "海南云杉海湾酒店管理有限公司", siteName: "云杉海湾酒店", province: "海南"},
			web:      home(upgrade(page("yunshan.html"))),
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain:   "qinglan-lvsuo.example",
			Point:    detect.Text{ZH: "只有 www 有解析；备案号用 onclick 打开工信部", EN: "only www. resolves; the number opens the register by onclick"},
			row:      row{status: isFiled, number: "皖ICP备16812907号-1", subject: "安徽青岚律师事务所", nature: "律师执业机构", siteName: "安徽青岚律师事务所", province: "安徽"},
			web:      home(page("qinglan.html")),
			names:    wwwOnly,
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain: "jinghu-daxie.example",
			Point:  detect.Text{ZH: "无条件 meta 跳转到站内首页", EN: "an unconditional meta refresh to the real home page"},
			row:    row{status: isFiled, number: "赣ICP备2020839052号-1", subject: "江西省镜湖水产养殖专业合作社", nature: "农民专业合作社", siteName: "镜湖大闸蟹", province: "江西"},
			web: routes(paths{
				"/":              markup(`<html><head><meta http-equiv="refresh" content="0; url=/cn/index.html"></head><body></body></html>`),
				"/cn/index.html": page("jinghu.html"),
			}),
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain: "heting-jiaju.example",
			Point:  detect.Text{ZH: "整页 frameset 转到站内", EN: "a frameset that is the whole page"},
			row:    row{status: isFiled, number: "新ICP备17913684号-1", subject: "哈密市荷亭家具厂", siteName: "荷亭家具", province: "新疆"},
			web: routes(paths{
				"/":                markup(`<html><head><title>荷亭家具</title></head><frameset rows="100%,*" border="0"><frame src="/home/index.html"><noframes><body></body></noframes></frameset></html>`),
				"/home/index.html": page("heting.html"),
			}),
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain:   "minghe-soft.example",
			Point:    detect.Text{ZH: "只对手机生效的脚本跳转，不得跟随；DNS 应答需走 TCP", EN: "a script redirect for phones only, which must not be followed; DNS answers over TCP"},
			row:      row{status: isFiled, number: "陕ICP备17839640号-3", subject: "西安鸣鹤软件有限公司", siteName: "鸣鹤软件", province: "陕西"},
			web:      home(page("minghe.html")),
			long:     true,
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain:   "和顺茶庄.测试",
			Point:    detect.Text{ZH: "中文域名", EN: "an internationalised name"},
			row:      row{status: isFiled, number: "闽ICP备2022864017号-1", subject: "武夷山市和顺茶业有限公司", siteName: "和顺茶庄", province: "福建"},
			web:      home(page("heshun.html")),
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain:   "lanjiang-group.example",
			Point:    detect.Text{ZH: "集团官网，其他域名跳转到这里", EN: "a group's site, where its other domains lead"},
			row:      row{status: isFiled, number: "滇ICP备16830927号-1", subject: "云南澜江集团股份有限公司", siteName: "澜江集团", province: "云南", approvals: "无"},
			web:      home(page("jituan.html")),
			Expected: is(detect.Serving, ok()).of("normal"),
		},
	}
}

// unclearSites cannot be judged from what is seen: unknown, never guilty.
func unclearSites() []Site {
	filedAs := func(number, subject string) row { return row{status: isFiled, number: number, subject: subject} }
	return []Site{
		{
			Domain: "yunzhi-hr.example",
			Point:  detect.Text{ZH: "单页应用外壳：未渲染不下结论", EN: "a single-page application's shell: unknown without a browser"},
			row:    filedAs("沪ICP备2021903758号-1", "上海云栉信息科技有限公司"),
			web: routes(paths{
				"/": page("yunzhi.html"), "/assets/index-C4h1zqTf.js": script("yunzhi.js"), "/assets/vendor-Dd0bM2xk.js": script("yunzhi-vendor.js"),
			}),
			Expected: is(detect.Serving, unread(), unknown(tradeRules...), passes("filed-site-down")).of("spa-shell"),
		},
		{
			Domain:   "luotuoquan.example",
			Point:    detect.Text{ZH: "页脚由站内脚本写入：不得判为“没有备案号”", EN: "the foot is written by a script: its number is not \"missing\""},
			row:      filedAs("宁ICP备2020871936号-1", "宁夏骆驼泉文化旅游有限公司"),
			web:      routes(paths{"/": page("luotuo.html"), "/js/foot.js": script("luotuo-foot.js")}),
			Expected: is(detect.Serving, unknown("footer-number-missing", "police-number-missing"), passes(stateRules...)).of("normal"),
			drawn:    with(passes("footer-number-missing"), notice("police-number-missing")),
		},
		{
			Domain:   "jiahe-shangcheng.example",
			Point:    detect.Text{ZH: "防火墙对我们出验证脚本：与网站无关", EN: "a firewall challenges us: it says nothing of the site"},
			row:      filedAs("京ICP备2022918640号-1", "北京嘉禾商贸有限公司"),
			web:      status(405, "Tengine", "challenge.html"),
			Expected: is(detect.Challenged, unread(), unknown(stateRules...)).of("challenge"),
		},
		{
			Domain:   "jiazhun-moju.example",
			Point:    detect.Text{ZH: "正文中途断开，页脚没有收到", EN: "the body breaks off before the foot"},
			row:      filedAs("粤ICP备2022917380号", "东莞市嘉准模具科技有限公司"),
			web:      home(broken("moju.html", 55)),
			Expected: is(detect.Serving, unread(), passes("filed-site-down", "filed-site-placeholder")),
		},
		{
			Domain:   "gaoya-fangzhi.example",
			Point:    detect.Text{ZH: "嵌套 640 层，读不全：没看到备案号不等于没有", EN: "nested 640 deep and not read whole: a number that was not seen is not \"missing\""},
			row:      filedAs("浙ICP备19872654号-1", "绍兴高亚纺织有限公司"),
			web:      home(page("gaoya.html")),
			Expected: is(detect.Serving, unread(), passes("filed-site-down", "filed-site-placeholder")),
		},
	}
}

// unfiledSites have no filing, by the word of the inventory.
func unfiledSites() []Site {
	blockRules := "unfiled-site-blocked"
	return []Site{
		{
			Domain:   "maotuaner.example",
			Point:    detect.Text{ZH: "未备案却已开站", EN: "unfiled, and open"},
			row:      row{status: isUnfiled, subject: "杭州毛团儿宠物用品有限公司", siteName: "毛团儿", owner: "电商组", team: "毛团儿"},
			web:      home(page("chongwu.html")),
			Expected: is(detect.Serving, violation("unfiled-site-serving"), notice("business-licence-not-shown"), passes(blockRules, "filing-disputed"), exempt("footer-number-missing", "filed-site-down")).of("normal"),
		},
		{
			Domain:   "banxia-huafang.example",
			Point:    detect.Text{ZH: "审核中就已开站；营业执照拍糊了，身份证只有一面", EN: "in review, and open already; the licence is blurred, the identity card has one side"},
			row:      row{status: isInReview, subject: "昆明半夏花艺有限公司", nature: "企业", siteName: "半夏花房", papers: "营业执照:banxia/licence.jpg;身份证人像面:banxia/id-a.jpg"},
			web:      home(page("huadian.html")),
			Expected: is(detect.Serving, warning("unfiled-site-serving", "documents-unclear"), notice("documents-incomplete"), passes(blockRules), exempt("footer-number-missing")).of("normal"),
		},
		{
			Domain:   "beiguo-xueju.example",
			Point:    detect.Text{ZH: "登记说未备案，页面却有像样的备案号：先核对", EN: "the register says unfiled, the page shows a plausible number: they disagree"},
			row:      row{status: isUnfiled, subject: "哈尔滨北国雪具有限公司"},
			web:      home(page("xueju.html")),
			Expected: is(detect.Serving, unknown("unfiled-site-serving"), warning("filing-disputed"), passes(blockRules)).of("normal"),
		},
		{
			Domain:   "jiubao-cha.example",
			Point:    detect.Text{ZH: "“未备案”是两个月前查的：不再作数", EN: "\"unfiled\" was asked two months ago: too old to accuse"},
			row:      row{status: isUnfiled, checked: 62, subject: "杭州毛团儿宠物用品有限公司"},
			web:      home(page("chongwu.html")),
			Expected: is(detect.Serving, unknown("unfiled-site-serving"), warning("footer-number-missing"), notice("police-number-missing", "business-licence-not-shown")),
		},
		{
			Domain:   "weikaizhan.example",
			Point:    detect.Text{ZH: "未备案，没有开站：守规矩", EN: "unfiled and closed, as it should be"},
			row:      row{status: isUnfiled},
			names:    noNames,
			Expected: down("dns-nxdomain", passes("unfiled-site-serving", blockRules), exempt("filed-site-down")),
		},
		{
			Domain:   "zhuangxiu-gongdi.example",
			Point:    detect.Text{ZH: "未备案，只放了“建设中”", EN: "unfiled, with nothing but \"under construction\""},
			row:      row{status: isInReview},
			web:      home(page("server/construction.html")),
			Expected: is(detect.Placeholder, passes("unfiled-site-serving", blockRules)).of("under-construction"),
		},
		{
			Domain:   "yinghua-yingxiang.example",
			Point:    detect.Text{ZH: "接入商的未备案拦截页（403 Beaver）", EN: "a provider's block page (403 Beaver)"},
			row:      row{status: isUnfiled},
			web:      status(403, "Beaver", "beaver.html"),
			noTLS:    true,
			Expected: is(detect.Blocked, notice(blockRules), passes("unfiled-site-serving")).of("block"),
		},
		{
			Domain:         "chenguang-wenju.example",
			Point:          detect.Text{ZH: "握手带上域名就被重置，不带则有应答：按名拦截", EN: "the handshake is reset when the name is told and answered without it"},
			row:            row{status: isUnfiled},
			web:            upgrade(page("chongwu.html")),
			noTLS:          true,
			needsStrangers: true,
			Expected:       is(detect.Blocked, notice(blockRules), passes("unfiled-site-serving")),
		},
		{
			Domain:   "tongluo-leather.example",
			Point:    detect.Text{ZH: "未备案，服务器在内地以外：不适用", EN: "unfiled, on a server outside the mainland: exempt"},
			row:      row{status: isUnfiled, subject: "Tongluo Leather Pte. Ltd."},
			web:      home(page("tongluo.html")),
			spot:     foreignSpot,
			Expected: is(detect.Serving, exempt("unfiled-site-serving"), passes(blockRules)).of("normal"),
		},
	}
}
