package kind

import (
	"strings"
	"testing"
)

func TestStates(t *testing.T) {
	for _, c := range []struct {
		before, words, after string
		first, want          bool
	}{
		{"", "网站维护中", "", false, true},
		{"某某公司", "网站建设中", "...", false, true},
		{"", "网站正在维护", "升级中,请稍候", false, true},
		{"", "网站维护中", "的常见问题", false, false},
		{"", "网站建设中", "心", false, false},
		{"如果", "您的网站未备案", ",请先备案", false, false},
		{"", "您的域名未备案", "怎么办?", false, false},
		{"", "您的域名未备案", "?", false, false},
		{"", "域名转让", "平台", false, false},
		{"新品", "敬请期待", "", true, false},
		{"新店开张,", "敬请期待", "", true, false},
		{"官网改版,", "敬请期待", "!", true, true},
		{"新版官网", "正在建设中", ",请稍后访问", true, true},
		{"", "Coming Soon", " | Example", true, true},
		{"Hotel ", "Opening Soon", " 预订", false, false},
		{"", "It works!", " 练了才知道", true, false},
		{"一\n", "It works!", "\n二", true, true},
		{"", "This domain is for sale", " at a broker", false, true},
	} {
		text := c.before + c.words + c.after
		if got := states(text, len(c.before), len(c.before)+len(c.words), c.first); got != c.want {
			t.Errorf("%q in %q: %v, want %v", c.words, text, got, c.want)
		}
	}
}

// BenchmarkRepeatedTitle is a title of megabytes of words that are no statement.
func BenchmarkRepeatedTitle(b *testing.B) {
	a := answerOf(b, "<title>"+strings.Repeat("网站建设中的", 1<<18)+"</title>")
	for b.Loop() {
		of(Default(), a)
	}
}
