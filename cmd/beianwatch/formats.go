package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/source"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/text"
	"github.com/beianwatch/beianwatch/schedule"
)

// streamFormats are the formats that are written record by record to one stream.
var streamFormats = message.Text{ZH: "jsonl、csv、markdown、sarif、junit 或 github", EN: "jsonl, csv, markdown, sarif, junit or github"}

// writeStream writes records in one of the [streamFormats]; false if format is
// none of them. at gives the places of findings; it may be nil.
func (p *program) writeStream(w io.Writer, records iter.Seq2[*reports.Record, error], at export.Locator) (known bool, err error) {
	switch p.Format {
	case "jsonl":
		return true, export.WriteJSONL(w, records, p.Lang)
	case "csv":
		return true, export.WriteCSV(w, records, p.Lang)
	case "markdown":
		return true, export.WriteMarkdown(w, records, p.Lang)
	case "sarif":
		return true, export.WriteSARIF(w, records, rules.All, p.Lang, at)
	case "junit":
		return true, export.WriteJUnit(w, records, detect.Severity(p.FailOn), p.Lang)
	case "github":
		return true, p.writeGitHub(w, records, at)
	}
	return false, nil
}

// writeGitHub writes annotations, and where GitHub wants a job's summary that too.
func (p *program) writeGitHub(w io.Writer, records iter.Seq2[*reports.Record, error], at export.Locator) error {
	path := os.Getenv("GITHUB_STEP_SUMMARY")
	if path == "" {
		return export.WriteGitHub(w, records, p.Lang, at)
	}
	var kept []*reports.Record
	err := export.WriteGitHub(w, func(yield func(*reports.Record, error) bool) {
		for r, err := range records {
			if err == nil {
				kept = append(kept, r)
			}
			if !yield(r, err) {
				return
			}
		}
	}, p.Lang, at)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644) //nolint:gosec // GitHub names the file
	if err != nil {
		return err
	}
	err = export.WriteMarkdown(f, func(yield func(*reports.Record, error) bool) {
		for _, r := range kept {
			if !yield(r, nil) {
				return
			}
		}
	}, p.Lang)
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// writeWorkbook writes a run as XLSX: to --out if that names such a file, into
// --out if it names a folder, else to standard output, which may not be a
// terminal.
func (p *program) writeWorkbook(ctx context.Context, s *store.Store, run *reports.Run) error {
	book := export.Workbook{
		Run: run, Records: p.records(ctx, s, run), Rules: rules.All, Lang: p.Lang,
		Rejects: func(add func(reports.Reject) error) error {
			return schedule.Rejections(ctx, s, run.ID, func(r inventory.Rejection) error {
				return add(reports.Reject{Line: r.Line, Text: r.Text, Reason: r.Reason.In(p.Lang)})
			})
		},
	}
	if p.Out == "" {
		if isTerminal(p.out) {
			return usage("工作簿不是文本：请用 --out 文件.xlsx 指定文件，或重定向输出", "a workbook is no text: name the file with --out FILE.xlsx, or redirect the output")
		}
		return export.WriteXLSX(p.out, book)
	}
	path := p.Out
	if !strings.EqualFold(filepath.Ext(path), ".xlsx") {
		path = filepath.Join(path, reports.FileName(run.ID)+".xlsx")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := writeFile(path, func(w io.Writer) error { return export.WriteXLSX(w, book) }); err != nil {
		return err
	}
	p.tellPath(path)
	return nil
}

// placeOf is where in the page that was received a finding stands; 0 where it
// stands in none, or in what a browser made of it.
func placeOf(obs *crawler.Observation, r *reports.Record, f *reports.Finding) (line, column int) {
	if obs == nil || !source.About(f.Rule) {
		return 0, 0
	}
	for _, page := range source.Pages(obs, r, &f.Finding) {
		if page.Via == crawler.ViaRendered {
			continue
		}
		if place, ok := source.Of(page).Finding(r, f.Rule, &f.Finding); ok {
			return place.Line, place.Column
		}
	}
	return 0, 0
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream io.Writer) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) //nolint:gosec // a descriptor is small
}

// terminal writes for a person on standard output.
func (p *program) terminal() *text.Terminal {
	t := text.NewTerminal(p.out, p.Lang, rules.All, os.Getenv)
	t.Verbose = p.Verbose
	return t
}

// printRecords writes the text report of each record.
func (p *program) printRecords(records iter.Seq2[*reports.Record, error]) error {
	t := p.terminal()
	for r, err := range records {
		if err != nil {
			return err
		}
		if err := t.Check(r); err != nil {
			return err
		}
	}
	return nil
}

// printSummary writes the overview of a run.
func (p *program) printSummary(ctx context.Context, s *store.Store, run *reports.Run) error {
	summary := reports.NewSummary(run, rules.All)
	for r, err := range p.records(ctx, s, run) {
		if err != nil {
			return err
		}
		summary.Add(r)
	}
	err := schedule.Rejections(ctx, s, run.ID, func(r inventory.Rejection) error {
		summary.Reject(r.Line, r.Text, r.Reason.In(p.Lang))
		return nil
	})
	if err != nil {
		return err
	}
	changes, err := p.changesSinceLast(ctx, s, run)
	if err != nil {
		return err
	}
	summary.Changes = changes
	if summary.Life, summary.Lapsed, err = p.lifeOf(ctx, s, run); err != nil {
		return err
	}
	summary.Close()
	return p.terminal().Summary(summary, "")
}

// changesSinceLast compares run with the finished run of the same inventory
// before it; nil if there is none, or a filter is set.
func (p *program) changesSinceLast(ctx context.Context, s *store.Store, run *reports.Run) (*reports.Changes, error) {
	was, err := s.LastDone(ctx, run.Inventory, run.ID)
	if errors.Is(err, store.ErrNoRun) || !p.filter.Empty() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var counts reports.DiffCounts
	return reports.NewChanges(was, run, reports.Diff(s.Verdicts(ctx, was.ID), lived(ctx, s, run, s.Verdicts(ctx, run.ID)), &counts), &counts)
}

// printDiff writes a comparison for a person.
func (p *program) printDiff(was, now *reports.Run, changes iter.Seq2[reports.Change, error], counts *reports.DiffCounts) error {
	c, err := reports.NewChanges(was, now, changes, counts)
	if err != nil {
		return err
	}
	return p.terminal().Diff(c)
}
