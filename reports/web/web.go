// Package web answers over HTTP on this machine: a small JSON API to ask for
// one site and to see the runs. It knows no accounts, so it listens on loopback
// only, and it takes nothing from pages of other origins.
//
//	POST /api/checks      {"domain":"example.cn","filing":"京ICP备12345678号-1"} → 202 {"id":"…"}
//	GET  /api/checks/ID   {"id":"…","state":"waiting|looking|done|failed","reason":"…","record":{…}}
//	GET  /api/runs        {"runs":[{"id":"…","state":"…",…}]}, the newest first
//	GET  /healthz         200 if the database answers, else 503
//
// filing may be left out, or be "none". A record is what --format jsonl writes.
// Errors are {"error":"…"}.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports"
)

// A Check is one site that was asked for.
type Check struct {
	ID     string          `json:"id"`
	Domain string          `json:"domain"`
	Asked  time.Time       `json:"asked"`
	State  string          `json:"state"`            // waiting, looking, done, failed
	Reason string          `json:"reason,omitempty"` // why it failed
	Record json.RawMessage `json:"record,omitempty"` // when it is done
}

// Config says who answers.
type Config struct {
	// Ask takes a domain and what is filed for it. An error that is a
	// [BadRequest] is the asker's.
	Ask func(ctx context.Context, domain, filing string) (id string, err error)
	// Check gives one that was asked for; [ErrNotFound] if it is not there.
	Check func(ctx context.Context, id string) (*Check, error)
	// Runs lists the newest runs.
	Runs func(ctx context.Context, limit int) ([]*reports.Run, error)
}

// ErrNotFound says that there is no such thing.
var ErrNotFound = message.Errorf("没有该次检查", "there is no such check")

// BadRequest says what is wrong with what was asked.
type BadRequest struct{ Err error }

func (b *BadRequest) Error() string { return b.Err.Error() }

// Bounds on what is taken.
const (
	maxBody  = 16 << 10
	maxField = 1 << 10
	runsMost = 50
)

// Handler answers.
func Handler(conf Config) http.Handler {
	mux := http.NewServeMux()
	s := server{conf}
	mux.HandleFunc("POST /api/checks", s.ask)
	mux.HandleFunc("GET /api/checks/{id}", s.check)
	mux.HandleFunc("GET /api/runs", s.runs)
	mux.HandleFunc("GET /healthz", s.healthz)
	return local(mux)
}

// Listen opens a loopback address; any other is refused.
func Listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, message.Errorf("请写如 127.0.0.1:8090", "write it as 127.0.0.1:8090")
	}
	if a, err := netip.ParseAddr(host); err != nil || !a.IsLoopback() {
		return nil, message.Errorf("只允许本机地址（127.0.0.1:端口 或 [::1]:端口），因为目前没有账号；要供他人访问，请在前面加一个需登录的代理", "only this machine's own address is allowed (127.0.0.1:PORT or [::1]:PORT), because there are no accounts yet; for others put a proxy with a log-in in front")
	}
	return net.Listen("tcp", address)
}

// Serve answers on l until ctx ends; what is under way then may take a moment
// more.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
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

// local refuses what a page of another origin could send through a browser on
// this machine: names that only lead here (DNS rebinding), and bodies that a
// form can send.
func local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		a, err := netip.ParseAddr(strings.Trim(host, "[]"))
		if host != "localhost" && (err != nil || !a.IsLoopback()) {
			fail(w, http.StatusForbidden, "call this machine by 127.0.0.1 or localhost")
			return
		}
		if r.Method == http.MethodPost && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			fail(w, http.StatusUnsupportedMediaType, "send JSON, with the header Content-Type: application/json")
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

type server struct{ conf Config }

func (s server) ask(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Domain string `json:"domain"`
		Filing string `json:"filing"`
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil {
		fail(w, http.StatusBadRequest, `send {"domain":"example.cn"}, or {"domain":"example.cn","filing":"京ICP备12345678号-1"}: `+err.Error())
		return
	}
	if q.Domain == "" || len(q.Domain) > maxField || len(q.Filing) > maxField {
		fail(w, http.StatusBadRequest, `"domain" is wanted, of at most 1024 bytes, as is "filing"`)
		return
	}
	id, err := s.conf.Ask(r.Context(), q.Domain, q.Filing)
	var bad *BadRequest
	switch {
	case errors.As(err, &bad):
		fail(w, http.StatusBadRequest, bad.Error())
	case err != nil:
		fail(w, http.StatusServiceUnavailable, err.Error())
	default:
		w.Header().Set("Location", "/api/checks/"+id)
		answer(w, http.StatusAccepted, map[string]string{"id": id})
	}
}

func (s server) check(w http.ResponseWriter, r *http.Request) {
	c, err := s.conf.Check(r.Context(), r.PathValue("id"))
	switch {
	case errors.Is(err, ErrNotFound):
		fail(w, http.StatusNotFound, "there is no such check: they are kept for a week")
	case err != nil:
		fail(w, http.StatusServiceUnavailable, err.Error())
	default:
		answer(w, http.StatusOK, c)
	}
}

// A run is what the API says of one.
type run struct {
	ID        string    `json:"id"`
	Inventory string    `json:"inventory"`
	Entry     string    `json:"entry,omitempty"`
	State     string    `json:"state"`
	Trouble   string    `json:"trouble,omitempty"`
	Started   time.Time `json:"started"`
	Finished  time.Time `json:"finished,omitzero"`
	Lines     int       `json:"lines"`
	Rejected  int       `json:"rejected"`
	Verdicts  int       `json:"verdicts"`
}

func (s server) runs(w http.ResponseWriter, r *http.Request) {
	list, err := s.conf.Runs(r.Context(), runsMost)
	if err != nil {
		fail(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	out := make([]run, 0, len(list))
	for _, r := range list {
		out = append(out, run{r.ID, r.Inventory, r.Entry, string(r.State), r.Trouble, r.StartedAt, r.FinishedAt, r.Lines, r.Rejected, r.Verdicts})
	}
	answer(w, http.StatusOK, map[string]any{"runs": out})
}

func (s server) healthz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if _, err := s.conf.Runs(ctx, 1); err != nil {
		fail(w, http.StatusServiceUnavailable, "the database does not answer: "+err.Error())
		return
	}
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) //nolint:errcheck // the client has gone away
}

func fail(w http.ResponseWriter, status int, why string) {
	answer(w, status, map[string]string{"error": why})
}
