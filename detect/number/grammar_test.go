package number

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/page"
)

// shown reads one piece of markup in a foot.
func shown(markup string) Shown {
	return Find(page.Parse([]byte("<meta charset=utf-8><footer>"+markup+"</footer>"), page.Options{URL: "https://www.example.cn/"}))
}

func TestForms(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"subject", "京ICP备13052560号", "京ICP备13052560号"},
		{"ten digits", "粤ICP备2020133024号", "粤ICP备2020133024号"},
		{"service", "沪ICP备13002172号-3", "沪ICP备13002172号-3"},
		{"two-digit service", "陕ICP备16009628号-11", "陕ICP备16009628号-11"},
		{"App", "京ICP备13052560号-2A", "京ICP备13052560号-2A"},
		{"mini-program", "京ICP备13052560号-3x", "京ICP备13052560号-3X"},
		{"quick app", "京ICP备13052560号-4K", "京ICP备13052560号-4K"},
		{"spaces everywhere", "京 ICP 备 13052560 号 - 1", "京ICP备13052560号-1"},
		{"no-break spaces", "京&nbsp;ICP&nbsp;备&nbsp;13052560&nbsp;号", "京ICP备13052560号"},
		{"letters set apart", "京 I C P 备 2 0 2 1 0 1 2 3 4 5 号 - 1", "京ICP备2021012345号-1"},
		{"digits in pairs", "京ICP备13 05 25 60号-1", "京ICP备13052560号-1"},
		{"a dot for the dash", "粤ICP备14023066号·1", "粤ICP备14023066号-1"},
		{"a dot before a storey", "粤ICP备14023066号·12楼", "粤ICP备14023066号"},
		{"a dot before a year", "粤ICP备14023066号·2024", "粤ICP备14023066号"},
		{"a dot before a telephone", "粤ICP备14023066号· 12345", "粤ICP备14023066号"},
		{"full width", "粤ＩＣＰ备１４０２３０６６号－１", "粤ICP备14023066号-1"},
		{"other dashes", "粤ICP备14023066号—1", "粤ICP备14023066号-1"},
		{"the figure one in Han", "粤ICP备14023066号一1", "粤ICP备14023066号-1"},
		{"no 号", "陇ICP备 05000593", "陇ICP备05000593号"},
		{"suffix before 号", "京ICP备05032222-1号", "京ICP备05032222号-1"},
		{"lower case", "粤icp备14002454号", "粤ICP备14002454号"},
		{"trailing dot", "冀ICP备16018121号-4.", "冀ICP备16018121号-4"},
		{"domain in brackets", "沪ICP备(shou.org.cn)05052049号-13", "沪ICP备05052049号-13"},
		{"label before", "ICP备案编号：京ICP备19046468号政府网站", "京ICP备19046468号"},
		{"two labels", "备案/许可证编号：京ICP备18020997号-6", "京ICP备18020997号-6"},
		{"label within", "京ICP备案号：18020997", "京ICP备18020997号"},
		{"字第", "京ICP备字第18020997号", "京ICP备18020997号"},
		{"traditional", "滬ICP備13002172號-3", "沪ICP备13002172号-3"},
		{"alias", "川ICP备14026954号-1", "川ICP备14026954号-1"},
		{"name of the province", "辽宁ICP备17005228号", "辽ICP备17005228号"},
		{"Gansu by plate", "甘ICP备16003251号-1", "甘ICP备16003251号-1"},
		{"look-alikes", "京ІСР备13052560号", "京ICP备13052560号"},
		{"letters swapped", "陕IPC备16014072号", "陕ICP备16014072号"},
		{"zero width", "京I\u200bCP备1305\u200b2560号", "京ICP备13052560号"},
		{"tags within", "京<b>ICP</b>备<i>1305</i><!-- -->2560<em>号</em>-1", "京ICP备13052560号-1"},
		{"over lines", "京ICP备<br>13052560号", "京ICP备13052560号"},
		{"over cells", "<table><tr><td>京ICP备<td>13052560号-1</table>", "京ICP备13052560号-1"},
		{"digits over elements", "<p>京ICP备1305<p>2560号</p>", "京ICP备13052560号"},
		{"digits with a space", "粤ICP备2020 133024号", "粤ICP备2020133024号"},
		{"another number after", "京ICP备13052560号京公网安备11010502030143号", "京ICP备13052560号"},
		{"licence and number run together", "京ICP证090015号京ICP备11027288号", "京ICP备11027288号"},
		{"romanised", "Yue ICP 2026055337-1", "粤ICP备2026055337号-1"},
		{"romanised with label", "Yue ICP B No. 20016192-1", "粤ICP备20016192号-1"},
		{"romanised bei", "hu icp bei 13002172", "沪ICP备13002172号"},
		{"copyright years after", "京ICP备13052560号 - 2012-2020 某公司", "京ICP备13052560号"},
		{"year after", "京ICP备13052560号-2012年", "京ICP备13052560号"},
		{"telephone after", "京ICP备13052560号-13800000000", "京ICP备13052560号"},
		{"备 forgotten", "京ICP13052560号", "京ICP备13052560号"},
		{"no province", "ICP备13052560号-1", "ICP备13052560号-1"},
		{"a word before", "网站ICP备13052560号", "ICP备13052560号"},
		{"several", "京ICP备13052560号-1 粤ICP备14023066号", "京ICP备13052560号-1 粤ICP备14023066号"},
		{"twice the same", "京ICP备13052560号 京ICP备13052560号", "京ICP备13052560号"},
		{"the word alone", "阿里云ICP备案 ICP备案查询 2019", ""},
		{"a date", "ICP备案 20190506", ""},
		{"a telephone", "ICP备案：4008001234", ""},
		{"a service telephone", "ICP备案 88886666", ""},
		{"letters apart", "京 I C P 备 2021012345 号", "京ICP备2021012345号"},
		{"digits in brackets", "京ICP备【2021012345】号-1", "京ICP备2021012345号-1"},
		{"year in brackets", "京ICP备(2021)012345号", "京ICP备2021012345号"},
		{"year in other brackets", "京ICP备〔2021〕012345号-2", "京ICP备2021012345号-2"},
		{"digits in quotation marks", "京ICP备“2021012345”号", "京ICP备2021012345号"},
		{"a comma in the digits", "京ICP备2021，012345号", "京ICP备2021012345号"},
		{"a low line", "京ICP备_2021012345号", "京ICP备2021012345号"},
		{"middle dots", "京·ICP备·2021012345号", "京ICP备2021012345号"},
		{"year apart, no 号", "京ICP备2021 012345", "京ICP备2021012345号"},
		{"three groups", "京ICP备 2021 012 345 号", "京ICP备2021012345号"},
		{"province behind the label", "ICP备案：京备2021012345号-1", "京ICP备2021012345号-1"},
		{"province behind the label, no 备", "ICP备案号：京2021012345号", "京ICP备2021012345号"},
		{"a number and a telephone", "京ICP备13052560号 010-62150000", "京ICP备13052560号"},
		{"six digits and a telephone", "京ICP备200901 13800000000", "京ICP备200901号"},
		{"a word on the line before", "<div>科技创新</div><div>ICP备2021012345号-1</div>", "ICP备2021012345号-1"},
		{"a province on the line before", "<div>京</div><div>ICP备2021012345号-1</div>", "京ICP备2021012345号-1"},
		{"a company on the line before", "<div>联系</div><div>ICP备2021012345号-1</div>", "ICP备2021012345号-1"},
		{"an everyday word", "阿里云ICP备2021012345号", "ICP备2021012345号"},
		{"an everyday character behind a label", "备案号新ICP备2021012345号", "新ICP备2021012345号"},
		{"an everyday character behind a company", "某某公司新ICP备2021012345号", "新ICP备2021012345号"},
		{"a province behind a word", "版权所有京ICP备2021012345号", "京ICP备2021012345号"},
		{"a word for parody", "主体ICP备2021012345号", "ICP备2021012345号"},
		{"in a word", "EPICPLAN 12345 topicpage", ""},
		{"an algorithm filing", "网信算备110108823483901230031号", ""},
		{"licence only", "京ICP证030173号-1", ""},
		{"b2 only", "粤B2-20090059", ""},
	} {
		var got []string
		for _, n := range shown(c.in).ICP {
			got = append(got, n.Number)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q gives %q, want %q", c.name, c.in, s, c.want)
		}
	}
}

func TestFakes(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Fake
	}{
		{"京ICP备13052560号", FakeNone}, {"粤ICP备2020133024号", FakeNone}, {"粤ICP备2021123456号", FakeNone},
		{"萌ICP备20265536号", FakeParody}, {"本站已加入萌ICP备20265536号", FakeParody}, {"联系<p>ICP备2021012345号", FakeNone}, {"主体ICP备2021012345号", FakeNone}, {"异次元ICP备20265536号", FakeParody}, {"团ICP备20221111号", FakeParody},
		{"京ICP备12345678号", FakePlaceholder}, {"京ICP备00000000号-1", FakePlaceholder}, {"粤ICP备66666666号", FakePlaceholder},
		{"京ICP备1234567890号", FakePlaceholder}, {"京ICP备2024000000号", FakePlaceholder},
		{"贵ICP备36325334号-6", FakeImpossible}, {"粤icp备140024545号", FakeImpossible}, {"冀ICP备114514号", FakeImpossible}, {"粤ICP备2124123456号", FakeImpossible},
	} {
		got := shown(c.in).ICP
		if len(got) != 1 || got[0].Fake != c.want {
			t.Errorf("%s: %+v, want one that is %q", c.in, got, c.want)
		}
	}
	for in, want := range map[string]string{
		"苏ICP备********号": "苏ICP备********号", "京ICP备XXXXXXXX号-1": "京ICP备XXXXXXXX号", "赣ICP备（暂无）": "赣ICP备(暂无)", "沪 ICP 备 XXX 号": "沪ICP备XXX号",
		"粤ICP备xxxxx": "粤ICP备xxxxx", "京ICP备2024xxxxxx号": "京ICP备2024xxxxxx号", "ICP备案号：待备案": "ICP备案号:待备案",
	} {
		s := shown(in)
		if len(s.ICP) != 0 || len(s.Blanks) != 1 || s.Blanks[0].Number != want || s.Blanks[0].Fake != FakeBlank {
			t.Errorf("%s: %+v, want the blank %q", in, s, want)
		}
	}
	for _, in := range []string{"粤ICP备14023066号-1", "ICP备案办理中心", "ICP备案审核中心", "<li>ICP备案<li>暂无公告", "京ICP备<br>暂无", "技术支持：建站公司 京ICP备XXXXXXXX号", "ICP备XXXX"} {
		if s := shown(in); len(s.Blanks) != 0 {
			t.Errorf("%s: blanks %+v", in, s.Blanks)
		}
	}
	how := "<meta charset=utf-8><p>格式：京ICP备XXXXXXXX号</p>" + strings.Repeat("<p>本公司生产各类机械设备，欢迎新老客户来电洽谈。</p>", 100) + "<footer>© 2024</footer>"
	if s := Find(page.Parse([]byte(how), page.Options{})); len(s.Blanks) != 0 {
		t.Errorf("blank of a page that explains: %+v", s.Blanks)
	}
}

// What may be a number, but is not surely one, is a trace.
func TestTraces(t *testing.T) {
	for in, want := range map[string]string{
		"备案号：2021012345":        "2021012345",
		"备案/许可证号：京2021012345":   "2021012345",
		"ICP备案 20190506":        "20190506",
		"ICP备案：4008001234":      "4008001234",
		"京ICP许可2021012345号":     "2021012345",
		"京ICP备":                 "",
		"网站备案号：<span></span>":   "",
		"网站备案编号 2021-012345":    "2021012345",
		"京 I C P 许可 2021012345": "2021012345",
		"ICP备案查询":               "",
	} {
		s := shown("© 2024 青禾 " + in)
		if len(s.ICP) != 0 || len(s.Traces) == 0 || s.Traces[0].Digits != want || s.Traces[0].Place != Footer {
			t.Errorf("%s: %+v, want a trace of %q", in, s, want)
		}
	}
	for _, in := range []string{"京ICP备13052560号-1", "网站备案号：京ICP备13052560号-1", "ICP备案号：粤B2-20090059", "公安机关备案号：11010502030143", "食品经营许可证号：JY11105000000000",
		"许可证号", "本公司的设备", "EPICPLAN 12345678"} {
		if s := shown(in); len(s.Traces) != 0 {
			t.Errorf("%s: traces %+v", in, s.Traces)
		}
	}
}

// However often a page speaks of ICP, the number in its foot is read, and a
// page of endless lines costs no more than its length: the places of a text are
// found by steps of a span.
func TestLongPages(t *testing.T) {
	for _, s := range []string{"ICP ", "ICP", "备案号", "京ICP备", "ICP备((((", "技术支持", "I C P ", "一二三四"} {
		in := "<p>" + strings.Repeat(s, 300000/len(s)*2) + strings.Repeat("技术支持 粤ICP备14023066号", 100) + "</p>"
		p := page.Parse([]byte("<meta charset=utf-8>"+in+"<footer>© 2024 京ICP备13052560号-1</footer>"), page.Options{})
		for _, x := range p.Spans {
			if x.RawEnd-x.RawStart > 9<<10 {
				t.Fatalf("%s: a span of %d bytes", s, x.RawEnd-x.RawStart)
			}
		}
		got := Find(p)
		if len(got.ICP) == 0 || got.ICP[len(got.ICP)-1].Number != "京ICP备13052560号-1" || !got.ICP[len(got.ICP)-1].Own || len(got.Traces) > 9*maxTraces {
			t.Errorf("%s: %+v", s, got.ICP)
		}
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]ICP{
		"京ICP备13052560号-1":       {Number: "京ICP备13052560号-1", Base: "京ICP备13052560号", Province: "京", Form: FormFiling, Serial: "13052560", Suffix: 1},
		" 京 icp 備 13052560 ":     {Number: "京ICP备13052560号", Base: "京ICP备13052560号", Province: "京", Form: FormFiling, Serial: "13052560"},
		"ICP备案号：川ICP备13052560号。": {Number: "川ICP备13052560号", Base: "蜀ICP备13052560号", Province: "蜀", Form: FormFiling, Serial: "13052560", Alias: true},
		"京ICP证030173号-1":         {Number: "京ICP证030173号-1", Base: "京ICP证030173号", Province: "京", Form: FormICP, Serial: "030173", Suffix: 1},
		"粤B2-20090059-1626X":     {Number: "粤B2-20090059-1626X", Base: "粤B2-20090059", Province: "粤", Form: FormTelecom, Serial: "20090059", Classes: "B2", Suffix: 1626, Service: "X"},
		"A2.B1.B2-20040561":      {Number: "A2.B1.B2-20040561", Base: "A2.B1.B2-20040561", Form: FormTelecom, Serial: "20040561", Classes: "A2.B1.B2"},
	} {
		got, ok := Parse(in)
		want.Raw = in
		if !ok || got != want {
			t.Errorf("%q: %+v, %v; want %+v", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "无", "京ICP备", "京ICP备********号", "京ICP备13052560号 粤ICP备14023066号", "京ICP备13052560号 某某公司", "13052560"} {
		if got, ok := Parse(in); ok {
			t.Errorf("%q is a number: %+v", in, got)
		}
	}
}

func TestSameBase(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"京ICP备13052560号-1", "京ICP备13052560号", true},
		{"川ICP备13052560号-1", "蜀ICP备13052560号-2A", true},
		{"京ICP备13052560", "京ICP备13052560号", true},
		{"Yu ICP 13052560", "渝ICP备13052560号", true},
		{"ICP备13052560号", "渝ICP备13052560号", true},
		{"京ICP备13052560号", "津ICP备13052560号", false},
		{"京ICP备13052560号", "京ICP备13052561号", false},
		{"京ICP证130525号", "京ICP备13052560号", false},
		{"粤B2-20090059-1", "粤B2-20090059", true},
	} {
		a, _ := Parse(c.a)
		b, _ := Parse(c.b)
		if got := a.SameBase(b); got != c.want || b.SameBase(a) != c.want {
			t.Errorf("%s and %s: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// Any number that the grammar allows, written in any of the ways, keeps its
// digits and its suffix.
func TestNumberKeepsItsDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		province := rapid.SampledFrom([]string{"京", "沪", "粤", "蜀", "川", "宁", "新", "瓊"}).Draw(t, "province")
		serial := rapid.StringMatching(`(0[5-9]|1\d|2[0-2])\d{6}|20[12]\d\d{6}`).Draw(t, "serial")
		gap := rapid.SampledFrom([]string{"", " ", "\u00a0", "\u200b", "\u3000"})
		icp := rapid.SampledFrom([]string{"ICP", "icp", "ＩＣＰ", "ICp"}).Draw(t, "letters")
		hao := rapid.SampledFrom([]string{"号", "號", " 号"}).Draw(t, "号")
		n := rapid.IntRange(0, 1800).Draw(t, "suffix")
		text := province + gap.Draw(t, "gap") + icp + gap.Draw(t, "gap") + "备" + gap.Draw(t, "gap") + serial + hao
		if n > 0 {
			text += rapid.SampledFrom([]string{"-", "－", "—", "–"}).Draw(t, "dash") + fmt.Sprint(n)
		}
		got, ok := Parse(text)
		if !ok || got.Serial != serial || got.Suffix != n || got.Form != FormFiling {
			t.Fatalf("%q: %+v, %v", text, got, ok)
		}
		again, ok := Parse(got.Number)
		if !ok || !again.Same(got) || again.Number != got.Number {
			t.Fatalf("%q: canonical %q reads as %+v", text, got.Number, again)
		}
	})
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"京ICP备13052560号-1", "<a href=https://beian.miit.gov.cn>沪ICP备(a.cn)1305 2560號</a>", "京公网安备 11010502030143号", "粤B2-20090059-1 京ICP证030173号",
		"京网文〔2020〕1039-165号（署）网出证（京）字第141号", "<script>'\\u4eacICP\\u590713052560'</script>", "苏ICP备****号", "<!--ICP备1--><p>1ICP1备<"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := page.Parse([]byte(s), page.Options{})
		got := Find(p)
		for _, n := range got.ICP {
			if n.Serial == "" || strings.Trim(n.Serial, "0123456789") != "" || !strings.Contains(n.Number, n.Serial) || !strings.Contains(n.Base, n.Serial) {
				t.Fatalf("number %+v", n)
			}
			if n.Place == Footer || n.Place == Body {
				if !strings.Contains(p.Raw, n.Raw) || !strings.Contains(strings.Join(strings.FieldsFunc(fold.String(n.Raw), func(r rune) bool { return r < '0' || r > '9' }), ""), n.Serial) {
					t.Fatalf("number %+v is not in the page %q", n, p.Raw)
				}
			}
		}
		for _, n := range got.Police {
			if len(n.Digits) < 8 || !strings.Contains(p.Raw, n.Raw) || !utf8.ValidString(n.Number) {
				t.Fatalf("police %+v", n)
			}
		}
		for _, n := range got.Licences {
			if n.Kind == "" || n.Number == "" || !strings.Contains(p.Raw, n.Raw) {
				t.Fatalf("licence %+v", n)
			}
		}
	})
}

// The province may stand in brackets, or before a dash.
func TestProvinceApart(t *testing.T) {
	for text, want := range map[string]string{
		"(沪)ICP备20231234号-2": "沪ICP备20231234号-2", "（粤）ICP备20231234号": "粤ICP备20231234号", "【北京】ICP备20231234号": "京ICP备20231234号",
		"[ 川 ] ICP备20231234号": "川ICP备20231234号", "浙-ICP备-20231234号": "浙ICP备20231234号", "(示例)ICP备20231234号": "ICP备20231234号", ")ICP备20231234号": "ICP备20231234号",
		"创新-ICP备20231234号": "ICP备20231234号",
	} {
		if n, ok := Parse(text); !ok || n.Number != want {
			t.Errorf("%s: %q, want %q", text, n.Number, want)
		}
	}
}
