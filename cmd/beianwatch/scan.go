package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/cmd/cli"
	"github.com/beianwatch/beianwatch/cmd/progress"
	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule"
)

func (p *program) scanCommand() *cobra.Command {
	fresh := false
	cmd := &cobra.Command{
		Use:   p.tr("scan 清单", "scan INVENTORY"),
		Short: p.tr("按清单检查一个批次；中断后重新执行即可继续", "One run over an inventory; run it again to resume where it was stopped"),
		Long: p.tr(`按清单（UTF-8 或 GBK 的 CSV、XLSX 或 JSON Lines）检查一个批次。中断后重新执行同一命令即可继续。
用 --out 时写出总览和每个域名的报告。

格式：text（总览）、jsonl、csv。`,
			`One run over an inventory (CSV in UTF-8 or GBK, XLSX or JSON Lines). A run that was stopped resumes when
the same command is given again. With --out DIR a report per domain and an overview are written.

Formats: text (the overview), jsonl, csv.`),
		Args: p.arguments(1, 1, "清单文件的路径", "the path of an inventory"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.scan(cmd.Context(), args[0], fresh)
		},
	}
	cmd.Flags().BoolVar(&fresh, "fresh", false, p.tr("放弃该清单未完成的批次，另起新批次", "give up an unfinished run of this inventory and begin a new one"))
	p.bindView(cmd.Flags())
	p.BindVisit(cmd.Flags())
	p.BindRead(cmd.Flags())
	p.BindKeep(cmd.Flags())
	p.BindDocuments(cmd.Flags())
	p.BindRenderWorkers(cmd.Flags())
	p.BindFormat(cmd.Flags(), "text")
	p.BindFailOn(cmd.Flags())
	return cmd
}

// scan runs one round and tells of it.
func (p *program) scan(ctx context.Context, path string, fresh bool) error {
	switch p.Format {
	case "text", "jsonl", "csv":
	default:
		return usage("--format %q：须为 text、jsonl 或 csv；其他格式用“beianwatch report 批次号”输出", "--format %q: must be text, jsonl or csv; 'beianwatch report RUN' writes the others", p.Format)
	}
	p.wantsView()
	if err := p.ready(ctx, forScan); err != nil {
		return err
	}
	s, err := store.Open(ctx, p.DB)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := p.understood(ctx, s, path, fresh); err != nil {
		return err
	}
	run, index, err := p.run(ctx, s, path, fresh, p.Files())
	if err != nil {
		return err
	}
	if index != "" {
		p.tellPath(index)
	}
	if !p.Quiet || p.Format != "text" {
		if err := p.writeRun(ctx, s, run); err != nil {
			return err
		}
	}
	return p.conclude(ctx, s, run)
}

// fewNames is how many names a scan has at most in which a person waits for the end.
const fewNames = 1000

// understood tells what was understood of the inventory, before a run of it begins.
// One that cannot be read ends the command, unless a run that has read it is to be
// resumed: that goes on without the file.
func (p *program) understood(ctx context.Context, s *store.Store, path string, fresh bool) error {
	sum, err := p.sumUp(ctx, path)
	if err == nil && sum.Targets < fewNames && len(p.Confirm.Delays) == 0 && isTerminal(p.out) {
		p.Confirm = settings.Preset("quick") // a person waits: not for a name that is dead till morning
	}
	if err == nil || ctx.Err() != nil {
		return err
	}
	full, absent := filepath.Abs(path)
	open, unread := s.Unfinished(ctx)
	if !fresh && absent == nil && unread == nil && slices.ContainsFunc(open, func(r *reports.Run) bool { return r.Inventory == full }) {
		p.show(message.Explain(err, p.Lang))
		return nil
	}
	return settings.Mistake(err)
}

// run begins or resumes a run over the inventory at path and waits for its end.
// index is the path of the reports, if there are to be any: they are written
// before the run counts as done, so a run that is stopped over them goes on with
// them.
func (p *program) run(ctx context.Context, s *store.Store, path string, fresh, files bool) (run *reports.Run, index string, err error) {
	roles, err := p.roles(nil, p.RenderWorkers)
	if err != nil {
		return nil, "", err
	}
	p.Fill(scanUsual)
	l, err := p.looking(p.KeepOutcomes)
	if err != nil {
		return nil, "", err
	}
	defer l.close()
	if err := l.consult(p, s, scanPatience); err != nil {
		return nil, "", err
	}
	config := l.config(s, p, roles)
	config.Single = true
	if config.Waivers, err = p.waiversOfRuns(); err != nil {
		return nil, "", err
	}
	if p.shift != 0 {
		config.Now = func() time.Time { return time.Now().Add(p.shift) }
	}
	write := func(ctx context.Context, run *reports.Run) (err error) {
		index, err = p.writeFiles(ctx, s, run, p.Out)
		return err
	}
	if files {
		config.Finished = write
	}
	runner, err := schedule.Open(ctx, config)
	if err != nil && !errors.Is(err, schedule.ErrHeld) {
		return nil, "", err
	}
	defer runner.Close() //nolint:errcheck // everything that counts is stored by now
	rn, err := runner.Begin(ctx, schedule.Start{Inventory: path, Fresh: fresh})
	if err != nil {
		return nil, "", p.explainBegin(err)
	}
	p.sayBegun(rn)
	stop := progress.Show(p.errOut, &p.Settings, rn)
	run, err = rn.Wait(ctx)
	stop()
	p.sayChanges(ctx, rn)
	if err == nil && files && index == "" { // another process has done the run, and written its own
		err = write(ctx, run)
	}
	return run, index, err
}

// sayBegun tells what becomes of the command.
func (p *program) sayBegun(rn *schedule.Run) {
	switch {
	case rn.Resumed:
		p.say("继续批次 %s（--fresh 另起新批次）", "resuming run %s (--fresh begins a new one)", rn.ID())
	default:
		p.say("批次 %s", "run %s", rn.ID())
	}
	switch {
	case rn.Reread:
		p.say("清单在本批次读取后有改动：重新读取，本批次以现在的清单为准",
			"the inventory has changed since this run read it: it is read again, and the run is about the list as it is now")
	case rn.Changed:
		p.say("清单在本批次读取后有改动：新增和修改的行在下一批次检查（--fresh 立即开始新批次）",
			"the inventory has changed since this run read it: lines that are new or changed are in the next run (--fresh begins it now)")
	}
	if rn.Handed {
		p.say("另一个 beianwatch 进程正在使用该数据库，本批次由它执行", "another beianwatch is at work on this database: it does this run")
	}
}

// sayChanges tells what a run found different in an inventory that it read
// again.
func (p *program) sayChanges(ctx context.Context, rn *schedule.Run) {
	if !rn.Reread {
		return
	}
	if c, err := rn.Changes(ctx); err == nil {
		p.say("与本批次原先读取的清单相比：新增 %d 个、修改 %d 个域名，均按现在的清单检查；移出 %d 个域名，其结论不计入本批次",
			"compared with the inventory that this run read first: %d new names and %d changed ones were checked by the list as it is now; %d names are gone from it, their verdicts are left out", c.Added, c.Altered, c.Removed)
	}
}

// explainBegin says what to do when a run cannot begin because another process
// has the database.
func (p *program) explainBegin(err error) error {
	if errors.Is(err, schedule.ErrOtherSettings) {
		return message.Errorf("%w：请使用相同的设置，等待该进程结束，或用 --db、--dir 另存（现为 %s）", "%w: give this command the same settings, wait until that process has ended, or keep this run apart with another --db or --dir (now %s)", err, p.DataDir())
	}
	return err
}

// conclude ends a command on a run as --fail-on says.
func (p *program) conclude(ctx context.Context, s *store.Store, run *reports.Run) error {
	end := p.conclusion()
	for r, err := range p.records(ctx, s, run) {
		if err != nil {
			return err
		}
		if end.add(r); end.found || end.never {
			break
		}
	}
	return end.err()
}

// logger writes warnings to the error stream; --quiet keeps errors only, and
// --verbose all there is.
func (p *program) logger() *slog.Logger { return p.logFrom(slog.LevelWarn, slog.LevelError) }

// logFrom writes what is of the usual level or above to the error stream;
// --quiet and --verbose change the level.
func (p *program) logFrom(usual, quiet slog.Level) *slog.Logger {
	level := usual
	switch {
	case p.Verbose:
		level = slog.LevelDebug
	case p.Quiet:
		level = quiet
	}
	log := cli.NewLog(p.errOut, p.Lang, level)
	cli.TakeLibraryLog(log)
	return log
}
