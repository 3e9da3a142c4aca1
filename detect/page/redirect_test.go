package page

import "testing"

func TestRedirect(t *testing.T) {
	for _, c := range []struct{ name, code, want string }{
		{"assignment", `location = "/home"`, "/home"},
		{"href", `window.location.href='https://www.example.cn/x';`, "https://www.example.cn/x"},
		{"top", `top.location.href = "other.html";`, "other.html"},
		{"document", "document.location='a.html'\n", "a.html"},
		{"replace", `location.replace("/m")`, "/m"},
		{"assign", `window.location.assign( '/m' );`, "/m"},
		{"escaped slashes", `location.href="https:\/\/example.cn\/a"`, "https://example.cn/a"},
		{"after other statements", "var a = 1;\nfoo();\nlocation.href='/b';", "/b"},
		{"after a function", "function f(){ return 1 }\nlocation.href='/b';", "/b"},
		{"a constant", "var url = '/c';\nwindow.location.href = url;", "/c"},
		{"in a comment markup", "<!--\nlocation.href='/d'\n//-->", "/d"},
		{"behind a block that is done", "if (x) { y() }\nlocation.href='/e'", "/e"},
		{"comment between", "/* if (x) */ location.href='/f' // go", "/f"},

		{"test", `if (/Mobile/.test(navigator.userAgent)) location.href='/m'`, ""},
		{"test on the line before", "if (isMobile())\n  location.href='/m';", ""},
		{"else", "if (a) { b() } else location.href='/m'", ""},
		{"else on the next line", "if (a) b();\nelse\n location.href='/m'", ""},
		{"block", `if (a) { location.href='/m' }`, ""},
		{"and", `isMobile && (location.href='/m')`, ""},
		{"ternary", `isMobile ? location.href='/m' : 0`, ""},
		{"ternary value", `location.href = isMobile ? '/m' : '/pc'`, ""},
		{"function", `function go(){ location.href='/m' }`, ""},
		{"function on a line of its own", "function go()\n{\n location.href='/m'\n}", ""},
		{"called function", `(function(){ location.href='/m' })()`, ""},
		{"arrow", `const go = () => { location.href='/m' }`, ""},
		{"timer", `setTimeout("location.href='/m'", 3000)`, ""},
		{"handler", `button.onclick = function(){ location.href='/m' }`, ""},
		{"try", `try { location.href='/m' } catch(e) {}`, ""},
		{"loop", "while (a)\n location.href='/m'", ""},
		{"in a string", `var s = "location.href='/m'";`, ""},
		{"in a comment", "// location.href='/m'\n/* location.href='/n' */", ""},
		{"computed", `location.href = '/m?' + id`, ""},
		{"unknown name", `location.href = target`, ""},
		{"reading it", `var a = location.href; if (location == "x") b()`, ""},
		{"condition over lines", "/Android/.test(ua) &&\nlocation.replace('/m')", ""},
		{"choice over lines", "a ?\n location.href='/m' :\n location.href='/n'", ""},
		{"handler over lines", "btn.onclick = () =>\n location.href='/m'", ""},
		{"comment after the operator", "ok && // phones\n location.replace('/m')", ""},
		{"lines without semicolons", "var a = 1\nlocation.href='/m'", "/m"},
		{"reload", `location.reload()`, ""},
		{"hash", `location.hash = 'a'`, ""},
		{"itself", `location.href = 'https://www.example.cn/a/index.html'`, ""},
		{"template of a string", "location.href = `/m/${id}`", ""},
		{"unclosed", "foo('\nlocation.href='/m'", ""},
	} {
		want := ""
		if c.want != "" {
			b := newBase("https://www.example.cn/a/index.html")
			want = b.resolve(c.want)
		}
		if got := parse("<p>正在跳转</p><script>" + c.code + "</script>").Redirect; got != want {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
	}
}

func TestRedirectOnlyOfAnEmptyPage(t *testing.T) {
	long := ""
	for range 30 {
		long += "<p>本公司生产各类机械设备</p>"
	}
	if got := parse(long + "<script>location.href='/m'</script>").Redirect; got != "" {
		t.Errorf("a page with text redirects to %q", got)
	}
	for _, in := range []string{
		`<script type="text/template">location.href='/m'</script>`, `<!--[if lt IE 9]><script>location.href='/m'</script><![endif]-->`,
		`<noscript><script>location.href='/m'</script></noscript>`, `<template><script>location.href='/m'</script></template>`,
	} {
		if got := parse(in).Redirect; got != "" {
			t.Errorf("%s redirects to %q", in, got)
		}
	}
}

func TestRefresh(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`<meta http-equiv="refresh" content="0;url=/home">`, "https://www.example.cn/home"},
		{`<META HTTP-EQUIV=Refresh CONTENT="3; URL='http://b.example.cn/'">`, "http://b.example.cn/"},
		{`<meta http-equiv=refresh content="0.5,b.html">`, "https://www.example.cn/a/b.html"},
		{`<meta http-equiv=refresh content="5;url = /x">`, "https://www.example.cn/x"},
		{`<meta http-equiv=refresh content="6;url=/x">`, ""},
		{`<meta http-equiv=refresh content="300">`, ""},
		{`<meta http-equiv=refresh content="0">`, ""},
		{`<meta http-equiv=refresh content="0;url=">`, ""},
		{`<meta http-equiv=refresh content=";url=/x">`, ""},
		{`<meta http-equiv=refresh content="-1;url=/x">`, ""},
		{`<meta http-equiv=refresh content="NaN;url=/x">`, ""},
		{`<meta http-equiv=refresh content="0;url=https://www.example.cn/a/index.html">`, ""},
		{`<noscript><meta http-equiv=refresh content="0;url=/x"></noscript>`, ""},
		{`<!-- <meta http-equiv=refresh content="0;url=/x"> -->`, ""},
		{`<meta http-equiv=refresh content="0;url=javascript:go()">`, ""},
	} {
		if got := parse(c.in).Refresh; got != c.want {
			t.Errorf("%s: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFrames(t *testing.T) {
	for _, c := range []struct {
		in     string
		frames int
		whole  bool // the first one
	}{
		{`<frameset rows="100%,*"><frame src="http://b.example.cn/"><frame src="about:blank"></frameset>`, 1, true},
		{`<frameset cols="*,0"><frame src="a.html"><frame src="b.html"></frameset>`, 2, true},
		{`<frameset><frame src="a.html"></frameset>`, 1, true},
		{`<frameset cols="200,*"><frame src="menu.html"><frame src="main.html"></frameset>`, 2, false},
		{`<iframe src="http://b.example.cn/" width=100% height=100%></iframe>`, 1, true},
		{`<iframe src="a.html"></iframe>`, 1, true},
		{`<iframe src="a.html" style="position:fixed;width:100vw;height:100vh"></iframe><p>加载中</p>`, 1, true},
		{`<iframe src="a.html" width="100%" height="1200"></iframe>`, 1, true},
		{`<img src=i.png><iframe src="https://player.example.org/" width=640 height=360></iframe><p>© 2024 青禾</p>`, 1, false},
		{`<iframe src="https://player.example.org/" width=640 height=360></iframe>`, 1, false},
		{`<iframe src="a.html"></iframe><p>© 2024 青禾</p>`, 1, false},
		{`<iframe src="a.html" width=100% height=100%></iframe><p>京ICP备13052560号</p>`, 1, false},
		{`<p>本公司生产各类机械设备，欢迎新老客户来电洽谈，本公司生产各类机械设备，欢迎新老客户。</p><iframe src="map.html"></iframe>`, 1, false},
		{`<iframe src="a.html"></iframe><iframe src="b.html"></iframe>`, 2, false},
		{`<iframe src="t.html" width=0 height=0></iframe>`, 0, false},
		{`<iframe src="t.html" style="display:none"></iframe>`, 0, false},
		{`<iframe></iframe>`, 0, false},
	} {
		p := parse(c.in)
		if len(p.Frames) != c.frames || c.frames > 0 && p.Frames[0].Whole != c.whole {
			t.Errorf("%s: %+v", c.in, p.Frames)
		}
	}
}
