package inventory

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler/dns"
)

// names writes the outcome of a cell as "a.cn b.cn !bad | rest".
func names(s string) string {
	found, rest := splitNames(s)
	var out []string
	for _, n := range found {
		if n.name == "" {
			out = append(out, "!"+n.text)
			continue
		}
		out = append(out, n.name)
	}
	if rest != "" {
		out = append(out, "| "+rest)
	}
	return strings.Join(out, " ")
}

func TestSplitNames(t *testing.T) {
	for cell, want := range map[string]string{
		"shop.example.cn": "shop.example.cn",
		"ha.cn、hb.cn":     "ha.cn hb.cn", "ha.cn，hb.cn": "ha.cn hb.cn", "ha.cn；hb.cn": "ha.cn hb.cn", "ha.cn;hb.cn": "ha.cn hb.cn", "ha.cn,hb.cn": "ha.cn hb.cn",
		"ha.cn / hb.cn": "ha.cn hb.cn", "ha.cn/hb.cn": "ha.cn hb.cn", `ha.cn\hb.cn`: "ha.cn hb.cn", "ha.cn|hb.cn": "ha.cn hb.cn", "ha.cn　hb.cn": "ha.cn hb.cn", "ha.cn\thb.cn\nhc.cn\r\nhd.cn": "ha.cn hb.cn hc.cn hd.cn",
		"ha.cn和hb.cn及hc.com": "ha.cn hb.cn hc.com", "ha.cn与hb.cn或hc.cn": "ha.cn hb.cn hc.cn", "ha.cn·hb.cn": "ha.cn hb.cn", "ha.cn•hb.cn": "ha.cn hb.cn", "ha.cn…hb.cn": "ha.cn hb.cn", "ha.cn...hb.cn": "ha.cn hb.cn",
		"ha.cn+hb.cn": "ha.cn hb.cn", "ha.cn&hb.cn": "ha.cn hb.cn", "ha.cn->hb.cn": "ha.cn hb.cn", "ha.cn=>hb.cn": "ha.cn hb.cn", "ha.cn→hb.cn": "ha.cn hb.cn", "ha.cn－hb.cn": "ha.cn hb.cn", "ha.cn——hb.cn": "ha.cn hb.cn", "ha.cn～hb.cn": "ha.cn hb.cn",
		"ha.cn。hb.cn": "ha.cn hb.cn", "www。ha。com。cn": "www.ha.com.cn", "ha．cn": "ha.cn", "ha.cn。": "ha.cn", "、ha.cn、": "ha.cn", "ha.cn，": "ha.cn",
		"“ha.cn”": "ha.cn", "《ha.cn》": "ha.cn", "「ha.cn」": "ha.cn", "'ha.cn'": "ha.cn", "【ha.cn】、【hb.cn】": "ha.cn hb.cn", "①ha.cn②hb.cn": "ha.cn hb.cn", "1、ha.cn 2、hb.cn": "ha.cn hb.cn | 1 2", "（1）ha.cn": "ha.cn | 1",
		"ha.cn【主】": "ha.cn | 主", "ha.cn（备用）": "ha.cn | 备用", "ha.cn(主站)、hb.cn(手机站)": "ha.cn hb.cn | 主站 手机站", "ha.cn主站": "ha.cn | 主站", "官网：ha.cn": "ha.cn | 官网", "ha.cn v1.2": "ha.cn | v1.2",
		"http://ha.cn/": "ha.cn", "https://ha.cn/index.php?a=1&b=2#c": "ha.cn", "http://ha.cn/,http://hb.cn/x": "ha.cn hb.cn", "http://ha.cn/http://hb.cn": "ha.cn hb.cn", "https://u:p@ha.cn:8443/a": "ha.cn", "HTTP://HA.CN": "ha.cn", "ｈｔｔｐ：／／ｈａ．ｃｎ／": "ha.cn",
		"ha.cn/index.html": "ha.cn", "ha.cn/list.do": "ha.cn", "ha.cn/news/hb.cn/1": "ha.cn", "http://ha.cn/hb.cn": "ha.cn", "ha.cn:8080": "ha.cn", "ha.cn:8080、hb.cn:81": "ha.cn hb.cn", "//ha.cn/x": "ha.cn",
		"hxxp://ha[.]cn": "ha.cn", "ha[.]cn hb(.)cn": "ha.cn hb.cn", "www.ha.cn/ha.cn": "www.ha.cn ha.cn",
		"和平.cn": "xn--0tr63u.cn", "普及.com": "xn--horr74b.com", "中国和平.中国": "xn--fiq28mt4bl5l.xn--fiqs8s", "甲.中国和b.cn": "xn--tny.xn--fiqs8s b.cn", "例子.公司": "xn--fsqu00a.xn--55qx5d",
		"192.0.2.1": "192.0.2.1", "192.0.2.1、192.0.2.2": "192.0.2.1 192.0.2.2", "2001:db8::1": "2001:db8::1", "[2001:db8::1]:443": "2001:db8::1", "http://192.0.2.1:8080/": "192.0.2.1",
		"*.ha.cn": "!*.ha.cn", "*.ha.cn、hb.cn": "!*.ha.cn hb.cn", "me@ha.cn": "!me@ha.cn", "ha..cn": "!ha..cn", "合计": "!合计", "-": "!-", "c13，cn": "!c13，cn",
		"ha.cn ha.cn": "ha.cn", "ha.internal": "ha.internal", "ha.internal、hb.internal": "ha.internal hb.internal", "ha.cn、hb.internal": "ha.cn !hb.internal", "user.github.io、ha.cn": "user.github.io ha.cn",
	} {
		if got := names(cell); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}

// A cell with a list of a whole portfolio is cut by name, not in silence.
func TestTooManyNames(t *testing.T) {
	var b strings.Builder
	for i := range maxNames + 5 {
		b.WriteString("h" + strings.Repeat("x", i/26) + string(rune('a'+i%26)) + ".cn、")
	}
	found, _ := splitNames(b.String())
	if n := len(found); n != maxNames+1 || found[n-1].name != "" || !strings.Contains(found[n-1].why.EN, "more than") {
		t.Errorf("%d names, the last %+v", n, found[n-1])
	}
}

func TestRejectionsSayWhatToDo(t *testing.T) {
	for cell, want := range map[string]string{
		"c13，cn": "c13.cn", "*.ha.cn": "list them", "me@ha.cn": "e-mail", "合计": "at least two parts", "ha..cn": "empty part", "1.2.3": "ends in a number",
	} {
		found, _ := splitNames(cell)
		if why := found[0].why; !strings.Contains(why.EN, want) || why.ZH == "" || why.ZH == why.EN {
			t.Errorf("%q: %+v, want %q", cell, why, want)
		}
	}
}

// A numbering without a blank is told by its place; else it is a host.
func TestNumbering(t *testing.T) {
	targets, _, counts, err := readText(t, "域名\n1.ha.cn\n2.hb.com.cn\n7.hc.cn\n4.www.hd.cn\n")
	if err != nil || domains(targets) != "ha.cn hb.com.cn 7.hc.cn www.hd.cn" {
		t.Fatalf("%q, %v", domains(targets), err)
	}
	if len(counts.Warnings) != 1 || !strings.Contains(counts.Warnings[0].EN, "line 4") {
		t.Errorf("%v", counts.Warnings)
	}
}

func FuzzSplitNames(f *testing.F) {
	for _, s := range []string{"a.cn、b.cn", "http://a.cn/,https://b.cn:8443/x?y=1#z", "a.cn和b.cn", "*.a.cn me@b.cn", "a.cn。b.cn－c.cn…", "①a.cn【x】", "//u:p@a.cn/", "hxxp://a[.]cn", "\xff.cn", "a.cn...b.cn主站"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		found, _ := splitNames(s)
		if len(found) == 0 || len(found) > maxNames+1 {
			t.Fatalf("%q: %d entries", s, len(found))
		}
		for _, n := range found {
			if n.name == "" {
				if n.why.EN == "" || n.why.ZH == "" {
					t.Errorf("%q: nothing is said of %q", s, n.text)
				}
				continue
			}
			if again, err := dns.Name(n.name); err != nil || again != n.name || !utf8.ValidString(n.name) {
				t.Errorf("%q: %q reads again as %q, %v", s, n.name, again, err)
			}
		}
	})
}
