package demo

import "github.com/beianwatch/beianwatch/detect"

// deadSites are filed (but for the defensive one) and do not answer.
func deadSites() []Site {
	hidden := unknown(numberRules...)
	return []Site{
		{
			Domain:   "fengshou-nongji.example",
			Point:    detect.Text{ZH: "域名不存在", EN: "the name does not exist"},
			row:      row{status: isFiled, number: "豫ICP备16907813号-1", subject: "周口丰收农机有限公司", owner: "王工", team: "农机"},
			names:    noNames,
			Expected: down("dns-nxdomain", violation("filed-site-down"), hidden, exempt("unfiled-site-serving")),
		},
		{
			Domain:   "anda-jiaxiao.example",
			Point:    detect.Text{ZH: "连接被拒绝", EN: "the connection is refused"},
			row:      row{status: isFiled, number: "蜀ICP备19836072号-1", subject: "绵阳安达驾驶培训有限公司"},
			spot:     closedSpot,
			Expected: down("refused", violation("filed-site-down"), hidden),
		},
		{
			Domain:   "changle-shuini.example",
			Point:    detect.Text{ZH: "接受连接但从不应答；观测点未声明在内地，只作待核实", EN: "accepts and never answers; a warning from a vantage that is not declared mainland"},
			row:      row{status: isFiled, number: "鲁ICP备18892640号-2", subject: "潍坊昌乐水泥制品有限公司"},
			spot:     silentSpot,
			names:    apexOnly,
			Expected: down("timeout", warning("filed-site-down"), hidden),
		},
		{
			Domain:   "qiming-wanju.example",
			Point:    detect.Text{ZH: "连接被重置，不带域名也一样", EN: "connections are reset, with the name and without it"},
			row:      row{status: isFiled, number: "粤ICP备2020937614号", subject: "汕头启明玩具有限公司"},
			spot:     resetSpot,
			Expected: down("reset", unknown("filed-site-down"), hidden, exempt("unfiled-site-blocked")),
			drawn:    with(warning("filed-site-down")),
		},
		{
			Domain:   "huayi-yuanlin.example",
			Point:    detect.Text{ZH: "网关错误 502", EN: "502 from the gateway"},
			row:      row{status: isFiled, number: "苏ICP备17906328号-4", subject: "扬州华艺园林有限公司"},
			web:      status(502, "nginx/1.24.0", "bad-gateway.html"),
			Expected: down("http-502", unknown("filed-site-down"), hidden),
			drawn:    with(violation("filed-site-down")),
		},
		{
			Domain:   "longteng-wujin.example",
			Point:    detect.Text{ZH: "首页 404", EN: "404 at the home page"},
			row:      row{status: isFiled, number: "浙ICP备18903756号-1", subject: "永康市龙腾五金有限公司"},
			web:      status(404, "Apache/2.4.58 (Unix)", "not-found.html"),
			Expected: down("http-404", unknown("filed-site-down"), hidden),
			drawn:    with(warning("filed-site-down")),
		},
		{
			Domain:   "jiazhun-mold.example",
			Point:    detect.Text{ZH: "对自报家门的程序回 404，浏览器却能打开：不得判为无法访问", EN: "404 to a client that says what it is, the site to a browser: not down"},
			row:      row{status: isFiled, number: "粤ICP备2022917380号", subject: "东莞市嘉准模具科技有限公司"},
			web:      toBrowsers(page("moju.html"), status(404, "nginx", "not-found.html")),
			Expected: down("http-404", unknown("filed-site-down"), hidden),
			drawn: func(e *Expected) {
				*e = is(detect.Serving, plain(), notice("site-shown-to-browsers-only")).of("normal")
			},
		},
		{
			Domain:   "xinban-wangzhan.example",
			Point:    detect.Text{ZH: "昨天才通过备案：三天宽限", EN: "approved yesterday: three days of grace"},
			row:      row{status: isFiled, number: "湘ICP备2026918350号-1", subject: "长沙新板文具有限公司", approved: 1},
			names:    noNames,
			Expected: down("dns-nxdomain", exempt(stateRules...)),
		},
		{
			Domain:   "hengrun-zhoucheng.test",
			Point:    detect.Text{ZH: "保护性域名，清单说应关闭", EN: "a defensive name that the inventory wants closed"},
			row:      row{status: isFiled, number: "苏ICP备18903417号-2", subject: "江苏恒润轴承制造有限公司", expect: "关闭", owner: "信息部", team: "恒润"},
			names:    noNames,
			Expected: down("dns-nxdomain", passes("filed-site-down")),
		},
	}
}

// placeholderSites are filed and answer with something that is no site.
func placeholderSites() []Site {
	empty := exempt(append([]string{"footer-number-missing", "police-number-missing"}, tradeRules...)...)
	return []Site{
		{
			Domain:   "kaiyuan-jixie.example",
			Point:    detect.Text{ZH: "nginx 默认页", EN: "nginx's default page"},
			row:      row{status: isFiled, number: "辽ICP备19870315号-1", subject: "鞍山开源机械有限公司"},
			web:      home(page("server/nginx.html")),
			Expected: is(detect.Placeholder, violation("filed-site-placeholder"), passes("filed-site-down"), empty).of("default-server"),
		},
		{
			Domain:   "tianyi-huazhuang.example",
			Point:    detect.Text{ZH: "“网站正在建设中”", EN: "\"under construction\""},
			row:      row{status: isFiled, number: "沪ICP备2022908471号-1", subject: "上海天逸化妆品有限公司"},
			web:      home(page("server/construction.html")),
			Expected: is(detect.Placeholder, warning("filed-site-placeholder"), passes("filed-site-down"), empty).of("under-construction"),
		},
		{
			Domain:   "shuoguo-nongchang.example",
			Point:    detect.Text{ZH: "域名停放出售", EN: "parked, for sale"},
			row:      row{status: isFiled, number: "陕ICP备18897250号-1", subject: "礼泉县硕果农场"},
			web:      home(page("server/parked.html")),
			Expected: is(detect.Placeholder, violation("filed-site-placeholder"), passes("filed-site-down"), empty).of("parked"),
		},
		{
			Domain:   "haochi-canyin.example",
			Point:    detect.Text{ZH: "目录列表", EN: "a directory listing"},
			row:      row{status: isFiled, number: "津ICP备17894603号-1", subject: "天津好吃餐饮管理有限公司"},
			web:      home(page("server/listing.html")),
			Expected: is(detect.Placeholder, warning("filed-site-placeholder"), passes("filed-site-down"), empty).of("listing"),
		},
		{
			Domain:   "baima-keji.example",
			Point:    detect.Text{ZH: "空白页，复查后确认", EN: "a blank page, confirmed by further looks"},
			row:      row{status: isFiled, number: "皖ICP备2021906834号-1", subject: "芜湖白马科技有限公司"},
			web:      home(page("server/blank.html")),
			Expected: is(detect.Placeholder, unknown("filed-site-placeholder"), passes("filed-site-down"), empty).of("blank"),
			drawn:    with(warning("filed-site-placeholder")),
		},
	}
}

// leadingSites only lead to another domain, which is not serving.
func leadingSites() []Site {
	away := exempt(append([]string{"filed-site-down", "filed-site-placeholder", "police-number-missing"}, numberRules...)...)
	to := moved(302, "http://lanjiang-group.example/")
	return []Site{
		{
			Domain:   "lanjiang-guanye.example",
			Point:    detect.Text{ZH: "跳转到别的可注册域名", EN: "leads to another registrable domain"},
			row:      row{status: isFiled, number: "滇ICP备16830927号-3", subject: "云南澜江管业有限公司", team: "澜江"},
			web:      to,
			Expected: is(detect.Placeholder, warning("filed-site-redirects-away"), away),
		},
		{
			Domain:   "lanjiang-jituan.example",
			Point:    detect.Text{ZH: "清单说明是别名：只提示", EN: "the inventory names the target as its alias: a remark"},
			row:      row{status: isFiled, number: "滇ICP备16830927号-2", subject: "云南澜江集团股份有限公司", aliasOf: "lanjiang-group.example", team: "澜江"},
			web:      to,
			Expected: is(detect.Placeholder, notice("filed-site-redirects-away"), away),
		},
		{
			Domain:   "lanjiang-jituan.test",
			Point:    detect.Text{ZH: "清单说明应跳转：符合预期", EN: "the inventory expects the redirect: pass"},
			row:      row{status: isFiled, number: "滇ICP备16830927号-4", subject: "云南澜江集团股份有限公司", aliasOf: "lanjiang-group.example", expect: "跳转", team: "澜江"},
			web:      to,
			Expected: is(detect.Placeholder, passes("filed-site-redirects-away"), away),
		},
	}
}
