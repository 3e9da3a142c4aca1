package demo

import "github.com/beianwatch/beianwatch/detect"

// contentSites have content, or a place, that does not fit the filing.
func contentSites() []Site {
	return []Site{
		{
			Domain:   "dongfang-zhixiang.example",
			Point:    detect.Text{ZH: "登记为已备案，却是接入商的拦截页；观测点未声明在内地，只作待核实", EN: "filed, yet a provider's block page; a warning from a vantage that is not declared mainland"},
			row:      row{status: isFiled, number: "冀ICP备17968024号-1", subject: "沧州东方纸箱有限公司"},
			web:      status(403, "Beaver", "beaver.html"),
			noTLS:    true,
			Expected: is(detect.Blocked, unknown("filed-site-blocked"), exempt("filed-site-down", "unfiled-site-blocked"), unknown(numberRules...)).of("block"),
			drawn:    with(warning("filed-site-blocked")),
		},
		{
			Domain:   "ruiqi-shipin.example",
			Point:    detect.Text{ZH: "已备案，却只解析到内地以外", EN: "filed, yet it points abroad only"},
			row:      row{status: isFiled, number: "浙ICP备17928460号-1", subject: "义乌瑞琪饰品有限公司", siteName: "瑞琪饰品", province: "浙江", server: "192.0.2.7"},
			web:      home(page("waimao.html")),
			spot:     foreignSpot,
			Expected: is(detect.Serving, ok(), notice("filed-site-elsewhere", "server-address-differs")).of("normal"),
		},
		{
			Domain:   "yuyue-shuizu.example",
			Point:    detect.Text{ZH: "标题与页面都没有备案的网站名称", EN: "neither the title nor the page carries the filed name"},
			row:      row{status: isFiled, number: "黔ICP备18924063号-1", subject: "贵阳碧波水族器材有限公司", siteName: "碧波水族商城", province: "贵州"},
			web:      home(page("yuyue.html")),
			Expected: is(detect.Serving, ok(), warning("site-name-mismatch")).of("normal"),
		},
		{
			Domain:   "xiaoman-soap.example",
			Point:    detect.Text{ZH: "个人备案，却在开店、招商", EN: "a person's filing with a shop that recruits franchisees"},
			row:      row{status: isFiled, number: "闽ICP备2021973806号-1", subject: "满某", nature: "个人", siteName: "小满的手工皂", province: "福建"},
			web:      home(page("xiaoman.html")),
			Expected: is(detect.Serving, ok(), warning("personal-filing-business-content"), notice("business-licence-not-shown"), passes("site-name-mismatch")).of("normal"),
		},
		{
			Domain:   "gudu-mudan.example",
			Point:    detect.Text{ZH: "版权行写着另一家公司", EN: "the copyright line names another company"},
			row:      row{status: isFiled, number: "豫ICP备18917350号-1", subject: "洛阳古都牡丹园林有限公司", siteName: "古都牡丹园林", province: "河南"},
			web:      home(page("tengyuan.html")),
			Expected: is(detect.Serving, ok(), notice("content-of-another-subject")).of("normal"),
		},
		{
			Domain: "huaxin-peixun.example",
			Point:  detect.Text{ZH: "域名过期后被人拿去做赌博页", EN: "a lapsed name that gamblers picked up"},
			row:    row{status: isFiled, number: "赣ICP备16935027号-1", subject: "赣州华信职业培训学校"},
			web:    home(page("shiluo.html")),
			Expected: is(detect.Serving, plain(), warning("content-forbidden"), exempt("preapproval-culture"), violation("footer-number-missing"), exempt(numberRules[1:]...), exempt(linkRules...)).
				of("normal"),
		},
	}
}
