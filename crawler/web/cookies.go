package web

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler"
)

// A jar holds the cookies of one visit; it is made when the first one comes.
// Some sites answer only a visitor who shows the cookie that the redirect before
// set; nothing is kept for later.
type jar struct {
	inner  *cookiejar.Jar
	values map[string]string
	turns  int
}

// jarOf returns the jar for an ask. An ask that goes on from what was seen
// begins with the cookies that the earlier visits set, as a browser would.
func (s *Session) jarOf(kind crawler.AskKind) *jar {
	j := &jar{}
	switch kind {
	case crawler.AskFollow, crawler.AskScript, crawler.AskPart, crawler.AskInner:
	default:
		return j
	}
	for i := range s.obs.Visits {
		if s.obs.Visits[i].Ask.Kind == crawler.AskNoName {
			continue
		}
		for k := range s.obs.Visits[i].Hops {
			p := &s.obs.Visits[i].Hops[k]
			if len(p.Header["Set-Cookie"]) == 0 {
				continue
			}
			if u, err := url.Parse(p.URL); err == nil {
				j.SetCookies(u, (&http.Response{Header: p.Header}).Cookies())
			}
		}
	}
	return j
}

// SetCookies takes an answer's cookies (http.CookieJar).
func (j *jar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	if len(cookies) == 0 {
		return
	}
	if j.inner == nil {
		j.inner, _ = cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // never fails
		j.values = map[string]string{}
	}
	j.inner.SetCookies(u, cookies)
	for _, c := range cookies {
		if was, ok := j.values[c.Name]; !ok || was != c.Value {
			j.values[c.Name] = c.Value
			j.turns++
		}
	}
}

// Cookies returns the cookies for a URL (http.CookieJar).
func (j *jar) Cookies(u *url.URL) []*http.Cookie {
	if j.inner == nil {
		return nil
	}
	return j.inner.Cookies(u)
}

// changes counts how often a cookie was set to a new value. A nil jar has none.
func (j *jar) changes() int {
	if j == nil {
		return 0
	}
	return j.turns
}
