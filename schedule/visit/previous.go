package visit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A Previous is what the run before knew of a name, by which an unchanged page
// may keep its outcomes.
type Previous struct {
	Last   *store.Last
	Config string // the [Fingerprint] of this run
	Full   bool   // the page is asked for in full, not whether it has changed
}

// NewPrevious returns what may let a name keep its outcomes at now; nil if it
// must be judged. A page is asked for in full at least every fullEvery scheduled
// runs, because a server may say "not modified" of a page that is; full asks for
// all of them, for evidence that is kept of every page.
func NewPrevious(last *store.Last, config string, full bool, now time.Time, fullEvery int) *Previous {
	if last == nil || last.Inputs == "" {
		return nil
	}
	return &Previous{Last: last, Config: config, Full: full || dueInFull(last.Domain, last.FetchedAt, now, fullEvery)}
}

// dueInFull reports whether a page that was fetched in full then must be asked
// for in full now. Which of the days it is is spread by name.
func dueInFull(domain string, fetched, now time.Time, days int) bool {
	if days <= 1 {
		return true
	}
	period := int64(days) * 24 * 3600
	shift := int64(spread(domain)) % period
	return (now.Unix()+shift)/period != (fetched.Unix()+shift)/period
}

// spread is a number that is the same for a name in each run.
func spread(domain string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(domain))
	return h.Sum32()
}

// Fingerprint names what outcomes and records follow from beside their inputs:
// the program, its rules, the settings, the language. A new program judges
// everything anew.
func Fingerprint(p *detect.Policy, lang string) string {
	build := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		build = info.String()
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s %d\n%s %d\n%s", p.Ruleset(), p.Render, p.Pages, lang, reports.Schema, build))
	return hex.EncodeToString(sum[:8]) + "-"
}

// recheck makes the requests of a visit whose outcomes may be kept. It returns
// what is to be stored if every input is as it was, nil if the page has to be
// judged: then the observation has the first visit, or nothing was asked yet.
func (v *visit) recheck(ctx context.Context) *store.Kept {
	if v.prev == nil {
		return nil
	}
	v.askedRegistry() // one of the inputs that must be as they were
	if !HasAddress(v.obs.Lookups) || !v.prev.holdsAt(v.clock()) {
		return nil
	}
	inputs, more, ok := readFurther(v.prev.Last.Inputs)
	if !ok {
		return nil
	}
	ask := crawler.Ask{Kind: crawler.AskHome}
	known := &web.Known{URL: v.prev.Last.FinalURL, ETag: v.prev.Last.ETag, Modified: v.prev.Last.Modified}
	if v.prev.Full || more.Browser != "" { // a browser goes by more of the header than a 304 repeats
		known = nil
	}
	notModified := v.session.Recheck(ctx, ask, known)
	if v.same(ctx, notModified, inputs, more) && !v.s.nxdomain.lied.Load() {
		return v.keep(notModified)
	}
	if len(v.obs.Visits) > 1 {
		v.obs.Visits, v.obs.Trouble = v.obs.Visits[:1], "" // what else is worth asking is for detect to say
	}
	if notModified { // the page is, but not what it is judged with
		v.obs.Visits = nil
		v.session.Do(ctx, ask)
	}
	return nil
}

// same reports whether a visit that has made its first request has the inputs of
// the visit before. Where that one asked for more (https, a script of the page),
// the same is asked again: detect chooses by what it has seen, so from the same
// home page it would choose the same. So are the parts of a page that a browser
// drew.
func (v *visit) same(ctx context.Context, notModified bool, inputs string, more *further) bool {
	last := v.prev.Last
	in, ok := detect.InputsOf(v.t, v.obs, v.in.Policy, last.BodyDigest)
	if !ok || !notModified && in.Page != last.BodyDigest {
		return false
	}
	for _, ask := range more.Asks {
		if v.late(ask.Kind) || v.obs.Trouble != "" {
			return false
		}
		v.session.Do(ctx, ask)
	}
	if len(more.Asks) > 0 {
		in, ok = detect.InputsOf(v.t, v.obs, v.in.Policy, last.BodyDigest)
	}
	return ok && v.prev.Config+in.Look == inputs && (more.Browser == "" || v.sameParts(ctx, more))
}

// clock is the time by which a visit is judged.
func (v *visit) clock() time.Time {
	if v.s.At.IsZero() {
		return v.obs.At
	}
	return v.s.At
}

// holdsAt reports whether outcomes may be kept at a time, by the clock and the
// rules alone.
func (p *Previous) holdsAt(now time.Time) bool {
	return len(p.Last.Inputs) > len(p.Config) && strings.HasPrefix(p.Last.Inputs, p.Config) &&
		!now.Before(p.Last.JudgedAt) && now.Before(p.Last.GoodUntil)
}

// keep is what is stored of a page that is as it was.
func (v *visit) keep(notModified bool) *store.Kept {
	last := v.prev.Last
	k := &store.Kept{Domain: v.t.Domain, Line: v.t.Line, At: v.obs.At.Truncate(time.Second),
		ETag: last.ETag, Modified: last.Modified, FetchedAt: last.FetchedAt, Found: last.Found, Findings: last.Findings}
	if !notModified {
		known := web.KnownOf(v.obs.Visits[0].Last())
		k.ETag, k.Modified, k.FetchedAt = known.ETag, known.Modified, v.obs.At
	}
	return k
}

// unchanged is the Case of a page whose outcomes are kept: it says that the
// site serves and where from, and is not fit to be judged.
func (v *visit) unchanged() *detect.Case {
	return &detect.Case{Target: v.t, Obs: v.obs, At: v.obs.At, Liveness: detect.Serving, Answer: v.obs.Visits[0].Last()}
}
