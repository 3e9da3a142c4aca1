package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gocolly/colly/v2"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// maxRefresh is the longest delay in seconds of a Refresh header that is
// followed. A longer one is a page that a person reads first.
const maxRefresh = 5

// next is where the last answer leads, by Location or by a Refresh header: a
// URL, or what could not be made one with the reason, or nothing.
func (v *visit) next(from *url.URL) (string, *crawler.Failure) {
	p := &v.out.Hops[len(v.out.Hops)-1]
	if v.out.Ask.Kind == crawler.AskNoName {
		return "", nil // the question is whether this address answers at all
	}
	loc := pointer(p)
	if loc == "" {
		return "", nil
	}
	to := from.String()
	if !strings.HasPrefix(loc, "#") {
		// colly resolves as browsers do (WHATWG): backslashes, missing slashes, IDN hosts.
		if to = (&colly.Request{URL: from}).AbsoluteURL(escape(loc)); to == "" {
			return loc, crawler.NewFailure(crawler.FailScheme, "the redirect is no usable URL: "+loc)
		}
	}
	to, _, _ = strings.Cut(to, "#")
	if p.Status < 300 && to == p.URL {
		return "", nil // a page that refreshes itself is there already
	}
	if _, err := url.Parse(to); err != nil {
		return to, crawler.NewFailure(crawler.FailScheme, "the redirect leads to something that is no web page: "+to)
	}
	return to, nil
}

// forbidden returns why a redirect may not be followed, or nil.
func (v *visit) forbidden(to string) *crawler.Failure {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return crawler.NewFailure(crawler.FailScheme, "the redirect leads to something that is no web page: "+to)
	}
	if err := v.c.opt.Guard.CheckPort(portOf(u)); err != nil {
		return crawler.NewFailure(crawler.FailScheme, err.Error())
	}
	// The same URL again is a loop, unless a cookie was set since: some sites
	// set one and send the visitor round once to see whether it sticks.
	if state, again := v.seen[to]; again && state == v.jar.changes() {
		return crawler.NewFailure(crawler.FailRedirects, message.RedirectLoop.Fill())
	}
	return nil
}

// pointer is the raw target that an answer names, or "".
func pointer(p *crawler.Page) string {
	switch p.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return strings.TrimSpace(p.Header.Get("Location"))
	}
	if p.Status < 200 || p.Status > 299 {
		return ""
	}
	if delay, to, ok := parseRefresh(p.Header.Get("Refresh")); ok && delay <= maxRefresh {
		return to
	}
	return ""
}

// parseRefresh reads "0; url=/index.html" as the HTML standard does
// (https://html.spec.whatwg.org/#shared-declarative-refresh-steps). It is not
// ok without a URL: then the page only reloads itself.
func parseRefresh(s string) (seconds int, to string, ok bool) {
	s = strings.TrimLeft(s, " \t\r\n\f")
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if digits == 0 && !strings.HasPrefix(s, ".") {
		return 0, "", false
	}
	seconds, err := strconv.Atoi("0" + s[:digits])
	if err != nil {
		return 0, "", false // more digits than a number holds
	}
	s = strings.TrimLeft(s[digits:], "0123456789.")
	rest := strings.TrimLeft(s, " \t\r\n\f;,")
	if rest == s {
		return 0, "", false // a number followed by anything but a separator, or by nothing
	}
	if len(rest) >= 3 && strings.EqualFold(rest[:3], "url") {
		if after, found := strings.CutPrefix(strings.TrimLeft(rest[3:], " \t\r\n\f"), "="); found {
			rest = strings.TrimLeft(after, " \t\r\n\f")
		}
	}
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		rest, _, _ = strings.Cut(rest[1:], rest[:1])
	}
	rest = strings.TrimSpace(rest)
	return seconds, rest, rest != ""
}

// escape makes a Location of raw GBK bytes a URL: bytes that are not UTF-8 are
// percent-encoded as they are, which is what servers that send them expect.
func escape(loc string) string {
	if utf8.ValidString(loc) {
		return loc
	}
	var b strings.Builder
	for i := range len(loc) {
		if c := loc[i]; c >= utf8.RuneSelf {
			b.WriteString("%" + strings.ToUpper(strconv.FormatUint(uint64(c), 16)))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func portOf(u *url.URL) uint16 {
	switch {
	case u.Port() != "":
		return atoi(u.Port())
	case u.Scheme == "https":
		return 443
	}
	return 80
}

// atoi reads a port; anything else is 0, which no guard allows.
func atoi(s string) uint16 {
	n, _ := strconv.ParseUint(s, 10, 16)
	return uint16(n)
}
