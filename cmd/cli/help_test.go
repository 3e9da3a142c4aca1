package cli

import (
	"slices"
	"testing"
)

// Lines of source that stand apart because they are full are one paragraph for the reader.
func TestParagraphs(t *testing.T) {
	full := "格式：text（汇总）、jsonl（每个域名一条记录，供程序读取）、csv（每个问题一行）、xlsx（工作簿）；"
	english := "Look at websites now; with --file, at files of pages: first at what they hold, then"
	for in, want := range map[string][]string{
		full + "\n--out 文件.xlsx 或文件夹":     {full + "--out 文件.xlsx 或文件夹"},
		english + "\ndrawn by a browser.": {english + " drawn by a browser."},
		english + "\n\nFormats: text.":    {english, "", "Formats: text."},
		english + "\n  indented":          {english, "  indented"},
		english + "\n- an item":           {english, "- an item"},
		"短行。\n下一段。":                       {"短行。", "下一段。"},
		"立即检查网站；检查页面文件：先看文件内容，有浏览器时再连同所在文件夹一起渲染，用 beianwatch\n更多": {"立即检查网站；检查页面文件：先看文件内容，有浏览器时再连同所在文件夹一起渲染，用 beianwatch 更多"},
	} {
		if got := paragraphs(in); !slices.Equal(got, want) {
			t.Errorf("%q: %q", in, got)
		}
	}
}
