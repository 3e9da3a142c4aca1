package web

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
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

// Where the site itself told us to stay away, that we could not ask further is
// not our trouble.
func TestTurnedAway(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		after  string
		ours   bool
	}{
		"429":                    {429, "", false},
		"503 with Retry-After":   {503, "86400", false},
		"503":                    {503, "", true},
		"200 with a Retry-After": {200, "86400", true},
	} {
		n := newInternet(t)
		n.site("a.cn", func(w http.ResponseWriter, r *http.Request) {
			if c.after != "" {
				w.Header().Set("Retry-After", c.after)
			}
			w.WriteHeader(c.status)
		})
		leaves := 0
		client := n.client(func(o *Options) {
			o.Gate = func(context.Context, netip.Addr) (func(), error) {
				if leaves++; leaves > 1 {
					return nil, errors.New("not before tomorrow")
				}
				return func() {}, nil
			}
		})
		obs := look(client, "a.cn", crawler.Ask{Kind: crawler.AskHome}, crawler.Ask{Kind: crawler.AskHTTPS})
		if kindOf(&obs.Visits[1]) != crawler.FailOurs || (obs.Trouble != "") != c.ours {
			t.Errorf("%s: %v, trouble %q", name, obs.Visits[1].Failure, obs.Trouble)
		}
	}
}
