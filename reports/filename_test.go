package reports

import (
	"strings"
	"testing"
)

func TestFileName(t *testing.T) {
	long := strings.Repeat("a23456789.", 24) + "example.cn"
	for in, want := range map[string]string{
		"www.example.cn":           "www.example.cn",
		"xn--fiqs8s.example":       "xn--fiqs8s.example",
		"_dmarc.example.cn":        "_dmarc.example.cn",
		"192.0.2.7":                "192.0.2.7",
		"2001:db8::7":              "ip6-2001-db8--7",
		"dist/index.html":          "index-html~",
		"../../etc/passwd":         "passwd~",
		"..":                       "page~",
		"":                         "page~",
		"a/b":                      "b~",
		"con.cn":                   "con-cn~",
		"-rf.example.cn":           "rf-example-cn~",
		"UPPER.example.cn":         "UPPER-example-cn~",
		"x\x00y":                   "x-y~",
		`C:\pages\index.html`:      "",
		"中文.example":               "",
		long:                       "",
		strings.Repeat("../", 200): "",
	} {
		got := FileName(in)
		if want != "" && got != want && !(strings.HasSuffix(want, "~") && strings.HasPrefix(got, want) && len(got) == len(want)+12) {
			t.Errorf("FileName(%q) = %q, want %q", in, got, want)
		}
		if len(got) > maxName || strings.ContainsAny(got, `/\:`) || strings.HasPrefix(got, ".") || got == "" {
			t.Errorf("FileName(%q) = %q cannot be a file", in, got)
		}
	}
	if FileName("a/index.html") == FileName("b/index.html") {
		t.Error("two files share a report")
	}
}
