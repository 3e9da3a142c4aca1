package visit

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/detect"
)

// innerURLs are ways to write an address of an inner network, most of them the
// canary's, 127.77.0.1, or what is no web page at all.
var innerURLs = map[string]string{
	"plain":                   "http://127.77.0.1/",
	"with a dot":              "http://127.77.0.1./",
	"https":                   "https://127.77.0.1/",
	"without a scheme":        "//127.77.0.1/",
	"one number":              "http://2135752705/",
	"one hexadecimal number":  "http://0x7f4d0001/",
	"hexadecimal":             "http://0x7f.0x4d.0x0.0x1/",
	"octal":                   "http://0177.0115.0.01/",
	"octal with many zeros":   "http://00000177.00000115.0.1/",
	"two parts":               "http://127.5046273/",
	"three parts":             "http://127.77.1/",
	"a part too large":        "http://127.77.0.257/",
	"beyond 32 bits":          "http://6430720001/",
	"mapped":                  "http://[::ffff:127.77.0.1]/",
	"mapped, hexadecimal":     "http://[::ffff:7f4d:1]/",
	"compatible":              "http://[::127.77.0.1]/",
	"translated":              "http://[::ffff:0:127.77.0.1]/",
	"NAT64":                   "http://[64:ff9b::7f4d:1]/",
	"local NAT64":             "http://[64:ff9b:1::7f4d:1]/",
	"6to4":                    "http://[2002:7f4d:1::1]/",
	"Teredo":                  "http://[2001:0:7f4d:1::1]/",
	"ISATAP":                  "http://[fe80::5efe:7f4d:1]/",
	"IPv6 loopback":           "http://[::1]/",
	"IPv6 loopback in full":   "http://[0:0:0:0:0:0:0:1]/",
	"IPv6 unspecified":        "http://[::]/",
	"a zone":                  "http://[fe80::1%25lo]/",
	"a zone of the loopback":  "http://[::1%25lo]/",
	"unique local":            "http://[fd00::1]/",
	"multicast":               "http://[ff02::1]/",
	"0.0.0.0":                 "http://0.0.0.0/",
	"zero":                    "http://0/",
	"localhost":               "http://localhost/",
	"localhost in capitals":   "http://LOCALHOST./",
	"below localhost":         "http://a.localhost/",
	"metadata":                "http://169.254.169.254/latest/meta-data/",
	"metadata of Aliyun":      "http://100.100.100.200/latest/meta-data/",
	"metadata by name":        "http://metadata.google.internal/",
	"a name of the canary":    "http://canary.cn/",
	"that name in capitals":   "http://CANARY.CN./",
	"behind a user":           "http://here.cn@127.77.0.1/",
	"behind user and port":    "http://here.cn:80@127.77.0.1/",
	"behind a backslash":      `http:\\127.77.0.1\`,
	"user and backslash":      `http://127.77.0.1\@here.cn/`,
	"ideographic dots":        "http://127。77。0。1/",
	"half-width dots":         "http://127｡77｡0｡1/",
	"full-width digits":       "http://１２７.７７.０.１/",
	"circled digits":          "http://①②⑦.⑦⑦.⓪.①/",
	"percent signs":           "http://%31%32%37.77.0.1/",
	"a NUL":                   "http://127.77.0.1%00.here.cn/",
	"a line feed":             "http://127.77.0.1/%0d%0aHost:%20x",
	"a tab in the host":       "http://127.77\t.0.1/",
	"another port":            "http://127.77.0.1:8080/",
	"the port of SSH, itself": "http://SELF:22/",
	"a port of 65,616":        "http://127.77.0.1:65616/",
	"file":                    "file:///etc/passwd",
	"gopher":                  "gopher://127.77.0.1/_GET",
	"ftp":                     "ftp://127.77.0.1/",
	"dict":                    "dict://127.77.0.1:11211/stat",
	"a socket":                "ws://127.77.0.1/",
	"a Unix socket":           "http+unix://%2fvar%2frun%2fdocker.sock/",
	"data":                    "data:text/html,<h1>x</h1>",
	"javascript":              "javascript:location='http://127.77.0.1/'",
	"no host":                 "http:///",
}

// otherNames are those of them that name another's site, which is what can be said
// of a site that leads there.
var otherNames = map[string]bool{"localhost": true, "localhost in capitals": true, "below localhost": true, "metadata by name": true}

// TestInnerAddresses: no notation of an inner address is dialled, however a page
// leads there, and where it leads says nothing against the site.
func TestInnerAddresses(t *testing.T) {
	if len(innerURLs) < 40 {
		t.Errorf("%d notations", len(innerURLs))
	}
	z := newZoo(t)
	s := z.scanner()
	ways := map[string]func(url string) string{
		"redirect": func(url string) string {
			return "HTTP/1.1 302 Found\r\nLocation: " + url + "\r\nContent-Length: 0\r\n\r\n"
		},
		"refresh": func(url string) string {
			return answerWith(`<html><head><meta charset=utf-8><meta http-equiv=refresh content="0;url=`+url+`"></head></html>`, "")
		},
		"script": func(url string) string {
			return answerWith(`<html><head><meta charset=utf-8></head><script>location.href="`+strings.ReplaceAll(url, `\`, `\\`)+`"</script></html>`, "")
		},
		"frame": func(url string) string {
			return answerWith(`<html><frameset><frame src="`+url+`"></frameset></html>`, "")
		},
		"resource": func(url string) string {
			return answerWith(`<html><head><meta charset=utf-8></head><body><div id=app></div><script src="`+url+`"></script></body></html>`, "")
		},
	}
	i := 0
	for kind, url := range innerURLs {
		for way, page := range ways {
			i++
			name := fmt.Sprintf("inner%d.cn", i)
			url := strings.ReplaceAll(url, "SELF", name)
			z.site(name, 80, send(page(url)))
			t.Run(way+" "+kind, func(t *testing.T) {
				t.Parallel()
				want := ""
				if otherNames[kind] && way != "resource" {
					want = "filed-site-redirects-away"
				}
				if _, found, _ := strings.Cut(verdict(t, s, name), ": "); found != want {
					t.Errorf("%s: %q, want %q", url, found, want)
				}
			})
		}
	}
}

// TestInnerTargets: what an inventory names as an inner address is refused as a
// name, or by the guard, and nothing is said of it.
func TestInnerTargets(t *testing.T) {
	z := newZoo(t)
	s := z.scanner()
	for kind, url := range innerURLs {
		host := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(url, "http:"), "https:"), "//")
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for _, given := range []string{url, host, strings.TrimSuffix(host, "/")} {
				name, err := dns.Name(given)
				if err != nil {
					continue
				}
				ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
				c := s.Visit(ctx, &crawler.Target{Domain: name, Given: given, Line: 2, Filing: crawler.Filing{Status: crawler.FilingFiled}}, nil, nil)
				stop()
				if c.Liveness == detect.Serving || c.Liveness == detect.Placeholder {
					t.Errorf("%q is %s as %s", given, c.Liveness, name)
				}
			}
		})
	}
}
