package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
)

// The calls of the first API. They stay as they are:
//
//	POST /api/checks      {"domain":"example.cn","filing":"京ICP备12345678号-1"} → 202 {"id":"…"}
//	GET  /api/checks/ID   {"id":"…","state":"waiting|looking|done|failed","reason":"…","record":{…}}
//	GET  /api/runs        {"runs":[{"id":"…","state":"…",…}]}, the newest first
//	GET  /healthz         200 if the database answers, else 503
//
// filing may be left out, or be "none". A record is what --format jsonl writes.
// Errors are {"error":"…"}.
type calls struct{ s *actions.Service }

// Bounds on what is taken.
const (
	maxBody  = 16 << 10
	maxField = 1 << 10
	maxRuns  = 50
)

func (c calls) register(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/checks", c.ask)
	mux.HandleFunc("GET /api/checks/{id}", c.check)
	mux.HandleFunc("GET /api/runs", c.runs)
	mux.HandleFunc("GET /healthz", c.healthz)
}

// A check is what is told of one.
type check struct {
	ID     string          `json:"id"`
	Domain string          `json:"domain"`
	Asked  time.Time       `json:"asked"`
	State  string          `json:"state"`            // waiting, looking, done, failed
	Reason string          `json:"reason,omitempty"` // why it failed
	Record json.RawMessage `json:"record,omitempty"` // when it is done
}

func (c calls) ask(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		fail(w, http.StatusUnsupportedMediaType, "send JSON, with the header Content-Type: application/json")
		return
	}
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
	id, err := c.visit(r.Context(), q.Domain, q.Filing)
	if err != nil {
		c.refuse(w, err)
		return
	}
	w.Header().Set("Location", "/api/checks/"+id)
	answer(w, http.StatusAccepted, map[string]string{"id": id})
}

// visit has a site visited. Where there are no users it does so each time it is asked, as
// it always did.
func (c calls) visit(ctx context.Context, domain, filing string) (string, error) {
	v := account.From(ctx)
	if v == account.Local && c.s.Visit != nil {
		return c.s.Visit(ctx, domain, filing)
	}
	return c.s.VisitNow(ctx, v, domain, filing)
}

// refuse says why there is no answer.
func (c calls) refuse(w http.ResponseWriter, err error) {
	var bad *actions.BadRequest
	var soon *actions.TooSoon
	switch {
	case errors.As(err, &bad):
		fail(w, http.StatusBadRequest, bad.Error())
	case errors.As(err, &soon):
		fail(w, http.StatusTooManyRequests, soon.Error())
	case errors.Is(err, actions.ErrForbidden):
		fail(w, http.StatusForbidden, err.Error())
	default:
		fail(w, http.StatusServiceUnavailable, err.Error())
	}
}

func (c calls) check(w http.ResponseWriter, r *http.Request) {
	q, err := c.s.CheckOf(r.Context(), account.From(r.Context()), r.PathValue("id"))
	switch {
	case errors.Is(err, actions.ErrNotFound):
		fail(w, http.StatusNotFound, "there is no such check: they are kept for a week")
	case err != nil:
		c.refuse(w, err)
	default:
		answer(w, http.StatusOK, check{q.ID, q.Domain, q.Asked, q.State, q.Reason.In(c.s.Lang), q.Record.In(c.s.Lang)})
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

func (c calls) runs(w http.ResponseWriter, r *http.Request) {
	if !account.From(r.Context()).May(account.SeeAll) {
		fail(w, http.StatusForbidden, actions.ErrForbidden.Error())
		return
	}
	list, err := c.s.Store.Runs(r.Context(), maxRuns)
	if err != nil {
		c.refuse(w, err)
		return
	}
	out := make([]run, 0, len(list))
	for _, r := range list {
		out = append(out, run{r.ID, r.Inventory, r.Entry, string(r.State), r.Trouble, r.StartedAt, r.FinishedAt, r.Lines, r.Rejected, r.Verdicts})
	}
	answer(w, http.StatusOK, map[string]any{"runs": out})
}

func (c calls) healthz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if _, err := c.s.Store.Runs(ctx, 1); err != nil {
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
