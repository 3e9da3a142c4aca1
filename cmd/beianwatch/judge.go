package main

import (
	"context"
	"iter"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/schedule/replay"
)

func (p *program) judgeCommand() *cobra.Command {
	diff := false
	cmd := &cobra.Command{
		Use:   p.tr("judge 批次号 [--diff]", "judge RUN [--diff]"),
		Short: p.tr("按现行规则重新判定一个批次保留的证据，不访问网站", "Judge the kept evidence of a run again by today's rules, without a visit"),
		Long: p.tr(`用现行的规则和配置重新判定一个批次保留的证据（批次号可只写开头，或写 latest），不访问网站，也不改动已有结果。
标准错误上说明证据覆盖了多少域名：默认只保留有问题或有变化的网站的证据（--evidence all 保留全部）。
格式：text、jsonl、csv、markdown、sarif、junit、github；--diff 只列出结论会有什么不同：text、json、jsonl、csv，
有新增、首次查明或加重时退出码为 3。`,
			`Judge the kept evidence of a run (an id, its beginning, or latest) again, by the rules and the config of today. No
site is visited and no result is changed. Standard error tells how many domains the evidence covers: by default it is
kept of findings and changes (--evidence all keeps all).
Formats: text, jsonl, csv, markdown, sarif, junit, github; with --diff, which lists what would be different, text,
json, jsonl, csv, and exit code 3 when something would be new, first seen or worse.`),
		Args: p.arguments(1, 1, "一个批次", "a run"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.judge(cmd.Context(), args[0], diff) },
	}
	cmd.Flags().BoolVar(&diff, "diff", false, p.tr("只列出结论会有什么不同", "list what would be different"))
	cmd.ValidArgsFunction = p.runWords
	p.BindPolicy(cmd.Flags())
	p.BindFailOn(cmd.Flags())
	p.BindFormat(cmd.Flags(), "text")
	return cmd
}

// judge judges a run again.
func (p *program) judge(ctx context.Context, word string, diff bool) error {
	s, err := p.openStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	run, err := findRun(ctx, s, word)
	if err != nil {
		return err
	}
	p.Fill(scanUsual)
	policy, err := p.Policy()
	if err != nil {
		return err
	}
	again := &replay.Run{Store: s, Dir: p.DataDir(), Run: run, Policy: policy}
	var cover replay.Coverage
	pairs := again.Pairs(ctx, &cover)
	write := func() error { return p.writeJudged(run, pairs) }
	if diff {
		write = func() error { return p.judgeDiff(run, pairs) }
	}
	name := run.ID + "-judged"
	err = p.intoFile(name+"."+extension(p.Format), write)
	if covered := p.tellCoverage(&cover); err == nil {
		err = covered
	}
	return err
}

// tellCoverage says how much of a run was judged again; it is an error if that is
// nothing.
func (p *program) tellCoverage(c *replay.Coverage) error {
	if c.Results == 0 {
		return nil // an error before anything was read
	}
	p.say("重新判定 %d/%d 个域名；未保留证据 %d，旧版本保留的证据不足以重新判定 %d，证据无法读取 %d",
		"judged %d of %d domains again; %d without evidence, %d with evidence of an older version that does not suffice, %d with evidence that cannot be read", c.Judged, c.Results, c.NotKept, c.Older, c.Faulty)
	if c.FirstBad != nil {
		p.say("第一处：%w；“beianwatch evidence verify”可查明损坏之处", "the first one: %w; 'beianwatch evidence verify' tells what is damaged", c.FirstBad)
	}
	if c.Judged == 0 {
		return message.Errorf("没有可重新判定的证据：请用 --evidence all 检查一个批次，并确认 --dir 是保存证据的文件夹", "there is no evidence to judge again: scan with --evidence all, and see that --dir is the folder that holds it")
	}
	return nil
}

// writeJudged writes what the rules of today say.
func (p *program) writeJudged(run *reports.Run, pairs iter.Seq2[reports.Pair, error]) error {
	records := func(yield func(*reports.Record, error) bool) {
		for pair, err := range pairs {
			if !yield(pair.Now, err) {
				return
			}
		}
	}
	if p.Format != "text" {
		if known, err := p.writeStream(p.out, records, nil); known || err != nil {
			return err
		}
		return usage("--format %q：须为 text、%s", "--format %q: must be text, %s", p.Format, streamFormats)
	}
	today := *run
	today.Ruleset = detect.Ruleset()
	summary := reports.NewSummary(&today, rules.All)
	for r, err := range records {
		if err != nil {
			return err
		}
		summary.Add(r)
	}
	summary.Close()
	return p.terminal().Summary(summary, "")
}

// judgeDiff writes what would be different.
func (p *program) judgeDiff(run *reports.Run, pairs iter.Seq2[reports.Pair, error]) (err error) {
	var counts reports.DiffCounts
	changes := reports.DiffPairs(pairs, &counts)
	today := *run
	today.ID += p.tr("（现行规则）", " (today's rules)")
	switch p.Format {
	case "text":
		err = p.printDiff(run, &today, changes, &counts)
	case "json":
		err = export.WriteDiffJSON(p.out, run.ID, run.ID, changes, &counts, p.Lang)
	case "jsonl":
		err = export.WriteDiffJSONL(p.out, changes, p.Lang)
	case "csv":
		err = export.WriteDiffCSV(p.out, changes, p.Lang)
	default:
		return usage("--format %q：须为 %s", "--format %q: must be %s", p.Format, "text, json, jsonl, csv")
	}
	if err == nil && p.FailOn != settings.FailNever && counts.Changes[reports.ChangeNew]+counts.Changes[reports.ChangeFirst]+counts.Changes[reports.ChangeWorse] > 0 {
		return &exitError{exitFound}
	}
	return err
}
