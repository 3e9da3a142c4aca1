package schedule

import (
	"context"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/packed"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// A history is what is known of a name beside the visit itself.
type history struct {
	held  int         // times in a row that a visit was held back …
	seen  []byte      // … and the packed earlier visits, both as the visit found them
	waits bool        // it was postponed before
	whole bool        // the visit asked for everything that detect wanted
	asked bool        // the run before was asked about the name …
	last  *store.Last // … and knows this; nil for nothing
}

// decide says what follows from a visit, whoever made it: a verdict, or another visit
// later. One that accuses the site while our own standing is in doubt counts neither
// as a verdict nor as a confirmation. [errNotNow] says that ctx ended before that was
// known.
func (w *runWorker) decide(ctx context.Context, c *detect.Case, h history, to *batch) error {
	w.health.note(c)
	wait, again := w.visitAgain(c)
	if visit.Accuses(c) {
		switch why := w.health.doubt(ctx, c, !again); {
		case why != "" && ctx.Err() != nil:
			return errNotNow
		case why != "":
			return w.hold(ctx, c, h, why, to)
		}
	}
	if again {
		held := 0
		if visit.Troubled(c) {
			held = h.held
		}
		return w.postpone(c, c.Attempts, h, held, wait, to)
	}
	return w.verdict(ctx, c, h, to)
}

// troubleRetries are the delays after which a visit that failed because of a
// local error is made again, where the confirmation names none.
var troubleRetries = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute}

// maxRetries is how often a visit that came to nothing without being a failure
// of the site is made again.
const maxRetries = 3

// maxRetryAfter bounds the Retry-After for which a verdict waits.
const maxRetryAfter = time.Hour

// retries are the delays before each further visit that is not a confirmation.
func (w *runWorker) retries() []time.Duration {
	if confirm := w.r.cfg.Scanner.Confirm.Delays; len(confirm) > 0 {
		return confirm[:min(len(confirm), maxRetries)]
	}
	return troubleRetries
}

// visitAgain reports whether the name must be visited again, and how much
// later. Visits that failed because of a local error are counted apart, so that
// they take nothing from those that confirm.
func (w *runWorker) visitAgain(c *detect.Case) (wait time.Duration, again bool) {
	ours := 0
	for i := range c.Attempts {
		if c.Attempts[i].Liveness == detect.Unseen {
			ours++
		}
	}
	delays, done := w.r.cfg.Scanner.Confirm.Delays, len(c.Attempts)-ours
	switch few := w.retries(); {
	case detect.NeedsConfirming(c):
		if ours > len(delays) {
			return 0, false // a watch by share goes on through local errors, but not for ever
		}
	case visit.Troubled(c):
		delays, done = few, ours
	case visit.Throttled(c):
		delays = few
		if done <= len(delays) {
			return max(delays[done-1], min(visit.RetryAfter(c), maxRetryAfter)), true
		}
	default:
		return 0, false
	}
	if done < 1 || done > len(delays) {
		return 0, false
	}
	return delays[done-1], true
}

// postpone keeps the name for another visit.
func (w *runWorker) postpone(c *detect.Case, attempts []detect.Attempt, h history, held int, wait time.Duration, to *batch) error {
	data, err := packed.Attempts(attempts)
	if err != nil {
		return err
	}
	to.postpone(later{domain: c.Target.Domain, wait: wait, held: held, attempts: data, heldBefore: h.held, seenBefore: h.seen}, h.waits)
	return nil
}

// verdict judges the case and hands the result on to be stored. The evidence is
// written first.
func (w *runWorker) verdict(ctx context.Context, c *detect.Case, h history, to *batch) error {
	outs := w.judge(c)
	c, err := w.review(ctx, c, outs, h)
	if err != nil {
		return err
	}
	res := &store.Result{Record: w.record(c, outs), Line: c.Target.Line}
	visit.Remember(w.config, c, outs, h.whole, res)
	if err := w.keepEvidence(ctx, c, outs, h, res); err != nil {
		return err
	}
	if c.Liveness == detect.Serving {
		w.health.serving(c)
	}
	to.result(res, accused(outs), h.waits)
	return nil
}

// accused reports whether a violation or warning was found.
func accused(outs []detect.Outcome) bool {
	for i := range outs {
		if outs[i].Verdict == detect.Found && outs[i].Severity != detect.Notice {
			return true
		}
	}
	return false
}

// keep hands on that a name keeps the outcomes of the run before.
func (w *runWorker) keep(c *detect.Case, kept *store.Kept, to *batch) error {
	w.health.note(c)
	w.health.serving(c)
	if w.opt.Evidence == EvidenceAll {
		place, err := w.writing.write(c)
		if err != nil {
			return err
		}
		kept.Evidence = place
	}
	to.keep(kept)
	return nil
}

// giveUp gives a name the verdict that it could not be checked here, with the
// reason. attempts are nil if it was not postponed before.
func (w *runWorker) giveUp(ctx context.Context, t *crawler.Target, attempts []detect.Attempt, why string, to *batch) error {
	obs := &crawler.Observation{Domain: t.Domain, At: time.Now(), Vantage: w.r.cfg.Scanner.Vantage, Trouble: why}
	c := detect.NewCase(detect.Input{Target: t, Obs: obs, At: w.r.cfg.Scanner.At, Policy: w.r.cfg.Scanner.EffectivePolicy(), Attempts: attempts}, nil)
	return w.verdict(ctx, c, history{waits: attempts != nil}, to)
}
