package crawler

import "testing"

func TestCreditCodeFault(t *testing.T) {
	for _, c := range []struct {
		text, code string
		fault      CodeFault
	}{
		{"91350100M000100Y43", "91350100M000100Y43", ""},
		{"９１３５０１００ m000100y43", "91350100M000100Y43", ""},
		{"91350100-M000100Y4-3", "91350100M000100Y43", ""},
		{"9135O100M000100Y43", "9135O100M000100Y43", CodeLetter},
		{"91350100I000100Y43", "91350100I000100Y43", CodeLetter},
		{"91350100M000100Y4", "91350100M000100Y4", CodeLength},
		{"91350100M000100Y431", "91350100M000100Y431", CodeLength},
		{"91350100M000100Y43（副本）", "91350100M000100Y43", CodeRemark},
		{"统一社会信用代码：91350100M000100Y43", "91350100M000100Y43", CodeRemark},
		{"9.1350E+17", "9.1350E+17", CodeCut},
		{"", "", ""}, {"无", "", ""}, {"350100123456789", "350100123456789", ""}, {"12345678-9", "123456789", ""},
		{"11010519491231002X", "11010519491231002X", ""}, {"unified social credit code", "UNIFIEDSOCIALCREDITCODE", ""},
	} {
		f := Filing{CreditCode: c.text}
		if code, fault := f.CreditCodeFault(); code != c.code || fault != c.fault {
			t.Errorf("%q: %q, %q; want %q, %q", c.text, code, fault, c.code, c.fault)
		}
	}
}

func FuzzCreditCodeFault(f *testing.F) {
	f.Add("91350100M000100Y43(副本)")
	f.Add("9.1E+17\xff")
	f.Fuzz(func(t *testing.T, s string) {
		filing := Filing{CreditCode: s}
		code, fault := filing.CreditCodeFault()
		if fault == CodeLength && len(code) == codeLength || fault == CodeRemark && len(code) != codeLength {
			t.Errorf("%q: %q, %q", s, code, fault)
		}
	})
}
