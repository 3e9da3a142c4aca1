package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/temoto/robotstxt"

	"github.com/beianwatch/beianwatch/crawler"
)

const (
	// robotsAgent is the name by which a robots.txt speaks to us.
	robotsAgent = "beianwatch"
	// robotsMost is how much of a robots.txt is read (RFC 9309, section 2.5:
	// at least 500 KiB).
	robotsMost = 500 << 10
)

// forbidden gives a FailRobots if the ask is for an inner page that robots.txt
// closes to us. The home page is what the law is about and is always read.
// The site's robots.txt is fetched once a look: it is a visit of the
// Observation like any other, and that visit is the cache.
func (s *Session) forbidden(ctx context.Context, ask crawler.Ask) *crawler.Failure {
	if ask.Kind != crawler.AskInner {
		return nil
	}
	u, err := url.Parse(ask.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return crawler.NewFailure(crawler.FailScheme, "no usable URL: "+ask.URL)
	}
	at := u.Scheme + "://" + u.Host + "/robots.txt"
	v := robotsVisit(s.obs, at)
	if v == nil {
		s.Do(ctx, crawler.Ask{Kind: crawler.AskRobots, URL: at})
		v = robotsVisit(s.obs, at)
	}
	if v.Failure != nil && v.Failure.Kind.Ours() {
		return v.Failure
	}
	if why := closed(v, u); why != "" {
		return crawler.NewFailure(crawler.FailRobots, why)
	}
	return nil
}

func robotsVisit(obs *crawler.Observation, at string) *crawler.Visit {
	for i := range obs.Visits {
		if v := &obs.Visits[i]; v.Ask.Kind == crawler.AskRobots && v.Ask.URL == at {
			return v
		}
	}
	return nil
}

// closed says why the URL is closed to us, or "". Without a readable answer
// everything is closed, without the file everything is open (RFC 9309, 2.3.1).
func closed(v *crawler.Visit, u *url.URL) (why string) {
	p := v.Last()
	switch {
	case p == nil:
		return "robots.txt could not be read: " + v.Failure.String()
	case p.Status >= 400 && p.Status < 500:
		return ""
	case p.Status < 200 || p.Status > 299:
		return fmt.Sprintf("robots.txt answered %d", p.Status)
	}
	defer func() { // the parser is not ours and its input is hostile
		if recover() != nil {
			why = "robots.txt could not be understood"
		}
	}()
	data, err := robotstxt.FromBytes(p.Body[:min(len(p.Body), robotsMost)])
	if err != nil {
		return "robots.txt could not be understood: " + strings.ReplaceAll(err.Error(), "\n", " ")
	}
	if !data.TestAgent(u.RequestURI(), robotsAgent) {
		return "robots.txt closes " + u.RequestURI()
	}
	return ""
}
