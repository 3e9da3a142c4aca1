package industry

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// A fixture is one page of an archive under testdata.
type fixture struct{ name, html string }

// fixtures reads an archive: a comment, then entries under a line "-- NAME --".
func fixtures(t testing.TB, file string) []fixture {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var all []fixture
	for _, entry := range strings.Split("\n"+string(data), "\n-- ")[1:] {
		name, html, _ := strings.Cut(entry, " --\n")
		all = append(all, fixture{name, html})
	}
	return all
}

func judge(html string, lic ...number.Licence) []Judged {
	return Judge(page.Parse([]byte(html), page.Options{}), lic)
}

func categories(all []Judged) []string {
	var names []string
	for _, j := range all {
		names = append(names, string(j.Category))
	}
	slices.Sort(names)
	return names
}

// TestFound holds each trade to the pages that belong to it, and to no other
// trade.
func TestFound(t *testing.T) {
	met := map[string]bool{}
	for _, fx := range fixtures(t, "found.txtar") {
		want, _, _ := strings.Cut(fx.name, "/")
		wants := strings.Split(want, "+")
		slices.Sort(wants)
		got := judge(fx.html)
		if !slices.Equal(categories(got), wants) {
			t.Errorf("%s: got %v", fx.name, categories(got))
		}
		for _, j := range got {
			met[string(j.Category)] = true
			if len(j.Evidence) == 0 || len(j.Evidence) > maxEvidence {
				t.Errorf("%s: %s has %d quotes", fx.name, j.Category, len(j.Evidence))
			}
		}
	}
	for _, c := range Categories() {
		if !met[string(c)] {
			t.Errorf("no page is found for %s", c)
		}
	}
}

// TestPassed is the test that matters: ordinary pages that use the words.
func TestPassed(t *testing.T) {
	for _, fx := range fixtures(t, "passed.txtar") {
		for _, j := range judge(fx.html) {
			t.Errorf("%s: charged with %s (%.2f): %q", fx.name, j.Category, j.Score, j.Evidence)
		}
	}
}

// TestEvasions finds a page whose words are written so as not to be found.
func TestEvasions(t *testing.T) {
	plain := `<html><head><meta charset="utf-8"><title>某某理财平台</title></head><body><a href="/1">我要投资</a><a href="/2">理财产品</a><p>预期年化收益</p><p>起投金额</p></body></html>`
	for name, html := range map[string]string{
		"plain":            plain,
		"traditional":      strings.NewReplacer("投资", "投資", "理财产品", "理財產品", "预期", "預期").Replace(plain),
		"zero width":       strings.NewReplacer("理财产品", "理\u200b财\u200c产\u200d品", "投资", "投\u00ad资").Replace(plain),
		"spaced":           strings.NewReplacer("理财产品", "理 财 产 品", "我要投资", "我 要 投 资", "起投金额", "起·投·金·额").Replace(plain),
		"starred":          strings.NewReplacer("理财产品", "理*财*产*品", "起投金额", "起-投-金-额").Replace(plain),
		"ideographic gaps": strings.NewReplacer("理财产品", "理　财　产　品").Replace(plain),
	} {
		if got := categories(judge(html)); !slices.Equal(got, []string{"finance"}) {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// TestWordsAcrossMenuEntries: two entries side by side are not one word.
func TestWordsAcrossMenuEntries(t *testing.T) {
	p := page.Parse([]byte(`<html><head><meta charset="utf-8"></head><body><a href="/1">网上药</a><a href="/2">店铺</a><p>药店</p></body></html>`), page.Options{})
	m := lexicons()
	tally := m.read(p)
	for _, w := range tally.words {
		if m.length[w] > len("药店") {
			t.Errorf("found a word of %d bytes across two links", m.length[w])
		}
	}
}

// TestFootAndFriendsAreNotRead: names of others prove nothing.
func TestFootAndFriendsAreNotRead(t *testing.T) {
	html := `<html><head><meta charset="utf-8"><title>某某五金厂</title></head><body><p>本厂生产螺丝、螺母和垫圈，规格齐全，欢迎来样定做，电话联系。</p>
<div class="friendlink">友情链接：<a href="http://a.example">某某医院</a><a href="http://b.example">预约挂号</a><a href="http://c.example">在线问诊</a><a href="http://d.example">专家门诊</a></div>
<div class="footer"><a href="/1">理财产品</a><a href="/2">我要投资</a><a href="/3">基金超市</a><p>版权所有 某某五金厂</p></div></body></html>`
	if got := judge(html); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestLicences(t *testing.T) {
	html := fixtures(t, "found.txtar")[0].html // finance
	for name, c := range map[string]struct {
		lic  []number.Licence
		want string
	}{
		"none":    {nil, ""},
		"other":   {[]number.Licence{{Kind: "culture", Number: "京网文〔2020〕1039-165号"}}, ""},
		"payment": {[]number.Licence{{Kind: "telecom", Number: "B2-1"}, {Kind: "payment", Number: "Z2015044000015"}}, "Z2015044000015"},
	} {
		got := judge(html, c.lic...)
		if len(got) != 1 || got[0].Category != Finance || got[0].Licence != c.want {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	if got := covering(Audiovisual, []number.Licence{{Kind: "broadcast-production", Number: "1"}}); got != "" {
		t.Errorf("a licence to produce covers showing: %q", got)
	}
}

// TestNameAloneNeverSuffices: a page that does nothing but name itself is not
// charged.
func TestNameAloneNeverSuffices(t *testing.T) {
	for _, title := range []string{
		"某某口腔医院", "某某论坛 - Powered by Discuz!", "某某网上药店 网上药房", "某某小说网 最新章节 全文阅读", "某某银行股份有限公司", "某某日报 某某新闻网",
		"某某影院 在线观看 免费电影", "网约车 专车 快车", "某某手游 网页游戏", "某某直播平台", "佛教网", "某某网校 课外辅导",
	} {
		html := `<html><head><meta charset="utf-8"><title>` + title + `</title><meta name="generator" content="Discuz! X3"></head><body><p>联系电话零零零零</p><div class="footer">版权所有 ` + title + `</div></body></html>`
		if got := judge(html); len(got) != 0 {
			t.Errorf("%s: charged with %v", title, categories(got))
		}
	}
}

func TestNoPage(t *testing.T) {
	for _, p := range []*page.Page{nil, {}, {Text: "理财", Title: "理财"}} {
		if got := Judge(p, nil); len(got) != 0 {
			t.Errorf("got %+v", got)
		}
	}
}

// TestScoresAreWithinBounds also holds the order of the answer.
func TestScoresAreWithinBounds(t *testing.T) {
	all := strings.Builder{}
	for _, fx := range fixtures(t, "found.txtar") {
		all.WriteString(fx.html)
	}
	at := -1
	for _, j := range judge(all.String()) {
		if !(j.Score >= Threshold && j.Score < 1) {
			t.Errorf("%s has score %v", j.Category, j.Score)
		}
		i := slices.Index(Categories(), j.Category)
		if i <= at {
			t.Errorf("%s is out of order", j.Category)
		}
		at = i
	}
}

// TestHostileSizes: pages made of nothing but words of the lexicons, on one
// line, on many, in the title, must not cost more than their length.
func TestHostileSizes(t *testing.T) {
	words := strings.Repeat("投资者关系理财产品网上药店", 30000)
	for name, p := range map[string]*page.Page{
		"title": {Title: words},
		"meta":  {Description: words, Keywords: words},
		"line":  page.Parse([]byte("<p>"+words+"</p>"), page.Options{}),
		"lines": page.Parse([]byte(strings.Repeat("<p>理财产品<p>理 财 产 品", 30000)), page.Options{}),
		"links": page.Parse([]byte(strings.Repeat("<a href=/x>我要投资</a>", 30000)), page.Options{}),
	} {
		for _, j := range Judge(p, nil) {
			for _, q := range j.Evidence {
				if len([]rune(q)) > maxSentence+1 {
					t.Errorf("%s: a quote of %d characters", name, len([]rune(q)))
				}
			}
		}
	}
}

func FuzzJudge(f *testing.F) {
	for _, file := range []string{"found.txtar", "passed.txtar"} {
		for _, fx := range fixtures(f, file) {
			f.Add(fx.html)
		}
	}
	f.Fuzz(func(t *testing.T, html string) {
		p := page.Parse([]byte(html), page.Options{})
		for _, j := range Judge(p, nil) {
			if !(j.Score >= Threshold && j.Score < 1) || len(j.Evidence) > maxEvidence {
				t.Errorf("got %+v", j)
			}
		}
		m := lexicons()
		read := m.read(p)
		for i := range m.trades {
			m.evidence(p, read, i)
		}
	})
}
