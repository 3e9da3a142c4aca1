package detect

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// leastLooks is the number of looks below which nothing counts as confirmed,
// whatever the policy says: a single look proves nothing.
const leastLooks = 2

// NeedsConfirming tells whether this look saw a failure that must be seen
// again, later, before it counts, or a page that ended early. It is false when
// the failure is confirmed, and where silence is what the team expects.
func NeedsConfirming(c *Case) bool {
	if cutShort(c) {
		return len(c.Attempts) < max(leastLooks, c.Policy.Looks)
	}
	if c.File != "" || len(c.Attempts) == 0 || c.Away != "" || !fleeting(c.Attempts[len(c.Attempts)-1]) {
		return false
	}
	if c.Liveness == Down && c.Target.Expect == crawler.ExpectClosed {
		return false
	}
	return !confirmed(c)
}

// wholeMost is the size in bytes at which the fetcher itself cuts a page: to
// look again would bring no more.
const wholeMost = 8 << 20

// cutShort tells whether the page ended before its end while something on it
// is still looked for. On a busy machine or line that is our trouble as often
// as the site's, and a later look may see the rest.
func cutShort(c *Case) bool {
	if c.File != "" || c.Away != "" || c.Answer == nil || c.Liveness != Serving || c.Static.Fault != page.FaultCut ||
		len(c.Answer.Body) >= wholeMost || c.Answer.Header.Get("Content-Encoding") != "" {
		return false
	}
	n, ok := bestLinked(c)
	return !ok || n.Kind == number.LinkNone
}

// fleeting tells whether an attempt saw something that a restart, a full disk
// or a bad minute of the network also shows: no answer, an error, a blank
// page.
func fleeting(a Attempt) bool {
	switch a.Liveness {
	case Down:
		return true
	case Blocked:
		return a.Cause == CauseNameReset
	case Placeholder:
		return a.Cause == string(kind.Blank)
	}
	return false
}

// confirmed tells whether enough looks in a row failed. Looks that saw nothing
// through our own fault are passed over.
func confirmed(c *Case) bool {
	return len(failing(c.Attempts)) >= max(leastLooks, c.Policy.Looks)
}

// failing gives the failed attempts since the site last showed anything else.
func failing(attempts []Attempt) []Attempt {
	var run []Attempt
	for i := len(attempts) - 1; i >= 0; i-- {
		switch a := attempts[i]; {
		case fleeting(a):
			run = append(run, a)
		case a.Liveness != Unseen:
			return run
		}
	}
	return run
}

// downSeverity is how grave it is that the site is down. The weakest of the
// looks decides.
func downSeverity(c *Case) Severity {
	for _, a := range failing(c.Attempts) {
		switch cause := crawler.FailureKind(a.Cause); {
		case !c.Policy.VantageMainland && viaNetwork(cause):
			return Warning
		case cause == crawler.FailRedirects, a.Cause == CauseErrorPage, strings.HasPrefix(a.Cause, "http-4"):
			// The server is there and talks: only the address "/" shows nothing.
			return Warning
		}
	}
	return Violation
}

// viaNetwork tells whether the failure may lie between us and the site. Seen
// from outside mainland China it often does.
func viaNetwork(k crawler.FailureKind) bool {
	switch k {
	case crawler.FailTimeout, crawler.FailReset, crawler.FailUnreachable, crawler.FailDNSTimeout, CauseNameReset:
		return true
	}
	return false
}
