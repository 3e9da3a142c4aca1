package main

import (
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule"
)

func (p *program) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Scan by the calendar in the config, until stopped",
		Long: `Scan by the calendar in the config, until stopped. A time that fell in an outage is made up for after it,
and a run that was interrupted is carried on first. With --out DIR reports are written after each run.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.serve(cmd.Context()) },
	}
	p.bindLook(cmd.Flags())
	p.bindRead(cmd.Flags())
	p.bindKeep(cmd.Flags())
	p.bindDocuments(cmd.Flags())
	return cmd
}

// serve runs the calendar until ctx ends.
func (p *program) serve(ctx context.Context) error {
	if len(p.Calendar) == 0 {
		return usage("serve has nothing to do: name a config with a calendar, --config FILE (README.md shows one)")
	}
	s, err := store.Open(ctx, p.DB)
	if err != nil {
		return err
	}
	defer s.Close()
	l, err := p.looking(presetOf("nightly"), scanPages)
	if err != nil {
		return err
	}
	defer l.close()
	if err := l.consult(p, s); err != nil {
		return err
	}
	config := l.config(s, p)
	config.Log = p.serveLog()
	config.Finished = func(ctx context.Context, run *reports.Run) error {
		if !p.files() {
			return nil
		}
		index, err := p.writeFiles(ctx, s, run, p.Out)
		if err == nil {
			config.Log.Info("reports written", "run", run.ID, "index", index)
		}
		return err
	}
	runner, err := schedule.Open(ctx, config)
	if err != nil {
		return busy(err, p.dataDir())
	}
	defer runner.Close() //nolint:errcheck // everything that counts is stored by now
	entries := make([]schedule.Entry, len(p.Calendar))
	for i, e := range p.Calendar {
		entries[i] = schedule.Entry{Name: e.Name, Cron: e.Cron, Inventory: e.Inventory}
	}
	if err := runner.Serve(ctx, entries); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

// serveLog writes one line an event; --quiet keeps warnings.
func (p *program) serveLog() *slog.Logger {
	level := slog.LevelInfo
	if p.Quiet {
		level = slog.LevelWarn
	}
	return slog.New(slog.NewTextHandler(p.errOut, &slog.HandlerOptions{Level: level}))
}
