package page

import (
	"strings"
	"testing"
)

// filler is a page's worth of text.
var filler = strings.Repeat("<p>本公司生产各类机械设备，欢迎新老客户来电洽谈。</p>", 60)

func zoneOf(p *Page, text string) Zone {
	i := strings.Index(p.Text, text)
	if i < 0 {
		return 99
	}
	return p.Spans[p.SpanAt(i)].Zone
}

func TestZones(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Zone // of the text 此处
	}{
		{"footer element", "<footer>此处</footer>" + filler, ZoneFooter},
		{"class", filler + "<div class='page-footer dark'>此处</div>", ZoneFooter},
		{"id", filler + "<div id=Foot>此处</div>", ZoneFooter},
		{"copyright class", filler + "<p class=copyright>此处</p>", ZoneFooter},
		{"bottom", filler + "<div id=bottom>此处</div>", ZoneFooter},
		{"role", filler + "<div role=contentinfo>此处</div>", ZoneFooter},
		{"nested", filler + "<div class=footer><ul><li><a href=/x>此处</a></ul></div>", ZoneFooter},
		{"nav in the foot", filler + "<footer><nav>此处</nav></footer>", ZoneFooter},
		{"copyright line", filler + "<div>此处 © 2026 某公司</div>", ZoneFooter},
		{"behind the copyright line", filler + "<div>Copyright 2026</div><div>此处</div>", ZoneFooter},
		{"foot of a card", "<div class='card-footer'>此处</div>" + filler + filler, ZoneBody},
		{"foot of a dialog", "<div class='modal-footer'>此处</div>" + filler + filler, ZoneBody},
		{"foot of an article", "<article><footer>此处</footer></article>" + filler + filler, ZoneBody},
		{"football", "<div class='football'>此处</div>" + filler, ZoneBody},
		{"margin", "<div class='mb-bottom'>此处</div>" + filler, ZoneBody},
		{"copyright in the text", "<p>版权所有权是指此处</p>" + filler + filler + filler + filler, ZoneBody},
		{"body", "<p>此处</p>" + filler, ZoneBody},
		{"heading", "<h2>此处</h2>" + filler, ZoneHeading},
		{"nav element", "<nav>此处</nav>" + filler, ZoneNav},
		{"nav class", "<ul class='main-nav'><li>此处</ul>" + filler, ZoneNav},
		{"class of the body", "<body class='nav-open footer-fixed'><p>此处</p>" + filler, ZoneBody},
		{"a foot that holds the page", "<div class=footer>" + filler + "<p>此处</p>" + filler + filler + filler + filler + "</div>", ZoneBody},
		{"friend", filler + "<div class='friend-links'><a href='http://b.example.cn'>此处</a></div>", ZoneFriends},
		{"friend by its heading", filler + "<div>友情链接：<a href='http://a.example.cn'>甲</a> | <a href='http://b.example.cn'>此处</a></div>", ZoneFriends},
		{"own link among friends", filler + "<footer class='friend-links'><a href='/about'>此处</a></footer>", ZoneFooter},
		{"text among friends", filler + "<footer class='friend-links'>此处</footer>", ZoneFooter},
		{"number among friends", filler + "<footer class='friend-links'><a href='https://beian.miit.gov.cn'>此处13052560号</a></footer>", ZoneFooter},
		{"behind the friends", filler + "<footer>友情链接：<a href='http://a.example.cn'>甲</a><p>地址：某省某市某路某号</p><a href='http://b.example.cn'>此处</a></footer>", ZoneFooter},
	} {
		if got := zoneOf(parse(c.in), "此处"); got != c.want {
			t.Errorf("%s: zone %d, want %d", c.name, got, c.want)
		}
	}
}

func TestFoot(t *testing.T) {
	for _, c := range []struct {
		name, in      string
		there, unread bool
	}{
		{"copyright", filler + "<footer>© 2026 某公司</footer>", true, false},
		{"copyright in words", filler + "<p>某公司 版权所有</p>", true, false},
		{"address and telephone", filler + "<p>地址：某路一号</p><p>电话：010-12345678</p>", true, false},
		{"no foot", filler, false, false},
		{"copyright in an article", "<p>版权所有</p>" + filler + filler + filler, false, false},
		{"foot script", filler + "<p>©</p><script src=/js/footer.js></script>", true, true},
		{"copyright script of another site", filler + "<p>©</p><script src=//cdn.example.com/copyright.min.js?v=1></script>", true, true},
		{"script within the foot", filler + "<footer>©<script src=/js/x.js></script></footer>", true, true},
		{"counter within the foot", filler + "<footer>©<script src=//s4.cnzz.com/z_stat.php?id=1></script></footer>", true, false},
		{"football script", filler + "<p>©</p><script src=/js/football.js></script>", true, false},
		{"loaded fragment", filler + "<div id=footer></div><script>$('#footer').load('/foot.html')</script>", false, true},
		{"fetched fragment", filler + "<p>©</p><script>fetch('/common/footer.html').then(x)</script>", true, true},
		{"included fragment", filler + "<p>©</p><div data-include='foot'></div><script src=/js/inc.js></script>", true, true},
		{"empty foot and scripts", filler + "<div class=footer></div><script src=/js/main.js></script>", false, true},
		{"empty foot, no scripts", filler + "<div class=footer></div>", false, false},
		{"frame in the foot", filler + "<footer>©<iframe src=/icp.html></iframe></footer>", true, true},
		{"frame of a foot", filler + "<p>©</p><iframe src=/inc/bottom.html></iframe>", true, true},
		{"frame of a map", "<iframe src=/map.html></iframe>" + filler + "<p>©</p>", true, false},
		{"template", filler + "<footer>© {{ config.icp }}</footer>", true, true},
		{"drawn by script", "<div id=app></div><script src=/js/app.js></script>", false, true},
		{"ordinary scripts", filler + "<p>©</p><script src=/js/jquery.js></script><script>var a=1</script>", true, false},
	} {
		p := parse(c.in)
		if p.HasFoot != c.there || p.UnreadFoot != c.unread {
			t.Errorf("%s: foot %v, unread %v", c.name, p.HasFoot, p.UnreadFoot)
		}
	}
}

func TestShell(t *testing.T) {
	for _, c := range []struct {
		in   string
		want bool
	}{
		{"<div id=app></div><script src=/app.js></script>", true},
		{"<div id=root><div class=loading>加载中，请稍候…</div></div><script type=module src=/assets/index.js></script>", true},
		{"<app-root></app-root><script src=main.js></script>", true},
		{"<div id=__next></div><script>" + strings.Repeat("a();", 1000) + "</script>", true},
		{"<div id=app></div>", false},
		{"<div id=app>" + filler + "</div><script src=/app.js></script>", false},
		{"<div id=app hidden></div><script src=/app.js></script>", false},
		{"<div id=main></div><script src=/app.js></script>", false},
		{"<div id=app></div><script type=application/json>{}</script>", false},
	} {
		if got := parse(c.in).AppRoot; got != c.want {
			t.Errorf("%.80s: %v, want %v", c.in, got, c.want)
		}
	}
}

func TestFacts(t *testing.T) {
	p := parse(`<html><head><title> 某
		公司 </title><meta name=Description content=" 介绍 "><meta name="keywords" content="甲,乙"><meta name=generator content="WordPress 6">
		<title>second</title></head><body><img src=a><img src=b><input type=password><p>好 坏</p><svg><title>t</title></svg></body></html>`)
	if p.Title != "某 公司" || p.Description != "介绍" || p.Keywords != "甲,乙" || p.Generator != "WordPress 6" || p.Images != 2 || !p.Password || p.Visible != 2 {
		t.Errorf("%+v", p)
	}
	if p := parse(`<div style="display:none"><input type=password></div>`); p.Password {
		t.Error("a hidden password field counts")
	}
}
