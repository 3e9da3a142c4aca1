package lists

import (
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect/region"
)

const shells = `# published as a workbook
list 黔 2026-11-05 2026-11-12 贵州省通信管理局 2026 年第 9 批
黔ICP备20001234号-1
www.Example.cn
list 宁夏 2026-10-30 2026-11-06 宁夏 第 3 批
example.org
`

func TestShells(t *testing.T) {
	s, err := ReadShells(strings.NewReader(shells))
	if err != nil {
		t.Fatal(err)
	}
	for entry, want := range map[string]string{"example.cn": "2026-11-12", "黔ICP备20001234号-1": "2026-11-12", "example.org": "2026-11-06", "example.net": ""} {
		l, ok := s.Find(entry)
		if ok != (want != "") || ok && l.Due.Format(time.DateOnly) != want {
			t.Errorf("%s: %+v, %v, want due %q", entry, l, ok, want)
		}
	}
	if !s.Covers(region.ByWord("贵州")) || s.Covers(region.ByWord("北京")) {
		t.Error("covers the wrong provinces")
	}
}

func TestShellsErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "no line",
		"example.cn":                      "line 1: begin with",
		"list 黔 2026-11-05":               "line 1: write",
		"list 火星 2026-11-05 2026-11-12 x": "is no province",
		"list 黔 2026-11-05 soon x":        "is no day",
	} {
		if _, err := ReadShells(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzReadShells(f *testing.F) {
	f.Add(shells)
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := ReadShells(strings.NewReader(text)); err == nil {
			s.Find(text)
		}
	})
}
