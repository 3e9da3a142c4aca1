package page

import "testing"

func TestHostOf(t *testing.T) {
	for address, want := range map[string]string{
		"https://beian.miit.gov.cn/": "beian.miit.gov.cn", "HTTPS://BEIAN.MIIT.GOV.CN:443/a?b": "beian.miit.gov.cn", "//beian.miit.gov.cn": "beian.miit.gov.cn",
		"https:beian.miit.gov.cn": "beian.miit.gov.cn", `http:\\beian.miit.gov.cn\x`: "beian.miit.gov.cn", "https:///beian.miit.gov.cn./": "beian.miit.gov.cn",
		"https://ｂeian。miit.gov.cn/": "beian.miit.gov.cn", "https://beian%2Emiit.gov.cn": "beian.miit.gov.cn",
		"https://beian.miit.gov.cn@a.example.cn/": "a.example.cn", "https://u:p@beian.miit.gov.cn/": "beian.miit.gov.cn",
		"https://beian.miit.gov.cn.a.example.cn/": "beian.miit.gov.cn.a.example.cn",
		"http://https://beian.miit.gov.cn/":       "https", "htpps://beian.miit.gov.cn/": "", "https：//beian.miit.gov.cn/": "", "”https://beian.miit.gov.cn/”": "",
		"https://beian.miit.gov.cn /": "", "https://beian .miit.gov.cn": "", "https://beian.miit.gov.cn:8o/": "", "https://beian.miit.gov.cn”/": "beian.miit.gov.cn”",
		"/x": "", "": "", "http:": "", "mailto:a@beian.miit.gov.cn": "", "https://a<b/": "",
	} {
		if got := HostOf(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestDetour(t *testing.T) {
	for link, want := range map[string]bool{
		"/go?url=https://beian.miit.gov.cn/": true, "go.php?u=https%3A%2F%2Fbeian.miit.gov.cn": true, "https://a.cn/jump#https://beian.miit.gov.cn/": true,
		"https://a.cn/redirect/https://beian.miit.gov.cn/": true, "/out/http://beian.miit.gov.cn": true, "https://a.cn/?to=//beian.miit.gov.cn/": true,
		"https://beian.miit.gov.cn@a.cn/": false, "https://beian.miit.gov.cn.a.cn/": false, "http://https://beian.miit.gov.cn/": false, "htpps://beian.miit.gov.cn/": false,
		"”https://beian.miit.gov.cn/”": false, "https：//beian.miit.gov.cn/": false, "“https://beian.miit.gov.cn/“": false, "https://a.cn/": false, "": false, "#": false,
		"https//beian.miit.gov.cn": false, "http:/https://beian.miit.gov.cn": false, "beian.miit.gov.cn": false, "https://beian.miit.gov.cn /": false,
	} {
		if got := Detour(link, "beian.miit.gov.cn"); got != want {
			t.Errorf("%q: %v, want %v", link, got, want)
		}
	}
}

func TestLinksOfAllKinds(t *testing.T) {
	for _, c := range []struct{ name, in, url string }{
		{"in svg", `<svg><a xlink:href="https://beian.miit.gov.cn/"><text>x</text></a></svg>`, "https://beian.miit.gov.cn/"},
		{"xlink outside of svg", `<a xlink:href="https://beian.miit.gov.cn/" href="">x</a>`, ""},
		{"button of a form", `<form action="https://beian.miit.gov.cn/"><button>x</button></form>`, "https://beian.miit.gov.cn/"},
		{"button with a target of its own", `<form action="/s"><button formaction="https://beian.miit.gov.cn/">x</button></form>`, "https://beian.miit.gov.cn/"},
		{"same scheme without slashes", `<a href="https:beian.miit.gov.cn">x</a>`, "https://www.example.cn/beian.miit.gov.cn"},
		{"another scheme without slashes", `<a href="http:beian.miit.gov.cn">x</a>`, "http:beian.miit.gov.cn"},
	} {
		p := Parse([]byte(c.in), Options{URL: "https://www.example.cn/"})
		if len(p.Links) != 1 || p.Links[0].URL != c.url || p.LinkAt(0, 1) != 0 {
			t.Errorf("%s: %+v", c.name, p.Links)
		}
	}
	if p := parse(`<form action="/s"></form><button>x</button><form action="/s"><button type=button>y</button></form>`); len(p.Links) != 0 {
		t.Errorf("%+v", p.Links)
	}
}
