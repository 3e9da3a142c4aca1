package visit

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/schedule/polite"
)

// Check visits one site while a person waits: again after each delay of Confirm
// as long as it fails, and then the control names, if any are given, because what
// accuses the site counts only if they work. Without any, sites that are known to be up
// say whether this machine is cut off, or another machine answers in the place of all
// sites. The Case is ready to be judged.
func (s *Scanner) Check(ctx context.Context, t *crawler.Target, controls []string) *detect.Case {
	defer func() { s.tell(Step{Domain: t.Domain, Kind: StepDone}) }()
	c := s.Visit(ctx, t, nil, nil)
	for _, delay := range s.Confirm.Delays {
		if !detect.NeedsConfirming(c) && !Troubled(c) {
			break
		}
		if noRoute(c) {
			break // a second visit finds no other network
		}
		s.tell(Step{Domain: t.Domain, Visit: len(c.Attempts) + 1, Kind: StepWait, Wait: delay, Cause: c.Cause})
		if pace.Wait(ctx, delay) != nil {
			return c
		}
		c = s.Visit(ctx, t, nil, c.Attempts)
	}
	if noRoute(c) {
		return s.Doubted(c, offline, Earlier(c))
	}
	if !Accuses(c) {
		return c
	}
	names, fault := controls, unfit
	if len(names) == 0 && unreached(c) {
		names = s.Known
	} else if len(names) == 0 && c.Answer != nil {
		names, fault = s.Known, standIn
	}
	if len(names) > 0 {
		s.tell(Step{Domain: t.Domain, Visit: len(c.Attempts), Kind: StepControls})
	}
	if why := s.askControls(ctx, names, fault); why != "" {
		return s.Doubted(c, why, Earlier(c))
	}
	return c
}

// Earlier is the visits before the last one of a case; not nil.
func Earlier(c *detect.Case) []detect.Attempt {
	return append([]detect.Attempt{}, c.Attempts[:max(len(c.Attempts)-1, 0)]...)
}

// offline says what a person can do about it.
const offline = "this machine is offline: it has no route to the site's address; connect it, then check again"

// noRoute reports whether this machine has no route to any address of a site: it
// has no network. That it has no IPv6 alone is another matter.
func noRoute(c *detect.Case) bool {
	return slices.ContainsFunc(c.Obs.Unrouted, netip.Addr.Is4) &&
		allFailed(c, func(f *crawler.Failure) bool { return f.Kind == crawler.FailOurs })
}

// unreached reports whether no server accepted a connection, nor refused one:
// so it is for every site where this machine is cut off.
func unreached(c *detect.Case) bool {
	return c.Answer == nil && allFailed(c, func(f *crawler.Failure) bool {
		return (f.Kind == crawler.FailTimeout || f.Kind == crawler.FailUnreachable) && strings.HasPrefix(f.Detail, "dial ")
	})
}

// allFailed reports whether there were visits that failed, and all of them in
// one manner.
func allFailed(c *detect.Case, manner func(*crawler.Failure) bool) bool {
	for i := range c.Obs.Visits {
		if f := c.Obs.Visits[i].Failure; f == nil || !manner(f) {
			return false
		}
	}
	return len(c.Obs.Visits) > 0
}

// failing reports whether a control does not show itself: it fails, or a page stands in
// its place, as behind a captive portal or a provider's block.
func failing(c *detect.Case) bool { return !well(c) && c.Liveness != detect.Challenged }

// standIn reports whether another answers in the place of a control. That no site is
// reached says nothing against an answer: the one that was asked about may stand in a
// network of its own.
func standIn(c *detect.Case) bool { return failing(c) && c.Answer != nil }

// unfit is failing for a control that a person has named: the page of a server, or next to
// none, is what it may show, for the state of a host.
func unfit(c *detect.Case) bool {
	bare := c.Answer != nil && c.Away == "" && (c.Kind.Name == kind.DefaultServer || c.Kind.Name == kind.Blank)
	return failing(c) && !bare
}

// well reports whether a control shows itself.
func well(c *detect.Case) bool { return c.Liveness == detect.Serving && c.Away == "" }

// CheckControls visits the first control name, and the others if that one does
// not show itself. If most of them do not, or ctx ended, the trouble is ours: it
// returns why; else, and for no names, "". One that turns us away as a visitor has
// answered. One that a person has named (given) may show the page of a server.
func (s *Scanner) CheckControls(ctx context.Context, names []string, given bool) (why string) {
	if given {
		return s.askControls(ctx, names, unfit)
	}
	return s.askControls(ctx, names, failing)
}

// askControls is CheckControls, with what counts as the fault of a control.
func (s *Scanner) askControls(ctx context.Context, names []string, fault func(*detect.Case) bool) (why string) {
	var failed []string
	good, short := 0, 0
	for i, given := range names {
		name, err := dns.Name(given)
		if err != nil {
			return message.BadControl.Fill(given)
		}
		c, end := s.visit(ctx, &crawler.Target{Domain: name, Given: given}, nil, nil, nil, nil)
		end.Release()
		if ctx.Err() != nil {
			return message.ControlsStopped.Fill()
		}
		switch {
		case end.Short:
			short++
		case well(c):
			if good++; i == 0 {
				return ""
			}
		case fault(c):
			failed = append(failed, name)
		case c.Answer != nil:
			good++
		}
	}
	switch {
	case good == 0 && short > 0:
		return message.NoMemory.Fill()
	case len(failed) > good:
		return message.ControlsFail.Fill(strings.Join(failed, ", "))
	}
	return ""
}

// Doubted returns the case with our own trouble in place of what was seen.
// attempts are the visits that count all the same.
func (s *Scanner) Doubted(c *detect.Case, why string, attempts []detect.Attempt) *detect.Case {
	obs := *c.Obs
	obs.Trouble = why
	return detect.NewCase(detect.Input{Target: c.Target, Obs: &obs, At: c.At, Policy: c.Policy, Attempts: attempts}, nil)
}

// Troubled reports whether the visit failed because of a local error, such that
// a later one may succeed. An address that we must not dial stays so.
func Troubled(c *detect.Case) bool {
	return c.Liveness == detect.Unseen && (c.Obs.Trouble != "" || c.Cause == string(crawler.FailOurs))
}

// Undrawn says why our browser broke down on the page that it was to draw, "" if it did
// not. Drawn again, the page may come.
func Undrawn(c *detect.Case) string {
	if v := c.Visit(crawler.AskRender, ""); v != nil && v.Failure != nil && v.Failure.Kind.Ours() && c.Obs.Drawing == nil {
		return v.Failure.Detail
	}
	return ""
}

// Throttled reports whether the server turned us away for the number of our
// requests, or for being busy: asked later, it may answer. [RetryAfter] says
// how much later.
func Throttled(c *detect.Case) bool {
	return c.Liveness == detect.Challenged && c.Answer != nil && (c.Cause == "http-429" || c.Cause == "http-503")
}

// RetryAfter is how long the server of the answer asked to be left alone, at
// most a day; 0 if it did not say.
func RetryAfter(c *detect.Case) time.Duration {
	if c.Answer == nil {
		return 0
	}
	return polite.RetryAfter(c.Answer.Header, c.Obs.At)
}

// Accuses reports whether the visit says that the site does not work, is blocked or
// leads elsewhere, which our own network could be the reason for.
func Accuses(c *detect.Case) bool {
	if c.Away != "" {
		return true
	}
	switch c.Liveness {
	case detect.Down, detect.Blocked, detect.Placeholder:
		return true
	}
	return false
}
