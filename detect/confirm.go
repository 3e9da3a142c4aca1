package detect

import (
	"slices"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// minLooks is the number of looks below which nothing counts as confirmed,
// whatever the policy says: a single look proves nothing.
const minLooks = 2

// maxCutLooks is how often a page that ended early is looked at at most.
const maxCutLooks = 4

// NeedsConfirming reports whether this look saw a failure that must be seen
// again, later, before it counts, or a page that ended early. Where the policy
// goes by a share of the looks it stays true, through answers too, until the
// looks that are left cannot change the verdict. It is false when the failure is
// confirmed, and where silence is what the team expects.
func NeedsConfirming(c *Case) bool {
	if cutShort(c) {
		return len(c.Attempts) < max(minLooks, min(c.Policy.Looks, maxCutLooks))
	}
	if c.File != "" || len(c.Attempts) == 0 || c.Away != "" || c.Liveness == Down && c.Target.Expect == crawler.ExpectClosed {
		return false
	}
	if c.Policy.Fails > 0 {
		return watching(c)
	}
	return fleeting(c.Attempts[len(c.Attempts)-1]) && !c.Confirmed()
}

// Watched returns the looks of which a share must fail: those after the first
// failure, without those that came to nothing by our own fault. The first
// failure began the watch and is no part of the sample: a sample that begins
// with a failure on purpose would be a biased one.
func Watched(attempts []Attempt) []Attempt {
	first := slices.IndexFunc(attempts, fleeting)
	if first < 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(attempts[first+1:]), func(a Attempt) bool { return a.Liveness == Unseen })
}

// watching reports whether a watch has begun that the looks which are left may
// still decide either way. A failure can only end it as down and an answer only
// as up, so the last look always agrees with the verdict. A firewall that
// turned us away is no failure.
func watching(c *Case) bool {
	if c.Policy.Fails == 0 || !slices.ContainsFunc(c.Attempts, fleeting) {
		return false
	}
	seen := Watched(c.Attempts)
	failed := len(c.Failures())
	left := c.Policy.Looks - len(seen)
	return failed < c.Policy.Fails && failed+left >= c.Policy.Fails
}

// maxWhole is the size in bytes at which the fetcher itself cuts a page: to
// look again would bring no more.
const maxWhole = 8 << 20

// cutShort reports whether the page ended before its end while something on it
// is still looked for. On a busy machine or line that is our trouble as often
// as the site's, and a later look may see the rest.
func cutShort(c *Case) bool {
	if c.File != "" || c.Away != "" || c.Answer == nil || c.Liveness != Serving || c.Static.Fault != page.FaultCut ||
		len(c.Answer.Body) >= maxWhole || c.Answer.Header.Get("Content-Encoding") != "" {
		return false
	}
	n, ok := c.BestLinked()
	return !ok || n.Kind == number.LinkNone
}

// fleeting reports whether an attempt saw something that a restart, a full disk
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

// Confirmed reports whether enough looks failed: all of Policy.Looks in a row or,
// where the policy goes by a share, Policy.Fails of them. Looks that saw nothing
// through our own fault are passed over.
func (c *Case) Confirmed() bool {
	if c.Policy.Fails > 0 {
		return len(c.Failures()) >= max(minLooks, c.Policy.Fails)
	}
	return len(c.Failures()) >= max(minLooks, c.Policy.Looks)
}

// Failures returns the failed looks that the policy goes by.
func (c *Case) Failures() []Attempt {
	if c.Policy.Fails == 0 {
		return failing(c.Attempts)
	}
	return slices.DeleteFunc(Watched(c.Attempts), func(a Attempt) bool { return !fleeting(a) })
}

// failing returns the failed attempts since the site last showed anything else.
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
