package schedule

import (
	"context"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A standing is what the looks before this one came to.
type standing struct {
	attempts []detect.Attempt
	held     int         // times that the verdict was held back
	again    bool        // the name stands among the pending
	whole    bool        // the look asked for everything that detect wanted
	asked    bool        // the run before was asked about the name …
	last     *store.Last // … and knows this; nil for nothing
}

// settle decides what follows from a look: a verdict, or another look later.
// It counts with stored until that is in the database.
func (rd *member) settle(ctx context.Context, c *detect.Case, st standing, stored *receipts) {
	rd.watch.note(c)
	if wait, again := rd.lookAgain(c); again {
		rd.postpone(c, st, c.Attempts, st.held, wait, stored)
		return
	}
	rd.verdict(c, st, stored)
}

// lookAgain tells whether the name must be looked at again, and how much
// later. Looks that came to nothing by our own fault are counted apart, so that
// they take nothing from those that confirm.
func (rd *member) lookAgain(c *detect.Case) (wait time.Duration, again bool) {
	ours := 0
	for i := range c.Attempts {
		if c.Attempts[i].Liveness == detect.Unseen {
			ours++
		}
	}
	delays, done := rd.opt.Confirm, len(c.Attempts)-ours
	switch few := rd.opt.retries(); {
	case detect.NeedsConfirming(c):
		if ours > len(delays) {
			return 0, false // a watch by share goes on through our trouble, but not for ever
		}
	case troubled(c):
		delays, done = few[:min(len(few), retriesMost)], ours
	case throttled(c):
		delays = few[:min(len(few), retriesMost)]
		if done <= len(delays) {
			return max(delays[done-1], min(retryAfter(c.Answer.Header, c.Obs.At), asksMost)), true
		}
	default:
		return 0, false
	}
	if done < 1 || done > len(delays) {
		return 0, false
	}
	return delays[done-1], true
}

// troubled tells whether the look came to nothing by our own fault, such that
// it may come to something later. An address that we must not dial stays so.
func troubled(c *detect.Case) bool {
	return c.Liveness == detect.Unseen && (c.Obs.Trouble != "" || c.Cause == string(crawler.FailOurs))
}

// retriesMost is how often a look that came to nothing without being a failure
// of the site is made again.
const retriesMost = 3

// asksMost bounds the Retry-After for which a verdict waits.
const asksMost = time.Hour

// throttled tells whether the server turned us away for the number of our
// requests, or for being busy: asked later, it may answer.
func throttled(c *detect.Case) bool {
	return c.Liveness == detect.Challenged && c.Answer != nil && (c.Cause == "http-429" || c.Cause == "http-503")
}

// postpone keeps the name for another look.
func (rd *member) postpone(c *detect.Case, st standing, attempts []detect.Attempt, held int, wait time.Duration, stored *receipts) {
	data, err := packAttempts(attempts)
	if err != nil {
		rd.fail(err)
		return
	}
	due := time.Now().Add(wait)
	stored.add()
	rd.sink.put(entry{stored: stored, later: &later{domain: c.Target.Domain, due: due, held: held, attempts: data, again: st.again}})
}

// verdict judges the case and hands the result on to be stored.
func (rd *member) verdict(c *detect.Case, st standing, stored *receipts) {
	outs := detect.Judge(c, rules.All)
	c = rd.review(c, outs, st)
	res := &store.Result{Record: reports.NewRecord(rd.run, c, outs, rd.opt.Lang), Line: c.Target.Line}
	rd.remember(c, outs, st, res)
	rd.sink.keep(c, outs, st, res)
	rd.tally.count(outs)
	if c.Liveness == detect.Serving {
		rd.watch.serving(c)
	}
	stored.add()
	rd.sink.put(entry{stored: stored, result: res, again: st.again})
}

// keep hands on that a name keeps the outcomes of the run before.
func (rd *member) keep(c *detect.Case, kept *store.Kept, stored *receipts) {
	rd.watch.note(c)
	rd.watch.serving(c)
	if rd.opt.Evidence == EvidenceAll {
		place, err := rd.sink.evidence.write(c)
		if err != nil {
			rd.fail(err)
			return
		}
		kept.Evidence = place
	}
	rd.tally.kept.Add(1)
	if kept.Found {
		rd.tally.found.Add(1)
	}
	stored.add()
	rd.sink.put(entry{stored: stored, kept: kept})
}
