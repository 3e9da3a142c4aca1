package credit

import "testing"

func TestRead(t *testing.T) {
	for s, want := range map[string]Kind{
		"91350100M000100Y43":          Code, // the example of GB 32100-2015
		"91350100m000100y43":          Code,
		"９１３５０１００M000100Y43":          Code,
		"91350100-M000100Y4-3":        Code,
		"91350100M000100Y44":          Wrong,
		"91350100M000010Y43":          Wrong, // two digits exchanged
		"91350100I000100Y43":          Other, // I is no character of a code
		"9135O10OM000100Y44":          Other, // and another slip besides
		"1234567890123456789":         Other, // digits of something else
		"91350100M000100Y43(副本)":      Code,
		"'91350100M000100Y43":         Code,
		"统一社会信用代码：91350100M000100Y43": Code,
		"911124198108030024":          Identity, // of a foreign permanent resident
		"911124198108030025":          Other,    // a slip in it
		"911124198113030025":          Wrong,    // no month
		"11010519491231002X":          Identity, // the example of GB 11643-1999
		"110105194912310021":          Other,    // a slip in it
		"440106123456789":             Other,
		"12345678-9":                  Other,
		"":                            Other,
		"统一社会信用代码统一社":                 Other,
		"91350100M000100Y43100":       Other,
	} {
		if _, kind := Read(s); kind != want {
			t.Errorf("Read(%q) is %d, want %d", s, kind, want)
		}
	}
	if code, _ := Read("91350100M000100Y43"); Division(code) != "350100" {
		t.Errorf("the division is %s", Division(code))
	}
}

// TestOneSlip: a single wrong character never passes.
func TestOneSlip(t *testing.T) {
	const good = "91350100M000100Y43"
	for i := range length {
		for _, c := range []byte(alphabet) {
			b := []byte(good)
			if b[i] == c {
				continue
			}
			b[i] = c
			if _, kind := Read(string(b)); kind == Code {
				t.Errorf("%s passes for %s", b, good)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("91350100M000100Y43")
	f.Add("１１０１０５\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if code, kind := Read(s); kind != Other && len(code) != length {
			t.Errorf("Read(%q) is %q", s, code)
		}
	})
}
