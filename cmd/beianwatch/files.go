package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/whole"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/html"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule"
)

// maxRejects bounds the rejected lines that an overview lists.
const maxRejects = 1000

// pastRuns is how many earlier runs the trend of an overview goes back.
const pastRuns = 30

// writeFiles writes the reports of a run below out and returns the path of
// the overview.
func (p *program) writeFiles(ctx context.Context, s *store.Store, run *reports.Run, out string) (index string, err error) {
	life, lapsed, err := p.lifeOf(ctx, s, run)
	if err != nil {
		return "", err
	}
	folder := &html.Folder{Life: life, Lapsed: lapsed, Out: out, Run: run, Rules: rules.All, Lang: p.Lang, Pages: p.ReportPages()}
	err = schedule.Rejections(ctx, s, run.ID, func(r inventory.Rejection) error {
		if len(folder.Rejects) < maxRejects {
			folder.Rejects = append(folder.Rejects, reports.Reject{Line: r.Line, Text: r.Text, Reason: r.Reason.In(p.Lang)})
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if folder.Changes, err = p.changesSinceLast(ctx, s, run); err != nil {
		return "", err
	}
	earlier, err := s.Runs(ctx, pastRuns)
	if err != nil {
		return "", err
	}
	folder.Past = html.PastPoints(out, before(run, earlier))
	folder.Evidence = p.evidence(ctx, s, run)
	if max(run.Lines, run.Verdicts) <= maxTimelines {
		folder.Events = p.events(ctx, s, run)
	}
	if _, err := folder.Write(p.records(ctx, s, run)); err != nil {
		return "", err
	}
	return filepath.Join(folder.Dir(), "index.html"), nil
}

// maxTimelines is the size of a run up to which each page tells of the runs before:
// they are asked domain by domain. "beianwatch history" tells of any domain.
const maxTimelines = 300

// events tells what became of a domain in the runs of the inventory up to this one.
func (p *program) events(ctx context.Context, s *store.Store, run *reports.Run) func(string) []html.Event {
	lives, err := lifecycle.Open(ctx, s)
	if err != nil {
		return nil // a report without a past is a report
	}
	pages := html.New(rules.All, p.Lang)
	return func(domain string) []html.Event {
		list, err := lives.Histories(ctx, domain)
		if err != nil {
			return nil
		}
		for _, h := range list {
			if h.Inventory == run.Inventory {
				return slices.DeleteFunc(pages.Events(h), func(e html.Event) bool { return !run.FinishedAt.IsZero() && e.At.After(run.FinishedAt) })
			}
		}
		return nil
	}
}

// writeReport writes the report of one check, HTML and JSON, into --out.
func (p *program) writeReport(l look) error {
	name := l.record.Domain
	if name == "" {
		name = l.record.File
	}
	if err := os.MkdirAll(p.Out, 0o700); err != nil {
		return message.Errorf("建立报告文件夹：%w；请用 --out 指定可写的文件夹", "making the folder for reports: %w; name one that can be written with --out", err)
	}
	base := filepath.Join(p.Out, reports.FileName(name))
	err := writeFile(base+".html", func(w io.Writer) error {
		return html.New(rules.All, p.Lang).Domain(w, &html.Subject{Run: oneRun(l.record.At), Record: l.record, Evidence: html.Evidence{Seen: l.seen}})
	})
	if err != nil {
		return err
	}
	p.written = append(p.written, base+".html")
	return writeFile(base+".json", func(w io.Writer) error { return export.WriteJSON(w, l.record, p.Lang) })
}

// writeFile makes a file of what write gives, whole or not at all: what stood there
// before stays until the new one is finished.
func writeFile(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeThrough(path, write)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	whole.SweepFiles(filepath.Dir(path))
	err := whole.File(path, func(f *os.File) error {
		if err := write(f); err != nil {
			return err
		}
		return f.Sync()
	})
	if err != nil {
		return message.Errorf("写入 %s：%w", "writing %s: %w", path, err)
	}
	return nil
}

// writeThrough writes to what is no file, such as a pipe.
func writeThrough(path string, write func(io.Writer) error) error {
	f, err := createPrivate(path)
	if err != nil {
		return message.Errorf("写入报告：%w", "writing a report: %w", err)
	}
	err = write(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return message.Errorf("写入 %s：%w", "writing %s: %w", path, err)
	}
	return nil
}

// createPrivate makes a file for its owner alone: reports name people and their
// telephones.
func createPrivate(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
}

// before keeps the runs of the same inventory that began before run.
func before(run *reports.Run, runs []*reports.Run) []*reports.Run {
	var earlier []*reports.Run
	for _, r := range runs {
		if r.Inventory == run.Inventory && r.ID < run.ID {
			earlier = append(earlier, r)
		}
	}
	return earlier
}

// evidence reads what was seen back from the WARC files of the run, nil where
// nothing was kept.
func (p *program) evidence(ctx context.Context, s *store.Store, run *reports.Run) func(string) html.Evidence {
	return func(domain string) html.Evidence {
		result, err := s.Result(ctx, run.ID, domain)
		if err != nil || result.Evidence.File == "" {
			return html.Evidence{}
		}
		// A record that cannot be read back is no evidence; the report says so
		// by not showing any.
		obs, err := schedule.ReadEvidence(p.DataDir(), run.ID, result.Evidence)
		if err != nil {
			return html.Evidence{}
		}
		file := result.Evidence.File
		if !strings.Contains(file, "/") {
			file = run.ID + "/" + file
		}
		return html.Evidence{Seen: obs, File: file, Offset: result.Evidence.Offset}
	}
}
