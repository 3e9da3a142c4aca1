package schedule

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/browser"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// drawers counts, by domain, what a real browser draws of the bed.
type drawers struct {
	pool  *browser.Pool
	mu    sync.Mutex
	drawn []string
}

func newDrawers(t *testing.T, b *bed) *drawers {
	t.Helper()
	path, err := browser.Find("")
	if errors.Is(err, browser.ErrNone) {
		t.Skip("no browser is installed")
	}
	loopback := netip.MustParsePrefix("127.0.0.0/8")
	d := &drawers{pool: browser.New(browser.Options{
		Path: path, Tabs: 2, Sources: true,
		Guard:   guard.New([]netip.Prefix{loopback}, map[uint16]uint16{80: b.port, 443: 1}),
		Resolve: func(context.Context, string) ([]netip.Addr, error) { return nil, errors.New("no such name") },
	})}
	t.Cleanup(d.pool.Close)
	return d
}

func (d *drawers) draw(ctx context.Context, obs *crawler.Observation, ask crawler.Ask, look crawler.Look) {
	d.mu.Lock()
	d.drawn = append(d.drawn, obs.Domain)
	d.mu.Unlock()
	d.pool.Do(ctx, obs, ask, look)
}

// take returns what was drawn since it was last asked.
func (d *drawers) take() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	slices.Sort(d.drawn)
	drawn := strings.Join(d.drawn, " ")
	d.drawn = nil
	return drawn
}

// appScript draws a foot with the number that the site's data file gives.
const appScript = `fetch('/data.json').then(r => r.json()).then(d => { app.innerHTML = '<h1>示例公司</h1><p>我们生产设备，欢迎来电咨询。地址：北京市示例路1号。产品 服务 案例 关于我们 联系方式</p><footer>' + d.foot + '</footer>' })`

// TestKeepDrawing: a page is not drawn again if the browser, the rules, its bytes
// and those of its scripts and data files are as they were, and is drawn if one of
// them is not, or if what its drawing was made of cannot be asked for again.
func TestKeepDrawing(t *testing.T) { onBoth(t, testKeepDrawing) }

func testKeepDrawing(t *testing.T, in func(*Config)) {
	b := newBed(t, 2)
	b.pages = map[string]string{}
	d := newDrawers(t, b)
	scripts := map[string]string{ // the end of each site's script
		"plain.cn": "", "script.cn": "", "data.cn": "", "page.cn": "",
		"posts.cn": `; fetch('/data.json', {method: 'POST', body: '1'}).then(r => r.text())`,
		"clock.cn": `; fetch('/data.json?t=' + new Date().getTime()).then(r => r.text())`,
		"alien.cn": `; fetch('http://plain.cn/data.json', {mode: 'no-cors'}).then(r => r.text())`,
	}
	var names []string
	for n, more := range scripts {
		names = append(names, n)
		b.name(n, webAddr(len(names)%2))
		b.set(func(b *bed) {
			b.pages[n], b.pages[n+"/app.js"] = shell, appScript+more
			b.pages[n+"/data.json"] = `{"foot":"<a href='https://beian.miit.gov.cn/'>京ICP备20000001号-1</a>"}`
		})
	}
	slices.Sort(names)
	path, dir := inventoryOf(t, names...), t.TempDir()
	run := func(product, word string) *reports.Run {
		t.Helper()
		scan := b.scanner(t, nil, 5*time.Second)
		scan.Draw, scan.Browser, scan.Policy.Render = d.draw, d.pool.Product, detect.RenderAuto
		if product != "" {
			scan.Browser = func() string { return product }
		}
		if word != "" {
			policy := *scan.Policy
			policy.Version += word
			scan.Policy = &policy
		}
		r := runnerIn(t, dir, scan, nil, Options{}, in, func(c *Config) { c.Renderers = 2 })
		defer r.Close()
		run := wait(t, begin(t, r, Start{Inventory: path}))
		err := r.cfg.Store.Results(t.Context(), run.ID, func(res store.Result) error {
			for _, o := range res.Record.Outcomes {
				if o.Rule == "footer-number-missing" && o.Verdict != detect.Pass && !strings.HasPrefix(res.Record.Domain, "data") {
					t.Errorf("%s: %s %s %s", res.Record.Domain, o.Rule, o.Verdict, o.Reason)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
	always := "alien.cn clock.cn posts.cn"
	steps := []struct {
		name, product, word string
		change              func(*bed)
		drawn               string
	}{
		{name: "the first time", drawn: strings.Join(names, " ")},
		{name: "unchanged", drawn: always},
		{name: "changed script, data, page", drawn: "alien.cn clock.cn data.cn page.cn posts.cn script.cn", change: func(b *bed) {
			b.pages["script.cn/app.js"] += "; 1"
			b.pages["data.cn/data.json"] = `{"foot":"版权所有 示例公司"}`
			b.pages["page.cn"] += "<!-- 2 -->"
		}},
		{name: "another browser", product: "Chromium/1.2.3", drawn: strings.Join(names, " ")},
		{name: "other rules", word: "x", drawn: strings.Join(names, " ")},
	}
	for _, s := range steps {
		if s.change != nil {
			b.set(s.change)
		}
		run(s.product, s.word)
		if got := d.take(); got != s.drawn {
			t.Errorf("%s: drawn %s; want %s", s.name, got, s.drawn)
		}
	}
}
