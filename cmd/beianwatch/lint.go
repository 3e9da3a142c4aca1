package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/schedule/lint"
)

func (p *program) lintCommand() *cobra.Command {
	calls, registers := "", false
	cmd := &cobra.Command{
		Use:   "lint INVENTORY",
		Short: "Check names, provinces, papers and telephones of an inventory without the network",
		Long: `Judge what an inventory (CSV in UTF-8 or GBK, XLSX or JSON Lines) says of each filing: the name of the site, the
province, the credit code, the telephones, the domain's holder and papers. No site is looked at, so that filings
can be checked before they are made; rules that need a look are unknown. The network is used only where --whois
asks registries for holders and terms, or --registers the registers of the config for filings.

Formats: text (a summary with the first lines of each rule), jsonl (one record a line, the contract of scan), csv.
With --out DIR the files findings.csv, rejected.csv and calls.csv are written too. --calls FILE writes the list of
telephones to call: one row for a number and subject, with fields for a first call and a second an hour later.
A line whose domain stands in an earlier line is judged like any other.`,
		Args: exactly(1, "the path of an inventory"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.lint(cmd.Context(), args[0], calls, registers)
		},
	}
	cmd.Flags().StringVar(&calls, "calls", "", "file for the list of telephones to call (CSV)")
	cmd.Flags().BoolVar(&registers, "registers", false, "ask the config's registers where the inventory says nothing of a filing")
	p.bindLint(cmd.Flags())
	p.BindFailOn(cmd.Flags())
	p.BindFormat(cmd.Flags(), "text")
	return cmd
}

// bindLint binds the flags about looks that a lint has too.
func (p *program) bindLint(fs *pflag.FlagSet) {
	fs.DurationVar(&p.MaxFilingAge, "max-filing-age", p.MaxFilingAge, "an \"unfiled\" that was asked longer ago is unknown")
	fs.StringVar(&p.At, "at", p.At, "judge as of this date or time (RFC 3339) instead of now")
	p.BindDocuments(fs)
	p.BindRegistry(fs)
	fs.StringArrayVar(&p.Resolvers, "resolver", p.Resolvers, "DNS server as HOST:PORT, for --whois (repeatable; default: the system's)")
	fs.StringArrayVar(&p.AllowNet, "allow-net", p.AllowNet, "network that --whois may dial although it is private, as CIDR (repeatable; for tests)")
}

// lint judges the inventory at path and tells of it.
func (p *program) lint(ctx context.Context, path, calls string, registers bool) (err error) {
	switch p.Format {
	case "text", "jsonl", "csv":
	default:
		return usage("--format %q: say text, jsonl or csv", p.Format)
	}
	policy, err := p.Policy()
	if err != nil {
		return err
	}
	at, err := p.Moment()
	if err != nil {
		return err
	}
	if at.IsZero() {
		at = time.Now()
	}
	p.warnHolidays(policy.Workdays, at)
	l := &lint.Linter{Inventory: path, Policy: policy, At: at}
	end, err := p.gather(ctx, l, registers)
	defer end()
	if err != nil {
		return err
	}
	to, err := p.lintOutput(policy, at, calls)
	if err != nil {
		return err
	}
	if err := p.sumUp(ctx, path); err != nil {
		return err
	}
	stop := p.showProgress(lintProgress{l})
	_, err = lint.Run(ctx, l, to.make, to.take)
	stop()
	if ended := to.close(); err == nil {
		err = ended
	}
	if err != nil {
		return err
	}
	if p.Format == "text" {
		if err := p.terminal().Lint(to.summary, rules.Inventory); err != nil {
			return err
		}
	}
	verdict := p.conclusion()
	for severity, lines := range map[detect.Severity]int{detect.Violation: to.summary.Points.Violations, detect.Warning: to.summary.Points.Warnings, detect.Notice: to.summary.Points.Notices} {
		if lines > 0 {
			verdict.find(severity)
		}
	}
	return verdict.err() // what needs a visit is never judged here
}

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
func (p *program) lintOutput(policy *detect.Policy, at time.Time, calls string) (o *lintOutput, err error) {
	run := oneRun(at)
	run.Ruleset = policy.Ruleset()
	o = &lintOutput{p: p, run: run, summary: reports.NewLintSummary(rules.All)}
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
		return fmt.Errorf("making the folder for reports: %w; name one that can be written with --out", err)
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
		return nil, fmt.Errorf("writing a report: %w", err)
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
