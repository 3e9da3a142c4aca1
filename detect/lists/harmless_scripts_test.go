package lists

import (
	"strings"
	"testing"
)

// TestHarmless: counters, advertisement and fonts are harmless; libraries and
// what only looks like an entry are not.
func TestHarmless(t *testing.T) {
	list := DefaultHarmlessScripts()
	for address, want := range map[string]bool{
		"https://hm.baidu.com/hm.js?0123":                      true,
		"http://js.users.51.la/1.js":                           true,
		"https://www.google-analytics.com/analytics.js":        true,
		"https://www.googletagmanager.com/gtag/js?id=G-1":      true,
		"https://www.googletagmanager.com/gtm.js?id=GTM-1":     false,
		"https://hm.baidu.com.example.cn/hm.js":                false,
		"https://hm.baidu.com@example.cn/hm.js":                false,
		"https://example.cn/hm.baidu.com/hm.js":                false,
		"https://code.jquery.com/jquery-3.7.1.min.js":          false,
		"https://cdn.bootcdn.net/bootstrap/5/bootstrap.min.js": false,
		"ftp://hm.baidu.com/hm.js":                             false,
		"/hm.js":                                               false,
		"":                                                     false,
	} {
		if got := list.Harmless(address); got != want {
			t.Errorf("%q: %v, want %v", address, got, want)
		}
	}
}

// TestHarmlessInline: the snippet of a service is harmless, and nothing that
// can write, find what it would write into, or load anything else.
func TestHarmlessInline(t *testing.T) {
	const load = `(function(){var s=document.createElement("script");s.src="https://hm.baidu.com/hm.js?1";` +
		`var b=document.getElementsByTagName("script")[0];b.parentNode.insertBefore(s,b);})();`
	for code, want := range map[string]bool{
		"":                              true,
		" /* nothing */ \n// at all ":   true,
		"var _hmt = _hmt || [];" + load: true,
		`window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)};gtag('js',new Date());gtag('config','G-1');`:                       true,
		`document.write(unescape("%3Cspan id='c'%3E%3C/span%3E%3Cscript src='https://s4.cnzz.com/z.php%3Fid%3D1' type='text/javascript'%3E%3C/script%3E"));`: true,
		load + `document.getElementById("f").innerHTML=n;`:         false,
		load + `document.getElementsByTagName("div")[0].append(n)`: false,
		load + `s2.src="https://example.cn/foot.js";`:              false,
		load + `s2.src="//example.cn/foot.js";`:                    false,
		load + `s2.src="foot.example.cn/a.js";`:                    false,
		load + `document.write("沪ICP备00000000号")`:                  false,
		load + `document.createElement("a")`:                       false,
		`_hmt.push(["x"]);$("#foot").load("/foot.html")`:           false,
		`_hmt.push(["x"]);s.src=base+"/foot.js"`:                   false,
		load + `t.src="/foot.js"`:                                  false,
		load + `t.src="foot.js?1"`:                                 false,
		`my_hmt.push(1)`:                                           false,
		`var x = 1;`:                                               false,
		`_hmt.push(1);location.href="/m/";`:                        false,
		`document.write(unescape("%3Cscript src='https://example.cn/a.js'%3E%3C/script%3E")); _hmt.push(1)`: false,
		`document.write(x); _hmt.push(1)`:                         false,
		"_hmt.push(1);" + strings.Repeat(" a();", longestSnippet): false,
	} {
		if got := DefaultHarmlessScripts().HarmlessInline(code); got != want {
			t.Errorf("%.160q: %v, want %v", code, got, want)
		}
	}
}

// TestHarmlessList: an own list replaces the embedded one, and a line that is
// neither host nor call is named.
func TestHarmlessList(t *testing.T) {
	own, err := ReadHarmlessScripts(strings.NewReader("# own\nCount.Example.com/js\ncall _own # ours\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !own.Harmless("http://a.count.example.com/js/1.js") || own.Harmless("http://count.example.com/x.js") || own.Harmless("https://hm.baidu.com/hm.js") || !own.HarmlessInline("_own.push(1)") {
		t.Errorf("the list is not read as written: %v", own)
	}
	for _, text := range []string{"https://hm.baidu.com", "localhost", "call 1x", "call", "a b.com", "hm.baidu.com/a?b", "-a.com"} {
		if _, err := ReadHarmlessScripts(strings.NewReader("\n" + text)); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v, want line 2 to be named", text, err)
		}
	}
}

// FuzzHarmlessScripts: whatever a list holds, what is asked of it ends in an
// answer, and an address of no known scheme is never harmless.
func FuzzHarmlessScripts(f *testing.F) {
	f.Add("hm.baidu.com\ncall _hmt\n", "https://hm.baidu.com/hm.js", "_hmt.push(1)")
	f.Add("a.b/c\n", "http://x.a.b./c", "document.write(unescape('%3Cscript src=//a.b/c%3E'))")
	f.Fuzz(func(t *testing.T, text, address, code string) {
		list, err := ReadHarmlessScripts(strings.NewReader(text))
		if err != nil {
			return
		}
		if list.Harmless(address) && !strings.HasPrefix(strings.ToLower(strings.TrimSpace(address)), "http") {
			t.Errorf("%q is harmless", address)
		}
		if list.HarmlessInline(code) && strings.Contains(code, "innerHTML") && !strings.Contains(code, "/*") && !strings.Contains(code, "//") {
			t.Errorf("%q is harmless", code)
		}
		_ = list.String()
	})
}

// TestWritersAreInWhatWrites: what the expression matches has one of the words
// that are looked for first, so that they never hide a script that writes.
func TestWritersAreInWhatWrites(t *testing.T) {
	for _, code := range []string{
		"a.innerHTML=b", "a.OUTERTEXT=b", "a.textContent=b", "n.nodeValue=1", "document.createTextNode(x)", "a.insertAdjacentHTML(x)", "a.replaceWith(b)",
		"a.append(b)", "a.prepend(b)", "a.before(b)", "a.after(b)", "a.html(b)", "a.text(b)", "t.data='x'", "document.querySelector('a')",
		"document.getElementById('a')", "document.getElementsByClassName('a')", "document.documentElement", "document.body", "e.attachShadow({})",
		"f.srcdoc='x'", "document.title='x'", "s.cssText='x'", "s.insertRule('x')", "eval(x)", "new Function('x')", "import('x')", "fetch('x')",
		"new XMLHttpRequest", "new WebSocket('x')", "atob('x')", "String.fromCharCode(1)", "$('a')", "$ .ajax", "jQuery('a')", `'\u4eac'`, `'\x41'`,
		"'%u4EAC'", "location='x'", "location.href = 'x'", "location.replace('x')", "window.open('x')", " icp", "beian",
	} {
		if !writes.MatchString(code) {
			t.Errorf("%s: does not write", code)
		}
		if !writers.Any(code) && !strings.Contains(code, "Function") {
			t.Errorf("%s: is not looked at", code)
		}
	}
}
