package demo

import "github.com/beianwatch/beianwatch/detect"

// footerSites have one fault each in the number at the foot.
func footerSites() []Site {
	return []Site{
		{
			Domain:   "qingmu-zhengzhuang.example",
			Point:    detect.Text{ZH: "页脚完整，没有备案号", EN: "a whole foot without a number"},
			row:      row{status: isFiled, number: "鲁ICP备19853047号-1", subject: "济南青木家居有限公司", siteName: "青木整装", province: "山东", owner: "市场部", team: "青木"},
			web:      home(page("qingmu.html")),
			Expected: is(detect.Serving, plain(), violation("footer-number-missing"), exempt(linkRules...), exempt(numberRules[1:]...)).of("normal"),
		},
		{
			Domain:   "xinghe-tuwen.example",
			Point:    detect.Text{ZH: "备案状态未知，没有备案号：只作待核实", EN: "filing status unknown, no number: a warning"},
			web:      home(page("xinghe.html")),
			Expected: is(detect.Serving, warning("footer-number-missing"), notice("police-number-missing"), unknown("unfiled-site-serving")).of("normal"),
		},
		{
			Domain:   "hualian-jingshui.example",
			Point:    detect.Text{ZH: "挂了别的主体的备案号", EN: "the number of another subject"},
			row:      row{status: isFiled, number: "蜀ICP备2022918355号-1", subject: "成都华涟净水设备有限公司", siteName: "华涟净水", province: "四川"},
			web:      home(page("hualian.html")),
			Expected: is(detect.Serving, plain(), violation("footer-number-wrong")).of("normal"),
		},
		{
			Domain:   "lvcheng-zuche.example",
			Point:    detect.Text{ZH: "同一主体另一个网站的序号；租车公司不是网约车", EN: "another -N of the same subject; a car rental is no ride hailing"},
			row:      row{status: isFiled, number: "鄂ICP备18807315号-2", subject: "武汉绿程汽车租赁有限公司", siteName: "绿程租车", province: "湖北", approvals: "无"},
			web:      home(page("lvcheng.html")),
			Expected: is(detect.Serving, plain(), notice("footer-number-wrong")).of("normal"),
		},
		{
			Domain:   "xiaolu-shudong.example",
			Point:    detect.Text{ZH: "“萌ICP备”玩笑编号", EN: "a parody number (萌ICP备)"},
			row:      row{status: isFiled, number: "沪ICP备2021937082号-1", subject: "鹿某", nature: "个人", siteName: "小鹿的树洞", province: "上海"},
			web:      home(page("xiaolu.html")),
			Expected: is(detect.Serving, plain(), warning("footer-number-fake"), passes("personal-filing-business-content"), exempt("footer-number-missing", "footer-number-wrong", "footer-number-suffix", "footer-number-hidden"), exempt(linkRules...)).of("normal"),
		},
		{
			Domain:   "haoyuan-kongtiao.example",
			Point:    detect.Text{ZH: "模板里的占位号 12345678", EN: "a template's dummy, 12345678"},
			row:      row{status: isFiled, number: "冀ICP备18869023号-1", subject: "石家庄豪远空调工程有限公司", siteName: "豪远空调", province: "河北"},
			web:      home(page("haoyuan.html")),
			Expected: is(detect.Serving, plain(), violation("footer-number-fake"), exempt("footer-number-missing", "footer-number-wrong", "footer-number-suffix", "footer-number-hidden"), exempt(linkRules...)).of("normal"),
		},
		{
			Domain:   "fuchun-chaxi.example",
			Point:    detect.Text{ZH: "浙江网站只标了主体号，没有 -N", EN: "a Zhejiang site with the subject's number, without -N"},
			row:      row{status: isFiled, number: "浙ICP备2020918463号-1", subject: "杭州富春茶席文化创意有限公司", siteName: "富春茶席", province: "浙江"},
			web:      home(page("fuchun.html")),
			Expected: is(detect.Serving, plain(), notice("footer-number-suffix")).of("normal"),
		},
		{
			Domain:   "tiangong-cehui.example",
			Point:    detect.Text{ZH: "备案号只在注释里", EN: "the number is in a comment only"},
			row:      row{status: isFiled, number: "辽ICP备17902648号-1", subject: "沈阳天工测绘仪器有限公司", siteName: "天工测绘", province: "辽宁"},
			web:      home(page("tiangong.html")),
			Expected: is(detect.Serving, plain(), warning("footer-number-hidden"), exempt("footer-number-missing", "footer-number-wrong", "footer-number-fake", "footer-number-suffix"), exempt(linkRules...)).of("normal"),
		},
	}
}

// linkSites have one fault each in the number's link.
func linkSites() []Site {
	return []Site{
		{
			Domain:   "baihe-jixie.example",
			Point:    detect.Text{ZH: "备案号没有链接", EN: "the number has no link"},
			row:      row{status: isFiled, number: "湘ICP备16897034号-1", subject: "长沙百禾机械有限公司", siteName: "百禾粮油机械", province: "湖南"},
			web:      home(page("baihe.html")),
			Expected: is(detect.Serving, plain(), violation("footer-link-missing")).of("normal"),
		},
		{
			Domain:   "jinsha-lawei.example",
			Point:    detect.Text{ZH: "链接到旧网址 miitbeian.gov.cn", EN: "a link to the retired miitbeian.gov.cn"},
			row:      row{status: isFiled, number: "黔ICP备16884170号-1", subject: "贵州金沙辣味食品厂", siteName: "金沙辣味", province: "贵州"},
			web:      home(page("jinsha.html")),
			Expected: is(detect.Serving, plain(), violation("footer-link-legacy")).of("normal"),
		},
		{
			Domain:   "haitian-yinshua.example",
			Point:    detect.Text{ZH: "链接到公安备案网站；印刷厂不是出版", EN: "a link to the police platform; a printer is no publisher"},
			row:      row{status: isFiled, number: "津ICP备19873502号-2", subject: "天津海天印刷包装有限公司", siteName: "海天印刷包装", province: "天津", approvals: "无"},
			web:      home(page("haitian.html")),
			Expected: is(detect.Serving, plain(), violation("footer-link-wrong")).of("normal"),
		},
	}
}

// policeSites have one fault each in the public-security number.
func policeSites() []Site {
	return []Site{
		{
			Domain:   "boyang-muqiang.example",
			Point:    detect.Text{ZH: "清单说应办公安备案，页面没有", EN: "the inventory says that a public-security filing is due, the page shows none"},
			row:      row{status: isFiled, number: "桂ICP备2021902718号-1", subject: "南宁博扬幕墙装饰工程有限公司", siteName: "博扬幕墙", province: "广西", police: "应办"},
			web:      home(page("boyang.html")),
			Expected: is(detect.Serving, plain(), warning("police-number-missing")).of("normal"),
		},
		{
			Domain:   "tonghui-wuliu.example",
			Point:    detect.Text{ZH: "公安备案号只有 12 位", EN: "a public-security number of 12 digits"},
			row:      row{status: isFiled, number: "渝ICP备19826043号-1", subject: "重庆通汇物流有限公司", siteName: "通汇物流园", province: "重庆", police: "渝公网安备50010602029174号"},
			web:      home(page("tonghui.html")),
			Expected: is(detect.Serving, ok(), warning("police-number-malformed")).of("normal"),
		},
		{
			Domain:   "yuxiu-yuanlin.example",
			Point:    detect.Text{ZH: "公安备案号链接到了工信部", EN: "the public-security number links to the ministry's register"},
			row:      row{status: isFiled, number: "陇ICP备17910385号-1", subject: "兰州毓秀园林工程有限公司", siteName: "毓秀园林", province: "甘肃", police: "甘公网安备62010202917640号"},
			web:      home(page("yuxiu.html")),
			Expected: is(detect.Serving, ok(), warning("police-link-wrong")).of("normal"),
		},
	}
}
