package page

import (
	"os"
	"strings"
	"testing"
)

func TestSteady(t *testing.T) {
	same := []string{
		"",
		`<p>京ICP备20000001号-1</p>`,
		`<!-- 京ICP备20000001号-1 -->`,
		`<!-- ICP 20000001 -->`,
		`<!-- B2-20201234 -->`,
		`<a href="/a?token=12345678">x</a>`,
		`<a href="/a?timestamp=1700000000">x</a>`,
		`<script>location.href="/a?token=a1b2c3d4";</script>`,
		`<script>var tokenLife = 300;</script>`,
		`<script>var token = "登录2";</script>`,
		`<script>var token = "";</script>`,
		`<script>var token = "abc`,
		`<script><!-- location.href="/2026/"; --></script>`,
		`<meta name="keywords" content="a1b2c3d4">`,
		`token=`, `token:`, `=`, `"="`, `<!--`, `<!--1`,
	}
	for _, text := range same {
		if got := string(Steady([]byte(text))); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	for text, want := range map[string]string{
		`<p>a</p><script>var token="000003e9";</script>`:                         `<p>a</p>`,
		`<script type="text/javascript"> window.csrfToken = '12ab' ; </script>b`: `b`,
		`<script>var token="000003e9";location.href="/a"</script>`:               `<script>var token="0";location.href="/a"</script>`,
		`<script> <script>var token="000003e9";</script><p>a</p>`:                `<script> <script>var token="0";</script><p>a</p>`,
		`<SCRIPT>document.write('<b> <script>var token="a1b2";</script>c`:        `<SCRIPT>document.write('<b> <script>var token="0";</script>c`,
		`<script src="a.js"></script> <script>var token="000003e9";</script>b`:   `<script src="a.js"></script> b`,
		`<script>if(x)var token="000003e9";</script>`:                            `<script>if(x)var token="0";</script>`,
		`<script src="/a.js">var token="000003e9";</script>`:                     `<script src="/a.js">var token="0";</script>`,
		`<script id="s">var token="000003e9";</script>`:                          `<script id="s">var token="0";</script>`,
		`<script>window.csrf_token = 'aB-3_x.y/z+=';f()</script>`:                `<script>window.csrf_token = '0';f()</script>`,
		`<script>var o={"request-id":"7f3a","timestamp":1700000000};`:            `<script>var o={"request-id":"0","timestamp":0};`,
		`<script nonce="r4nd0m">`:                                                `<script nonce="0">`,
		`<meta name="csrf-token" content="Zm9vYmFy0a">`:                          `<meta name="csrf-token" content="0">`,
		`<input type="hidden" name="_token" value="Zm9v0">`:                      `<input type="hidden" name="_token" value="0">`,
		`<!-- generated in 0.031 s at 2026-11-25 10:00:00 --><p>1</p>`:           `<!-- generated in 0.0 s at 0-0-0 0:0:0 --><p>1</p>`,
	} {
		if got := string(Steady([]byte(text))); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}

func FuzzSteady(f *testing.F) {
	f.Add([]byte(`<script>var token="000003e9";</script><!-- 1 s --><meta name="csrf-token" content="a1b2">`))
	f.Add([]byte(`tok <script>var token="1";</script>en="a123"`))
	f.Add([]byte(`token = 'a0000' timestamp:1234567,<!-- token="a123" -->`))
	f.Fuzz(func(t *testing.T, body []byte) {
		was := string(body)
		once := Steady(body)
		if string(body) != was {
			t.Fatal("the page was changed")
		}
		if len(once) > len(body)+len(body)/2 {
			t.Fatalf("%d bytes became %d", len(body), len(once))
		}
		if twice := Steady(once); string(twice) != string(once) {
			t.Fatalf("%q became %q, and that %q", body, once, twice)
		}
	})
}

func BenchmarkSteady(b *testing.B) {
	page := []byte(strings.Repeat(`<div class="card" id="c1"><a href="https://www.example.cn/p/1.html?from=2">产品介绍与说明</a></div>`+"\n", 500))
	if name := os.Getenv("BEIANWATCH_PAGE"); name != "" {
		var err error
		if page, err = os.ReadFile(name); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		Steady(page)
	}
}

// What a visitor sees of a page is the same with and without its tokens, also
// where script tags do not match.
func TestSteadyShowsTheSame(t *testing.T) {
	for _, html := range []string{
		"<p>hi</p><script>\n<script>var csrf_token=\"abc12345\";</script>\n<footer>京ICP备12345678号</footer>",
		`<p>hi</p><script>document.write('<div> <script>var token="a1b2c3";</script><footer>京ICP备12345678号</footer><script></script>`,
		`<p>hi</p><script>var token="a1b2c3";</script><footer>京ICP备12345678号</footer>`,
	} {
		if raw, steady := Parse([]byte(html), Options{}).Text, Parse(Steady([]byte(html)), Options{}).Text; raw != steady {
			t.Errorf("%q shows %q, and without tokens %q", html, raw, steady)
		}
	}
}
