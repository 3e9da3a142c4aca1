package schedule

import (
	"context"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/detect"
)

// ForChecks is a Looker for people who wait beside the runs of l: it uses what l
// uses, but reads so many pages and has its own delays after a failure.
func (l *Looker) ForChecks(confirm []time.Duration, pages int) *Looker {
	policy := l.Policy
	if policy == nil {
		policy = detect.DefaultPolicy()
	}
	own := *policy
	own.Pages = pages
	return &Looker{Resolver: l.Resolver, Web: l.Web, Policy: &own, Vantage: l.Vantage, Timeout: l.Timeout, At: l.At, Confirm: confirm,
		Documents: l.Documents, Draw: l.Draw, Records: l.Records}
}

// Check looks at one site while a person waits: again after each delay of
// Confirm as long as it fails, and then at the control names, if any are given,
// because a failure counts only if they work. The Case is ready to be judged.
func (l *Looker) Check(ctx context.Context, t *crawler.Target, controls []string) *detect.Case {
	c := l.Look(ctx, t, nil, nil)
	for _, delay := range l.Confirm {
		if !detect.NeedsConfirming(c) && !troubled(c) {
			break
		}
		if pace.Wait(ctx, delay) != nil {
			return c
		}
		c = l.Look(ctx, t, nil, c.Attempts)
	}
	if !accuses(c) || len(c.Attempts) < 2 {
		return c
	}
	if why := l.lookAtControls(ctx, controls); why != "" {
		return l.doubted(c, why, c.Attempts[:len(c.Attempts)-1])
	}
	return c
}

// doubted is the case with our own trouble in place of what it saw.
func (l *Looker) doubted(c *detect.Case, why string, attempts []detect.Attempt) *detect.Case {
	obs := *c.Obs
	obs.Trouble = why
	return detect.NewCase(detect.Input{Target: c.Target, Obs: &obs, At: c.At, Policy: c.Policy, Attempts: attempts}, nil)
}

// lookAtControls looks at one control name, and at the others if that one
// fails: if most of them fail, the trouble is ours, and it says so.
func (l *Looker) lookAtControls(ctx context.Context, names []string) string {
	var failed []string
	well := 0
	for i, given := range names {
		name, err := dns.Name(given)
		if err != nil {
			return "the control name cannot be used: " + err.Error()
		}
		c, _ := l.look(ctx, &crawler.Target{Domain: name, Given: given}, nil, nil, nil, nil)
		if ctx.Err() != nil {
			return "stopped while looking at the control names"
		}
		if c.Liveness != detect.Down && c.Liveness != detect.Unseen {
			if well++; i == 0 {
				return ""
			}
			continue
		}
		failed = append(failed, name+" ("+c.Cause+")")
	}
	if len(failed) > well {
		return "control names that should work fail too: " + strings.Join(failed, ", ")
	}
	return ""
}
