package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/document"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/register"
	"github.com/beianwatch/beianwatch/crawler/registration"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule"
)

func (p *program) scanCommand() *cobra.Command {
	fresh := false
	cmd := &cobra.Command{
		Use:   "scan INVENTORY",
		Short: "One run over an inventory; run it again to carry on where it was stopped",
		Long: `One run over an inventory (CSV in UTF-8 or GBK, XLSX or JSON Lines). A run that was stopped carries on when
the same command is given again. With --out DIR a report per domain and an overview are written.

Formats: text (the overview), jsonl, csv.`,
		Args: exactly(1, "the path of an inventory"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.scan(cmd.Context(), args[0], fresh)
		},
	}
	cmd.Flags().BoolVar(&fresh, "fresh", false, "give up an unfinished run of this inventory and begin a new one")
	p.bindLook(cmd.Flags())
	p.bindRead(cmd.Flags())
	p.bindKeep(cmd.Flags())
	p.bindDocuments(cmd.Flags())
	p.bindFormat(cmd.Flags(), "text")
	return cmd
}

// scan runs one round and tells of it.
func (p *program) scan(ctx context.Context, path string, fresh bool) error {
	switch p.Format {
	case "text", "jsonl", "csv":
	default:
		return usage("--format %q: say text, jsonl or csv; 'beianwatch report RUN' writes the others", p.Format)
	}
	s, err := store.Open(ctx, p.DB)
	if err != nil {
		return err
	}
	defer s.Close()
	run, err := p.round(ctx, s, path, fresh)
	if err != nil {
		return err
	}
	if p.files() {
		index, err := p.writeFiles(ctx, s, run, p.Out)
		if err != nil {
			return err
		}
		p.say("%s", index)
	}
	if !p.Quiet || p.Format != "text" {
		if err := p.writeRun(ctx, s, run); err != nil {
			return err
		}
	}
	return p.foundIn(ctx, s, run)
}

// round runs or resumes one round over the inventory at path.
func (p *program) round(ctx context.Context, s *store.Store, path string, fresh bool) (*reports.Run, error) {
	l, err := p.looking(presetOf("nightly"), scanPages)
	if err != nil {
		return nil, err
	}
	defer l.close()
	if err := l.consult(p, s, scanPatience); err != nil {
		return nil, err
	}
	runner, err := schedule.Open(ctx, l.config(s, p))
	if err != nil {
		return nil, busy(err, p.dataDir())
	}
	defer runner.Close() //nolint:errcheck // everything that counts is stored by now
	round, err := runner.Begin(ctx, schedule.Start{Inventory: path, Fresh: fresh})
	if err != nil {
		return nil, err
	}
	if round.Resumed {
		p.say("resuming run %s (--fresh begins a new one)", round.ID())
	} else {
		p.say("run %s", round.ID())
	}
	stop := p.showProgress(round)
	run, err := round.Run(ctx)
	stop()
	for _, w := range round.Warnings() {
		p.say("%s: %s", path, w)
	}
	return run, err
}

// foundIn is errFound if the run found anything.
func (p *program) foundIn(ctx context.Context, s *store.Store, run *reports.Run) error {
	for r, err := range s.Records(ctx, run.ID) {
		if err != nil {
			return err
		}
		if r.Worst() != "" {
			return errFound
		}
	}
	return nil
}

// busy says what to do when another process has the data folder.
func busy(err error, dir string) error {
	if errors.Is(err, schedule.ErrBusy) {
		return fmt.Errorf("%w; wait for it, or keep this run apart with another --db or --dir (now %s)", err, dir)
	}
	return err
}

// looking is what looks at sites: made from the settings, closed when done.
type looking struct {
	resolver *dns.Resolver
	guard    *guard.Guard
	gate     *schedule.Gate
	looker   *schedule.Looker
	drawing  *drawing
	papers   *document.Reader     // nil without --documents
	registry *registration.Client // nil: not asked
	book     *register.Book       // nil: not asked
	options  schedule.Options
}

// The pages of a site that are read without --pages: a person who checks one
// site has the time, a scan over millions has not.
const (
	scanPages  = 1
	checkPages = 5
)

// looking wires crawler and rules together. confirm and pages hold unless
// --confirm and --pages were given.
func (p *program) looking(confirm confirmation, pages int) (*looking, error) {
	policy, err := p.policy()
	if err != nil {
		return nil, err
	}
	at, err := p.moment()
	if err != nil {
		return nil, err
	}
	l := &looking{}
	if l.gate, err = p.gate(); err != nil {
		return nil, err
	}
	if l.resolver, l.guard, err = p.reach(); err != nil {
		return nil, err
	}
	if p.Confirm.given() {
		confirm = p.Confirm
	}
	l.looker = &schedule.Looker{
		Resolver: l.resolver,
		Web:      web.New(web.Options{Resolver: l.resolver, Guard: l.guard, Gate: l.gate.Enter, Heard: l.gate.Heard, Timeout: p.Timeout, Agent: p.agent()}),
		Policy:   policy, Vantage: p.Vantage.Name, Timeout: p.Timeout, At: at,
		Confirm: confirm.Delays, Fails: confirm.Fails,
	}
	if policy.Pages == 0 {
		policy.Pages = pages
	}
	if l.papers, err = p.papers(); err != nil {
		l.resolver.Close()
		return nil, err
	}
	if l.papers != nil {
		l.looker.Documents = l.papers.Read
	}
	if l.drawing, err = p.drawing(l); err != nil {
		l.close()
		return nil, err
	}
	if l.drawing != nil {
		l.looker.Draw = l.drawing.do
	}
	l.options = p.runOptions()
	return l, nil
}

func (l *looking) close() {
	l.drawing.close()
	if l.papers != nil {
		l.papers.Close() //nolint:errcheck // a folder that was only read
	}
	if l.registry != nil {
		l.registry.Close()
	}
	if l.book != nil {
		l.book.Close()
	}
	l.resolver.Close()
}

// config is the runner's, for the data folder of the store.
func (l *looking) config(s *store.Store, p *program) schedule.Config {
	return schedule.Config{
		Store: s, Dir: p.dataDir(), Looker: l.looker, Gate: l.gate, Options: l.options, Log: p.logger(),
	}
}

// logger writes warnings to the error stream; --quiet keeps errors only.
func (p *program) logger() *slog.Logger {
	level := slog.LevelWarn
	if p.Quiet {
		level = slog.LevelError
	}
	return slog.New(slog.NewTextHandler(io.Writer(p.errOut), &slog.HandlerOptions{Level: level}))
}
