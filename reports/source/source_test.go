package source

import (
	"net/http"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/reports"
)

// shown is what an excerpt shows of a place, with its line and column.
func shown(s *Source, p Place) (string, int, int) { return s.Text[p.Start:p.End], p.Line, p.Column }

func TestFind(t *testing.T) {
	s := &Source{Text: "<html>\n<body title=\"沪ICP备2021000011号\">\n<p>关于我们</p>\n  <footer>&copy; 2026 <b>沪</b> ICP备\n 2021&#48;00022号&nbsp;-&nbsp;1</footer>\n<script>var n='沪ICP备2021000033号'</script>\n</body>"}
	for _, c := range []struct {
		words, want  string
		line, column int
	}{
		{"关于我们", "关于我们", 3, 4},
		{"沪ICP备2021000022号-1", "沪</b> ICP备\n 2021&#48;00022号&nbsp;-&nbsp;1", 4, 26},
		{"沪ICP备2021000011号", "沪ICP备2021000011号", 2, 14},
		{"沪ICP备2021000033号", "沪ICP备2021000033号", 6, 16},
		{"沪ICP备202100002…", "沪</b> ICP备\n 2021&#48;0002", 4, 26},
	} {
		p, ok := s.Find(c.words)
		if !ok {
			t.Errorf("%q is not found", c.words)
			continue
		}
		if got, line, column := shown(s, p); got != c.want || line != c.line || column != c.column {
			t.Errorf("%q: %q at %d:%d, want %q at %d:%d", c.words, got, line, column, c.want, c.line, c.column)
		}
	}
	for _, words := range []string{"", "号-1", "京ICP备2021000044号"} {
		if p, ok := s.Find(words); ok {
			t.Errorf("%q is found at %+v", words, p)
		}
	}
}

func TestFindingOfTheFoot(t *testing.T) {
	page := &crawler.Page{Header: http.Header{}, Body: []byte("<p>新闻</p>\n<div>版权所有 青石阀门</div>\n")}
	r := &reports.Record{Shown: reports.Shown{ICP: []reports.ShownICP{{Raw: "鲁ICP备2020123456号", Place: number.Footer}}}}
	f := &detect.Finding{Saw: detect.Text{ZH: "没有备案号"}}
	if p, ok := Of(page).Finding(r, "footer-number-missing", f); !ok || p.Line != 2 {
		t.Errorf("the foot stands at %+v, %v", p, ok)
	}
	if p, ok := Of(page).Finding(r, "domain-holder-mismatch", f); ok {
		t.Errorf("what a register says stands at %+v", p)
	}
	f.Saw.ZH = "版权行写的是“青石阀门”"
	if p, ok := Of(page).Finding(r, "content-of-another-subject", f); !ok || p.Line != 2 || p.Column != 11 {
		t.Errorf("the name stands at %+v, %v", p, ok)
	}
}

func TestExcerpt(t *testing.T) {
	s := &Source{Text: "one\n" + strings.Repeat("前", 200) + "京ICP备2020555666号" + strings.Repeat("后", 200) + "\n\nfour"}
	p, ok := s.Find("京ICP备2020555666号")
	if !ok {
		t.Fatal("not found")
	}
	lines := s.Excerpt(p)
	if len(lines) != 2 || lines[0].N != 1 || lines[0].Before != "one" || lines[1].N != 2 || lines[1].Hit != "京ICP备2020555666号" {
		t.Fatalf("the excerpt is %+v", lines)
	}
	if n := len([]rune(lines[1].Before)); n != maxBefore+1 {
		t.Errorf("%d characters before", n)
	}
	if n := len([]rune(lines[1].After)); n != maxAfter+1 {
		t.Errorf("%d characters after", n)
	}
}

// FuzzFind holds whatever is found to lie in the source, at a line that it has.
func FuzzFind(f *testing.F) {
	f.Add("<p>a&amp;b&#x30;&nbsp;c d</p><script>x</script>", "a&b0cd")
	f.Add("<!-- 京ICP备1号 --><p title=\"四个汉字\n\">", "四个汉字")
	f.Add("<textarea>&lt;p&gt;</textarea><p", "<p><p")
	f.Fuzz(func(t *testing.T, text, words string) {
		s := Of(&crawler.Page{Header: http.Header{}, Body: []byte(text)})
		p, ok := s.Find(words)
		if !ok {
			return
		}
		if p.Start < 0 || p.End < p.Start || p.End > len(s.Text) || p.Line < 1 || p.Line > strings.Count(s.Text, "\n")+1 || p.Column < 1 {
			t.Fatalf("%q in %q is at %+v", words, text, p)
		}
		for _, l := range s.Excerpt(p) {
			if len([]rune(l.Before)) > maxBefore+maxAfter+1 || len([]rune(l.Hit)) > maxHit+1 {
				t.Fatalf("a line of the excerpt is %+v", l)
			}
		}
	})
}
