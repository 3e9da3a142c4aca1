package web

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/web/api"
	"github.com/beianwatch/beianwatch/reports/web/pages"
)

// A gate stands before every handler: it finds out who asks, and refuses what a page of
// another origin could send through a browser.
type gate struct {
	conf     Config
	accounts *account.Keeper
	sessions *account.Sessions
	origins  *http.CrossOriginProtection

	mu    sync.Mutex
	used  bool      // there are users
	asked time.Time // when that was asked
}

// usedFor is how long the answer to whether there are users holds.
const usedFor = 2 * time.Second

func newGate(conf Config) *gate {
	g := &gate{conf: conf, accounts: conf.Actions.Accounts, origins: http.NewCrossOriginProtection()}
	g.sessions = g.accounts.Sessions(conf.Secure)
	return g
}

// maxForm bounds what is sent where no file or page is, in bytes.
const maxForm = 256 << 10

// mostOf is how many bytes may be sent to a path.
func mostOf(path string) int64 {
	switch path {
	case "/inventory", api.Prefix + "/inventories":
		return actions.MaxUpload + 1<<20
	case "/check", "/self-check":
		return 3*actions.MaxPage + maxForm // a form writes a byte of Chinese as three
	case api.Prefix + "/pages":
		return actions.MaxPage + 1
	}
	return maxForm
}

// around makes the handler that people reach.
func (g *gate) around(next http.Handler) http.Handler {
	inner := g.origins.Handler(g.sessions.Handler(g.identify(next)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", pages.Policy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if g.conf.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if used, err := g.users(r.Context()); err != nil {
			fail(w, http.StatusServiceUnavailable, "the database does not answer: "+err.Error())
			return
		} else if !used && !local(r.Host) {
			fail(w, http.StatusForbidden, "call this machine by 127.0.0.1 or localhost")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, mostOf(r.URL.Path))
		inner.ServeHTTP(w, r)
	})
}

// local reports whether a host is this machine: other names that lead here (DNS
// rebinding) are refused while nobody logs in.
func local(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && a.IsLoopback()
}

// users reports whether there are users, who then log in; a provider may always send some.
func (g *gate) users(ctx context.Context) (bool, error) {
	if g.conf.OIDC != nil {
		return true, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Since(g.asked) < usedFor {
		return g.used, nil
	}
	used, err := g.accounts.Used(ctx)
	if err == nil {
		g.used, g.asked = used, time.Now()
	}
	return used, err
}

// identify puts who asks into the request: by token, by session, or as everybody on
// this machine where there are no users.
func (g *gate) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		var v account.Viewer
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			v, ok = g.accounts.ByToken(ctx, strings.TrimSpace(token))
			if !ok || v.Name == account.Local.Name && g.conf.OIDC != nil {
				w.Header().Set("WWW-Authenticate", "Bearer")
				fail(w, http.StatusUnauthorized, "this token is not valid")
				return
			}
		} else if used, err := g.users(ctx); err == nil && !used {
			v = account.Local
		} else if err == nil {
			v, _ = g.sessions.Viewer(ctx)
		}
		next.ServeHTTP(w, r.WithContext(account.With(ctx, v)))
	})
}

// need lets only those through who may do something.
func (g *gate) need(a account.Action, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !account.From(r.Context()).May(a) {
			fail(w, http.StatusForbidden, actions.ErrForbidden.Error())
			return
		}
		next.ServeHTTP(w, r)
	})
}

// address is from where a request comes.
func (g *gate) address(r *http.Request) string {
	if g.conf.Proxy {
		// The last entry is the proxy's own; what stands before it, anybody can write.
		list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if a, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1])); err == nil {
			return a.String()
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
