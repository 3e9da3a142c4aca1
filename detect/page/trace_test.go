package page

import (
	"strings"
	"testing"
)

func TestTraces(t *testing.T) {
	const reg = "https://beian.miit.gov.cn/"
	foot := func(s string) string {
		return filler + "<footer><p>© 2024 青禾 地址：北京</p>" + s + "</footer>"
	}
	for _, c := range []struct {
		name, in string
		want     TraceKind // "" for none
	}{
		{"nothing", foot(""), ""},
		{"picture in a link", foot(`<a href="` + reg + `"><img src=i.png></a>`), TraceImage},
		{"link without a number", foot(`<a href="` + reg + `">工信部</a>`), TraceLink},
		{"link with a number", foot(`<a href="` + reg + `">京ICP备13052560号</a>`), TraceNumberLink},
		{"picture by its name", foot(`<img src=/images/icp-beian.png>`), TraceImage},
		{"picture loaded late", foot(`<img src=blank.gif data-src=/images/icp.png>`), TraceImage},
		{"badge of the police", foot(`<a href="https://beian.mps.gov.cn/"><img src=beian.png></a>`), ""},
		{"badge before a number", foot(`<img src=/images/beiantubiao.png>`), ""},
		{"badge by its width", foot(`<img src=/images/beian.png width=20 height=20>`), ""},
		{"picture loaded late over a sign", foot(`<img src=loading-icon.gif data-src=/images/icp.png>`), TraceImage},
		{"picture loaded by another name over a sign", foot(`<img src=loading-icon.gif original=/images/icp.png>`), TraceImage},
		{"picture that a style widens", foot(`<img src=/images/beian.png width=20 style="width:200px">`), TraceImage},
		{"picture with the word in its name", foot(`<img src=/images/silicon-beian.png>`), TraceImage},
		{"picture whose alt names the bureau", `<a href="/b"><img src=icpbeian.png alt="浙江省通信管理局备案"></a>` + filler, TraceImage},
		{"picture beside a link to look it up", `<a href="/b"><img src=icpbeian.png>点击查看备案</a>` + filler, TraceImage},
		{"picture of a button", `<nav><a href="/ydjy"><img src=ydjybeian.png><p>异地就医备案</p></a></nav>` + foot(""), ""},
		{"picture beside its own label", `<nav><a href="/b"><img src=icpbeian.png><p>网站备案</p></a></nav>` + filler, TraceImage},
		{"picture of a button at the foot", foot(`<a href="/b"><img src=icpbeian.png>工商备案</a>`), TraceImage},
		{"another picture", foot(`<img src=/images/topicpage.png>`), ""},
		{"empty element", foot(`<span class="icp"></span><script src=/m.js></script>`), TraceEmpty},
		{"empty element in a page without scripts", foot(`<span class="icp"></span>`), ""},
		{"empty element by an id", filler + `<p>© 2024 青禾</p><div id="dibu"></div><script src=/m.js></script>`, TraceEmpty},
		{"empty link to the register", foot(`<a id=x href="` + reg + `"></a><script src=/m.js></script>`), TraceEmpty},
		{"decorations", foot(`<a href=/b class=tel></a><i class=x></i><div class="clear"></div><a class="goTop"></a><span class="iconfont icon-tel"></span><b></b><script src=/m.js></script>`), ""},
		{"script that writes", foot(`<script>document.write("京ICP"+"备2021")</script>`), TraceScript},
		{"script with escapes", foot(`<script>document.write(unescape("%u4EACICP%u5907"))</script>`), TraceScript},
		{"script that calls", foot(`<script>show()</script>`), TraceScript},
		{"script elsewhere that speaks of it", `<script>var cfg={"icp":1}</script>` + foot(""), TraceScript},
		{"script that speaks of the police", `<script>var s={police:"京公网安备11010502030143号"}</script>` + foot(""), TraceScript},
		{"counter", foot(`<script>var _hmt=_hmt||[];(function(){var h=document.createElement("script");h.src="https://hm.baidu.com/hm.js?1";document.body.appendChild(h)})()</script>`), ""},
		{"year", foot(`<script>document.write(new Date().getFullYear())</script>`), ""},
		{"object", foot(`<object data=/footer.html></object>`), TracePart},
		{"film", foot(`<object classid="clsid:D27CDB6E"><embed src=a.swf></object>`), ""},
		{"frame behind the copyright line", filler + `<p>© 2024 青禾</p><iframe src="/common/f.html"></iframe>`, TracePart},
		{"frame of a map", filler + `<p>© 2024 青禾</p><iframe src="https://map.example.org/x"></iframe>`, ""},
		{"element of its own", filler + `<p>© 2024 青禾</p><site-footer></site-footer><script type=module src=a.js></script>`, TracePart},
		{"include of the server", foot(`<!--#include virtual="/inc/foot.html"-->`), TraceTemplate},
		{"edge include", foot(`<esi:include src=/f>`), TraceTemplate},
		{"php", foot(`<?php echo $icp ?>`), TraceTemplate},
		{"dede", foot(`{dede:global.cfg_beian/}`), TraceTemplate},
		{"smarty", foot(`{$cfg.icp}`), TraceTemplate},
		{"jsp", foot(`<%= icp %>`), TraceTemplate},
		{"thymeleaf", foot(`[[${icp}]]`), TraceTemplate},
		{"vue", foot(`{{ icp }}`), TraceTemplate},
		{"bound", foot(`<p v-text="icp">-</p>`), TraceTemplate},
		{"brackets", foot(`[注1] {某某} 1<2 [京]`), ""},
		{"style sheet", foot(`<style>.f::after{content:"京ICP备"}</style>`), TraceDrawn},
		{"style sheet of a class", foot(`<style>.icp::after{content:"";color:red}</style>`), ""},
		{"input", foot(`<input readonly value="京ICP备13052560号">`), TraceDrawn},
		{"garbled", foot("\uFFFD\uFFFD"), TraceGarbled},
		{"host in an attribute", foot(`<span data-href="` + reg + `">x</span>`), TraceRegister},
		{"host in a handler", foot(`<span @click="window.open('` + reg + `')">x</span>`), TraceRegister},
		{"host in a script", `<script src=a.js></script><script>$(".b").click(()=>window.open("https:\/\/beian.miit.gov.cn"))</script>` + foot(""), TraceRegister},
		{"host in a query", foot(`<a href="/go?url=` + reg + `">13052560</a>`), TraceRegister},
		{"host of old", foot(`<p data-x="http://www.miitbeian.gov.cn">x</p>`), TraceRegister},
		{"host as a text", foot(`beian.miit.gov.cn`), ""},
	} {
		p := Parse([]byte("<!doctype html><meta charset=utf-8>"+c.in), Options{URL: "https://www.example.cn/"})
		got, ok := p.Traced(false, c.want)
		if c.want == "" {
			got, ok = p.Traced(false)
			ok = !ok
		}
		if !ok || c.want != "" && strings.Contains(c.in, "<footer>") && !strings.HasPrefix(c.in, "<script") && !got.Foot {
			t.Errorf("%s: %+v, want %q", c.name, p.Traces, c.want)
		}
	}
}

// A page of nothing but traces costs no more than its length, and lists few.
func TestTracesOfHostilePages(t *testing.T) {
	for _, s := range []string{`<b class=x></b>`, `<img src=icp.png>`, "\uFFFD", "{$a}", `<p data-a=beian.miit.gov.cn>`, "<a-b>", "beian.miit.gov.cn "} {
		p := Parse([]byte("<script>x()</script>"+strings.Repeat(s, 20000)+"<p title="+strings.Repeat(s, 9)), Options{})
		if len(p.Traces) > 4*maxTraces+2 {
			t.Errorf("%s: %d traces", s, len(p.Traces))
		}
		for _, x := range p.Traces {
			if x.At < 0 || x.At > len(p.Text) || len(x.Saw) > tracePiece || x.Kind == "" {
				t.Errorf("%s: %+v", s, x)
			}
		}
	}
}

// A number that a style sheet takes from an attribute is drawn, and no text.
func TestNumberDrawnFromAnAttribute(t *testing.T) {
	for body, want := range map[string]bool{
		`<style>.n::after{content:attr(data-n)}</style><p class=n data-n="沪ICP备20231234号"></p>`: true,
		`<style>.n::after{content:attr(title)}</style><p class=n title="关闭"></p>`:               false,
		`<style>.n::after{content:attr(title)}</style><p class=n title="关闭">网站备案</p>`:           false,
	} {
		p := Parse([]byte("<!doctype html><meta charset=utf-8><meta name=keywords content=备案>"+body), Options{})
		if _, got := p.Traced(false, TraceDrawn); got != want {
			t.Errorf("%s: drawn %v", body, got)
		}
	}
}

// Handlers of elements whose content is no markup, or has its own reader, run as
// all others do.
func TestHandlersOfEveryElement(t *testing.T) {
	for _, body := range []string{
		`<iframe onload="location='/home'"></iframe>`, `<style onload="location='/home'"></style>`, `<script src="/x.js" onerror="location='/home'"></script>`,
		`<marquee onstart="location='/home'">·</marquee>`, `<svg onload="location='/home'"></svg>`, `<body onpageshow="location='/home'">`,
	} {
		p := Parse([]byte("<!doctype html>"+body), Options{})
		found := false
		for _, s := range p.Scripts {
			found = found || s.Event && s.Runs
		}
		if !found {
			t.Errorf("%s: no handler in %+v", body, p.Scripts)
		}
	}
}
