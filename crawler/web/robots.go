package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/gocolly/colly/v2"

	"github.com/beianwatch/beianwatch/crawler"
)

const (
	// robotsAgent is the name by which a robots.txt speaks to us.
	robotsAgent = "beianwatch"
	// maxRobots is how much of a robots.txt is read (RFC 9309, section 2.5: at
	// least 500 KiB).
	maxRobots = 500 << 10
)

// robotsTrip makes a request by which colly reads the robots.txt of an inner
// page's site. It is a visit of the Observation like any other, with the same
// bounds, and that visit is the cache: the file is asked for once in a session,
// whether it could be read or not.
func (v *visit) robotsTrip(req *http.Request) (*http.Response, error) {
	if v.robots == nil {
		at := req.URL.String()
		if known := v.s.robots(at); known != nil {
			return robotsAnswer(known, req)
		}
		v.robots = newVisit(v.s, v.ctx, crawler.Ask{Kind: crawler.AskRobots, URL: at})
		v.robots.jar = v.s.jarOf(crawler.AskRobots)
	}
	v.robots.idle, v.idle = v.idle, nil
	resp, err := v.robots.hop(req.WithContext(v.ctx))
	v.idle, v.robots.idle = v.robots.idle, nil
	v.robots.end()
	if err != nil || resp.Header.Get("Location") != "" {
		return resp, err
	}
	return robotsAnswer(&v.robots.out, req)
}

// robotsAnswer is what colly is handed of a robots.txt: status and text, or the
// failure.
func robotsAnswer(v *crawler.Visit, req *http.Request) (*http.Response, error) {
	p := v.Last()
	if p == nil {
		return nil, errors.New(v.Failure.String())
	}
	if p.Status < 200 || p.Status > 299 && p.Status < 400 || p.Status > 499 {
		return nil, errors.New("no file, and no word that there is none") // colly takes it for open
	}
	text := p.Body[:min(len(p.Body), maxRobots)]
	return &http.Response{StatusCode: p.Status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(text)), Uncompressed: true, Request: req}, nil
}

// robots is the visit to a robots.txt, nil if it was not asked for.
func (s *Session) robots(at string) *crawler.Visit {
	for i := range s.obs.Visits {
		if v := &s.obs.Visits[i]; v.Ask.Kind == crawler.AskRobots && v.Ask.URL == at {
			return v
		}
	}
	return nil
}

// closed is the failure of an inner page that colly did not ask for. Without a
// readable robots.txt everything is closed, without the file everything is open
// (RFC 9309, section 2.3.1).
func (v *visit) closed(err error) *crawler.Failure {
	u, parseErr := url.Parse(v.out.Ask.URL)
	if parseErr != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return crawler.NewFailure(crawler.FailScheme, "no usable URL: "+v.out.Ask.URL)
	}
	asked := v.s.robots(u.Scheme + "://" + u.Host + "/robots.txt")
	if v.robots != nil {
		asked = &v.robots.out
	}
	switch {
	case errors.Is(err, colly.ErrRobotsTxtBlocked):
		return crawler.NewFailure(crawler.FailRobots, "robots.txt closes "+u.RequestURI())
	case asked == nil:
		return crawler.NewFailure(crawler.FailScheme, "no usable URL: "+err.Error())
	case asked.Failure != nil && asked.Failure.Kind.Ours():
		return asked.Failure
	case asked.Failure != nil:
		return crawler.NewFailure(crawler.FailRobots, "robots.txt could not be read: "+asked.Failure.String())
	}
	if status := asked.Last().Status; status < 200 || status > 299 {
		return crawler.NewFailure(crawler.FailRobots, fmt.Sprintf("robots.txt answered %d", status))
	}
	return crawler.NewFailure(crawler.FailRobots, "robots.txt could not be understood: "+strings.ReplaceAll(err.Error(), "\n", " "))
}
