package kind

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/page"
)

func kindOf(t *testing.T, f *Fingerprints, html string) Kind {
	t.Helper()
	return of(f, &crawler.Page{Body: []byte(html)})
}

// load reads fingerprints in the form that a config file has.
func load(text string) ([]Fingerprint, error) {
	var user []Fingerprint
	err := yaml.UnmarshalWithOptions([]byte(text), &user, yaml.Strict())
	return user, err
}

func TestUserFingerprints(t *testing.T) {
	user, err := load(`
- name: our-host
  kind: suspended
  cause: 我们的主机
  title: ["欠費停機"]
- name: not-a-default-page
  kind: normal
  title_is: ["Welcome to nginx!"]
  text: ["欢迎来到ｎｇｉｎｘ学习小组"]
  max_visible: 900
- name: our-parking
  kind: parked
  text: ["此名待租"]
  without: ["租房"]
- name: our-panel
  kind: default-server
  select: ["body > #panel .version", "meta[name=panel]"]
`)
	if err != nil {
		t.Fatal(err)
	}
	fps, err := Default().With(user)
	if err != nil {
		t.Fatal(err)
	}
	// Traditional characters of the config match simplified ones of the page.
	if got := kindOf(t, fps, "<title>主机欠费停机</title><p>请续费</p>"); got.Name != Suspended || got.Fingerprint != "our-host" || got.Cause != "我们的主机" {
		t.Errorf("own fingerprint: got %+v", got)
	}
	nginx := "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>"
	if got := kindOf(t, fps, nginx); got.Name != DefaultServer {
		t.Errorf("default page: got %+v", got)
	}
	if got := kindOf(t, fps, nginx+"<p>欢迎来到nginx学习小组</p>"); got.Name != Normal || got.Fingerprint != "not-a-default-page" {
		t.Errorf("shielded page: got %+v", got)
	}
	if got := kindOf(t, fps, "<title>x</title><p>此名待租</p>"); got.Fingerprint != "our-parking" {
		t.Errorf("parked page: got %+v", got)
	}
	if got := kindOf(t, fps, "<title>租房</title><p>此名待租，房屋两间，朝南，带家具，近地铁。</p>"); got.Name != Normal {
		t.Errorf("page with a word of without: got %+v", got)
	}
	if got := kindOf(t, fps, "<title>x</title><div id=panel><b class=version>7</b>面板</div>"); got.Fingerprint != "our-panel" || got.Saw == "" {
		t.Errorf("page with a selected element: got %+v", got)
	}
	if got := kindOf(t, fps, "<title>x</title><main><div id=panel><b class=version>7</b>面板说明</div></main>"+strings.Repeat("<p>我们做木门与木窗。", 5)); got.Name != Normal {
		t.Errorf("page without such an element: got %+v", got)
	}
	if got := kindOf(t, fps, strings.Repeat("<div>", 2000)+"<b>x</b>"); got.Fingerprint == "our-panel" {
		t.Errorf("page too deep for a tree: got %+v", got)
	}
	if got := kindOf(t, Default(), nginx+"<p>欢迎来到nginx学习小组</p>"); got.Name != DefaultServer {
		t.Errorf("With changed the default fingerprints: got %+v", got)
	}
}

func TestBadFingerprints(t *testing.T) {
	for text, want := range map[string]string{
		`- {kind: error, title: [ab]}`:                                                "has no name",
		`- {name: x, kind: broken, title: [ab]}`:                                      `unknown kind "broken"`,
		`- {name: x, title: [ab]}`:                                                    `unknown kind ""`,
		`- {name: x, kind: error}`:                                                    "no condition",
		`- {name: x, kind: error, status: [404]}`:                                     "no condition",
		`- {name: x, kind: error, with: [ab]}`:                                        "no condition",
		`- {name: x, kind: error, title: [ab], with: [ab]}`:                           `"with" without "text"`,
		`- {name: x, kind: error, title: [" a "]}`:                                    "too short",
		`- {name: x, kind: error, title: [""]}`:                                       "too short",
		"- {name: x, kind: error, leads: [\"\u200b\u200b\u200b\"]}":                   "too short", // zero-width characters
		`- {name: x, kind: error, select: ["a["]}`:                                    "no CSS selector",
		`- {name: x, kind: error, header: [Server]}`:                                  "no name",
		`- {name: x, kind: error, title: [ab], status: [99]}`:                         "no HTTP status",
		`- {name: x, kind: error, title: [ab], max_visible: -1}`:                      "max_visible",
		`- {name: nginx, kind: error, title: [ab]}`:                                   `two fingerprints are called "nginx"`,
		"- {name: x, kind: error, title: [ab]}\n- {name: x, kind: error, text: [ab]}": `two fingerprints are called "x"`,
	} {
		user, err := load(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if _, err := Default().With(user); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", text, err, want)
		}
	}
	if _, err := load(`- {name: x, kind: error, titel: [ab]}`); err == nil {
		t.Error("an unknown key is no error")
	}
}

// FuzzWith feeds hostile fingerprints and pages: nothing may panic. Lists are
// written with a line for each entry.
func FuzzWith(f *testing.F) {
	f.Add("x", "error", 200, "A: b", "ab\ncd", "", "cd", "ef", "gh", "ij", "kl", 5, "<title>ab</title>cd<script>ij</script>")
	f.Add("y", "normal", 0, "", "", "ab", "", "", "", "", "", 0, "<title>ab</title>")
	f.Fuzz(func(t *testing.T, name, kind string, status int, header, title, titleIs, text, with, without, html, leads string, most int, source string) {
		list := func(s string) []string {
			if s == "" {
				return nil
			}
			return strings.Split(s, "\n")
		}
		one := Fingerprint{Name: name, Kind: Name(kind), Header: list(header), Title: list(title), TitleIs: list(titleIs), Text: list(text),
			With: list(with), Without: list(without), HTML: list(html), Leads: list(leads), MaxVisible: most}
		if status != 0 {
			one.Status = []int{status}
		}
		fps, err := Default().With([]Fingerprint{one})
		if err != nil {
			return
		}
		body := []byte(source)
		fps.Of(&crawler.Page{Status: status, Body: body}, page.Parse(body, page.Options{}))
	})
}

// FuzzOf feeds hostile pages to the embedded fingerprints.
func FuzzOf(f *testing.F) {
	for _, fx := range fixtures(f, "*/*.txtar") {
		f.Add(fx.answer.Status, string(fx.answer.Body))
	}
	f.Fuzz(func(t *testing.T, status int, html string) {
		body := []byte(html)
		k := Default().Of(&crawler.Page{Status: status, Body: body}, page.Parse(body, page.Options{}))
		if k.Name == "" || len([]rune(k.Saw)) > maxSaw+1 {
			t.Errorf("got %+v", k)
		}
	})
}
