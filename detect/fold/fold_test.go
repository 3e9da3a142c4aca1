package fold

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestString(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"ascii", "ICP 12345678-1", "ICP 12345678-1"},
		{"han that is folded", "京备案号", "京备案号"},
		{"full width", "粤ＩＣＰ备１４０２３０６６号－１", "粤ICP备14023066号-1"},
		{"traditional", "滬ICP備12345678號 經營許可證 網站備案", "沪ICP备12345678号 经营许可证 网站备案"},
		{"dashes", "號—1 号–2 号−3 号﹣4 号ｰ5", "号-1 号-2 号-3 号-4 号-5"},
		{"brackets", "京网文〔2020〕【2】［3］（署）", "京网文[2020][2][3](署)"},
		{"spaces", "京\u00a0ICP\u3000备\u2003", "京 ICP 备 "},
		{"nothing", "I\u200bC\u200dP\ufeff\u00ad备\ufe0f", "ICP备"},
		{"look-alikes", "ІСР ΙϹΡ", "ICP ICP"},
		{"radicals", "⻘ICP备 ⾏⽂ ⿔", "青ICP备 行文 龟"},
		{"case", "icp Icp ｉｃｐ", "icp Icp icp"},
		{"not utf-8", "a\xff备\xc3備\xe5", "a\xff备\xc3备\xe5"},
		{"other planes", "😀𠮷\U000E0041備", "😀𠮷备"},
		{"sentence ends stay", "。·、！", "。·、!"},
	} {
		if got := String(c.in); got != c.want {
			t.Errorf("%s: String(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestStringOfFoldedTextAllocatesNothing(t *testing.T) {
	s := strings.Repeat("网站备案 ICP 12345 号。", 50)
	if n := testing.AllocsPerRun(10, func() { _ = String(s) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
	s = strings.Repeat("網站備案 ICP 12345 號。", 50)
	if n := testing.AllocsPerRun(10, func() { _ = String(s) }); n > 2 {
		t.Errorf("%v allocations for a text to fold, want at most 2", n)
	}
}

func TestOffset(t *testing.T) {
	raw := "滬\u200bＩＣＰ備１２３４５６７８號－１"
	folded := String(raw)
	i, j := strings.Index(folded, "备"), strings.Index(folded, "号")
	if got := raw[Offset(raw, i):Offset(raw, j)]; got != "備１２３４５６７８" {
		t.Errorf("raw range = %q", got)
	}
	if got := Offset(raw, len(folded)); got != len(raw) {
		t.Errorf("offset of the end = %d, want %d", got, len(raw))
	}
}

func FuzzString(f *testing.F) {
	for _, s := range []string{"", "京ICP备", "滬ＩＣＰ備１號－１", "\xff\xe5備\u200b", "ＩІ⻘\U000E0041", "0\xd8\u200b\x9c"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, at int) {
		got := String(s)
		if !utf8.ValidString(s) {
			return // broken bytes may make a character once what stood between them is dropped
		}
		if again := String(got); again != got {
			t.Fatalf("folding twice: %q then %q", got, again)
		}
		if !utf8.ValidString(got) {
			t.Fatalf("%q became invalid: %q", s, got)
		}
		if Len(s) != len(got) {
			t.Fatalf("Len(%q) = %d, want %d", s, Len(s), len(got))
		}
		if string(Append(nil, s)) != got {
			t.Fatalf("Append differs from String for %q", s)
		}
		if at < 0 || at > len(got) || at < len(got) && !utf8.RuneStart(got[at]) {
			return
		}
		if o := Offset(s, at); String(s[:o])+String(s[o:]) != got || String(s[:o]) != got[:at] {
			t.Fatalf("Offset(%q, %d) = %d: head folds to %q, want %q", s, at, o, String(s[:o]), got[:at])
		}
	})
}

func BenchmarkString(b *testing.B) {
	for _, c := range []struct{ name, unit string }{
		{"ascii", "var copyright = document.title; "}, {"folded", "网站备案号在主页底部的中央位置 "}, {"traditional", "網站備案號 滬ICP備 經營許可證（一）"},
	} {
		s := strings.Repeat(c.unit, 30000/len(c.unit))
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				String(s)
			}
		})
	}
}
