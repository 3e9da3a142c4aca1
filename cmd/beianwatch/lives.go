package main

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
)

// knownRule reports whether there is a rule of that id.
func knownRule(id string) bool {
	return slices.ContainsFunc(rules.All, func(r *detect.Rule) bool { return r.ID == id })
}

// fileWaivers reads the waivers of the config; nil if it names none.
func (p *program) fileWaivers() ([]*reports.Waiver, error) {
	if p.Waivers == "" {
		return nil, nil
	}
	list, err := lifecycle.ReadWaivers(p.Waivers, knownRule)
	return list, p.waiverFault(err)
}

// waiverFault makes what is wrong with a waiver a mistake in the call.
func (p *program) waiverFault(err error) error {
	var f *lifecycle.Fault
	if errors.As(err, &f) {
		return usage("%s", "%s", f.In(p.Lang))
	}
	return err
}

// waiversOfRuns is what a runner asks for the waivers of the config, which must be
// right when it begins; nil if it names none.
func (p *program) waiversOfRuns() (func() ([]*reports.Waiver, error), error) {
	if p.Waivers == "" {
		return nil, nil
	}
	_, err := p.fileWaivers()
	return p.fileWaivers, err
}

// lived gives records of a run the life of their findings.
func lived(ctx context.Context, s *store.Store, run *reports.Run, records iter.Seq2[*reports.Record, error]) iter.Seq2[*reports.Record, error] {
	lives, err := lifecycle.Open(ctx, s)
	if err != nil {
		return func(yield func(*reports.Record, error) bool) { yield(nil, err) }
	}
	return lives.Annotate(ctx, run, records)
}

// records are those of a run that --domain and the other filters pick, with the
// life of their findings.
func (p *program) records(ctx context.Context, s *store.Store, run *reports.Run) iter.Seq2[*reports.Record, error] {
	return p.filter.Records(lived(ctx, s, run, s.Records(ctx, run.ID)))
}

// lapsedTold is how many expired waivers a summary is told of.
const lapsedTold = 20

// lifeOf returns what has become of the findings with a run, nil if that is not known
// or a filter is set, and the waivers that have expired.
func (p *program) lifeOf(ctx context.Context, s *store.Store, run *reports.Run) (*reports.LifeCounts, []reports.Waiver, error) {
	if !p.filter.Empty() {
		return nil, nil, nil
	}
	lives, err := lifecycle.Open(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	counts, err := lives.Counts(ctx, run.ID)
	if err != nil {
		return nil, nil, err
	}
	waivers, err := lives.Waivers(ctx)
	if err != nil {
		return nil, nil, err
	}
	return counts, waivers.Lapsed(run.StartedAt, lapsedTold), nil
}

// A picking is the filters as they are given.
type picking struct {
	domains, owners, teams, rules, severities, status []string
}

// bind binds the filters of a report.
func (k *picking) bind(fs *pflag.FlagSet, tr func(zh, en string) string) {
	fs.StringSliceVar(&k.domains, "domain", nil, tr("只选此域名；* 代表任意文字（可重复）", "only this domain; * stands for any text (repeatable)"))
	fs.StringArrayVar(&k.owners, "owner", nil, tr("只选此负责人，按清单中的写法（可重复）", "only this owner, as the inventory writes it (repeatable)"))
	fs.StringArrayVar(&k.teams, "team", nil, tr("只选此团队，按清单中的写法（可重复）", "only this team, as the inventory writes it (repeatable)"))
	fs.StringSliceVar(&k.rules, "rule", nil, tr("只选此规则的问题（可重复）", "only findings of this rule (repeatable)"))
	fs.StringSliceVar(&k.severities, "severity", nil, tr("只选此严重程度的问题：violation、warning 或 notice（可重复）", "only findings of this severity: violation, warning or notice (repeatable)"))
	fs.StringSliceVar(&k.status, "status", nil, tr("只选此状态的问题：opened、first-seen、still、worse、reopened、waived 或 overdue（可重复）", "only findings that are opened, first-seen, still, worse, reopened, waived or overdue (repeatable)"))
}

// filter makes of the filters what package reports asks for.
func (k *picking) filter() (f reports.Filter, err error) {
	for _, d := range k.domains {
		pattern, err := lifecycle.Pattern(d)
		if err != nil {
			return f, usage("--domain %q：请写域名，如 example.cn，或通配，如 *.example.cn", "--domain %q: give a domain such as example.cn, or a pattern such as *.example.cn", d)
		}
		f.Domains = append(f.Domains, pattern)
	}
	for _, r := range k.rules {
		if !knownRule(r) {
			return f, unknownRule(r)
		}
	}
	for _, s := range k.severities {
		if reports.Rank(detect.Severity(s)) == 0 {
			return f, usage("--severity %q：须为 violation、warning 或 notice", "--severity %q: must be violation, warning or notice", s)
		}
		f.Severities = append(f.Severities, detect.Severity(s))
	}
	for _, s := range k.status {
		if s != reports.StatusWaived && s != reports.StatusOverdue && !reports.State(s).Found() {
			return f, usage("--status %q：须为 opened、first-seen、still、worse、reopened、waived 或 overdue", "--status %q: must be opened, first-seen, still, worse, reopened, waived or overdue", s)
		}
	}
	f.Owners, f.Teams, f.Rules, f.Status = k.owners, k.teams, k.rules, k.status
	return f, nil
}
