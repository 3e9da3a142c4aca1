package notice

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// TestOfficeOpensNotice has a program of others open the letter.
func TestOfficeOpensNotice(t *testing.T) {
	dir, files := writeNotices(t, "zh", noticeRecord("李雷", "qinghe.example.cn", "“鲁ICP备19034567号-2”没有链接"))
	text := ""
	for _, name := range files {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		if strings.HasSuffix(name, ".docx") {
			text = reporttest.OfficeText(t, name)
		}
	}
	for _, want := range []string{"qinghe.example.cn", "鲁ICP备19034567号-2", "图片模糊", `target="_blank"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter has no %q:\n%s", want, text)
		}
	}
}
