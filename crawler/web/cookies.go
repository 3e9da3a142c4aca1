package web

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler"
)

// A jar holds the cookies of one visit. Some sites answer only a visitor who
// shows the cookie that the redirect before set; nothing is kept for later.
type jar struct {
	*cookiejar.Jar
	values map[string]string
	turns  int
}

// jarOf makes the jar for an ask. An ask that carries a look on begins with
// the cookies that the look's earlier visits set, as a browser would.
func jarOf(obs *crawler.Observation, kind crawler.AskKind) *jar {
	var j *jar
	switch kind {
	case crawler.AskFollow, crawler.AskScript, crawler.AskInner:
	default:
		return nil
	}
	for i := range obs.Visits {
		if obs.Visits[i].Ask.Kind == crawler.AskNoName {
			continue
		}
		for k := range obs.Visits[i].Hops {
			if p := &obs.Visits[i].Hops[k]; len(p.Header["Set-Cookie"]) > 0 {
				if u, err := url.Parse(p.URL); err == nil {
					j = j.take(u, p.Header)
				}
			}
		}
	}
	return j
}

// take puts an answer's cookies into the jar and gives the jar, which is made
// when the first cookie comes.
func (j *jar) take(u *url.URL, h http.Header) *jar {
	cookies := (&http.Response{Header: h}).Cookies()
	if len(cookies) == 0 {
		return j
	}
	if j == nil {
		inner, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // never fails
		j = &jar{Jar: inner, values: map[string]string{}}
	}
	j.SetCookies(u, cookies)
	for _, c := range cookies {
		if was, ok := j.values[c.Name]; !ok || was != c.Value {
			j.values[c.Name] = c.Value
			j.turns++
		}
	}
	return j
}

// changes counts how often a cookie was set to a new value.
func (j *jar) changes() int {
	if j == nil {
		return 0
	}
	return j.turns
}

// add puts the cookies for the request's URL into it.
func (j *jar) add(req *http.Request) {
	if j == nil {
		return
	}
	for _, c := range j.Cookies(req.URL) {
		req.AddCookie(c)
	}
}
