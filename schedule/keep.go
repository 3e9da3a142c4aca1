package schedule

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// How long outcomes may be kept, whatever does not change: each name is judged
// anew after keepLeast to keepMost, spread by name so that no night has to judge
// all of them.
const (
	keepLeast = 15 * 24 * time.Hour
	keepMost  = 30 * 24 * time.Hour
)

// maxAsked bounds what is stored of the further asks of a look, in bytes: six
// scripts have some 600.
const maxAsked = 4096

// A recall is what may let a page keep the outcomes of the run before.
type recall struct {
	last *store.Last
	form string // of the rules and settings of this run
	full bool   // the page is asked for in full, not whether it has changed
}

// recheck makes the visits of a look whose outcomes may be kept. It gives what
// is to be stored if every input is as it was, nil if the page has to be judged:
// then obs has the first visit, or nothing was asked yet.
func (l *Looker) recheck(ctx context.Context, t *crawler.Target, obs *crawler.Observation, was *recall, s *web.Session) *store.Kept {
	if was == nil || !hasAddress(obs.Lookups) || !was.holdsAt(l.clock(obs)) {
		return nil
	}
	ask := crawler.Ask{Kind: crawler.AskHome}
	known := &web.Known{URL: was.last.FinalURL, ETag: was.last.ETag, Modified: was.last.Modified}
	if was.full {
		known = nil
	}
	unchanged := s.Recheck(ctx, ask, known)
	if l.same(ctx, t, obs, was, s, unchanged) && !l.honesty.lied.Load() {
		return was.keep(t, obs, unchanged)
	}
	if len(obs.Visits) > 1 {
		obs.Visits, obs.Trouble = obs.Visits[:1], "" // what else is worth asking is for detect to say
	}
	if unchanged { // the page is, but not what it is judged with
		obs.Visits = nil
		s.Do(ctx, ask)
	}
	return nil
}

// same tells whether a look that has made its first visit has the inputs of the
// look before. Where that one asked for more (https, a script of the page), the
// same is asked again: detect chooses by what it has seen, so from the same home
// page it would choose the same.
func (l *Looker) same(ctx context.Context, t *crawler.Target, obs *crawler.Observation, was *recall, s *web.Session, unchanged bool) bool {
	in, ok := detect.InputsOf(t, obs, l.policy(), was.last.BodyDigest)
	if !ok || !unchanged && in.Page != was.last.BodyDigest {
		return false
	}
	look, rest, more := strings.Cut(was.last.Inputs, " ")
	if more {
		var asks []crawler.Ask
		if json.Unmarshal([]byte(rest), &asks) != nil {
			return false
		}
		for _, ask := range asks {
			if l.late(obs.At) || obs.Trouble != "" {
				return false
			}
			s.Do(ctx, ask)
		}
		in, ok = detect.InputsOf(t, obs, l.policy(), was.last.BodyDigest)
	}
	return ok && was.form+in.Look == look
}

// clock is the time by which a look is judged.
func (l *Looker) clock(obs *crawler.Observation) time.Time {
	if l.At.IsZero() {
		return obs.At
	}
	return l.At
}

// holdsAt tells whether outcomes may be kept at a time, going by the clock and
// the rules alone.
func (r *recall) holdsAt(now time.Time) bool {
	return len(r.last.Inputs) > len(r.form) && r.last.Inputs[:len(r.form)] == r.form &&
		!now.Before(r.last.JudgedAt) && now.Before(r.last.GoodUntil)
}

// keep is what is stored of a page that is as it was.
func (r *recall) keep(t *crawler.Target, obs *crawler.Observation, unchanged bool) *store.Kept {
	k := &store.Kept{Domain: t.Domain, Line: t.Line, At: obs.At.Truncate(time.Second),
		ETag: r.last.ETag, Modified: r.last.Modified, FetchedAt: r.last.FetchedAt, Found: r.last.Found, Findings: r.last.Findings}
	if !unchanged {
		known := web.KnownOf(obs.Visits[0].Last())
		k.ETag, k.Modified, k.FetchedAt = known.ETag, known.Modified, obs.At
	}
	return k
}

// unchanged is the Case of a page whose outcomes are kept: it says that the
// site serves and where from, and is not fit to be judged.
func unchanged(t *crawler.Target, obs *crawler.Observation) *detect.Case {
	return &detect.Case{Target: t, Obs: obs, At: obs.At, Liveness: detect.Serving, Answer: obs.Visits[0].Last()}
}

// recallOf is what may let a name keep its outcomes; nil if it must be judged.
func (m *member) recallOf(last *store.Last) *recall {
	opt := &m.opt
	if last == nil || last.Inputs == "" || opt.JudgeAll {
		return nil
	}
	full := opt.Evidence == EvidenceAll || inFull(last.Domain, last.FetchedAt, m.r.cfg.Now(), opt.FullEvery)
	return &recall{last: last, form: m.form, full: full}
}

// inFull tells whether a page must be asked for in full: at least every so many
// nights, because a server may say "not modified" of a page that is. Which of
// the nights it is is spread by name.
func inFull(domain string, fetched, now time.Time, nights int) bool {
	if nights <= 1 {
		return true
	}
	period := int64(nights) * 24 * 3600
	shift := int64(spread(domain)) % period
	return (now.Unix()+shift)/period != (fetched.Unix()+shift)/period
}

// spread is a number that is the same for a name each night.
func spread(domain string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(domain))
	return h.Sum32()
}

// remember notes in a result what lets the next run keep its outcomes: nothing,
// if they follow from more than plain visits to a site that serves.
func (m *member) remember(c *detect.Case, outs []detect.Outcome, st standing, res *store.Result) {
	if c.Answer == nil {
		return
	}
	in, ok := c.Inputs()
	res.BodyDigest = in.Page
	if in.Page == "" {
		res.BodyDigest = c.PageInput()
	}
	if !ok || in.Page == "" || !st.whole || c.Liveness != detect.Serving || c.Rendered || len(c.Attempts) != 1 {
		return
	}
	for i := range outs {
		if outs[i].Verdict == detect.Broken {
			return
		}
	}
	known := web.KnownOf(c.Answer)
	horizon := keepLeast + time.Duration(spread(c.Target.Domain))%(keepMost-keepLeast)
	if res.Inputs = m.form + in.Look; len(c.Obs.Visits) > 1 {
		asks := make([]crawler.Ask, 0, len(c.Obs.Visits)-1)
		for i := range c.Obs.Visits[1:] {
			asks = append(asks, c.Obs.Visits[1+i].Ask)
		}
		rest, err := json.Marshal(asks)
		if err != nil || len(rest) > maxAsked {
			res.Inputs = ""
			return
		}
		res.Inputs += " " + string(rest)
	}
	res.ETag, res.Modified, res.FetchedAt = known.ETag, known.Modified, c.Obs.At
	res.JudgedAt, res.GoodUntil = c.At, detect.GoodUntil(c, outs, rules.All, horizon)
}

// formOf names what outcomes and records follow from beside their inputs: the
// program, its rules and the settings. A new program judges everything anew.
func formOf(p *detect.Policy, lang string) string {
	build := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		build = info.String()
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s %d\n%s %d\n%s", p.Ruleset(), p.Render, p.Pages, lang, reports.Schema, build))
	return hex.EncodeToString(sum[:8]) + "-"
}
