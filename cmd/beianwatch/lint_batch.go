package main

import (
	"bytes"

	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/schedule/lint"
)

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
