package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// TestFileIsDrawn: a file whose outcome hangs on its scripts is drawn with the
// files of its folder, and judged by what was drawn.
func TestFileIsDrawn(t *testing.T) {
	dir := t.TempDir()
	const page = `<!doctype html><meta charset=utf-8><title>青禾木器</title><h1>青禾木器有限公司</h1><p>我们在本地做了二十年的木门、木窗与楼梯。</p>` +
		`<footer>版权所有 © 2026 青禾木器有限公司%s</footer><script src="site.js"></script>`
	number := `<a href="https://beian.miit.gov.cn/">京ICP备20031415号-1</a>`
	file := filepath.Join(dir, "index.html")
	for name, text := range map[string]string{file: fmt.Sprintf(page, ""), filepath.Join(dir, "site.js"): "write()"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	drawn := 0
	c := &checking{policy: detect.DefaultPolicy(), draw: func(_ context.Context, obs *crawler.Observation, folder fs.FS, name string, _ crawler.Look) {
		if _, err := fs.ReadFile(folder, "site.js"); err != nil || name != "index.html" {
			t.Errorf("the folder does not hold the neighbours of %s: %v", name, err)
		}
		drawn++
		obs.Rendered = &crawler.Page{URL: "http://file.invalid/index.html", Via: crawler.ViaRendered, Status: 200, Body: []byte(fmt.Sprintf(page, number))}
		obs.Drawing = &crawler.Drawing{URL: obs.Rendered.URL}
		obs.Visits = append(obs.Visits, crawler.Visit{Ask: crawler.Ask{Kind: crawler.AskRender, URL: name}})
	}}
	p := &program{Settings: settings.Defaults(), out: io.Discard, errOut: io.Discard}
	for render, want := range map[detect.Render]string{detect.RenderNever: "unknown", detect.RenderAuto: "pass"} {
		c.policy.Render = render
		l, err := p.judgeFile(context.Background(), c, file)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, o := range l.record.Outcomes {
			if o.Rule == "footer-number-missing" {
				got = string(o.Verdict)
			}
		}
		if got != want {
			t.Errorf("--render %s: %s, want %s", render, got, want)
		}
		if (l.record.Detail.Snippet != "") != (want == "unknown") {
			t.Errorf("--render %s: snippet %q", render, l.record.Detail.Snippet)
		}
	}
	if drawn != 1 {
		t.Errorf("drawn %d times, want once", drawn)
	}
}
