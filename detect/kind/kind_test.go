package kind

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/page"
)

// A fixture is one entry of an archive under testdata.
type fixture struct {
	file, name string
	answer     *crawler.Page
}

func fixtures(t testing.TB, pattern string) []fixture {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures %s: %v", pattern, err)
	}
	var all []fixture
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// The txtar form: a comment, then entries under a line "-- NAME --".
		for _, entry := range strings.Split("\n"+string(data), "\n-- ")[1:] {
			name, text, _ := strings.Cut(entry, " --\n")
			all = append(all, fixture{filepath.Base(path), name, answerOf(t, text)})
		}
	}
	return all
}

// answerOf reads an entry: "HTTP 403", header lines and an empty line may stand
// before the page. Without them no status is known, as for a file.
func answerOf(t testing.TB, text string) *crawler.Page {
	a := &crawler.Page{Header: http.Header{}, Body: []byte(text)}
	status, ok := strings.CutPrefix(text, "HTTP ")
	if !ok {
		return a
	}
	status, rest, _ := strings.Cut(status, "\n")
	n, err := strconv.Atoi(status)
	if err != nil {
		t.Fatal(err)
	}
	a.Status = n
	for {
		line, after, _ := strings.Cut(rest, "\n")
		rest = after
		name, value, ok := strings.Cut(line, ": ")
		switch {
		case !ok:
			a.Body = []byte(rest)
			return a
		case name == "URL":
			a.URL = value
		default:
			a.Header.Add(name, value)
		}
	}
}

func of(f *Fingerprints, a *crawler.Page) Kind {
	return f.Of(a, page.Parse(a.Body, page.Options{URL: a.URL, ContentType: a.Header.Get("Content-Type")}))
}

// TestFingerprints holds each embedded fingerprint to an example of its own.
func TestFingerprints(t *testing.T) {
	fps := Default()
	kinds, met := map[string]Name{}, map[string]bool{}
	for _, f := range fps.All() {
		kinds[f.Name] = f.Kind
	}
	for _, fx := range fixtures(t, "found/*.txtar") {
		want, _, _ := strings.Cut(fx.name, "/")
		got := of(fps, fx.answer)
		if got.Fingerprint != want || got.Name != kinds[want] || string(got.Name)+".txtar" != fx.file || got.Saw == "" {
			t.Errorf("%s: %s: got %+v, want %s", fx.file, fx.name, got, kinds[want])
		}
		met[want] = true
	}
	for name := range kinds {
		if !met[name] {
			t.Errorf("fingerprint %s has no example under testdata", name)
		}
	}
}

// TestFingerprintsInGBK finds the same pages in the other encoding of the
// Chinese web.
func TestFingerprintsInGBK(t *testing.T) {
	fps := Default()
	for _, pattern := range []string{"found/block.txtar", "found/suspended.txtar", "found/default-server.txtar", "found/parked.txtar", "found/under-construction.txtar"} {
		for _, fx := range fixtures(t, pattern) {
			text := strings.Replace(string(fx.answer.Body), `charset="utf-8"`, `charset="gbk"`, 1)
			body, err := simplifiedchinese.GBK.NewEncoder().String(text)
			if err != nil || text == string(fx.answer.Body) {
				continue // a character outside GBK, or no declaration to change
			}
			fx.answer.Body = []byte(body)
			want, _, _ := strings.Cut(fx.name, "/")
			if got := of(fps, fx.answer); got.Fingerprint != want {
				t.Errorf("%s in GBK: got %+v", fx.name, got)
			}
		}
	}
}

func TestShapes(t *testing.T) {
	for _, fx := range append(fixtures(t, "shapes.txtar"), fixtures(t, "stated.txtar")...) {
		want, _, _ := strings.Cut(fx.name, "/")
		if got := of(Default(), fx.answer); string(got.Name) != want {
			t.Errorf("%s: got %+v", fx.name, got)
		}
	}
}

// TestOrdinaryPagesStayNormal is the test that matters: each of these quotes
// words of a fingerprint.
func TestOrdinaryPagesStayNormal(t *testing.T) {
	for _, fx := range fixtures(t, "normal.txtar") {
		if got := of(Default(), fx.answer); got.Name != Normal {
			t.Errorf("%s: got %+v", fx.name, got)
		}
	}
}

func TestStatus(t *testing.T) {
	body := []byte("<html><head><title>某某公司</title></head><body><p>某某公司生产齿轮和轴承，欢迎选购，电话零零零零。</p></body></html>")
	for status, want := range map[int]Name{
		0: Normal, 200: Normal, 202: Normal, 401: Challenge, 403: Challenge, 405: Challenge, 412: Challenge, 418: Challenge,
		429: Challenge, 503: Challenge, 521: Challenge, 566: Challenge, 567: Challenge, 404: Error, 410: Error, 500: Error, 502: Error, 504: Error,
	} {
		got := of(Default(), &crawler.Page{Status: status, Header: http.Header{}, Body: body})
		if got.Name != want {
			t.Errorf("status %d: got %+v, want %s", status, got, want)
		}
	}
}

// TestRefusals: the page that comes with a refusal is the refusing server's, not
// an error of the site. In a file the same page is an error page.
func TestRefusals(t *testing.T) {
	for status, line := range map[int]string{403: "403 Forbidden", 503: "503 Service Temporarily Unavailable", 401: "401 Unauthorized"} {
		a := &crawler.Page{Header: http.Header{}, Body: []byte("<html><head><title>" + line + "</title></head><body><center><h1>" + line + "</h1></center><hr><center>nginx</center></body></html>")}
		if got := of(Default(), a); got.Name != Error {
			t.Errorf("%s in a file: got %+v", line, got)
		}
		a.Status = status
		if got := of(Default(), a); got.Name != Challenge {
			t.Errorf("%s: got %+v", line, got)
		}
	}
}

func TestWithoutPage(t *testing.T) {
	fps := Default()
	for name, c := range map[string]struct {
		answer *crawler.Page
		want   Name
	}{
		"nothing":          {nil, Normal},
		"empty answer":     {&crawler.Page{Status: 200}, Blank},
		"cut to nothing":   {&crawler.Page{Status: 200, Cut: true}, Normal},
		"an image":         {&crawler.Page{Status: 200, Body: []byte("\x89PNG\r\n")}, Normal},
		"refused, no body": {&crawler.Page{Status: 403}, Challenge},
		"blocked, no body": {&crawler.Page{Status: 403, Header: http.Header{"Server": {"Beaver"}}}, Block},
	} {
		if got := fps.Of(c.answer, nil); got.Name != c.want {
			t.Errorf("%s: got %+v, want %s", name, got, c.want)
		}
	}
}

// TestPartsNotReadAreNotMissing: a page that was cut may have its text after
// the cut.
func TestPartsNotReadAreNotMissing(t *testing.T) {
	body := []byte("<html><head><title>某某</title></head><body><div></div>")
	if got := Default().Of(&crawler.Page{Body: body, Cut: true}, page.Parse(body, page.Options{Cut: true})); got.Name != Normal {
		t.Errorf("a cut page is %+v, want normal", got)
	}
}

func BenchmarkOf(b *testing.B) {
	big, err := os.ReadFile(filepath.Join("testdata", "found", "default-server.txtar"))
	if err != nil {
		b.Fatal(err)
	}
	ordinary := "<html><head><title>某某公司</title></head><body>" + strings.Repeat("<p>某某公司生产齿轮、轴承和减速机。</p>", 200) + "</body></html>"
	for name, body := range map[string]string{
		"ordinary": ordinary,
		"default":  "<html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1></body></html>",
		"short":    "<html><head><title>某某公司</title></head><body><p>某某公司生产齿轮、轴承和减速机。</p></body></html>",
		"script":   "<html><head><title>某某公司</title></head><body><script>" + strings.Repeat(string(big), 4) + "</script></body></html>",
	} {
		b.Run(name, func(b *testing.B) {
			fps, a := Default(), &crawler.Page{Body: []byte(body)}
			p := page.Parse(a.Body, page.Options{})
			b.ReportAllocs()
			for b.Loop() {
				fps.Of(a, p)
			}
		})
	}
}

// A title left over from a server's own page says nothing of a page with a menu
// and a foot of its own, nor of one that speaks at length of something else.
func TestTitleLeftOver(t *testing.T) {
	own := `<nav><a href="/a">公司简介</a><a href="/b">产品展示</a><a href="/c">服务网点</a><a href="/d">人才招聘</a></nav><p>主营阀门与管件，欢迎登录网站查询目录。</p><footer>© 江海阀门有限公司 版权所有 地址：某路 2 号</footer>`
	long := `<p>江海阀门厂生产闸阀、球阀、蝶阀与各类管件，产品用于供水、供热和化工，备有现货，当日发出，并承接非标定制，交货及时，价格公道，售后周到，质量可靠，远销各地，欢迎来厂参观洽谈。</p>`
	for title, bodies := range map[string][]string{"Welcome to nginx!": {own, long}, "Welcome to tengine!": {own, long}, "Apache2 Ubuntu Default Page: It works": {own, long}} {
		for _, body := range bodies {
			a := &crawler.Page{Header: http.Header{}, Body: []byte("<meta charset=utf-8><title>" + title + "</title>" + body)}
			if k := of(Default(), a); k.Name != Normal {
				t.Errorf("%s with %.30s: %+v", title, body, k)
			}
		}
		a := &crawler.Page{Header: http.Header{}, Body: []byte("<title>" + title + "</title><h1>" + title + "</h1>")}
		if k := of(Default(), a); k.Name != DefaultServer {
			t.Errorf("%s alone: %+v", title, k)
		}
	}
}
