package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/text"
	"github.com/beianwatch/beianwatch/reports/wording"
	"github.com/beianwatch/beianwatch/schedule"
)

// openStore opens the results of --db. A file must be there: reading a run out
// of a database that was just made would only say that it is empty. What is written to one
// that can only be read ends with what to do.
func (p *program) openStore(ctx context.Context) (*store.Store, error) {
	if err := settings.MustExist(p.DB); err != nil {
		return nil, err
	}
	return store.OpenToRead(ctx, p.DB)
}

// findRun gives the run that word names: an id, the beginning of one, latest or
// last.
func findRun(ctx context.Context, s *store.Store, word string) (*reports.Run, error) {
	run, err := s.FindRun(ctx, word)
	if err != nil {
		if latest := word == "latest" || word == "last"; latest && errors.Is(err, store.ErrNoRun) {
			return nil, noneDone(ctx, s)
		}
		return nil, settings.Mistake(err)
	}
	return run, nil
}

// noneDone says that no run is done yet, and how far one has come that is under way.
func noneDone(ctx context.Context, s *store.Store) error {
	open, err := s.Unfinished(ctx)
	if err != nil {
		return err
	}
	if len(open) == 0 {
		return usage("%s 中还没有检查批次；请先执行：beianwatch scan 清单", "no run is kept in %s yet; begin one with: beianwatch scan INVENTORY", s.Name())
	}
	run := open[len(open)-1]
	done, of, err := schedule.Standing(ctx, s, run.ID)
	if err != nil {
		return err
	}
	return usage("还没有完成的批次：%s 已检查 %s/%s 个域名（清单 %s）；重新执行 scan 即可继续，“beianwatch report %[1]s”输出已有的结果",
		"no run is done yet: %s has checked %s of %s domains (%s); scan resumes it, 'beianwatch report %[1]s' writes what there is",
		run.ID, wording.Grouped(done), wording.Grouped(of), run.Inventory)
}

func (p *program) reportCommand() *cobra.Command {
	pick := picking{}
	cmd := &cobra.Command{
		Use:   p.tr("report [批次号]", "report [RUN]"),
		Short: p.tr("输出一个批次的结果（批次号可只写开头，或写 latest）", "Write the results of a run (RUN: an id, its beginning, or latest)"),
		Long: p.tr(`把一个批次的结果输出到标准输出；用 --out 时写成文件。

格式：text（汇总）、jsonl（每个域名一条记录，供程序读取）、csv（每个问题一行）、xlsx（工作簿：总览、问题、域名、无效行；
--out 文件.xlsx 或文件夹）、markdown、sarif、junit、github（代码注释）、html 和 json（每个域名一份，附总览；需要 --out）、
notice（每位负责人一份整改通知，HTML 和 DOCX；需要 --out）。可用 --domain、--owner、--team、--rule、--severity、--status 选取。
不给出批次号时列出全部批次。`,
			`Write the results of a run to standard output, or to files with --out.

Formats: text (a summary), jsonl (one record a domain, the contract for machines), csv (one row a finding),
xlsx (a workbook: overview, findings, domains, rejected lines; --out FILE.xlsx or a folder), markdown, sarif, junit,
github (annotations), html and json (a page or record per domain with a summary; needs --out), notice (a rectification
notice for each owner as HTML and DOCX; needs --out). --domain, --owner, --team, --rule, --severity and --status pick.
Without RUN, the runs are listed.`),
		Args: p.arguments(0, 1, "", ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := p.openStore(cmd.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			if len(args) == 0 {
				return p.listRuns(cmd.Context(), s)
			}
			run, err := findRun(cmd.Context(), s, args[0])
			if err != nil {
				return err
			}
			if p.filter, err = pick.filter(); err != nil {
				return err
			}
			if p.Format == "notice" {
				return p.writeNotices(cmd.Context(), s, run)
			}
			p.wantsView()
			if err := p.writeReportOf(cmd.Context(), s, run); err != nil || !cmd.Flags().Changed("fail-on") {
				return err
			}
			return p.conclude(cmd.Context(), s, run)
		},
	}
	p.bindView(cmd.Flags())
	cmd.ValidArgsFunction = p.runWords
	p.BindFailOn(cmd.Flags())
	cmd.Flags().Lookup("fail-on").Usage += p.tr("（不写该参数：never）", " (without the flag: never)")
	pick.bind(cmd.Flags(), p.tr)
	p.BindFormat(cmd.Flags(), "text")
	return cmd
}

// writeReportOf writes a run to standard output or, with --out, to a file.
func (p *program) writeReportOf(ctx context.Context, s *store.Store, run *reports.Run) error {
	if ext := extension(p.Format); ext != "" && p.Format != "json" { // json is a file a domain
		return p.intoFile(run.ID+"."+ext, func() error { return p.writeRun(ctx, s, run) })
	}
	return p.writeRun(ctx, s, run)
}

// writeRun writes one run in the format asked for.
func (p *program) writeRun(ctx context.Context, s *store.Store, run *reports.Run) error {
	switch p.Format {
	case "text":
		return p.printSummary(ctx, s, run)
	case "xlsx":
		return p.writeWorkbook(ctx, s, run)
	case "html", "json":
		if p.Out == "" {
			return usage("--format %s 为每个域名写一个文件：请用 --out 指定文件夹", "--format %s writes a file per domain: say where with --out DIR", p.Format)
		}
		index, err := p.writeFiles(ctx, s, run, p.Out)
		if err != nil {
			return err
		}
		p.tellPath(index)
		return nil
	}
	if known, err := p.writeStream(p.out, p.records(ctx, s, run), nil); known || err != nil {
		return err
	}
	return usage("--format %q：须为 text、xlsx、html、json、notice、%s", "--format %q: must be text, xlsx, html, json, notice, %s", p.Format, streamFormats)
}

// listRuns prints the runs of the database, newest first.
func (p *program) listRuns(ctx context.Context, s *store.Store) error {
	runs, err := s.Runs(ctx, 50)
	if err != nil {
		return err
	}
	if len(runs) == 0 {
		p.say("%s 中还没有检查批次；请先执行：beianwatch scan 清单", "no run is kept in %s yet; begin one with: beianwatch scan INVENTORY", s.Name())
	}
	for _, r := range runs {
		done, of := r.Verdicts, r.Lines-r.Rejected
		if r.State == reports.RunActive || r.State == reports.RunPlanning {
			if done, of, err = schedule.Standing(ctx, s, r.ID); err != nil {
				return err
			}
		}
		state := wording.RunState(r.State).In(p.Lang)
		fmt.Fprintf(p.out, "%s  %s  %s  %d/%d  %s\n", r.ID, state+strings.Repeat(" ", max(0, 10-text.Cells(state))), wording.InZone(r.StartedAt).Format(time.DateTime), done, of, r.Inventory)
	}
	return nil
}

func (p *program) diffCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   p.tr("diff [上次 [这次]]", "diff [WAS [NOW]]"),
		Short: p.tr("比较两个批次：新增、再次出现、首次查明、加重、已整改、已移出、未能复查", "Compare two runs: new, reopened, first seen, worse, fixed, gone, could not be checked"),
		Long: p.tr(`比较两个批次，先写较早的；每个都可写批次号、其开头或 latest。不写“这次”即最近完成的批次，不写“上次”即同一清单在它之前的批次。
格式：text、json、jsonl、csv。有新增、再次出现、首次查明或加重且未豁免的问题时退出码为 3。`,
			`Compare two runs, the older first; each is an id, its beginning, or latest. Without NOW it is the latest
run that is done, without WAS the one before it of the same inventory.
Formats: text, json, jsonl, csv. Exit code 3 when something is new, reopened, first seen or worse, and not waived.`),
		Args: p.arguments(0, 2, "", ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := p.openStore(cmd.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			was, now, err := twoRuns(cmd.Context(), s, args)
			if err != nil {
				return err
			}
			return p.intoFile("diff."+extension(p.Format), func() error { return p.diff(cmd.Context(), s, was, now) })
		},
	}
	cmd.ValidArgsFunction = p.runWords
	p.BindFormat(cmd.Flags(), "text")
	return cmd
}

// twoRuns are the runs to compare: those that are named, else the latest and the
// one before it of its inventory.
func twoRuns(ctx context.Context, s *store.Store, words []string) (was, now *reports.Run, err error) {
	newer := "latest"
	if len(words) == 2 {
		newer = words[1]
	}
	if now, err = findRun(ctx, s, newer); err != nil {
		return nil, nil, err
	}
	if len(words) > 0 {
		was, err = findRun(ctx, s, words[0])
		return was, now, err
	}
	was, err = s.LastDone(ctx, now.Inventory, now.ID)
	if errors.Is(err, store.ErrNoRun) {
		return nil, nil, usage("%[2]s 只有一个已完成的批次 %[1]s：要等下一批次完成才能比较", "%s is the only run of %s that is done: there is nothing to compare it with before the next one", now.ID, now.Inventory)
	}
	return was, now, err
}

// diff compares two runs and writes what differs.
func (p *program) diff(ctx context.Context, s *store.Store, was, now *reports.Run) (err error) {
	var counts reports.DiffCounts
	changes := reports.Diff(s.Verdicts(ctx, was.ID), lived(ctx, s, now, s.Verdicts(ctx, now.ID)), &counts)
	switch p.Format {
	case "text":
		err = p.printDiff(was, now, changes, &counts)
	case "json":
		err = export.WriteDiffJSON(p.out, was.ID, now.ID, changes, &counts, p.Lang)
	case "jsonl":
		err = export.WriteDiffJSONL(p.out, changes, p.Lang)
	case "csv":
		err = export.WriteDiffCSV(p.out, changes, p.Lang)
	default:
		return usage("--format %q：须为 %s", "--format %q: must be %s", p.Format, strings.Join([]string{"text", "json", "jsonl", "csv"}, ", "))
	}
	if err != nil {
		return err
	}
	if p.FailOn != settings.FailNever && counts.Changes[reports.ChangeNew]+counts.Changes[reports.ChangeReopened]+counts.Changes[reports.ChangeFirst]+counts.Changes[reports.ChangeWorse] > 0 {
		return &exitError{exitFound}
	}
	return nil
}
