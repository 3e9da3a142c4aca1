package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web"
	"github.com/beianwatch/beianwatch/schedule"
	"github.com/beianwatch/beianwatch/schedule/calendar"
)

func (p *program) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Scan by the calendar in the config, work for others' scans, answer on this machine; until stopped",
		Long: `Scan by the calendar in the config, until stopped. A time that fell in an outage is made up for after it,
and a run that was interrupted is carried on first. With --out DIR reports are written after each run.

One process does everything. With --db postgres://… many share the work, each with the roles that --role names:
scheduler keeps the calendar and conducts runs (several are safe: one does, the others take over when it dies),
worker looks at sites, for the runs of all schedulers and of 'beianwatch scan' on the same database, and draws what
needs a browser where it has one,
renderer draws pages and nothing else: with --render-workers the workers leave that to these,
web answers on --listen: POST /api/checks, GET /api/checks/ID, GET /api/runs, GET /healthz.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			roles, err := p.roles(p.Roles, p.RenderWorkers)
			if err != nil {
				return err
			}
			return p.serve(cmd.Context(), roles)
		},
	}
	p.BindServe(cmd.Flags())
	p.BindVisit(cmd.Flags())
	p.BindRead(cmd.Flags())
	p.BindKeep(cmd.Flags())
	p.BindDocuments(cmd.Flags())
	return cmd
}

// roles reads --role; all roles if none is given. A worker draws as well, unless
// that is done elsewhere.
func (p *program) roles(given []string, elsewhere bool) ([]schedule.Role, error) {
	all := []schedule.Role{schedule.RoleScheduler, schedule.RoleWorker, schedule.RoleRenderer, schedule.RoleWeb}
	roles := slices.DeleteFunc(slices.Clone(all), func(r schedule.Role) bool { return r == schedule.RoleRenderer })
	if len(given) > 0 {
		roles = nil
	}
	for _, g := range given {
		role := schedule.Role(strings.TrimSpace(g))
		if !slices.Contains(all, role) {
			return nil, usage("--role %q: say web, scheduler, worker or renderer", g)
		}
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	if slices.Contains(roles, schedule.RoleScheduler) && len(p.Calendar) == 0 {
		return nil, usage("serve has nothing to do: name a config with a calendar, --config FILE (docs/configuration.md shows one); only --role worker, renderer and web do without")
	}
	if !store.IsPostgres(p.DB) && !slices.Contains(roles, schedule.RoleWorker) {
		return nil, usage("--role %s alone needs a database that workers share: name it with --db postgres://…, or leave --role out", strings.Join(given, ","))
	}
	draws := slices.Contains(roles, schedule.RoleRenderer)
	switch {
	case draws && p.Render == string(detect.RenderNever):
		return nil, usage("--role renderer with --render never has nothing to do: say --render auto or always")
	case elsewhere && draws:
		return nil, usage("--render-workers leaves drawing to others: leave --role renderer out, or the flag")
	case elsewhere && !store.IsPostgres(p.DB):
		return nil, usage("--render-workers needs a database that workers share: name it with --db postgres://…, or leave it out")
	case !elsewhere && !draws && slices.Contains(roles, schedule.RoleWorker):
		roles = append(roles, schedule.RoleRenderer)
	}
	return roles, nil
}

// serve does what the roles are until ctx ends.
func (p *program) serve(ctx context.Context, roles []schedule.Role) error {
	log := p.serveLog()
	waiting := func(err error) { log.Warn("waiting for the database", "err", err) }
	var s *store.Store
	err := store.Patiently(ctx, func() (err error) { s, err = store.Open(ctx, p.DB); return err }, waiting)
	if err != nil {
		return err
	}
	defer s.Close()
	checks := p.Settings
	checks.Fill(checkUsual)
	p.Fill(nightUsual)
	l, err := p.looking()
	if err != nil {
		return err
	}
	defer l.close()
	if err := l.consult(p, s, scanPatience); err != nil {
		return err
	}
	p.warnHolidays(l.looker.Policy.Workdays, time.Now())
	config := l.config(s, p)
	config.Log, config.Roles = log, roles
	if config.Waivers, err = p.waiversOfRuns(); err != nil {
		return err
	}
	switch worker, renderer := slices.Contains(roles, schedule.RoleWorker), slices.Contains(roles, schedule.RoleRenderer); {
	case renderer && !worker && config.Renderers == 0:
		return usage("--role renderer needs a browser: %v", l.drawing.none)
	case worker && !renderer && l.drawing != nil:
		config.Renderers = max(1, p.Tabs) // others': what needs one is left to them
	}
	// Single sites are checked by the same connections and the same politeness, but
	// a failure is confirmed while a person waits.
	config.Checker, config.CheckTarget = l.looker.ForChecks(checkUsual.Confirm.Delays, checks.Pages), inquired
	config.Finished = func(ctx context.Context, run *reports.Run) error {
		if !p.Files() {
			return nil
		}
		index, err := p.writeFiles(ctx, s, run, p.Out)
		if err == nil {
			config.Log.Info("reports written", "run", run.ID, "index", index)
		}
		return err
	}
	if config.Tell, err = p.telling(s); err != nil {
		return err
	}
	var runner *schedule.Runner
	err = store.Patiently(ctx, func() (err error) { runner, err = schedule.Open(ctx, config); return err }, waiting)
	if err != nil {
		if errors.Is(err, schedule.ErrHeld) {
			runner.Close() //nolint:errcheck // it has done nothing
			return fmt.Errorf("%w: wait for it, or keep this one apart with another --db or --dir (now %s)", err, p.DataDir())
		}
		return err
	}
	defer runner.Close() //nolint:errcheck // everything that counts is stored by now
	config.Log.Info("serving", "roles", roles, "db", s.Name())
	return p.doRoles(ctx, s, runner, roles)
}

// doRoles does what the roles are until ctx ends or one of them cannot go on.
func (p *program) doRoles(ctx context.Context, s *store.Store, runner *schedule.Runner, roles []schedule.Role) error {
	work, ctx := errgroup.WithContext(ctx)
	if slices.Contains(roles, schedule.RoleWeb) {
		l, err := web.Listen(p.Listen)
		if err != nil {
			return usage("--listen %s: %v", p.Listen, err)
		}
		work.Go(func() error { return web.Serve(ctx, l, web.Handler(api(s, runner))) })
	}
	if slices.Contains(roles, schedule.RoleScheduler) {
		entries := make([]calendar.Entry, len(p.Calendar))
		for i, e := range p.Calendar {
			entries[i] = calendar.Entry{Name: e.Name, Cron: e.Cron, Inventory: e.Inventory}
		}
		work.Go(func() error {
			err := runner.Serve(ctx, entries)
			if ctx.Err() != nil {
				return nil
			}
			return err
		})
	}
	work.Go(func() error { <-ctx.Done(); return nil })
	return work.Wait()
}

// serveLog writes one line an event; --quiet keeps warnings.
func (p *program) serveLog() *slog.Logger { return p.logFrom(slog.LevelInfo, slog.LevelWarn) }
