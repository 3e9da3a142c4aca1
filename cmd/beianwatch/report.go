package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/store"
)

// openStore opens the results of --db. A file must be there: reading a run out
// of a database that was just made would only say that it is empty.
func (p *program) openStore(ctx context.Context) (*store.Store, error) {
	if err := settings.MustExist(p.DB); err != nil {
		return nil, err
	}
	return store.Open(ctx, p.DB)
}

// findRun gives the run that word names: an id, the beginning of one, latest or
// last.
func findRun(ctx context.Context, s *store.Store, word string) (*reports.Run, error) {
	run, err := s.FindRun(ctx, word)
	if err != nil {
		return nil, usage("%w", err)
	}
	return run, nil
}

func (p *program) reportCommand() *cobra.Command {
	pick := picking{}
	cmd := &cobra.Command{
		Use:   "report [RUN]",
		Short: "Write the results of a run (RUN: an id, its beginning, or latest)",
		Long: `Write the results of a run to standard output, or as files with --out.

Formats: text (a summary), jsonl (one record a domain, the contract for machines), csv (one row a finding),
xlsx (a workbook: overview, findings, domains, rejected lines; --out FILE.xlsx or a folder), markdown, sarif, junit,
github (annotations), html and json (a page or record per domain with a summary; needs --out), notice (a rectification
notice for each owner as HTML and DOCX; needs --out). --domain, --owner, --team, --rule, --severity and --status pick.
Without RUN, the runs are listed.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("report takes one run, but %d were given", len(args))
			}
			return nil
		},
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
			if err := p.writeRun(cmd.Context(), s, run); err != nil || !cmd.Flags().Changed("fail-on") {
				return err
			}
			return p.conclude(cmd.Context(), s, run)
		},
	}
	p.BindFailOn(cmd.Flags())
	cmd.Flags().Lookup("fail-on").Usage += " (without the flag: never)"
	pick.bind(cmd.Flags())
	p.BindFormat(cmd.Flags(), "text")
	return cmd
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
			return usage("--format %s writes a file per domain: say where with --out DIR", p.Format)
		}
		index, err := p.writeFiles(ctx, s, run, p.Out)
		if err != nil {
			return err
		}
		p.say("%s", index)
		return nil
	}
	if known, err := p.writeStream(p.out, p.records(ctx, s, run), nil); known || err != nil {
		return err
	}
	return usage("--format %q: say text, xlsx, html, json, notice, %s", p.Format, streamFormats)
}

// listRuns prints the runs of the database, newest first.
func (p *program) listRuns(ctx context.Context, s *store.Store) error {
	runs, err := s.Runs(ctx, 50)
	if err != nil {
		return err
	}
	if len(runs) == 0 {
		p.say("no run is kept in %s yet; begin one with: beianwatch scan INVENTORY", s.Name())
	}
	for _, r := range runs {
		fmt.Fprintf(p.out, "%s  %-8s  %s  %d/%d  %s\n", r.ID, r.State, r.StartedAt.Local().Format("2006-01-02 15:04:05"), r.Verdicts, r.Lines-r.Rejected, r.Inventory)
	}
	return nil
}

func (p *program) diffCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diff [WAS [NOW]]",
		Short: "Compare two runs: opened, reopened, first seen, worse, passed once, fixed, gone, could not be checked",
		Long: `Compare two runs, the older first; each is an id, its beginning, or latest. Without NOW it is the latest
run that is done, without WAS the one before it of the same inventory.
Formats: text, json, jsonl, csv. Exit code 3 when something is opened, reopened, first seen or worse, and not waived.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 2 {
				return usage("diff takes two runs at most, but %d were given; 'beianwatch report' lists them", len(args))
			}
			return nil
		},
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
			return p.diff(cmd.Context(), s, was, now)
		},
	}
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
		return nil, nil, usage("%s is the only run of %s that is done: there is nothing to compare it with before the next one", now.ID, now.Inventory)
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
		return usage("--format %q: say %s", p.Format, strings.Join([]string{"text", "json", "jsonl", "csv"}, ", "))
	}
	if err != nil {
		return err
	}
	if p.FailOn != settings.FailNever && counts.Changes[reports.ChangeNew]+counts.Changes[reports.ChangeReopened]+counts.Changes[reports.ChangeFirst]+counts.Changes[reports.ChangeWorse] > 0 {
		return &exitError{exitFound}
	}
	return nil
}
