package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/web"
	"github.com/beianwatch/beianwatch/reports/web/listing"
	"github.com/beianwatch/beianwatch/schedule"
	"github.com/beianwatch/beianwatch/schedule/calendar"
)

func (p *program) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: p.tr("仪表盘、API 和日程：按日程或按要求检查，直到停止", "The dashboard, the API and the calendar: scan by the config's calendar or when asked, until stopped"),
		Long: p.tr(`在 --listen 上提供仪表盘和 API，并按配置中的日程检查，直到停止。停机期间错过的时间会补上，未完成的批次先继续。没有日程时，
有人要求才开始检查。用 --out 时每个批次后写出报告。

一个进程即可完成全部工作。用 --db postgres://… 时可由多个进程分担，各自的角色由 --role 指定：
scheduler 管理日程和批次（可有多个：由一个负责，它停止时由其他的接替）；
worker 访问网站，为各 scheduler 和同一数据库上的“beianwatch scan”工作，有浏览器时也渲染页面；
renderer 只渲染页面：用 --render-workers 时 worker 把渲染留给它们；
web 在 --listen 上提供：仪表盘 /，API /api/v1（说明见 /openapi.json），/metrics，/healthz。

没有用户时只对本机开放，本机上的人可以进行所有操作。“beianwatch user add 名称 --role admin”创建第一个用户，之后所有人都须登录，
可监听任意地址（--tls-cert，或 --behind-proxy）。`,
			`Serve the dashboard and the API on --listen, and scan by the calendar in the config, until stopped. A time that fell
in an outage is made up for after it, and a run that was interrupted is resumed first. Without a calendar runs
begin when somebody asks for one. With --out DIR reports are written after each run.

One process does everything. With --db postgres://… many share the work, each with the roles that --role names:
scheduler keeps the calendar and coordinates runs (several are safe: one does, the others take over when it dies),
worker visits sites, for the runs of all schedulers and of 'beianwatch scan' on the same database, and renders what
needs a browser where it has one,
renderer renders pages and nothing else: with --render-workers the workers leave that to these,
web answers on --listen: the dashboard on /, the API on /api/v1 (described by /openapi.json), /metrics, /healthz.

Without users it answers this machine alone, and whoever is on it may do everything. 'beianwatch user add NAME
--role admin' makes the first user; then everybody logs in, and any address may be listened on (--tls-cert, or
--behind-proxy).`),
		Args: p.none(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			roles, err := p.roles(p.Roles, p.RenderWorkers)
			if err != nil {
				return err
			}
			return p.serve(cmd.Context(), roles)
		},
	}
	p.BindServe(cmd.Flags())
	p.BindRenderWorkers(cmd.Flags())
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
			return nil, usage("--role %q：须为 web、scheduler、worker 或 renderer", "--role %q: must be web, scheduler, worker or renderer", g)
		}
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	if !store.IsPostgres(p.DB) && !slices.Contains(roles, schedule.RoleWorker) {
		return nil, usage("单独的 --role %s 需要共用的数据库：请用 --db postgres://… 指定，或不写 --role", "--role %s alone needs a database that workers share: name it with --db postgres://…, or leave --role out", strings.Join(given, ","))
	}
	draws := slices.Contains(roles, schedule.RoleRenderer)
	switch {
	case draws && p.Render == string(detect.RenderNever):
		return nil, usage("--role renderer 配 --render never 没有可做的事：请改为 --render auto 或 always", "--role renderer with --render never has nothing to do: say --render auto or always")
	case elsewhere && draws:
		return nil, usage("--render-workers 把渲染交给其他进程：请去掉 --role renderer，或去掉该参数", "--render-workers leaves drawing to others: leave --role renderer out, or the flag")
	case elsewhere && !store.IsPostgres(p.DB):
		return nil, usage("--render-workers 需要共用的数据库：请用 --db postgres://… 指定，或去掉该参数", "--render-workers needs a database that workers share: name it with --db postgres://…, or leave it out")
	case !elsewhere && !draws && slices.Contains(roles, schedule.RoleWorker):
		roles = append(roles, schedule.RoleRenderer)
	}
	return roles, nil
}

// serve does what the roles are until ctx ends.
func (p *program) serve(ctx context.Context, roles []schedule.Role) error {
	log := p.serveLog()
	if err := p.ready(ctx, forServe); err != nil {
		return err
	}
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
	l, err := p.looking(p.KeepOutcomes)
	if err != nil {
		return err
	}
	defer l.close()
	if err := l.consult(p, s, scanPatience); err != nil {
		return err
	}
	p.warnHolidays(l.looker.Policy.Workdays, time.Now())
	config := l.config(s, p, roles)
	config.Log = log
	if config.Waivers, err = p.waiversOfRuns(); err != nil {
		return err
	}
	if slices.Contains(roles, schedule.RoleRenderer) && !slices.Contains(roles, schedule.RoleWorker) && config.Renderers == 0 {
		return usage("--role renderer 需要浏览器：%v", "--role renderer needs a browser: %v", l.drawing.none)
	}
	board, err := p.openDashboard(ctx, s, l.looker.Policy)
	if err != nil {
		return err
	}
	// Single sites are checked by the same connections and the same politeness, but
	// a failure is confirmed while a person waits.
	config.Checker, config.CheckTarget = l.looker.ForChecks(checkUsual.Confirm.Delays, checks.Pages), inquired
	config.Checker.Watch = board.steps.take
	if p.PublicCheck {
		config.OpenChecker = l.openChecker(p, config.Checker)
		config.OpenChecker.Watch = board.takeOpen
	}
	config.Finished = func(ctx context.Context, run *reports.Run) error {
		digest, err := board.Listings.Finish(ctx, run)
		if err != nil {
			return err
		}
		var index string
		if p.Files() {
			if index, err = p.writeFiles(ctx, s, run, p.Out); err != nil {
				return err
			}
		}
		p.logRun(run, digest, index, log)
		return nil
	}
	if config.Tell, err = p.telling(s); err != nil {
		return err
	}
	var runner *schedule.Runner
	err = store.Patiently(ctx, func() (err error) { runner, err = schedule.Open(ctx, config); return err }, waiting)
	if err != nil {
		if errors.Is(err, schedule.ErrHeld) {
			runner.Close() //nolint:errcheck // it has done nothing
			return message.Errorf("%w：请等待其结束，或用 --db、--dir 另存（现为 %s）", "%w: wait for it, or keep this one apart with another --db or --dir (now %s)", err, p.DataDir())
		}
		return err
	}
	defer runner.Close() //nolint:errcheck // everything that counts is stored by now
	config.Log.Info("serving", "roles", roles, "db", s.Name())
	return p.doRoles(ctx, board, runner, roles)
}

// logRun writes the line of a run: what was found, and what is new or fixed since
// the last one.
func (p *program) logRun(run *reports.Run, d *listing.Digest, index string, log *slog.Logger) {
	args := []any{"run", run.ID, "entry", run.Entry, "domains", d.Points.Domains, "violations", d.Points.Violations, "warnings", d.Points.Warnings, "inconclusive", d.Points.Unknown}
	if d.Changes != nil {
		n := d.Changes.Counts.Changes
		args = append(args, "new", n[reports.ChangeNew], "first", n[reports.ChangeFirst], "worse", n[reports.ChangeWorse], "fixed", n[reports.ChangeFixed])
	}
	if index != "" {
		args = append(args, "index", index)
	}
	log.Info("run finished", args...)
}

// doRoles does what the roles are until ctx ends or one of them cannot go on.
func (p *program) doRoles(ctx context.Context, board *dashboard, runner *schedule.Runner, roles []schedule.Role) error {
	work, ctx := errgroup.WithContext(ctx)
	if slices.Contains(roles, schedule.RoleWeb) {
		planned, err := calendar.Parse(p.entries())
		if err != nil {
			return err
		}
		board.join(runner, planned)
		if err := p.serveWeb(ctx, work, board, runner); err != nil {
			return err
		}
	}
	if slices.Contains(roles, schedule.RoleScheduler) {
		work.Go(func() error {
			err := runner.Serve(ctx, p.entries())
			if ctx.Err() != nil {
				return nil
			}
			return err
		})
	}
	work.Go(func() error { <-ctx.Done(); return nil })
	return work.Wait()
}

// serveWeb begins to answer on --listen.
func (p *program) serveWeb(ctx context.Context, work *errgroup.Group, board *dashboard, runner *schedule.Runner) error {
	users, err := board.Accounts.Used(ctx)
	if err != nil {
		return err
	}
	conf := web.Config{Actions: board.Service, Version: version, Proxy: p.BehindProxy, Queue: runner.Waiting}
	if p.OIDC.Set() {
		conf.OIDC, users = &p.OIDC, true
	}
	var cert *tls.Certificate
	if p.TLSCert != "" || p.TLSKey != "" {
		pair, err := tls.LoadX509KeyPair(p.TLSCert, p.TLSKey)
		if err != nil {
			return usage("--tls-cert、--tls-key：%v", "--tls-cert, --tls-key: %v", err)
		}
		cert = &pair
	}
	l, err := web.Listen(p.Listen, users)
	if err != nil {
		return usage("--listen %s：%v", "--listen %s: %v", p.Listen, err)
	}
	conf.Secure = cert != nil || p.BehindProxy
	work.Go(func() error { return web.Serve(ctx, l, web.Handler(conf), cert) })
	scheme := "http"
	if cert != nil {
		scheme = "https"
	}
	address := scheme + "://" + l.Addr().String() + "/"
	board.Log.Info("dashboard", "address", address)
	if p.listening != nil {
		p.listening(address)
	}
	return nil
}

// serveLog writes one line an event; --quiet keeps warnings.
func (p *program) serveLog() *slog.Logger { return p.logFrom(slog.LevelInfo, slog.LevelWarn) }
