package warc

import (
	"crypto/sha1"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOthersRead lets warcio (Webrecorder's reader) index a file of ours. It needs warcio on PATH.
func TestOthersRead(t *testing.T) {
	program, err := exec.LookPath("warcio")
	if err != nil {
		if os.Getenv("BEIANWATCH_NPM") == "1" {
			t.Fatal("warcio is not on PATH and BEIANWATCH_NPM=1 demands it (npm install -g warcio)")
		}
		t.Skip("warcio is not on PATH (npm install -g warcio)")
	}
	w := newWriter(t, t.TempDir(), 0)
	back(t, w, full())
	back(t, w, page("a.cn", strings.Repeat("same ", 1000)))
	back(t, w, page("b.cn", strings.Repeat("same ", 1000)))
	out, err := exec.Command(program, "cdx-index", filepath.Join(w.dir, w.name)).Output()
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for line := range strings.Lines(string(out)) {
		var row struct{ URL, Mime, Status, Digest string }
		if err := json.Unmarshal([]byte(line[strings.Index(line, "{"):]), &row); err != nil {
			t.Fatal(err)
		}
		if row.Mime != wireType {
			seen = append(seen, row.Status+" "+row.URL)
		}
	}
	want := []string{"301 http://example.cn/", "200 https://example.cn/?q=%B1%B8%B0%B8", " https://example.cn/", " screenshot:https://example.cn/", "200 http://a.cn/", "200 http://b.cn/"}
	if !slices.Equal(seen, want) {
		t.Errorf("warcio sees %q, want %q\n%s", seen, want, out)
	}
	digests := strings.Count(string(out), label(sha1.Sum([]byte(strings.Repeat("same ", 1000))))[len("sha1:"):])
	if digests != 2 {
		t.Errorf("warcio finds the digest of the page %d times, want 2\n%s", digests, out)
	}
}
