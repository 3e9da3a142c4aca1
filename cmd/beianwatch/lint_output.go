package main

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"time"

	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/schedule/lint"
)

// A lintOutput is where a lint writes: standard output, and files.
type lintOutput struct {
	p        *program
	run      *reports.Run
	summary  *reports.LintSummary
	out      *bufio.Writer // standard output; nil for text, which comes at the end
	findings *bufio.Writer // findings.csv; nil without --out
	calls    *export.CallList
	reject   func(reports.Reject) error
	ends     []func() error
}

// lintOutput opens what is to be written.
func (p *program) lintOutput(policy *detect.Policy, at time.Time, calls string) (_ *lintOutput, err error) {
	run := oneRun(at)
	run.Ruleset = policy.Ruleset()
	o := &lintOutput{p: p, run: run, summary: reports.NewLintSummary(rules.All)}
	defer func() {
		if err != nil {
			o.close() //nolint:errcheck // there is an error to tell already
		}
	}()
	if p.Format != "text" {
		o.out = bufio.NewWriterSize(p.out, 1<<20)
		o.ends = append(o.ends, o.out.Flush)
	}
	if p.Format == "csv" {
		if err := export.CSVHead(o.out, p.Lang); err != nil {
			return nil, err
		}
	}
	if p.Out != "" {
		if err := o.folder(p.Out); err != nil {
			return nil, err
		}
		if calls == "" {
			calls = filepath.Join(p.Out, "calls.csv")
		}
	}
	if calls == "" {
		return o, nil
	}
	f, err := o.file(calls)
	if err != nil {
		return nil, err
	}
	if o.calls, err = export.NewCallList(f, p.Lang); err != nil {
		return nil, err
	}
	o.ends = append(o.ends, o.calls.Close)
	return o, nil
}

// folder opens the files of --out.
func (o *lintOutput) folder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return message.Errorf("建立报告文件夹：%w；请用 --out 指定可写的文件夹", "making the folder for reports: %w; name one that can be written with --out", err)
	}
	f, err := o.file(filepath.Join(dir, "findings.csv"))
	if err != nil {
		return err
	}
	o.findings = bufio.NewWriterSize(f, 1<<20)
	o.ends = append(o.ends, o.findings.Flush)
	if err := export.CSVHead(o.findings, o.p.Lang); err != nil {
		return err
	}
	if f, err = o.file(filepath.Join(dir, "rejected.csv")); err != nil {
		return err
	}
	add, end, err := export.WriteRejects(f, o.p.Lang)
	if err != nil {
		return err
	}
	o.reject, o.ends = add, append(o.ends, end)
	return nil
}

// file makes a file that close closes.
func (o *lintOutput) file(path string) (*os.File, error) {
	f, err := createPrivate(path)
	if err != nil {
		return nil, message.Errorf("写入报告：%w", "writing a report: %w", err)
	}
	o.ends = append(o.ends, f.Close)
	return f, nil
}

// close ends what was opened, the last first.
func (o *lintOutput) close() (err error) {
	for i := len(o.ends) - 1; i >= 0; i-- {
		if ended := o.ends[i](); err == nil {
			err = ended
		}
	}
	o.ends = nil
	return err
}

// A lintBatch is what is told of some lines, made while other batches are.
type lintBatch struct {
	summary  *reports.LintSummary
	out      bytes.Buffer // for standard output
	findings bytes.Buffer // for findings.csv
	calls    []export.Call
	rejects  []reports.Reject
}

// make turns judged lines into what is written of them. Records are made only
// where one is written.
func (o *lintOutput) make(lines []lint.Judged) (*lintBatch, error) {
	b := &lintBatch{summary: reports.NewLintSummary(rules.All)}
	for i := range lines {
		j := &lines[i]
		if r := j.Rejected; r != nil {
			why := r.Reason.In(o.p.Lang)
			b.summary.Reject(r.Line, rejectedText(r), why)
			b.rejects = append(b.rejects, reports.Reject{Line: r.Line, Text: rejectedText(r), Reason: why})
			continue
		}
		b.summary.Add(j.Case, j.Outcomes)
		if err := o.write(b, j); err != nil {
			return nil, err
		}
		if o.calls == nil {
			continue
		}
		for k := range j.Outcomes {
			if j.Outcomes[k].Rule != "phone-unverified" {
				continue
			}
			if call, asked := export.NewCall(j.Case.Target, &j.Outcomes[k]); asked {
				b.calls = append(b.calls, call)
			}
		}
	}
	return b, nil
}

// write writes the record of a line where it is asked for.
func (o *lintOutput) write(b *lintBatch, j *lint.Judged) error {
	kept := o.findings != nil && anyFound(j.Outcomes)
	if o.out == nil && !kept {
		return nil
	}
	r := reports.NewRecord(o.run, j.Case, j.Outcomes)
	one := []*reports.Record{r}
	if kept {
		if err := export.CSVRows(&b.findings, one, o.p.Lang); err != nil {
			return err
		}
	}
	switch o.p.Format {
	case "csv":
		return export.CSVRows(&b.out, one, o.p.Lang)
	case "jsonl":
		line, err := export.Line(r, o.p.Lang)
		b.out.Write(line)
		return err
	}
	return nil
}

func anyFound(outs []detect.Outcome) bool {
	for i := range outs {
		if outs[i].Verdict == detect.Found {
			return true
		}
	}
	return false
}

// take writes a batch, in the order of the inventory.
func (o *lintOutput) take(b *lintBatch) error {
	o.summary.Merge(b.summary)
	if o.out != nil {
		if _, err := o.out.Write(b.out.Bytes()); err != nil {
			return err
		}
	}
	if o.findings != nil {
		if _, err := o.findings.Write(b.findings.Bytes()); err != nil {
			return err
		}
	}
	for _, c := range b.calls {
		if err := o.calls.Add(c); err != nil {
			return err
		}
	}
	for _, r := range b.rejects {
		if o.reject != nil {
			if err := o.reject(r); err != nil {
				return err
			}
		} else if o.p.Format != "text" {
			o.p.say("%v %s：%s", "%v %s: %s", inventory.Place("", r.Line), r.Text, r.Reason)
		}
	}
	return nil
}
