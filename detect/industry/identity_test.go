package industry

import "testing"

func TestHostOf(t *testing.T) {
	for href, want := range map[string]string{
		"https://www.example.cn/a?b=//c": "www.example.cn",
		" //Example.cn:8080/":            "Example.cn",
		"http://user:pw@example.cn?x":    "example.cn",
		"http://[2001:db8::1]:80/":       "[2001:db8::1]",
		"/a/b":                           "",
		"a//b":                           "",
		"?to=https://example.cn/":        "",
		"javascript:go('//example.cn')":  "",
		"#//x":                           "",
		"":                               "",
	} {
		if got := hostOf(href); got != want {
			t.Errorf("%q names %q, want %q", href, got, want)
		}
	}
}
