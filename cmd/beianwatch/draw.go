package main

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/browser"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// A drawing is what draws pages for the looks of this process: a browser, or
// nobody and the reason why.
type drawing struct {
	path string // the browser
	pool *browser.Pool
	none error  // why there is no browser
	tell func() // says so, once
}

// drawing makes what draws the pages of sites, by the browser that the settings
// ask for; see findBrowser. keeps: the next run may keep them.
func (p *program) drawing(l *looking, policy *detect.Policy, keeps bool) (*drawing, error) {
	d, err := p.findBrowser()
	if d == nil || d.none != nil {
		return d, err
	}
	d.pool = browser.New(browser.Options{
		Path: d.path, Guard: l.guard, Resolve: settings.Resolve(l.resolver), Enter: l.gate.Enter, Contact: p.ContactAddress(),
		Harmless: policy.Harmless, Tabs: p.Tabs, Timeout: visit.DrawTime, Sources: keeps,
		Shared: func(why error) { p.logger().Info("the browser shares this machine's network", "why", why) },
	})
	return d, nil
}

// findBrowser finds the browser that the settings ask for. The drawing is nil
// with --render never. Where --render auto finds none, the looks go on without.
func (p *program) findBrowser() (*drawing, error) {
	if p.Render == string(detect.RenderNever) {
		return nil, nil
	}
	path, err := browser.Find(p.Browser)
	switch {
	case errors.Is(err, browser.ErrNone) && p.Render == string(detect.RenderAuto):
		return &drawing{none: err, tell: sync.OnceFunc(func() { p.say(noBrowser.ZH, noBrowser.EN) })}, nil
	case err != nil:
		return nil, settings.Mistake(err)
	}
	return &drawing{path: path}, nil
}

// fileDrawing finds the browser for page files, which are drawn without a
// network: no resolver and no gate.
func (p *program) fileDrawing(policy *detect.Policy) (*drawing, error) {
	d, err := p.findBrowser()
	if d == nil || d.none != nil {
		return d, err
	}
	d.pool = browser.New(browser.Options{Path: d.path, Harmless: policy.Harmless, Tabs: 1, Timeout: visit.DrawTime})
	return d, nil
}

// file draws the page of a file; it is a [fileDrawer].
func (d *drawing) file(ctx context.Context, obs *crawler.Observation, folder fs.FS, name string, look crawler.Look) {
	if d.none != nil {
		d.absent(obs, crawler.Ask{Kind: crawler.AskRender, URL: name})
		return
	}
	d.pool.DrawFile(ctx, obs, folder, name, look)
}

var noBrowser = detect.Text{
	ZH: "提示：没有找到 Chromium 或 Chrome，由脚本生成的页面将判为“未知”。安装后即可判断（Debian、Ubuntu：apt install chromium-headless-shell），或用 --browser 指定路径；--render never 不再提示。",
	EN: "note: no Chromium or Chrome was found, so pages drawn by script stay unknown. Install one (Debian, Ubuntu: apt install chromium-headless-shell) or name it with --browser; --render never ends this note.",
}

// unjudged says what a check lacks for want of a browser.
var unjudged = detect.Text{
	ZH: "提示：没有找到 Chromium 或 Chrome，以下项目未能判定：%s。安装后即可判定（Debian、Ubuntu：apt install chromium-headless-shell），或用 --browser 指定路径；--render never 不再提示。",
	EN: "note: no Chromium or Chrome was found, so these could not be judged: %s. Install one (Debian, Ubuntu: apt install chromium-headless-shell) or name it with --browser; --render never ends this note.",
}

// titles are the titles of rules, as they are listed in a sentence.
func titles(ids []string, lang string) string {
	var list []string
	for _, r := range rules.All {
		if slices.Contains(ids, r.ID) {
			list = append(list, r.Title.In(lang))
		}
	}
	return strings.Join(list, detect.Text{ZH: "；", EN: "; "}.In(lang))
}

// do carries out one AskRender. Politeness holds for the page as for any other
// request; the files that belong to it follow at once, as with every visitor.
func (d *drawing) do(ctx context.Context, obs *crawler.Observation, ask crawler.Ask, look crawler.Look) {
	if d.none != nil {
		d.absent(obs, ask)
		return
	}
	d.pool.Do(ctx, obs, ask, look)
}

// absent keeps in obs that there was no browser, and says so once.
func (d *drawing) absent(obs *crawler.Observation, ask crawler.Ask) {
	d.tell()
	obs.Visits = append(obs.Visits, crawler.Visit{Ask: ask, At: time.Now(), Failed: ask.URL, Failure: crawler.NewFailure(crawler.FailOurs, d.none.Error())})
}

// product names the browser with its version, "" if there is none.
func (d *drawing) product() string {
	if d.pool == nil {
		return ""
	}
	return d.pool.Product()
}

func (d *drawing) close() {
	if d != nil && d.pool != nil {
		d.pool.Close()
	}
}
