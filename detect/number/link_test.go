package number

import (
	"testing"

	"github.com/beianwatch/beianwatch/detect/page"
)

func TestKindOf(t *testing.T) {
	for address, want := range map[string]LinkKind{
		"https://beian.miit.gov.cn/": LinkCurrent, "https://beian.miit.gov.cn": LinkCurrent, "http://beian.miit.gov.cn//": LinkCurrent,
		"https://beian.miit.gov.cn/#/Integrated/index": LinkCurrent, "https://beian.miit.gov.cn/?spm=a": LinkCurrent, "HTTPS://Beian.MIIT.gov.cn.": LinkCurrent,
		"https://beian.miit.gov.cn:443/": LinkCurrent, "//beian.miit.gov.cn": LinkCurrent, "http://www.beian.miit.gov.cn": LinkCurrent,
		"http://beian.miit.gov.cn/publish/query/indexFirst.action": LinkCurrent, "https:/beian.miit.gov.cn": LinkCurrent, "https://beian。miit。gov。cn": LinkCurrent,
		"http://www.miitbeian.gov.cn/": LinkLegacy, "miitbeian.gov.cn": LinkOther, "http://miibeian.gov.cn/x?y": LinkLegacy, "http://www.miibeian.gov.cn": LinkLegacy,
		"https://www.miit.gov.cn/": LinkOther, "https://xxca.miit.gov.cn": LinkOther, "https://www.beian.gov.cn/": LinkOther, "https://icp.gov.moe/?keyword=1": LinkOther,
		"https://beian.miit.gov.cn.example.com/": LinkOther, "https://example.com/beian.miit.gov.cn": LinkOther, "https://beian.miit.gov.cn@example.com/": LinkOther,
		"beian.miit.gov.cn": LinkOther, "/beian": LinkOther, "mailto:a@beian.miit.gov.cn": LinkOther, "": LinkNone, " ": LinkNone,
	} {
		if got := KindOf(address); got != want {
			t.Errorf("%q is %s, want %s", address, got, want)
		}
	}
}

func TestPairing(t *testing.T) {
	const current, legacy = `href="https://beian.miit.gov.cn/"`, `href="http://www.miitbeian.gov.cn/"`
	for _, c := range []struct {
		name, in string
		want     LinkKind
	}{
		{"around", `<a ` + current + `>京ICP备13052560号-1</a>`, LinkCurrent},
		{"around with label", `<a ` + legacy + `>备案号：京ICP备13052560号-1 | </a>`, LinkLegacy},
		{"none", `京ICP备13052560号-1`, LinkNone},
		{"dead", `<a href="#">京ICP备13052560号-1</a>`, LinkNone},
		{"script", `<a href="javascript:void(0)">京ICP备13052560号-1</a>`, LinkNone},
		{"placeholder", `<a href="{{url}}">京ICP备13052560号-1</a>`, LinkNone},
		{"own home", `<a href="/">京ICP备13052560号-1</a>`, LinkNone},
		{"own home in full", `<a href="https://www.example.cn/index.html">京ICP备13052560号-1</a>`, LinkNone},
		{"elsewhere", `<a href="https://www.miit.gov.cn/">京ICP备13052560号-1</a>`, LinkOther},
		{"the police", `<a href="https://beian.mps.gov.cn/">京ICP备13052560号-1</a>`, LinkOther},
		{"around the digits", `京ICP备<a ` + current + `>13052560</a>号-1`, LinkCurrent},
		{"around the first half of the digits", `京ICP备<a ` + current + `>1305</a>2560号-1`, LinkCurrent},
		{"around the letters", `<a ` + current + `>京ICP备</a>13052560号-1`, LinkCurrent},
		{"around the suffix", `京ICP备13052560<a ` + current + `>号-1</a>`, LinkCurrent},
		{"around the label", `<a ` + current + `>网站备案号</a>：京ICP备13052560号-1`, LinkCurrent},
		{"on an icon before", `<a ` + current + `><img src=i.png alt="备案"></a> 京ICP备13052560号-1`, LinkCurrent},
		{"on an icon behind", `京ICP备13052560号-1 <a ` + current + `><img src=i.png></a>`, LinkCurrent},
		{"next element", `<p>京ICP备13052560号-1</p><p><a ` + current + `>工信部备案管理系统</a></p>`, LinkCurrent},
		{"next cell", `<table><tr><td>京ICP备13052560号-1<td><a ` + current + `>查询</a></table>`, LinkCurrent},
		{"nested", `<a ` + current + `><div><span>京ICP备</span><span>13052560号</span></div></a>`, LinkCurrent},
		{"onclick on the number", `<span onclick="window.open('https://beian.miit.gov.cn')">京ICP备13052560号-1</span>`, LinkCurrent},
		{"onclick on a dead link", `<a href="javascript:;" onclick="location.href='https://beian.miit.gov.cn'">京ICP备13052560号-1</a>`, LinkCurrent},
		{"onclick around", `<div onclick="open('https://beian.miit.gov.cn')"><img src=i.png><em>京ICP备13052560号-1</em></div>`, LinkCurrent},
		{"of another number", `京ICP备13052560号-1 <a ` + current + `>粤B2-20090059</a>`, LinkNone},
		{"far away", `京ICP备13052560号-1 本站由某某科技有限公司提供技术支持与运营维护服务 <a ` + current + `>工信部</a>`, LinkNone},
		{"another link beside", `<a href="/about">关于我们</a> 京ICP备13052560号-1 <a href="/contact">联系我们</a>`, LinkNone},
		{"hidden", `京ICP备13052560号-1 <a style="display:none" ` + current + `>备案</a>`, LinkNone},
		{"police link beside", `京ICP备13052560号-1 <a href="http://www.beian.gov.cn/"><img src=p.png></a>`, LinkNone},
		{"dead link and icon", `<a href="#">京ICP备13052560号-1</a><a ` + current + `><img src=i.png></a>`, LinkCurrent},
		{"twice, once linked", `京ICP备13052560号-1 某公司 <a ` + current + `>京ICP备13052560号-1</a>`, LinkCurrent},
	} {
		s := shown(c.in)
		if len(s.ICP) == 0 || s.ICP[0].Kind != c.want {
			t.Errorf("%s: %+v, want %s", c.name, s.ICP, c.want)
		}
	}
}

func TestPolice(t *testing.T) {
	for _, c := range []struct{ name, in, number, malformed string }{
		{"well-formed", "京公网安备11010502030143号", "京公网安备11010502030143号", ""},
		{"space", "京公网安备 11010502030143 号", "京公网安备11010502030143号", ""},
		{"colon, no 号", "沪公网安备：31010502000027", "沪公网安备31010502000027号", ""},
		{"year in front", "2024沪公网安备31010102002533号", "沪公网安备31010102002533号", ""},
		{"over lines", "京公网安备<br>11010502030143号", "京公网安备11010502030143号", ""},
		{"over cells", "<table><tr><td>京公网安备<td>11010502030143号</table>", "京公网安备11010502030143号", ""},
		{"over elements", "京公网安备 <span>11010502<b>030143</b>号</span>", "京公网安备11010502030143号", ""},
		{"digits over lines", "京公网安备 11010502<br>030143号", "京公网安备11010502030143号", ""},
		{"telephone behind", "京公网安备1101052730 010-62150000", "京公网安备1101052730号", "length"},
		{"telephone behind a whole one", "京公网安备11010502030143 010-62150000", "京公网安备11010502030143号", ""},
		{"office of the number", "公安机关备案号：32059002001008", "苏公网安备32059002001008号", "wording"},
		{"full width", "京公網安備１１０１０５０２０３０１４３號", "京公网安备11010502030143号", ""},
		{"plate character", "川公网安备51010502010001号", "川公网安备51010502010001号", ""},
		{"brackets behind", "京公网安备110102000666(2)", "京公网安备110102000666号", "length"},
		{"short", "京公网安备1101052730", "京公网安备1101052730号", "length"},
		{"thirteen", "京公网安备1101110200092号", "京公网安备1101110200092号", "length"},
		{"no such division", "京公网安备99010602002329号", "京公网安备99010602002329号", "division"},
		{"no 网", "京公安备11010102000431", "京公网安备11010102000431号", "wording"},
		{"letters swapped", "京公安网备：11010102000012号", "京公网安备11010102000012号", "wording"},
		{"no 公", "辽宁网安备 21019402000107号", "辽公网安备21019402000107号", "wording"},
		{"no 安", "渝公网备：50010801500236", "渝公网安备50010801500236号", "wording"},
		{"the office spelt out", "北京市公安局朝阳分局备案编号110105014669", "京公网安备110105014669号", "wording"},
		{"office and department", "北京市公安局海淀分局网监中心备案编号：11010802020122", "京公网安备11010802020122号", "wording"},
		{"公安备案号", "公安备案号 11010502030143", "京公网安备11010502030143号", "wording"},
		{"网警备案号", "网警备案号：45010302000153", "桂公网安备45010302000153号", "wording"},
		{"no province", "公网安备11010502030143号", "京公网安备11010502030143号", "province"},
	} {
		s := shown(c.in)
		if len(s.Police) != 1 || s.Police[0].Number != c.number || s.Police[0].Malformed != c.malformed {
			t.Errorf("%s: %+v, want %s %q", c.name, s.Police, c.number, c.malformed)
		}
		if len(s.ICP) != 0 {
			t.Errorf("%s: filing numbers %+v", c.name, s.ICP)
		}
	}
	for _, in := range []string{"公安部 设备 13800000000", "到公安机关备案", "京公网安备（申请中）", "余杭公安 20小时前", "生产设备12345678901234"} {
		if s := shown(in); len(s.Police) != 0 {
			t.Errorf("%s: %+v", in, s.Police)
		}
	}
}

func TestPoliceLinks(t *testing.T) {
	for _, c := range []struct {
		in, code string
		want     LinkKind
	}{
		{`<a href="https://beian.mps.gov.cn/#/query/webSearch?code=11010502030143">京公网安备11010502030143号</a>`, "11010502030143", LinkCurrent},
		{`<a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=11010502030143"><img><p>京公网安备 11010502030143号</p></a>`, "11010502030143", LinkCurrent},
		{`<a href="http://www.beian.gov.cn/portal/index"><img></a>京公网安备11010502030143号`, "", LinkCurrent},
		{`<a href="https://beian.miit.gov.cn/">京公网安备11010502030143号</a>`, "", LinkOther},
		{`<a href="#">京公网安备11010502030143号</a>`, "", LinkNone},
		{`京公网安备11010502030143号`, "", LinkNone},
	} {
		s := shown(c.in)
		if len(s.Police) != 1 || s.Police[0].Kind != c.want || s.Police[0].Code != c.code {
			t.Errorf("%s: %+v, want %s %q", c.in, s.Police, c.want, c.code)
		}
	}
}

func TestPlace(t *testing.T) {
	filler := ""
	for range 100 {
		filler += "<p>本公司生产各类机械设备，欢迎新老客户来电洽谈。</p>"
	}
	for _, c := range []struct {
		name, in string
		want     Place
		kind     LinkKind
	}{
		{"foot", filler + `<div id="footer">京ICP备13052560号</div>`, Footer, LinkNone},
		{"last line without a foot", filler + `<div>京ICP备13052560号</div>`, Footer, LinkNone},
		{"head", `<div>京ICP备13052560号</div>` + filler, Body, LinkNone},
		{"head of the foot's class", `<div class="football-nav">京ICP备13052560号</div>` + filler, Body, LinkNone},
		{"pop-up behind the foot", filler + `<footer>京ICP备13052560号</footer><div class=pop><h3>在线客服</h3><p>电话</p></div>`, Footer, LinkNone},
		{"list of friends around", filler + `<p class="friendly-links">友情链接 <a href="//a.cn">甲</a> <a href="https://beian.miit.gov.cn">京ICP备13052560号</a></p>`, Footer, LinkCurrent},
		{"comment", filler + `<footer>©<!-- <a href="https://beian.miit.gov.cn">京ICP备13052560号</a> --></footer>`, Comment, LinkCurrent},
		{"script", `<script>document.write('<a href="https:\/\/beian.miit.gov.cn">\u4eacICP\u590713052560\u53f7<\/a>')</script>` + filler, Script, LinkCurrent},
		{"alt", filler + `<a href="https://beian.miit.gov.cn"><img alt="京ICP备13052560号"></a>`, Alt, LinkCurrent},
		{"hidden", filler + `<div style="display:none">京ICP备13052560号</div>`, Hidden, LinkNone},
		{"hidden attribute", filler + `<p hidden><span>京ICP备</span><span>13052560号</span></p>`, Hidden, LinkNone},
		{"noscript", filler + `<noscript><p>京ICP备13052560号</p></noscript>`, Hidden, LinkNone},
	} {
		s := Find(page.Parse([]byte("<meta charset=utf-8>"+c.in), page.Options{}))
		if len(s.ICP) != 1 || s.ICP[0].Place != c.want || s.ICP[0].Kind != c.kind || s.ICP[0].Number != "京ICP备13052560号" {
			t.Errorf("%s: %+v, want %s %s", c.name, s.ICP, c.want, c.kind)
		}
	}
}

func TestOwn(t *testing.T) {
	filler := ""
	for range 100 {
		filler += "<p>本公司生产各类机械设备，欢迎新老客户来电洽谈。</p>"
	}
	for _, c := range []struct {
		name, in string
		others   string // the number that is not the site's own
	}{
		{"one in the foot", `<footer>京ICP备13052560号</footer>`, ""},
		{"builder's credit", `<footer>某公司 京ICP备13052560号<br>技术支持：建站公司 粤ICP备14023066号</footer>`, "粤ICP备14023066号"},
		{"credit without a number", `<footer>京ICP备13052560号 技术支持：建站公司</footer>`, ""},
		{"only number after a credit", `<footer>技术支持：建站公司 京ICP备13052560号</footer>`, "京ICP备13052560号"},
		{"own number behind a credit", `<footer>技术支持：建站公司 | 京ICP备13052560号</footer>`, ""},
		{"own number behind a credit and an address", `<footer>版权所有 甲公司 技术支持 乙建设有限公司 地址：北京 电话：010-62345678 京ICP备13052560号</footer>`, ""},
		{"own number labelled behind a credit", `<footer>技术支持：建站公司 备案号：京ICP备13052560号</footer>`, ""},
		{"number of a friend", filler + `<footer><p>友情链接 <a href="//a.example.cn">甲公司</a> <a href="//b.example.cn">某协会 粤ICP备14023066号</a></p><p>© 2024 青禾 京ICP备13052560号</p></footer>`, "粤ICP备14023066号"},
		{"quoted in an article", `<p>据查询，该网站的备案号为粤ICP备14023066号，主办单位为某网络科技有限公司，备案于当年通过。记者随后拨打了页面上的电话，但无人接听；截至发稿，该网站仍可访问，相关部门表示将继续核查。</p>` + filler + `<footer>京ICP备13052560号</footer>`, "粤ICP备14023066号"},
		{"only one, quoted", `<p>据查询，该网站的备案号为粤ICP备14023066号，主办单位为某网络科技有限公司，备案于当年通过。记者随后拨打了页面上的电话，但无人接听；截至发稿，该网站仍可访问，相关部门表示将继续核查。</p>` + filler, "粤ICP备14023066号"},
		{"two of one subject", `<footer>京ICP备13052560号-1 京ICP备13052560号-2</footer>`, ""},
	} {
		s := Find(page.Parse([]byte("<meta charset=utf-8>"+c.in), page.Options{}))
		for _, n := range s.ICP {
			if n.Own == (n.Number == c.others) {
				t.Errorf("%s: %s is own: %v", c.name, n.Number, n.Own)
			}
		}
		if len(s.ICP) == 0 {
			t.Errorf("%s: no number", c.name)
		}
	}
}

// A link to another port of the register's host is none to the register.
func TestOtherPortOfTheRegister(t *testing.T) {
	for address, want := range map[string]LinkKind{
		"https://beian.miit.gov.cn:443/": LinkCurrent, "http://beian.miit.gov.cn:80": LinkCurrent, "https://beian.miit.gov.cn:/": LinkCurrent,
		"https://beian.miit.gov.cn:8080/": LinkOther, "http://www.beian.miit.gov.cn:81": LinkOther,
	} {
		if got := KindOf(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
