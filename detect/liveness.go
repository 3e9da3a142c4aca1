package detect

import (
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/kind"
)

// Causes beside the words of [crawler.FailureKind], "http-" with a status, the
// names of [kind.Name] and the names of fingerprints.
const (
	CauseAway      = "redirects-away" // the answer only leads to another's domain
	CauseNameReset = "reset-by-name"  // the connection is reset when the name is told, and answers without it
	CauseErrorPage = "error-page"     // an error page with status 200
	CauseFollow    = "not-followed"   // the page points on, and we did not go there
)

// refusals are the statuses with which a firewall or a log-in wall answers
// us; they say nothing about what others see. 521 is the script challenge of
// a Chinese firewall, 418 and 412 are those of two others.
var refusals = map[int]bool{401: true, 403: true, 405: true, 412: true, 418: true, 429: true, 503: true, 521: true}

// state judges one sight.
func (c *Case) state(s *sight) (Liveness, string) {
	if s.failure != nil {
		return c.stateOfFailure(s)
	}
	if s.follow != nil {
		// Nobody has seen what a visitor sees. A follow that is still to be
		// asked for ends this; in a file, or past the bound, nothing does.
		return Unseen, CauseFollow
	}
	status := s.hops[len(s.hops)-1].Status
	if c.File != "" {
		status = 200
	}
	l, cause := stateOfKind(s.kind)
	switch {
	case l == Challenged && refusals[status] && strings.HasPrefix(cause, "status-"):
		return Challenged, httpCause(status)
	case l == Blocked || l == Challenged || status >= 200 && status < 300:
		return l, cause
	case l == Placeholder && explains(s.kind.Name):
		return l, cause
	case refusals[status]:
		return Challenged, httpCause(status)
	case l == Serving && status >= 400:
		return l, cause // a page that visitors read, whatever the status says
	}
	return Down, httpCause(status)
}

// httpCause names an HTTP status as a cause: "http-404".
func httpCause(status int) string { return "http-" + strconv.Itoa(status) }

// stateOfKind gives the state that a page of this kind speaks for when it was
// served in good order.
func stateOfKind(k kind.Kind) (Liveness, string) {
	switch k.Name {
	case kind.Block:
		return Blocked, fingerprintOr(k, string(kind.Block))
	case kind.Challenge:
		return Challenged, fingerprintOr(k, string(kind.Challenge))
	case kind.DefaultServer, kind.Suspended, kind.UnderConstruction, kind.Parked, kind.Blank, kind.Listing:
		return Placeholder, string(k.Name)
	case kind.Error:
		return Down, CauseErrorPage
	}
	return Serving, "" // normal, spa-shell, login
}

func fingerprintOr(k kind.Kind, word string) string {
	if k.Fingerprint != "" {
		return k.Fingerprint
	}
	return word
}

// explains tells whether a page of this kind is the reason for an error status
// rather than dressed up by it: several default pages come with 403 or 404, a
// blank page or a listing with an error status is just an error.
func explains(name kind.Name) bool {
	switch name {
	case kind.DefaultServer, kind.Suspended, kind.UnderConstruction, kind.Parked:
		return true
	}
	return false
}

// stateOfFailure judges a way that ended without an answer.
func (c *Case) stateOfFailure(s *sight) (Liveness, string) {
	f := s.failure
	switch {
	case f.Kind.Ours(), f.Kind == crawler.FailScheme, f.Kind == crawler.FailRobots:
		return Unseen, string(f.Kind)
	case f.Kind == crawler.FailRedirects && setsCookie(s.hops):
		// A loop that a cookie would end: the site answers browsers.
		return Challenged, string(f.Kind)
	case f.Kind == crawler.FailReset && c.answersWithoutName(s.failed):
		return Blocked, CauseNameReset
	}
	return Down, string(f.Kind)
}

func setsCookie(hops []*crawler.Page) bool {
	for _, hop := range hops {
		if hop.Header.Get("Set-Cookie") != "" {
			return true
		}
	}
	return false
}

// answersWithoutName tells whether the address that reset the connection
// answers when it is asked without the name: then it is the name that is
// blocked, not the server that is down.
func (c *Case) answersWithoutName(failed string) bool {
	ask := c.nameless(failed)
	if ask == nil {
		return false
	}
	v := c.visit(crawler.AskNoName, ask.URL)
	return v != nil && v.Failure == nil && len(v.Hops) > 0
}

// weight orders states by what they say of the site: an answer of its own
// before a page that stands in for it, our own trouble before a failure (which
// our trouble may have caused).
func weight(l Liveness) int {
	switch l {
	case Serving:
		return 5
	case Blocked:
		return 4
	case Placeholder:
		return 3
	case Challenged:
		return 2
	case Unseen:
		return 1
	}
	return 0
}

// bestSight picks what a person would have seen: the best of the sights, the
// first of equals. It is nil if nothing was visited and DNS gives no reason.
func (c *Case) bestSight() *sight {
	var best *sight
	for i := range c.sights {
		if s := &c.sights[i]; best == nil || weight(s.liveness) > weight(best.liveness) {
			best = s
		}
	}
	failure := dnsFailure(c.Obs, c.Target.Domain)
	if failure == nil || best != nil && best.liveness != Down {
		return best
	}
	// A name without an address is named as the cause even where www. has one
	// that does not answer.
	s := &sight{failure: failure, failed: "http://" + c.Target.Domain + "/"}
	s.liveness, s.cause = c.stateOfFailure(s)
	return s
}
