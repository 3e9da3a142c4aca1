package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// recheck asks for the home page of a site of which the last answer is known.
func recheck(c *Client, domain string, known Known) (*crawler.Observation, bool) {
	obs := &crawler.Observation{Domain: domain}
	s := c.Session(obs)
	defer s.Close()
	unchanged := s.Recheck(context.Background(), crawler.Ask{Kind: crawler.AskHome}, &known)
	return obs, unchanged
}

func TestRecheck(t *testing.T) {
	n := newInternet(t)
	tag, asked := `"v1"`, 0
	n.site("a.cn", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			if r.Header.Get("If-None-Match") != "" {
				t.Error("a redirect was asked whether it has changed")
			}
			http.Redirect(w, r, "/home", http.StatusFound)
			return
		}
		asked++
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, "page "+tag)
	})
	c := n.client()
	first := look(c, "a.cn", crawler.Ask{Kind: crawler.AskHome})
	known := KnownOf(first.Visits[0].Last())
	if known != (Known{URL: "http://a.cn/home", ETag: `"v1"`}) {
		t.Fatalf("known: %+v", known)
	}
	obs, unchanged := recheck(c, "a.cn", known)
	if p := obs.Visits[0].Last(); !unchanged || p == nil || p.Status != http.StatusNotModified || len(p.Body) != 0 || len(obs.Visits[0].Hops) != 2 {
		t.Errorf("unchanged %v, visits %+v", unchanged, obs.Visits)
	}
	tag = `"v2"`
	obs, unchanged = recheck(c, "a.cn", known)
	if p := obs.Visits[0].Last(); unchanged || p == nil || string(p.Body) != `page "v2"` {
		t.Errorf("a changed page: unchanged %v, visits %+v", unchanged, obs.Visits)
	}
	if asked != 3 {
		t.Errorf("%d requests for the page, not 3", asked)
	}
}

// TestRecheckDoubts: a 304 that does not fit the question is no answer.
func TestRecheckDoubts(t *testing.T) {
	n := newInternet(t)
	n.site("other.cn", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			w.Header().Set("ETag", `"v2"`) // not the one that was asked about
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, "in full")
	})
	n.site("moved.cn", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return
		}
		w.WriteHeader(http.StatusNotModified) // to a question that no one asked
	})
	c := n.client()
	obs, unchanged := recheck(c, "other.cn", Known{URL: "http://other.cn/", ETag: `"v1"`})
	if p := obs.Visits[0].Last(); unchanged || len(obs.Visits) != 1 || p == nil || string(p.Body) != "in full" {
		t.Errorf("another ETag: unchanged %v, visits %+v", unchanged, obs.Visits)
	}
	obs, unchanged = recheck(c, "moved.cn", Known{URL: "http://moved.cn/", ETag: `"v1"`})
	if p := obs.Visits[0].Last(); unchanged || len(obs.Visits) != 1 || p == nil || p.Status != http.StatusNotModified {
		t.Errorf("a 304 that nobody asked for: unchanged %v, visits %+v", unchanged, obs.Visits)
	}
}

func TestKnownOfLeavesOutWhatNobodyMeans(t *testing.T) {
	got := KnownOf(&crawler.Page{URL: "http://a.cn/", Header: http.Header{"Etag": {strings.Repeat("x", 200)}, "Last-Modified": {"a\r\nb"}}})
	if got != (Known{URL: "http://a.cn/"}) || got.asks() {
		t.Errorf("%+v", got)
	}
}
