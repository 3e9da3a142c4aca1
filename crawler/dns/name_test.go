package dns

import (
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestName(t *testing.T) {
	for raw, want := range map[string]string{
		"example.cn":        "example.cn",
		"Example.CN":        "example.cn",
		" example.cn\t\r\n": "example.cn",
		"example.cn.":       "example.cn",
		"http://example.cn": "example.cn",
		"HTTPS://user:pw@Example.cn:8443/a?b@c#d": "example.cn",
		"//example.cn/x":        "example.cn",
		"example.cn/index.html": "example.cn",
		`example.cn\path`:       "example.cn",
		"example.cn?x=1":        "example.cn",
		"example.cn:80":         "example.cn",
		"example.cn:":           "example.cn",
		"www.example.com.cn":    "www.example.com.cn",
		"ｅｘａｍｐｌｅ．ｃｎ":            "example.cn",
		"ｈｔｔｐ：／／ｅｘａｍｐｌｅ。ｃｎ／": "example.cn",
		"example。cn":                             "example.cn",
		"\ufeffexample.cn":                       "example.cn",
		"exam\u200bple.cn":                       "example.cn",
		"\u3000example.cn\u00a0":                 "example.cn",
		"北京大学.中国":                                "xn--1lq90ic7fzpc.xn--fiqs8s",
		"http://北京大学。中国/招生":                      "xn--1lq90ic7fzpc.xn--fiqs8s",
		"XN--1LQ90IC7FZPC.xn--fiqs8s":            "xn--1lq90ic7fzpc.xn--fiqs8s",
		"食狮.公司.cn":                               "xn--85x722f.xn--55qx5d.cn",
		"a_b.example.cn":                         "a_b.example.cn",
		"-a-.example.cn":                         "-a-.example.cn",
		"r3---sn-abc.example.cn":                 "r3---sn-abc.example.cn",
		"123.cn":                                 "123.cn",
		"faß.de":                                 "xn--fa-hia.de",
		"1.2.3.4":                                "1.2.3.4",
		"http://1.2.3.4:8080/":                   "1.2.3.4",
		"１．２．３．４":                                "1.2.3.4",
		"2001:DB8::0:1":                          "2001:db8::1",
		"[2001:db8::1]:443":                      "2001:db8::1",
		"http://[2001:db8::1]/":                  "2001:db8::1",
		"::ffff:1.2.3.4":                         "1.2.3.4",
		strings.Repeat("a", 63) + ".cn":          strings.Repeat("a", 63) + ".cn",
		strings.Repeat("abcdefg.", 31) + "cnabc": strings.Repeat("abcdefg.", 31) + "cnabc",
		"http://example.cn/" + strings.Repeat("x", 2000): "example.cn",
	} {
		got, err := Name(raw)
		if err != nil || got != want {
			t.Errorf("Name(%q) = %q, %v, want %q", raw, got, err, want)
		}
	}
}

func TestNameSaysWhatIsWrong(t *testing.T) {
	for raw, says := range map[string]string{
		"":                              "no name",
		"   ":                           "no name",
		"http://":                       "no name",
		"http:///path":                  "no name",
		".":                             "empty part",
		"a..cn":                         "empty part",
		".example.cn":                   "empty part",
		"example.cn..":                  "empty part",
		"a b.cn":                        "not allowed",
		"a,b.cn":                        "not allowed",
		"exa$mple.cn":                   "not allowed",
		"a\x00b.cn":                     "not allowed",
		"a\x1b[31m.cn":                  "not allowed",
		"%65xample.cn":                  "not allowed",
		"*.example.cn":                  "wildcard",
		"someone@example.cn":            "e-mail",
		"localhost":                     "two parts",
		"cn":                            "two parts",
		"中国":                            "two parts",
		"1.2.3":                         "no IP address",
		"1.2.3.4.5":                     "no IP address",
		"256.1.1.1":                     "no IP address",
		"example.cn:http":               "no port",
		"example.cn:99999":              "no port",
		"[::1":                          "brackets",
		"[example.cn]":                  "brackets",
		"[1.2.3.4]":                     "brackets",
		"[::1]x":                        "no port",
		"fe80::1%eth0":                  "zone",
		"xn--a.cn":                      "A-label",
		strings.Repeat("a", 64) + ".cn": "63",
		strings.Repeat("abcdefg.", 31) + "cnabcd": "253",
		strings.Repeat("备", 60) + ".cn":           "63",
		strings.Repeat("x", 5000):                 "5000 bytes",
		"\xb1\xb1\xbe\xa9.cn":                     "UTF-8",
	} {
		got, err := Name(raw)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("Name(%q) = %q, %v, want an error with %q", raw, got, err, says)
			continue
		}
		if msg := err.Error(); strings.ContainsAny(msg, "\x1b\x00\n") || len(msg) > 600 {
			t.Errorf("Name(%q): the error is not fit to be shown: %q", raw, msg)
		}
	}
}

// Whatever comes, a name that is accepted can be asked for, stays what it is
// when read again, and an error is fit to be shown.
func FuzzName(f *testing.F) {
	for _, s := range []string{"example.cn", "http://北京大学。中国/招生", "[2001:db8::1]:443", "ｅｘａｍｐｌｅ．ｃｎ", "a..b", "xn--a.cn", "1.2.3.4", "user@x.cn", "::ffff:1.2.3.4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		name, err := Name(raw)
		if err != nil {
			if !utf8.ValidString(err.Error()) || strings.ContainsAny(err.Error(), "\x00\x1b\n") {
				t.Fatalf("error %q", err)
			}
			return
		}
		again, err := Name(name)
		if err != nil || again != name {
			t.Fatalf("Name(%q) = %q, and that again is %q, %v", raw, name, again, err)
		}
		if _, err := netip.ParseAddr(name); err == nil {
			return
		}
		if len(name) > 253 || strings.ToLower(name) != name || strings.Contains(name, "..") || !strings.Contains(name, ".") {
			t.Fatalf("Name(%q) = %q", raw, name)
		}
	})
}

func BenchmarkName(b *testing.B) {
	for name, raw := range map[string]string{"plain": "www.example.com.cn", "chinese": "北京大学.中国"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Name(raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
