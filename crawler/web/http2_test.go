package web

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// secure2 serves the handler over HTTP/2, and over HTTP/1.1 too unless only is
// set.
func (n *internet) secure2(host string, only bool, h http.HandlerFunc) {
	n.t.Helper()
	conf := selfSigned(n.t, host)
	s := &http.Server{Handler: h, TLSConfig: conf, Protocols: new(http.Protocols), ErrorLog: log.New(io.Discard, "", 0)}
	s.Protocols.SetHTTP2(true)
	s.Protocols.SetHTTP1(!only)
	l := n.listen(host, 443)
	go s.ServeTLS(l, "", "")
	n.t.Cleanup(func() { s.Close() })
}

func TestHTTP2(t *testing.T) {
	for name, only := range map[string]bool{"beside HTTP/1.1": false, "alone": true} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			var conns []string
			n.secure2("a.cn", only, func(w http.ResponseWriter, r *http.Request) {
				conns = append(conns, r.RemoteAddr)
				if r.URL.Path == "/" {
					w.Header().Set("Location", "/home")
					w.WriteHeader(http.StatusFound)
					return
				}
				w.Header().Set("Content-Encoding", "gzip")
				w.Write(gzipped([]byte("over " + r.Proto + ", " + r.Host)))
			})
			obs := &crawler.Observation{Domain: "a.cn"}
			s := n.client().Session(obs)
			defer s.Close()
			s.Do(t.Context(), crawler.Ask{Kind: crawler.AskHTTPS})
			s.Do(t.Context(), crawler.Ask{Kind: crawler.AskScript, URL: "https://a.cn/a.js"})
			for i, v := range obs.Visits {
				if p := v.Last(); p == nil || string(p.Body) != "over HTTP/2.0, a.cn" || p.Proto != "HTTP/2.0" || p.TLS == nil || p.Cut {
					t.Errorf("visit %d: failure %v, %+v", i, v.Failure, v.Hops)
				}
			}
			if len(conns) != 3 || conns[1] != conns[0] || conns[2] != conns[0] {
				t.Errorf("requests over %v", conns)
			}
		})
	}
}

// A long body is cut, and a server that stops in the midst of one ends by the
// clock of the hop, over HTTP/2 as over HTTP/1.1.
func TestHTTP2Bounds(t *testing.T) {
	n := newInternet(t)
	n.secure2("a.cn", true, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/header":
			w.Header().Set("X", strings.Repeat("x", 300<<10))
		case "/stalls":
			io.WriteString(w, "begin")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		case "/silent":
			<-r.Context().Done()
		default:
			for {
				if _, err := w.Write(make([]byte, 4096)); err != nil {
					return
				}
			}
		}
	})
	for path, want := range map[string]struct {
		size int
		kind crawler.FailureKind
		slow bool // it ends by the clock
	}{
		"/": {5000, "", false}, "/stalls": {5, "", true}, "/silent": {0, crawler.FailTimeout, true}, "/header": {0, crawler.FailProtocol, false},
	} {
		patiently(func(limit time.Duration) bool {
			s := n.client(func(o *Options) {
				if o.MaxBody = 5000; want.slow {
					o.Timeout = limit
				}
			}).Session(&crawler.Observation{Domain: "a.cn"})
			defer s.Close()
			s.Do(t.Context(), crawler.Ask{Kind: crawler.AskFollow, URL: "https://a.cn" + path})
			if want.slow && want.size > 0 && came(s) == 0 {
				return false
			}
			v := &s.obs.Visits[0]
			if p := v.Last(); kindOf(v) != want.kind || p != nil && (len(p.Body) != want.size || !p.Cut) {
				t.Errorf("%s: failure %v, hops %d", path, v.Failure, len(v.Hops))
			}
			return true
		})
	}
}

// A server that agrees on HTTP/2 and cannot speak it is asked over HTTP/1.1, as
// browsers do where it says so.
func TestHTTP2ThatIsNone(t *testing.T) {
	n := newInternet(t)
	conf := selfSigned(t, "a.cn")
	conf.NextProtos = []string{"h2", "http/1.1"}
	n.raw("a.cn", 443, func(c net.Conn) {
		tc := tls.Server(c, conf)
		if tc.Handshake() != nil {
			return
		}
		if tc.ConnectionState().NegotiatedProtocol == "h2" {
			tc.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			return
		}
		readRequest(tc)
		fmt.Fprint(tc, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	})
	obs := look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskHTTPS})
	if p := obs.Visits[0].Last(); p == nil || string(p.Body) != "ok" {
		t.Errorf("failure %v", obs.Visits[0].Failure)
	}
}
