package lists

import (
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/detect/region"
)

// TestEmbeddedLists: the lists that the program brings can be read, and the
// registrars' list accuses none by leaving it out.
func TestEmbeddedLists(t *testing.T) {
	if DefaultRegistrars().whole || DefaultRegistrars().Of("青禾域名服务有限公司", "") != ApprovalUnknown {
		t.Error("the embedded list of registrars claims to be whole")
	}
	for name, want := range map[string]Approval{"阿里云计算有限公司（万网）": ApprovalGiven, "Alibaba Cloud Computing (Beijing) Co., Ltd.": ApprovalGiven,
		"NameCheap, Inc.": ApprovalRefused, "": ApprovalUnknown} {
		if got := DefaultRegistrars().Of(name, ""); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if DefaultRegistrars().Of("Somebody Ltd.", "1910") != ApprovalRefused {
		t.Error("an IANA id is not found")
	}
	if len(DefaultHolders()) < 15 || DefaultSuffixes().Of("xn--fiqs8s", region.None, false) != ApprovalGiven || DefaultSuffixes().Of("com", region.None, false) != ApprovalGiven {
		t.Error("the embedded tables lack what they should hold")
	}
}

// TestListErrors: a line that cannot be read is named, with what to write.
func TestListErrors(t *testing.T) {
	readers := map[string]func(string) error{
		"registrars": func(s string) error { _, err := ReadRegistrars(strings.NewReader(s)); return err },
		"suffixes":   func(s string) error { _, err := ReadSuffixes(strings.NewReader(s)); return err },
		"holders":    func(s string) error { _, err := ReadHolders(strings.NewReader(s)); return err },
	}
	for _, c := range []struct{ reader, text, want string }{
		{"registrars", "\n某\n", "line 2"}, {"registrars", "!\n", "line 1"}, {"registrars", "# nothing\n", "empty"}, {"registrars", strings.Repeat("x", 100_000), "too long"},
		{"suffixes", "approved\n", "line 1"}, {"suffixes", "maybe com\n", "approved"}, {"suffixes", "refused-in com\n", "province"}, {"suffixes", "approved co.uk\n", "last dot"},
		{"holders", "豫\n", "line 1"}, {"holders", "河 unit\n", "province"}, {"holders", "豫 nobody\n", "unit or person"},
	} {
		if err := readers[c.reader](c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %.30q: %v, want %q", c.reader, c.text, err, c.want)
		}
	}
}

// FuzzLists: no list makes a reader panic.
func FuzzLists(f *testing.F) {
	f.Add(registrarsText)
	f.Add(suffixesText)
	f.Add(holdersText)
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := ReadRegistrars(strings.NewReader(s)); err == nil {
			r.Of("Somebody", "1")
		}
		if r, err := ReadSuffixes(strings.NewReader(s)); err == nil {
			r.Of("com", region.ByWord("京"), true)
		}
		ReadHolders(strings.NewReader(s)) //nolint:errcheck // only a panic would tell
	})
}
