// Package web answers over HTTP: the dashboard for people (pages), the API for
// programs (api), figures for Prometheus, and the calls of the first API. All of them go
// by the same actions. Without users it listens on loopback alone and takes nothing from
// pages of other origins; with users, people log in and programs have tokens.
package web

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/web/api"
	"github.com/beianwatch/beianwatch/reports/web/metrics"
	"github.com/beianwatch/beianwatch/reports/web/oidc"
	"github.com/beianwatch/beianwatch/reports/web/pages"
)

// Config says who answers, and to whom.
type Config struct {
	Actions *actions.Service
	Version string // of the program, for the API's description
	// Secure says that people reach the dashboard by https, here or at a proxy.
	Secure bool
	// Proxy says that every request comes by a proxy, which names the client in
	// X-Forwarded-For.
	Proxy bool
	// OIDC is a log-in at a provider; nil: none. With one everybody logs in.
	OIDC *oidc.Config
	// Queue returns how many jobs wait by kind, for the figures; nil: not known.
	Queue func(context.Context) (map[string]int, error)
}

// Handler answers.
func Handler(conf Config) http.Handler {
	mux := http.NewServeMux()
	g := newGate(conf)
	calls{conf.Actions}.register(mux)
	api.Register(mux, conf.Actions, conf.Version)
	latency := metrics.NewLatency()
	mux.Handle("GET /metrics", g.need(account.Measure, metrics.Handler(conf.Actions, conf.Queue, latency)))
	site := &pages.Site{Actions: conf.Actions, Sessions: g.sessions, Address: g.address}
	if conf.OIDC != nil {
		site.Single = oidc.New(*conf.OIDC, g.accounts, g.sessions)
	}
	site.Register(mux)
	return g.around(latency.Around(mux))
}

// Listen opens an address. Any but one of this machine's own is refused unless people
// have to log in (users).
func Listen(address string, users bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, message.Errorf("请写如 127.0.0.1:8090", "write it as 127.0.0.1:8090")
	}
	if a, err := netip.ParseAddr(host); !users && (err != nil || !a.IsLoopback()) {
		return nil, message.Errorf("目前没有用户，只允许本机地址（127.0.0.1:端口 或 [::1]:端口）；用“beianwatch user add 名称 --role admin”创建用户后可用其他地址", "only this machine's own address is allowed (127.0.0.1:PORT or [::1]:PORT), because there are no users yet; make one with 'beianwatch user add NAME --role admin'")
	}
	return net.Listen("tcp", address)
}

// Times of the server. A handler that needs longer says so by its response controller.
const (
	headerTime = 5 * time.Second
	readTime   = 30 * time.Second
	writeTime  = 60 * time.Second
	idleTime   = time.Minute
)

// Serve answers on l until ctx ends; what is under way then may take a moment more.
// Streams end with ctx. With a certificate it speaks https.
func Serve(ctx context.Context, l net.Listener, h http.Handler, cert *tls.Certificate) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime, MaxHeaderBytes: 16 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	if cert != nil {
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
	}
	done := make(chan error, 1)
	go func() {
		if cert != nil {
			done <- s.ServeTLS(l, "", "")
			return
		}
		done <- s.Serve(l)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := s.Shutdown(ctx)
	<-done
	return err
}
