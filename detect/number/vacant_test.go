package number

import (
	"testing"

	"github.com/beianwatch/beianwatch/detect/page"
)

// foot reads the numbers of a page whose foot holds a piece of markup.
func foot(markup string) Shown {
	return Find(page.Parse([]byte("<p>本公司生产各类机械设备，欢迎新老客户来电洽谈。</p><footer>© 2026 某公司 "+markup+"</footer>"), page.Options{URL: "http://www.example.cn/"}))
}

func TestPlaceholders(t *testing.T) {
	for in, want := range map[string]string{ // the blank, or "vacant" for a label that nothing follows
		"ICP备********号": "ICP备********号", "备案号：待补充": "备案号：待补充", "ICP备案号：暂无": "ICP备案号：暂无", "京ICP备待补充": "京ICP备待补充", "网站备案号：<b>请填写</b>": "备案号：请填写",
		"ICP备案号：undefined": "ICP备案号：undefined", "粤ICP备[备案号]号": "粤ICP备[备案号]号", "备案号：<br>正在申请中": "备案号：\n正在申请中", "备案号：无": "备案号：无",
		"备案号：": "vacant", "ICP备案号：": "vacant", "备案号：<a href=https://beian.miit.gov.cn/><img src=i.png></a>": "", "备案号：<img src=a1.png>": "", "京ICP备<img src=a1.png>号": "", "<img src=logo.png>京ICP备号": "vacant", "备案号：<i class=icon></i>": "vacant", "备案号：<span class=t1></span>": "", "备案号： | 电话：1": "vacant", "京ICP备案号：": "vacant", "京ICP备号": "vacant",
		"备案号：无需备案": "", "ICP备案办理中心": "", "备案号：<br>京ICP备13052560号": "", "备案号：<br>13052560": "", "公安备案号：待补充": "", "工商备案号：待补充": "", "备案号：京公网安备11010502030143号": "",
		"XXXX（备案号）": "XXXX（备案号）", "BOXXX（备案号）": "", "2021****（备案号）": "", "***[ICP备案号]": "***[ICP备案号]", "×××× (网站备案号)": "×××× (网站备案号)", "XX（备案号）": "", "BOXX（备案号）": "", "XXXX（工商备案号）": "",
		"网站备案": "", "ICP备案查询": "", "京ICP备<br>暂无": "", "备案号：TS2710000": "",
	} {
		s := foot(in)
		got := ""
		switch {
		case len(s.Blanks) > 0:
			got = s.Blanks[0].Raw
		case len(s.Vacant) > 0:
			got = "vacant"
		}
		if got != want || len(s.Blanks)+len(s.Vacant) > 1 {
			t.Errorf("%s: %q, want %q (%d and %d)", in, got, want, len(s.Blanks), len(s.Vacant))
		}
	}
}

func TestSlips(t *testing.T) {
	for in, want := range map[string]struct {
		number, province string
		slip             bool
		fake             Fake
	}{
		"京ⅠCP备13052560号-1": {"京ICP备13052560号-1", "京", false, FakeNone},
		"京I.C.P备13052560号": {"京ICP备13052560号", "京", false, FakeNone},
		"京I·C·P备13052560号": {"京ICP备13052560号", "京", false, FakeNone},
		"京I-C-P备13052560号": {"京ICP备13052560号", "京", false, FakeNone},
		"泸ICP备13052560号-1": {"泸ICP备13052560号-1", "沪", true, FakeNone},
		"奥ICP备13052560号":   {"奥ICP备13052560号", "粤", true, FakeNone},
		"萌ICP备13052560号":   {"萌ICP备13052560号", "萌", false, FakeParody},
		"团ICP备13052560号":   {"团ICP备13052560号", "团", false, FakeParody},
	} {
		s := foot(in)
		if len(s.ICP) != 1 {
			t.Errorf("%s: %+v", in, s.ICP)
			continue
		}
		if n := s.ICP[0]; n.Number != want.number || n.Province != want.province || n.Slip != want.slip || n.Fake != want.fake {
			t.Errorf("%s: %+v", in, n)
		}
	}
	if n, ok := Parse("沪ICP备13052560号-1"); !ok || !foot("泸ICP备13052560号-1").ICP[0].Same(n) {
		t.Error("a slip is another number")
	}
}

func TestForgottenICP(t *testing.T) {
	for in, want := range map[string]bool{
		"京备13052560号-1": true, "京网备13052560号": true, "粤备2021012345号": true,
		"京网信备11010821220370230018号": false, "苏网食备A3205000000001": false, "京朝械备20200012号": false, "已备20200012件": false, "京公网备13052560号": false,
	} {
		s := foot(in)
		if got := len(s.Traces) > 0; got != want || len(s.ICP) > 0 {
			t.Errorf("%s: traces %v, numbers %v", in, s.Traces, s.ICP)
		}
	}
}
