package page

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/beianwatch/beianwatch/detect/fold"
)

func parse(markup string) *Page {
	return Parse([]byte(markup), Options{URL: "https://www.example.cn/a/index.html"})
}

func TestText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"inline elements join", "<p>京ICP备<b>1234</b>56<!-- x -->78号</p>", "京ICP备12345678号"},
		{"white space collapses", "<p> 京\n\t ICP&nbsp;&nbsp; 备 </p>", "京 ICP 备"},
		{"space between elements", "<span>a</span> <span> b</span><i> c</i>", "a b c"},
		{"blocks part", "<div>a<p>b</p>c</div><ul><li>d<li>e</ul>", "a\nb\nc\nd\ne"},
		{"cells and breaks part", "<table><tr><td>a<td>b</table>c<br>d<br/><br>e", "a\nb\nc\nd\ne"},
		{"folded", "<p>滬ＩＣＰ備１２３４５６７８號－１</p>", "沪ICP备12345678号-1"},
		{"nothing characters", "<p>I\u200bC&#8203;P\u00adx</p>", "ICPx"},
		{"zero width after a space", "<p>a \u200b b</p>", "a b"},
		{"not shown", "<head><title>t</title><style>p{}</style></head><p>a<script>b</script><template>c</template><noscript>d</noscript>" +
			"<textarea>e</textarea><p hidden>f</p><p style='display : none'>g</p><input type=hidden value=h>", "a"},
		{"aria-hidden is shown", "<p aria-hidden=true>a</p>", "a"},
		{"closed dialog", "<dialog>a</dialog><dialog open>b</dialog>", "b"},
		{"svg title", "<svg><title>x</title></svg>a", "a"},
		{"empty", "", ""},
	} {
		p := parse(c.in)
		if p.Text != c.want {
			t.Errorf("%s: Text = %q, want %q", c.name, p.Text, c.want)
		}
		covers(t, p)
	}
}

// covers checks what holds for every page: the spans cover both texts without
// gaps and each folds to the other, and all offsets are within the text.
func covers(t *testing.T, p *Page) {
	t.Helper()
	at, raw := 0, 0
	for i, s := range p.Spans {
		if s.Start != at || s.RawStart != raw || s.End < s.Start || s.RawEnd < s.RawStart || s.Link >= len(p.Links) {
			t.Fatalf("span %d is %+v after offsets %d, %d", i, s, at, raw)
		}
		if got := fold.String(p.Raw[s.RawStart:s.RawEnd]); got != p.Text[s.Start:s.End] {
			t.Fatalf("span %d: raw %q folds to %q, text is %q", i, p.Raw[s.RawStart:s.RawEnd], got, p.Text[s.Start:s.End])
		}
		at, raw = s.End, s.RawEnd
	}
	if at != len(p.Text) || raw != len(p.Raw) {
		t.Fatalf("spans end at %d, %d; texts at %d, %d", at, raw, len(p.Text), len(p.Raw))
	}
	for i, l := range p.Links {
		if l.Start > l.End || l.End > len(p.Text) || l.Start < len(p.Text) && !utf8.RuneStart(p.Text[l.Start]) {
			t.Fatalf("link %d: range %d–%d of a text of %d bytes", i, l.Start, l.End, len(p.Text))
		}
	}
	for i, a := range p.Asides {
		if a.At > len(p.Text) || a.Link >= len(p.Links) {
			t.Fatalf("aside %d: at %d, link %d", i, a.At, a.Link)
		}
	}
}

func TestHiddenStyles(t *testing.T) {
	for style, want := range map[string]bool{
		"display:none": true, "DISPLAY: NONE !important": true, "color:red;visibility:hidden": true, "font-size:0": true, "font-size:0px": true,
		"opacity:0": false, "text-indent:-9999px": true, "position:absolute;left:-9999px": true, "width:0;height:0;overflow:hidden": true,
		"overflow:hidden;height:0px": true, "display:block": false, "font-size:0.9em": false, "text-indent:-20px": false,
		"left:-50%": false, "margin-left:-100px": false, "width:0": false, "overflow:hidden;height:30px": false, "font-size:10px": false, "": false, ";:;": false,
	} {
		if got := (&attrs{style: style}).hides(); got != want {
			t.Errorf("%q hides: %v, want %v", style, got, want)
		}
	}
}

func TestPageHiddenWhole(t *testing.T) {
	show := "<script>document.getElementById('wrapper').style.display='block'</script>"
	if p := parse("<div id=wrapper style='display:none'>" + filler + "<p style='display:none'>藏</p></div>" + show); p.Visible < 500 || strings.Contains(p.Text, "藏") {
		t.Errorf("%d visible characters of a page that its script shows", p.Visible)
	}
	for _, in := range []string{
		"<div style='display:none'>" + filler + "</div>",
		"<p>" + filler + "</p><div style='display:none'>" + filler + "</div>" + show,
		"<template>" + filler + "</template>" + show,
		"<div style='display:none'>" + filler + "</div><div id=app></div>" + show,
	} {
		if p := parse(in); strings.Count(p.Text, "本公司") > 60 || p.Visible > 10 && !strings.Contains(in, "<p>"+filler) {
			t.Errorf("%.40s: %d visible characters", in, p.Visible)
		}
	}
}

func TestAsides(t *testing.T) {
	p := parse(`<meta name=author content=m><!-- c --><script>s</script><footer><noscript><b>n</b>s</noscript>` +
		`<a href=/x><img alt="Ａ"></a><p style="display:none">h <a href=/y>i</a><br>j</p></footer>`)
	kinds := map[AsideKind]string{}
	for _, a := range p.Asides {
		kinds[a.Kind] += a.Text
		if a.Kind == AsideHidden && (!a.Foot || a.Link != -1) || a.Kind == AsideAlt && a.Link != 0 {
			t.Errorf("aside %+v", a)
		}
	}
	for kind, want := range map[AsideKind]string{AsideComment: "c", AsideScript: "s", AsideAlt: "A", AsideHidden: "h i j", AsideNoscript: "ns", AsideMeta: "m"} {
		if kinds[kind] != want {
			t.Errorf("kind %d: %q, want %q", kind, kinds[kind], want)
		}
	}
	if len(p.Links) != 2 || p.Links[0].Text != "A" || p.Links[0].Hidden || !p.Links[1].Hidden {
		t.Errorf("links %+v", p.Links)
	}
}

func TestLinks(t *testing.T) {
	for _, c := range []struct {
		name, in, url string
		onclick       bool
	}{
		{"absolute", `<a href=" https://beian.miit.gov.cn/ ">x</a>`, "https://beian.miit.gov.cn/", false},
		{"upper case", `<A HREF=HTTP://Beian.MIIT.gov.cn>x</A>`, "HTTP://Beian.MIIT.gov.cn", false},
		{"without scheme", `<a href="//beian.miit.gov.cn">x</a>`, "https://beian.miit.gov.cn", false},
		{"forgotten scheme", `<a href="beian.miit.gov.cn">x</a>`, "https://www.example.cn/a/beian.miit.gov.cn", false},
		{"rooted", `<a href="/b?c#d">x</a>`, "https://www.example.cn/b?c#d", false},
		{"query", `<a href="?p=1">x</a>`, "https://www.example.cn/a/index.html?p=1", false},
		{"upwards", `<a href="../b">x</a>`, "https://www.example.cn/b", false},
		{"base element", `<base href="/z/"><a href="b">x</a>`, "https://www.example.cn/z/b", false},
		{"broken over lines", "<a href=\"https://beian.\nmiit.gov.cn\">x</a>", "https://beian.miit.gov.cn", false},
		{"nowhere", `<a href="#">x</a>`, "", false},
		{"fragment", `<a href="#top">x</a>`, "", false},
		{"empty", `<a href>x</a>`, "", false},
		{"script", `<a href="javascript:;">x</a>`, "", false},
		{"placeholder", `<a href="{{ icp.url }}">x</a>`, "", false},
		{"script that opens", `<a href="javascript:window.open('https://beian.miit.gov.cn/')">x</a>`, "https://beian.miit.gov.cn/", true},
		{"onclick on a dead link", `<a href="#" onclick="window.open(&quot;https://beian.miit.gov.cn&quot;)">x</a>`, "https://beian.miit.gov.cn", true},
		{"onclick on a span", `<span onclick="location.href='/b'">x</span>`, "https://www.example.cn/b", true},
		{"a function of the site", `<div onclick="toBeian('https:\/\/beian.miit.gov.cn')">x</div>`, "https://beian.miit.gov.cn", true},
		{"area", `<map><area href="/b" alt="x"></map>`, "https://www.example.cn/b", false},
		{"mail", `<a href="mailto:a@example.cn">x</a>`, "mailto:a@example.cn", false},
	} {
		p := parse(c.in)
		if len(p.Links) != 1 || p.Links[0].URL != c.url || p.Links[0].OnClick != c.onclick || p.Links[0].Text != "x" {
			t.Errorf("%s: links %+v, want %q", c.name, p.Links, c.url)
		}
	}
	if p := parse(`<a name=top>x</a><p onclick="toggle()">y</p>`); len(p.Links) != 0 {
		t.Errorf("links of a page without any: %+v", p.Links)
	}
}

func TestFaults(t *testing.T) {
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String("<title>网站备案</title><p>京ICP备12345678号")
	for _, c := range []struct {
		name  string
		body  string
		opt   Options
		fault Fault
	}{
		{"whole", "<p>好</p>", Options{}, FaultNone},
		{"cut by us", "<p>好</p>", Options{Cut: true}, FaultCut},
		{"ends in a tag", "<p>好</p><a href='htt", Options{}, FaultCut},
		{"ends in a script", "<p>好</p><script>var a", Options{}, FaultCut},
		{"ends in a comment", "<p>好</p><!-- copy", Options{}, FaultCut},
		{"open comment after the end", "<p>好</p></body></html><!-- 0.1 s", Options{}, FaultNone},
		{"no end tags", "<p>好<p>好", Options{}, FaultNone},
		{"gbk", gbk, Options{}, FaultNone},
		{"noise", "<p>" + strings.Repeat("\x81\x20\xff\xfe\x90", 400), Options{}, FaultCharset},
		{"picture", "\x89PNG\r\n\x1a\n", Options{}, FaultBinary},
		{"json", `{"code":404,"msg":"无"}`, Options{}, FaultBinary},
		{"json by type", `<p>`, Options{ContentType: "application/json; charset=utf-8"}, FaultBinary},
	} {
		if p := Parse([]byte(c.body), c.opt); p.Fault != c.fault {
			t.Errorf("%s: fault %q, want %q", c.name, p.Fault, c.fault)
		}
	}
}

func TestDeepPageIsHarvested(t *testing.T) {
	p := parse(strings.Repeat("<div><span>", 2000) + "<p>京ICP备20010101号</p><a href=https://beian.miit.gov.cn>x</a>")
	if p.Fault != FaultDeep || !strings.Contains(p.Text, "京ICP备20010101号") || len(p.Links) != 1 {
		t.Errorf("fault %q, text %.40q, %d links", p.Fault, p.Text, len(p.Links))
	}
	covers(t, p)
}

func TestWritten(t *testing.T) {
	p := parse("<p>版權所有 滬ＩＣＰ備１２３４５６７８號－１ 某公司</p>")
	i := strings.Index(p.Text, "沪ICP")
	j := strings.Index(p.Text, "-1") + 2
	if got := p.Written(i, j); got != "滬ＩＣＰ備１２３４５６７８號－１" {
		t.Errorf("written %q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "<p>京ICP备<b>1</b>号", "<a href=x onclick=\"open('y')\"><img alt=z></a>", "<footer><div style=display:none>\u3000備</div>",
		"<frameset rows='100%,*'><frame src=a><frame src=b></frameset>", "<script>location.href='/x'</script>", "\xff\xfe<\x00p\x00>\x00",
		"<meta http-equiv=refresh content='0;url=x'>", "<table><a href=1><td>友情链接<a href=//b.cn>c", "© 2020\n<p>ICP备"} {
		f.Add([]byte(s), "text/html")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		p := Parse(body, Options{URL: "http://example.cn/", ContentType: contentType})
		covers(t, p)
		if !utf8.ValidString(p.Text) {
			t.Fatalf("text is not UTF-8: %q", p.Text)
		}
	})
}

// Bytes that are no text are no page, in whatever encoding they could be read; stray
// control characters make no page one.
func TestNoise(t *testing.T) {
	random := make([]byte, 5000)
	rand.NewChaCha8([32]byte{1}).Read(random)
	text := strings.Repeat("<p>本公司生产各类机械设备，欢迎来电洽谈。</p>\r\n", 40)
	wide := []byte{0xFF, 0xFE}
	for _, c := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(c), byte(c>>8))
	}
	for name, c := range map[string]struct {
		body []byte
		want Fault
	}{
		"random bytes":       {random, FaultBinary},
		"behind a tag":       {append([]byte("<html><body>"), random...), FaultBinary},
		"text":               {[]byte(text), FaultNone},
		"some stray bytes":   {[]byte(text + "\x00\x01\x02\x03\x07\x0e"), FaultNone},
		"UTF-16":             {wide, FaultNone},
		"a few random bytes": {random[:20], FaultNone},
	} {
		if p := Parse(c.body, Options{ContentType: "text/html"}); (p.Fault == FaultBinary) != (c.want == FaultBinary) {
			t.Errorf("%s: %q", name, p.Fault)
		}
	}
}
