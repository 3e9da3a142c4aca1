package demo

import (
	"maps"
	"net/http"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/kind"
)

// A Site is one site of the box, with the verdicts that are right for it.
type Site struct {
	Domain   string      // as a person writes it
	Point    detect.Text // what the site shows
	Expected Expected    // without a browser

	drawn   func(*Expected) // what a browser changes of it; nil: nothing
	row     row             // what the inventory says
	web     http.Handler    // what answers on both ports; nil where nothing does
	spot    spot
	names   nameSet
	cdn     string // the name that www. is an alias of
	long    bool   // DNS answers come over TCP only
	noTLS   bool   // handshakes with the name are reset
	control bool   // a bystander that is always up
	// needsStrangers: the point is that the address answers without the name.
	needsStrangers bool
}

// A nameSet says which names of a site have an address.
type nameSet uint8

const (
	bothNames nameSet = iota // the domain and www. below it
	apexOnly                 // www. does not exist
	wwwOnly                  // the domain exists without an address
	noNames                  // neither exists
)

// Expected is what the record of a site must say.
type Expected struct {
	Liveness detect.Liveness
	Cause    crawler.FailureKind // compared if the site is down
	Kind     kind.Name           // compared unless empty
	// Verdicts by rule. A rule that is not named must not be found, and none
	// may be broken.
	Verdicts map[string]Verdict
}

// A Verdict is what a rule must say: the word, and the severity if it is found.
type Verdict struct {
	Verdict  detect.Verdict
	Severity detect.Severity
}

// Expect returns what the record of a site must say, with a browser or without.
func (s Site) Expect(browser bool) Expected {
	e := s.Expected
	if !browser || s.drawn == nil {
		return e
	}
	e.Verdicts = maps.Clone(e.Verdicts)
	s.drawn(&e)
	return e
}

// with are verdicts that a browser makes possible.
func with(parts ...verdicts) func(*Expected) {
	return func(e *Expected) {
		for _, p := range parts {
			maps.Copy(e.Verdicts, p)
		}
	}
}

// verdicts are some rules' verdicts, as the lists of sites write them.
type verdicts map[string]Verdict

func violation(rules ...string) verdicts { return found(detect.Violation, rules) }
func warning(rules ...string) verdicts   { return found(detect.Warning, rules) }
func notice(rules ...string) verdicts    { return found(detect.Notice, rules) }
func passes(rules ...string) verdicts    { return all(Verdict{Verdict: detect.Pass}, rules) }
func unknown(rules ...string) verdicts   { return all(Verdict{Verdict: detect.Unknown}, rules) }
func exempt(rules ...string) verdicts    { return all(Verdict{Verdict: detect.Exempt}, rules) }

func found(s detect.Severity, rules []string) verdicts {
	return all(Verdict{detect.Found, s}, rules)
}

func all(v Verdict, rules []string) verdicts {
	out := verdicts{}
	for _, r := range rules {
		out[r] = v
	}
	return out
}

// is builds an Expected; later verdicts weigh more.
func is(l detect.Liveness, parts ...verdicts) Expected {
	e := Expected{Liveness: l, Verdicts: map[string]Verdict{}}
	for _, p := range parts {
		for rule, v := range p {
			e.Verdicts[rule] = v
		}
	}
	return e
}

// down is a site that is down for this cause.
func down(cause crawler.FailureKind, parts ...verdicts) Expected {
	e := is(detect.Down, parts...)
	e.Cause = cause
	return e
}

// of also names the kind of page.
func (e Expected) of(k kind.Name) Expected {
	e.Kind = k
	return e
}

// Groups of rules that the lists of sites name together.
var (
	numberRules = []string{"footer-number-missing", "footer-number-wrong", "footer-number-fake", "footer-number-suffix", "footer-number-hidden"}
	linkRules   = []string{"footer-link-missing", "footer-link-legacy", "footer-link-wrong"}
	policeRules = []string{"police-number-missing", "police-number-malformed", "police-link-wrong"}
	paperRules  = []string{"documents-incomplete", "documents-unclear"}
	stateRules  = []string{"filed-site-down", "filed-site-placeholder", "filed-site-redirects-away"}
	tradeRules  = []string{"preapproval-news", "preapproval-publishing", "preapproval-drugs-devices", "preapproval-culture", "preapproval-audiovisual",
		"preapproval-healthcare", "preapproval-ride-hailing", "preapproval-bulletin-board", "preapproval-finance", "preapproval-training",
		"preapproval-games", "preapproval-religion"}
)

// proper is what holds of an open, filed site without a fault; the single
// faults of other sites are laid over it.
func proper() verdicts {
	out := verdicts{}
	for _, group := range [][]string{numberRules, linkRules, stateRules, tradeRules} {
		for rule, v := range passes(group...) {
			out[rule] = v
		}
	}
	return out
}
