package detect

import (
	"slices"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// Witness says what a browser must confirm before a violation or a warning of a
// rule is found: our own reader of pages is one pair of eyes, and a visitor's
// browser may see otherwise. Each rule declares one.
type Witness string

// The witnesses.
const (
	// WitnessNone: what the rule speaks of is no look at a page, or the bytes
	// that were served are the fact. Notices need none either.
	WitnessNone Witness = "none"
	// WitnessPage: the rule reads the page. A browser is needed where the page
	// runs a script that is not known to be harmless, or hides what is found.
	WitnessPage Witness = "page"
	// WitnessSite: the rule says that nothing is to be seen at the site. A
	// browser is needed where the server answered anything.
	WitnessSite Witness = "site"
)

// accuses reports whether an outcome is one that may need a witness.
func (o *Outcome) accuses() bool {
	return o.Verdict == Found && (o.Severity == Violation || o.Severity == Warning)
}

// outcome is what the rule says by itself, worked out once for a case: Wants
// asks for it before Judge does.
func (r *Rule) outcome(c *Case) Outcome {
	if o, ok := c.cache.outcomes[r]; ok {
		return o
	}
	o := r.check(c)
	if c.cache.outcomes == nil {
		c.cache.outcomes = make(map[*Rule]Outcome, len(c.Hops)+16)
	}
	c.cache.outcomes[r] = o
	return o
}

// witnessed returns the outcome with its witness: an accusation that no browser
// stands behind, where one must, is not known.
func (r *Rule) witnessed(c *Case, o Outcome) Outcome {
	if !o.accuses() {
		return o
	}
	if why := c.unwitnessed(r.Witness); why != "" {
		return Outcome{Rule: r.ID, Verdict: Unknown, Reason: why}
	}
	return o
}

// unwitnessed says why nothing may be found by a rule that asks for a witness;
// empty if it may.
func (c *Case) unwitnessed(w Witness) Reason {
	switch {
	case w != WitnessPage && w != WitnessSite:
		return ""
	case w == WitnessPage && c.treeless:
		return ReasonTooDeep // the tree of the page could not be built
	case w == WitnessPage && c.pageInDoubt():
		return c.pageWitness()
	case w == WitnessSite && c.siteInDoubt():
		return c.siteWitness()
	}
	return ""
}

// accusedUnseen reports whether one of the rules is about to find what only a
// browser can confirm.
func (c *Case) accusedUnseen(rules []*Rule) bool {
	page, site := c.pageInDoubt(), c.siteInDoubt()
	return slices.ContainsFunc(rules, func(r *Rule) bool {
		if r.Witness == WitnessPage && page || r.Witness == WitnessSite && site {
			o := r.outcome(c)
			return o.accuses()
		}
		return false
	})
}

// pageInDoubt reports whether a visitor's browser may show the page otherwise
// than it was received.
func (c *Case) pageInDoubt() bool {
	if c.Away != "" {
		return c.forwardInDoubt()
	}
	if c.Home == nil {
		return false
	}
	return c.Rendered || c.Scripted() || c.hiddenNumber()
}

// runsScripts reports whether a page runs a script that is not known to touch
// no text. Addresses are looked at first: an inline script has to be read.
func (c *Case) runsScripts(p *page.Page) bool {
	harmful := func(inline bool) func(page.Script) bool {
		return func(s page.Script) bool { return s.Runs && (s.Src == "") == inline && !c.harmless(&s) }
	}
	return slices.ContainsFunc(p.Scripts, harmful(false)) || slices.ContainsFunc(p.Scripts, harmful(true))
}

func (c *Case) harmless(s *page.Script) bool {
	if s.Src != "" {
		return c.Policy.Scripts.Harmless(s.Src)
	}
	return !page.Acts(s.Inline) || c.Policy.Scripts.HarmlessInline(s.Inline)
}

// hiddenNumber reports whether the page as received hides a number: whether a
// visitor sees it, style sheets decide.
func (c *Case) hiddenNumber() bool {
	return slices.ContainsFunc(c.Shown.ICP, func(n number.ICP) bool { return n.Place == number.Hidden }) ||
		slices.ContainsFunc(c.Shown.Police, func(p number.Police) bool { return p.Place == number.Hidden })
}

// forwardInDoubt reports whether the way to another's domain leads through a
// script, or through a page whose scripts may lead elsewhere.
func (c *Case) forwardInDoubt() bool {
	for i := 1; i < len(c.Hops); i++ {
		switch c.Hops[i].Via {
		case crawler.ViaScript:
			return true
		case crawler.ViaMeta, crawler.ViaFrame:
			if c.runsScripts(c.parse(c.Hops[i-1]).page) {
				return true
			}
		}
	}
	return false
}

// siteInDoubt reports whether a visitor's browser may see a site where we saw
// none: the server answered something. A page that says in words what it is (a
// default page, one under construction), was served in good order, read whole
// and runs nothing, is what browsers show as well.
func (c *Case) siteInDoubt() bool {
	if c.File != "" || c.Away != "" {
		return c.pageInDoubt()
	}
	switch c.Liveness {
	case Placeholder:
		ok := c.Answer != nil && c.Answer.Status >= 200 && c.Answer.Status < 300
		return !ok || c.Home.Fault != page.FaultNone || c.Rendered || c.runsScripts(c.Static) || !speaksForItself(c.Kind.Name)
	case Down:
		return c.answeredBy() != nil
	}
	return false
}

// answeredBy returns the first way on which the server said anything, were it
// only a handshake that failed or a connection that it closed; nil if all was
// refusal or silence, or the name has no address.
func (c *Case) answeredBy() *landing {
	for i := range c.landings {
		s := &c.landings[i]
		if s.failure == nil || len(s.hops) > 0 {
			return s
		}
		if s.failure.Begun {
			return s
		}
		switch s.failure.Kind {
		case crawler.FailReset, crawler.FailTLS, crawler.FailProtocol, crawler.FailRedirects:
			return s
		}
	}
	return nil
}
