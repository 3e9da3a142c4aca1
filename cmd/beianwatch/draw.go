package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/browser"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// A drawing is what draws pages for the looks of this process: a browser, or
// nobody and the reason why.
type drawing struct {
	pool *browser.Pool
	none error  // why there is no browser
	tell func() // says so, once
}

// drawing finds the browser that the settings ask for. It is nil with --render
// never. Where --render auto finds none, the looks go on without.
func (p *program) drawing(l *looking) (*drawing, error) {
	if p.Render == string(detect.RenderNever) {
		return nil, nil
	}
	path, err := browser.Find(p.Browser)
	switch {
	case errors.Is(err, browser.ErrNone) && p.Render == string(detect.RenderAuto):
		return &drawing{none: err, tell: sync.OnceFunc(func() { p.say("%s", noBrowser.In(p.Lang)) })}, nil
	case err != nil:
		return nil, usage("%v", err)
	}
	return &drawing{pool: browser.New(browser.Options{
		Path: path, Guard: l.guard, Resolve: resolve(l.resolver), Enter: l.gate.Enter, Contact: p.contact(), Picture: pictured, Tabs: p.Tabs,
	})}, nil
}

var noBrowser = detect.Text{
	ZH: "提示：没有找到 Chromium 或 Chrome，由脚本生成的页面将判为“未知”。安装后即可判断（Debian、Ubuntu：apt install chromium-headless-shell），或用 --browser 指定路径；--render never 不再提示。",
	EN: "note: no Chromium or Chrome was found, so pages drawn by script stay unknown. Install one (Debian, Ubuntu: apt install chromium-headless-shell) or name it with --browser; --render never ends this note.",
}

// do carries out one AskRender. Politeness holds for the page as for any other
// request; the files that belong to it follow at once, as with every visitor.
func (d *drawing) do(ctx context.Context, obs *crawler.Observation, ask crawler.Ask) {
	if d.none != nil {
		d.tell()
		obs.Visits = append(obs.Visits, crawler.Visit{Ask: ask, At: time.Now(), Failed: ask.URL, Failure: crawler.NewFailure(crawler.FailOurs, d.none.Error())})
		return
	}
	d.pool.Do(ctx, obs, ask)
}

// pictured reports whether a page is found to break a rule that can be judged
// from the page alone, and not merely worth a notice: then a picture of it is
// kept with the evidence.
func pictured(obs *crawler.Observation) bool {
	c := detect.NewCase(detect.Input{Target: &crawler.Target{Domain: obs.Domain}, Obs: obs}, nil)
	return slices.ContainsFunc(detect.Judge(c, rules.All), func(o detect.Outcome) bool { return o.Verdict == detect.Found && o.Severity != detect.Notice })
}

func (d *drawing) close() {
	if d != nil && d.pool != nil {
		d.pool.Close()
	}
}
