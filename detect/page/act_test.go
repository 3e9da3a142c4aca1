package page

import (
	"strings"
	"testing"
)

func TestActs(t *testing.T) {
	for code, want := range map[string]bool{
		"window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}gtag('config','x')": false, "var a=1": false, "": false,
		"document.write('x')": true, `window["loc"+"ation"]="/x"`: true, "f.submit()": true, "a.click()": true, "eval(x)": true, "$('#a').html('b')": true, "self['lo'+x]": true,
	} {
		if got := Acts(code); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}

func TestLoads(t *testing.T) {
	harmless := func(address string) bool { return strings.Contains(address, "count.example") }
	for code, want := range map[string]bool{
		`var s=document.createElement("script");s.src="https://count.example/c.js?1";document.head.insertBefore(s,null)`:                             true,
		`document.write(unescape("%3Cspan id='c'%3E%3C/span%3E%3Cscript src='https%3A//count.example/z.php'%3E%3C/script%3E"))`:                      true,
		`var p=location.protocol;var s=document.createElement("script");s.src=p+"//count.example/c.js"`:                                              true,
		`var s=document.createElement("script");s.src="https://count.example/c.js";var t=document.createElement("script");t.src="https://a.cn/x.js"`: false,
		`s.src="/own.js"`: false, `x.innerHTML="y";s.src="https://count.example/c.js"`: false, `location="https://count.example/"`: false, "": false,
	} {
		if got := Loads(code, harmless); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}

func FuzzLoads(f *testing.F) {
	f.Add("s.src='//count.example/'")
	f.Fuzz(func(t *testing.T, code string) {
		Loads(code, func(string) bool { return true })
		Acts(code)
	})
}
