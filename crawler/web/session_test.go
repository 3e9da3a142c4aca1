package web

import (
	"context"
	"net/http"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// Parts of a page come over the connection of the page, what decides over one
// of its own, and a connection that the server has closed is replaced.
func TestSessionKeepsItsConnection(t *testing.T) {
	n := newInternet(t)
	requests := make(chan string, 10) // the connection of each, by the port at our side
	n.site("a.cn", func(w http.ResponseWriter, r *http.Request) {
		requests <- r.RemoteAddr
		if r.URL.Path == "/last.js" {
			panic(http.ErrAbortHandler) // the connection goes without an answer
		}
		w.Write([]byte("text"))
	})
	obs := &crawler.Observation{Domain: "a.cn"}
	s := n.client().Session(obs)
	defer s.Close()
	for _, ask := range []crawler.Ask{
		{Kind: crawler.AskHome},
		{Kind: crawler.AskScript, URL: "http://a.cn/a.js"},
		{Kind: crawler.AskScript, URL: "http://a.cn/b.js"},
		{Kind: crawler.AskFollow, URL: "http://a.cn/home"},
		{Kind: crawler.AskScript, URL: "http://a.cn/last.js"},
	} {
		s.Do(context.Background(), ask)
	}
	var over []string
	for len(requests) > 0 {
		over = append(over, <-requests)
	}
	if len(obs.Visits) != 5 || len(over) != 6 {
		t.Fatalf("%d visits, requests over %v", len(obs.Visits), over)
	}
	if over[1] != over[0] || over[2] != over[0] || over[3] == over[0] || over[4] != over[3] || over[5] == over[4] {
		t.Errorf("requests over %v", over)
	}
	for i, v := range obs.Visits {
		if failed := v.Failure != nil; failed != (i == 4) {
			t.Errorf("visit %d: %v", i, v.Failure)
		}
	}
}
