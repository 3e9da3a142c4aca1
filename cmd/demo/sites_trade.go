package demo

import "github.com/beianwatch/beianwatch/detect"

// tradeSites are of an industry that needs an approval first; "无" in the
// inventory says that there is none, an empty cell that nobody knows.
func tradeSites() []Site {
	return []Site{
		{
			Domain:   "jinruitong.example",
			Point:    detect.Text{ZH: "卖理财和基金，清单说没有审批", EN: "sells wealth products and funds; the inventory says that it has no approval"},
			row:      row{status: isFiled, number: "粤ICP备18907246号", subject: "深圳金瑞通财富管理有限公司", siteName: "金瑞通财富", province: "广东", approvals: "无"},
			web:      home(page("jinruitong.html")),
			Expected: is(detect.Serving, ok(), violation("preapproval-finance")).of("normal"),
		},
		{
			Domain:   "zhonghe-baoxian.example",
			Point:    detect.Text{ZH: "保险经纪，清单里有金融审批", EN: "an insurance broker whose approval is in the inventory"},
			row:      row{status: isFiled, number: "沪ICP备17936208号-1", subject: "上海众禾保险经纪有限公司", siteName: "众禾保险经纪", province: "上海", approvals: "金融:269801000000"},
			web:      home(page("zhonghe.html")),
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain:   "xinhangxian.example",
			Point:    detect.Text{ZH: "时政新闻，清单没写审批：待核实", EN: "political news; the inventory does not speak of approvals: a warning"},
			row:      row{status: isFiled, number: "辽ICP备18937205号-1", subject: "辽宁新航线传媒有限公司", siteName: "新航线新闻网", province: "辽宁"},
			web:      home(page("xinhang.html")),
			Expected: is(detect.Serving, ok(), warning("preapproval-news")).of("normal"),
		},
		{
			Domain:   "mohai-xiaoshuo.example",
			Point:    detect.Text{ZH: "网络小说在线阅读", EN: "novels to read online"},
			row:      row{status: isFiled, number: "皖ICP备17962094号-2", subject: "合肥墨海文化科技有限公司", siteName: "墨海小说网", province: "安徽", approvals: "无"},
			web:      home(page("mohai.html")),
			Expected: is(detect.Serving, ok(), violation("preapproval-publishing")).of("normal"),
		},
		{
			Domain:   "kangyuan-yaofang.example",
			Point:    detect.Text{ZH: "网上药店", EN: "an online pharmacy"},
			row:      row{status: isFiled, number: "冀ICP备19827406号-1", subject: "河北康源大药房连锁有限公司", siteName: "康源大药房", province: "河北", approvals: "无"},
			web:      home(page("kangyuan.html")),
			Expected: is(detect.Serving, ok(), violation("preapproval-drugs-devices")).of("normal"),
		},
		{
			Domain:   "yinyuan-music.example",
			Point:    detect.Text{ZH: "在线听歌和直播打赏", EN: "music online and live rooms with gifts"},
			row:      row{status: isFiled, number: "闽ICP备2021907536号-1", subject: "福州音鸢网络科技有限公司", siteName: "音鸢音乐", province: "福建"},
			web:      home(page("yinyuan.html")),
			Expected: is(detect.Serving, ok(), warning("preapproval-culture")).of("normal"),
		},
		{
			Domain:   "qiaoqiao-yingshi.example",
			Point:    detect.Text{ZH: "影视在线观看", EN: "films and series online"},
			row:      row{status: isFiled, number: "豫ICP备2020973158号-1", subject: "郑州瞧瞧网络科技有限公司", siteName: "瞧瞧影视", province: "河南", approvals: "无"},
			web:      home(page("qiaoqiao.html")),
			Expected: is(detect.Serving, ok(), violation("preapproval-audiovisual")).of("normal"),
		},
		{
			Domain:   "lantu-shijie.example",
			Point:    detect.Text{ZH: "影视在线观看，页面标有许可证号", EN: "films and series online, with the licences at the foot"},
			row:      row{status: isFiled, number: "粤ICP备2020938471号", subject: "广州蓝途视界传媒有限公司", siteName: "蓝途视界", province: "广东"},
			web:      home(page("lantu.html")),
			Expected: is(detect.Serving, ok()).of("normal"),
		},
		{
			Domain:   "renjitang-yiyuan.example",
			Point:    detect.Text{ZH: "互联网医院；该审批已取消，只提示", EN: "an online hospital; that approval is abolished: a remark"},
			row:      row{status: isFiled, number: "赣ICP备18962073号-1", subject: "南昌仁济堂医院有限公司", siteName: "仁济堂互联网医院", province: "江西", approvals: "无"},
			web:      home(page("renji.html")),
			Expected: is(detect.Serving, ok(), notice("preapproval-healthcare")).of("normal"),
		},
		{
			Domain:   "fengxing-chuxing.example",
			Point:    detect.Text{ZH: "网约车平台", EN: "a ride-hailing platform"},
			row:      row{status: isFiled, number: "晋ICP备2021986340号-1", subject: "山西风行出行科技有限公司", siteName: "风行出行", province: "山西", approvals: "无"},
			web:      home(page("fengxing.html")),
			Expected: is(detect.Serving, ok(), violation("preapproval-ride-hailing")).of("normal"),
		},
		{
			Domain:   "laohuaishu.example",
			Point:    detect.Text{ZH: "论坛；该审批已取消，只提示", EN: "a forum; that approval is abolished: a remark"},
			row:      row{status: isFiled, number: "鲁ICP备17968205号-1", subject: "济宁老槐网络科技有限公司", siteName: "老槐树论坛", province: "山东"},
			web:      home(page("laohuai.html")),
			Expected: is(detect.Serving, ok(), notice("preapproval-bulletin-board")).of("normal"),
		},
		{
			Domain:   "zhuoyue-wangxiao.example",
			Point:    detect.Text{ZH: "中小学学科培训", EN: "after-school tuition"},
			row:      row{status: isFiled, number: "吉ICP备18906372号-1", subject: "长春卓越教育科技有限公司", siteName: "卓越网校", province: "吉林", approvals: "无"},
			web:      home(page("zhuoyue.html")),
			Expected: is(detect.Serving, ok(), violation("preapproval-training")).of("normal"),
		},
		{
			Domain:   "jiuzhou-yeyou.example",
			Point:    detect.Text{ZH: "网页游戏平台，有网络文化许可，没有游戏版号", EN: "browser games with the approval for online culture and none for games"},
			row:      row{status: isFiled, number: "琼ICP备17964820号-4", subject: "海口九州互动网络有限公司", siteName: "九州页游", province: "海南", approvals: "文化:琼网文〔2023〕1874-052号"},
			web:      home(page("jiuzhou.html")),
			Expected: is(detect.Serving, ok(), violation("preapproval-games")).of("normal"),
		},
		{
			Domain:   "huiguang-foxue.example",
			Point:    detect.Text{ZH: "讲经、礼佛、法会报名", EN: "sermons, rites and registration for them"},
			row:      row{status: isFiled, number: "苏ICP备17938462号-2", subject: "慧光文化传播（太仓）有限公司", siteName: "慧光佛学网", province: "江苏", approvals: "无"},
			web:      home(page("huiguang.html")),
			Expected: is(detect.Serving, ok(), violation("preapproval-religion")).of("normal"),
		},
	}
}
