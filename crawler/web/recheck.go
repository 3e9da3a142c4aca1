package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
)

// Known is what a server said of a page when it gave it last, so that it can be
// asked whether the page has changed since.
type Known struct {
	URL      string // of the answer, after all redirects
	ETag     string // its ETag, "" if it had none
	Modified string // its Last-Modified, "" if it had none
}

// asks reports whether there is anything to ask the server by.
func (k *Known) asks() bool { return k != nil && k.URL != "" && (k.ETag != "" || k.Modified != "") }

// KnownOf reads what can be asked by from an answer. Validators that no server
// means (too long, not printable) are left out.
func KnownOf(answer *crawler.Page) Known {
	return Known{URL: answer.URL, ETag: validator(answer.Header.Get("ETag")), Modified: validator(answer.Header.Get("Last-Modified"))}
}

// maxValidator is the length of a validator in bytes; real ones have 20 to 50.
const maxValidator = 128

func validator(s string) string {
	if len(s) > maxValidator {
		return ""
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return ""
		}
	}
	return s
}

// Recheck is [Session.Do] for an ask of which the last answer is known: where
// the way leads to that very address again, the server is asked whether the page
// has changed (If-None-Match, If-Modified-Since). unchanged reports that it has
// not; the last hop of the visit is then the server's 304. A 304 that does not
// fit the question proves nothing, and the site is asked for the page in full.
func (s *Session) Recheck(ctx context.Context, ask crawler.Ask, known *Known) (unchanged bool) {
	if !known.asks() {
		s.Do(ctx, ask)
		return false
	}
	v := newVisit(s, ctx, ask)
	v.known = known
	s.run(v)
	last := v.out.Last()
	switch {
	case last == nil || last.Status != http.StatusNotModified:
		s.keep(v)
		return false
	case v.asked && last.URL == known.URL && known.fits(last.Header.Get("ETag")):
		s.keep(v)
		return true
	}
	s.Do(ctx, ask)
	return false
}

// fits reports whether the ETag of a 304 is the one that was asked about. Servers
// weaken it when they compress, and may leave it out.
func (k *Known) fits(tag string) bool {
	weak := func(s string) string { return strings.TrimPrefix(s, "W/") }
	return tag == "" || k.ETag == "" || weak(tag) == weak(k.ETag)
}

// condition asks whether the page has changed, if the request is for it.
func (v *visit) condition(req *http.Request) {
	v.asked = v.known != nil && req.URL.String() == v.known.URL
	if !v.asked {
		return
	}
	if v.known.ETag != "" {
		req.Header.Set("If-None-Match", v.known.ETag)
	}
	if v.known.Modified != "" {
		req.Header.Set("If-Modified-Since", v.known.Modified)
	}
}
