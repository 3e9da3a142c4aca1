package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"github.com/beianwatch/beianwatch/crawler/browser"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web"
	"github.com/beianwatch/beianwatch/schedule"
	"github.com/beianwatch/beianwatch/schedule/calendar"
)

// A finding is something that would stop a command later; a remark is only worth
// knowing.
type finding struct {
	err    error
	remark bool
}

// What is about to begin.
const (
	forScan   = "scan"
	forServe  = "serve"
	forConfig = "config"
)

// preflight finds everything that would stop a run later: settings that make no
// policy or network, folders that cannot be written, inventories that cannot be
// read, a calendar, port, browser or database that is none. It changes nothing but
// makes the folders.
func (p *program) preflight(ctx context.Context, purpose string) (found []finding) {
	fail := func(err error) {
		if err != nil {
			found = append(found, finding{err: err})
		}
	}
	_, err := p.Policy()
	fail(err)
	_, err = p.Gate()
	fail(err)
	if resolver, _, err := p.Reach(); err != nil {
		fail(err)
	} else {
		resolver.Close()
	}
	_, err = p.Moment()
	fail(err)
	if papers, err := p.DocumentReader(); err != nil {
		fail(err)
	} else if papers != nil {
		papers.Close() //nolint:errcheck // a folder that was only read
	}
	if p.Render != string(detect.RenderNever) {
		if _, err := browser.Find(p.Browser); err != nil {
			found = append(found, finding{err, p.Render == string(detect.RenderAuto) && p.Browser == ""})
		}
	}
	fail(p.probeOut())
	if purpose == forScan {
		return found
	}
	fail(p.probeCalendar(ctx))
	roles, err := p.roles(p.Roles, p.RenderWorkers)
	if purpose == forConfig && len(p.Calendar) == 0 {
		found = append(found, finding{message.Errorf("没有写日程（calendar）：scan 可用，serve 不会检查任何清单", "there is no calendar: scan can use this config, serve would scan nothing"), true})
	} else {
		fail(err)
	}
	if slices.Contains(roles, schedule.RoleWeb) {
		fail(p.probePort())
	}
	if purpose == forConfig {
		s, err := store.Open(ctx, p.DB)
		if fail(err); err == nil {
			s.Close() //nolint:errcheck // nothing was written
		}
	}
	return found
}

// ready returns the first thing that preflight finds and that stops the command.
func (p *program) ready(ctx context.Context, purpose string) error {
	for _, f := range p.preflight(ctx, purpose) {
		if !f.remark {
			return f.err
		}
	}
	return nil
}

// probeOut makes the folder of --out and a file in it, and takes the file away.
func (p *program) probeOut() error {
	if p.Out == "" {
		return nil
	}
	if err := os.MkdirAll(p.Out, 0o700); err != nil {
		return usage("--out %s：%w；请指定可写的文件夹", "--out %s: %w; name a folder that can be written", p.Out, err)
	}
	f, err := os.CreateTemp(p.Out, ".probe-*")
	if err != nil {
		return usage("--out %s：%w；请指定可写的文件夹", "--out %s: %w; name a folder that can be written", p.Out, err)
	}
	f.Close() //nolint:errcheck // nothing was written to it
	return os.Remove(f.Name())
}

// probeCalendar reads the calendar and each of its inventories.
func (p *program) probeCalendar(ctx context.Context) error {
	if _, err := calendar.Parse(p.entries()); err != nil {
		return usage("配置 calendar：%w", "config, calendar: %w", err)
	}
	read := map[string]bool{}
	for _, e := range p.Calendar {
		path, err := filepath.Abs(e.Inventory)
		if err != nil || read[path] {
			continue
		}
		read[path] = true
		if _, err := inventory.Summarize(ctx, e.Inventory); err != nil {
			return usage("日程 %q：%w", "calendar entry %q: %w", e.Name, err)
		}
	}
	return nil
}

// probePort opens the address of the API and closes it.
func (p *program) probePort() error {
	l, err := web.Listen(p.Listen)
	if err != nil {
		return usage("--listen %s：%w", "--listen %s: %w", p.Listen, err)
	}
	return l.Close()
}

// entries are the calendar of the config.
func (p *program) entries() []calendar.Entry {
	entries := make([]calendar.Entry, len(p.Calendar))
	for i, e := range p.Calendar {
		entries[i] = calendar.Entry{Name: e.Name, Cron: e.Cron, Inventory: e.Inventory}
	}
	return entries
}
