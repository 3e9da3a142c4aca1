package web

import (
	"context"

	"github.com/beianwatch/beianwatch/crawler"
)

// A Session carries out the asks of one look, one after the other. As in a
// browser, scripts and other parts of a page are asked for over the connection
// that the last answer left open, if they are at the same place. It is not safe
// for concurrent use.
type Session struct {
	c    *Client
	obs  *crawler.Observation
	kept *link // what the last answer left open
}

// Session begins a look whose visits are appended to obs. The session must be
// closed.
func (c *Client) Session(obs *crawler.Observation) *Session { return &Session{c: c, obs: obs} }

// Close closes the connection that may still be open.
func (s *Session) Close() {
	if s.kept != nil {
		s.kept.close()
		s.kept = nil
	}
}

// Do carries out one ask and appends to obs.Visits, and to obs.Lookups if it
// had to resolve. A site's trouble is in Visit.Failure. If we ourselves were
// stopped, obs.Trouble says why, unless the ask was an extra that the verdict
// can do without. AskRender is not for this client and does nothing.
func (s *Session) Do(ctx context.Context, ask crawler.Ask) {
	if ask.Kind == crawler.AskRender {
		return
	}
	v := newVisit(s.c, s.obs, ask)
	if f := s.forbidden(ctx, ask); f != nil {
		v.fail(f, ask.URL)
	} else {
		s.run(ctx, v)
	}
	s.keep(v)
}

// run lets a visit begin with the open connection, and takes over what it
// leaves open. What tells whether the site works is asked for over a connection
// of its own: a server may be at odds with a second request.
func (s *Session) run(ctx context.Context, v *visit) {
	if !extra(v.out.Ask.Kind) {
		s.Close()
	}
	v.kept, s.kept = s.kept, nil
	v.run(ctx)
	s.kept, v.kept = v.kept, nil
}

// keep notes a visit that is over.
func (s *Session) keep(v *visit) {
	s.obs.Visits = append(s.obs.Visits, v.out)
	if f := v.out.Failure; f != nil && f.Kind == crawler.FailOurs && s.obs.Trouble == "" && !extra(v.out.Ask.Kind) {
		s.obs.Trouble = f.Detail
	}
}

// extra tells whether a verdict can do without this ask.
func extra(k crawler.AskKind) bool {
	switch k {
	case crawler.AskScript, crawler.AskInner, crawler.AskNoName, crawler.AskRobots:
		return true
	}
	return false
}
