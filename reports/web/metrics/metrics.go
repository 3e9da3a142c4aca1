// Package metrics tells Prometheus how the program fares: runs, verdicts, findings,
// what waits, and when a run last finished.
package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
)

// collectTime bounds one collection: a database that is away must not hold up the rest.
const collectTime = 5 * time.Second

// recent is how many runs are counted by state.
const recent = 500

// A collector reads the figures from the database when it is asked.
type collector struct {
	s     *actions.Service
	queue func(context.Context) (map[string]int, error)

	up, runs, last, took, domains, rules, reasons, lines, open, targets, rate, jobs, overdue *prometheus.Desc
}

// Handler answers Prometheus. queue returns the jobs that wait by kind; nil: not known.
func Handler(s *actions.Service, queue func(context.Context) (map[string]int, error), latency *Latency) http.Handler {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("beianwatch_"+name, help, labels, nil)
	}
	c := &collector{s: s, queue: queue,
		up:      desc("up", "1 if the database answered."),
		runs:    desc("runs", "Recent runs by state.", "state"),
		last:    desc("last_success_timestamp_seconds", "When a run of the inventory last finished.", "inventory"),
		took:    desc("run_duration_seconds", "How long the newest finished run of the inventory took.", "inventory"),
		domains: desc("domains", "Domains of the newest finished run by their most severe finding.", "inventory", "status"),
		rules:   desc("findings", "Domains of the newest finished run on which a rule found something.", "inventory", "rule", "severity"),
		reasons: desc("inconclusive", "Inconclusive domains of the newest finished run by reason.", "inventory", "reason"),
		lines:   desc("rejected_lines", "Lines of the newest finished run that could not be used.", "inventory"),
		open:    desc("open_run_verdicts", "Domains of a run under way that have their verdict.", "inventory"),
		targets: desc("open_run_targets", "Domains of a run under way.", "inventory"),
		rate:    desc("open_run_rate", "Verdicts a second of a run under way.", "inventory"),
		jobs:    desc("queue_jobs", "Jobs that wait, by kind.", "kind"),
		overdue: desc("overdue_findings", "Open findings past their due date.", "inventory"),
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(c, latency.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorLog: slogError{s}})
}

// slogError is the log of the handler.
type slogError struct{ s *actions.Service }

func (l slogError) Println(v ...any) {
	if l.s.Log != nil {
		l.s.Log.Warn("metrics", slog.Any("err", v))
	}
}

// Describe is prometheus.Collector's: which series there are depends on the runs.
func (c *collector) Describe(chan<- *prometheus.Desc) {}

// Collect is prometheus.Collector's. What cannot be read is left out, and up says so.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTime)
	defer cancel()
	up := 1.0
	for _, part := range []func(context.Context, chan<- prometheus.Metric) error{c.finished, c.states, c.underWay, c.waiting} {
		if err := part(ctx, out); err != nil {
			slogError{c.s}.Println(err)
			up = 0
		}
	}
	out <- gauge(c.up, up)
}

func gauge(d *prometheus.Desc, v float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

// finished tells of the newest finished run of each inventory.
func (c *collector) finished(ctx context.Context, out chan<- prometheus.Metric) error {
	newest, err := c.s.Newest(ctx)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, r := range newest {
		name := label(r.Inventory)
		if seen[name] {
			continue // another file of the same name: one series each
		}
		seen[name] = true
		out <- gauge(c.last, float64(r.FinishedAt.UnixMilli())/1000, name)
		out <- gauge(c.took, r.FinishedAt.Sub(r.StartedAt).Seconds(), name)
		out <- gauge(c.lines, float64(r.Rejected), name)
		d, err := c.s.Listings.Stored(ctx, r.ID)
		if err != nil {
			return err
		}
		if d == nil {
			continue // its figures have not been made yet
		}
		p := d.Points
		for status, n := range map[string]int{"violation": p.Violations, "warning": p.Warnings, "notice": p.Notices, "pass": p.Clean, "unknown": p.Unknown, "waived": p.Waived} {
			out <- gauge(c.domains, float64(n), name, status)
		}
		for i := range d.Rules {
			x := &d.Rules[i]
			for severity, n := range map[string]int{"violation": x.Violations, "warning": x.Warnings, "notice": x.Notices} {
				if n > 0 {
					out <- gauge(c.rules, float64(n), name, label(x.Rule), severity)
				}
			}
		}
		for _, x := range d.Reasons {
			out <- gauge(c.reasons, float64(x.N), name, label(x.Word))
		}
		counts, err := c.s.Life.Counts(ctx, r.ID)
		if err != nil {
			return err
		}
		if counts != nil {
			out <- gauge(c.overdue, float64(counts.Overdue.Total()), name)
		}
	}
	return nil
}

// states counts recent runs.
func (c *collector) states(ctx context.Context, out chan<- prometheus.Metric) error {
	runs, err := c.s.Store.Runs(ctx, recent)
	if err != nil {
		return err
	}
	counts := map[reports.RunState]int{reports.RunPlanning: 0, reports.RunActive: 0, reports.RunDone: 0, reports.RunFailed: 0}
	for _, r := range runs {
		counts[r.State]++
	}
	for state, n := range counts {
		out <- gauge(c.runs, float64(n), label(string(state)))
	}
	return nil
}

// underWay tells of the runs that are not over.
func (c *collector) underWay(ctx context.Context, out chan<- prometheus.Metric) error {
	runs, err := c.s.Store.Unfinished(ctx)
	if err != nil || c.s.Progress == nil {
		return err
	}
	seen := map[string]bool{}
	for _, r := range runs {
		name := label(r.Inventory)
		if seen[name] {
			continue
		}
		seen[name] = true
		p, err := c.s.ProgressOf(ctx, account.Local, r.ID)
		if err != nil {
			continue // it ended meanwhile, or an older version began it
		}
		out <- gauge(c.open, float64(p.Verdicts), name)
		out <- gauge(c.targets, float64(p.Targets), name)
		out <- gauge(c.rate, p.Rate, name)
	}
	return nil
}

func (c *collector) waiting(ctx context.Context, out chan<- prometheus.Metric) error {
	if c.queue == nil {
		return nil
	}
	jobs, err := c.queue(ctx)
	for kind, n := range jobs {
		out <- gauge(c.jobs, float64(n), label(kind))
	}
	return err
}

// label makes a label's value: the name of a file, cut.
func label(s string) string {
	if s = filepath.Base(s); len(s) > 100 {
		s = s[:100]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
