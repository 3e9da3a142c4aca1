// Package api is the API for programs, version 1, below /api/v1: the same actions as the
// dashboard's. Its description is made from the code: /openapi.json (OpenAPI 3.1) and
// /openapi-3.0.json for generators that know no other. Errors are problems of RFC 9457;
// lists are cut by cursors; who begins a run may send an idempotency key.
package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
)

// Prefix stands before every path of this version.
const Prefix = "/api/v1"

// maxJSON bounds what is sent as JSON.
const maxJSON = 64 << 10

// A service answers the calls.
type service struct {
	s   *actions.Service
	api huma.API
}

// Register adds the API and its description to a mux. version is the program's.
func Register(mux *http.ServeMux, s *actions.Service, version string) {
	conf := huma.DefaultConfig("beianwatch", version)
	conf.Info.Description = "Checks live websites against China's ICP filing (ICP备案) rules and backs every result with evidence."
	conf.OpenAPIPath, conf.DocsPath, conf.SchemasPath = "/openapi", "", "" // its own page of documentation loads from elsewhere
	conf.CreateHooks = nil
	conf.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "An API token of the dashboard's account page."}}
	conf.Security = []map[string][]string{{"token": {}}}
	a := humago.New(mux, conf)
	a.UseMiddleware(loggedIn(a))
	v := &service{s, a}
	v.runs()
	v.domains()
	v.checks()
	v.inventories()
	v.waivers()
	v.letters()
	v.about()
	plainBodies(a.OpenAPI())
}

// plainBodies describes bodies of bytes as texts without a format: the format brings a keyword
// with it that OpenAPI 3.0 has not.
func plainBodies(d *huma.OpenAPI) {
	for _, path := range d.Paths {
		if path.Post == nil || path.Post.RequestBody == nil {
			continue
		}
		for _, body := range path.Post.RequestBody.Content {
			if body.Schema != nil && body.Schema.Format == "binary" {
				body.Schema.Format = ""
			}
		}
	}
}

// loggedIn refuses whoever has neither a token nor a session.
func loggedIn(a huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if account.From(ctx.Context()).Name == "" {
			ctx.SetHeader("WWW-Authenticate", "Bearer")
			huma.WriteErr(a, ctx, http.StatusUnauthorized, "send an API token: Authorization: Bearer …") //nolint:errcheck // the client has gone away
			return
		}
		next(ctx)
	}
}

// may refuses who may not do something before anything of the request is read.
func (v *service) may(a account.Action) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if !viewer(ctx.Context()).May(a) {
			huma.WriteErr(v.api, ctx, http.StatusForbidden, actions.ErrForbidden.Error()) //nolint:errcheck // the client has gone away
			return
		}
		next(ctx)
	}
}

// op describes a call: its id, method, path below Prefix, and what it does.
func op(id, method, path, summary, tag string, codes ...int) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: Prefix + path, Summary: summary, Tags: []string{tag}, MaxBodyBytes: maxJSON,
		Errors: append([]int{http.StatusUnauthorized, http.StatusForbidden}, codes...)}
}

// problem makes the answer of an action that failed a problem of RFC 9457.
func problem(err error) error {
	var bad *actions.BadRequest
	var soon *actions.TooSoon
	switch {
	case err == nil:
		return nil
	case errors.Is(err, actions.ErrForbidden):
		return huma.Error403Forbidden(err.Error())
	case errors.Is(err, actions.ErrNotFound):
		return huma.Error404NotFound(err.Error())
	case errors.Is(err, account.ErrKeyReused):
		return huma.Error422UnprocessableEntity(err.Error())
	case errors.Is(err, account.ErrUnderWay):
		return huma.Error409Conflict(err.Error())
	case errors.As(err, &soon):
		return huma.ErrorWithHeaders(huma.Error429TooManyRequests(err.Error()), http.Header{"Retry-After": {strconv.Itoa(int(soon.Wait.Seconds()) + 1)}})
	case errors.As(err, &bad):
		return huma.Error400BadRequest(bad.Error())
	case errors.Is(err, actions.ErrNotHere):
		return huma.Error503ServiceUnavailable(err.Error())
	}
	return huma.Error500InternalServerError(err.Error())
}

// viewer is who asks.
func viewer(ctx context.Context) account.Viewer { return account.From(ctx) }

// A Cut is how a list is cut.
type Cut struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"How many items at most."`
	Cursor string `query:"cursor" maxLength:"400" doc:"The next of the page before."`
}

// A page is a part of a list.
type page[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"The cursor of the next page; left out behind the last item."`
}

// A paged answer.
type paged[T any] struct{ Body page[T] }

// A Conditional call sends what it has already.
type Conditional struct {
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of what the caller has; 304 if nothing has changed."`
}

// A tagged answer has an ETag.
type tagged[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

// tag makes a tagged answer, or says that nothing has changed.
func tag[T any](c Conditional, body T) (*tagged[T], error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	etag := `"` + hex.EncodeToString(sum[:12]) + `"`
	if c.IfNoneMatch == etag || c.IfNoneMatch == "W/"+etag {
		return nil, huma.ErrorWithHeaders(huma.Status304NotModified(), http.Header{"ETag": {etag}})
	}
	return &tagged[T]{etag, body}, nil
}

// when is a time that may be missing.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
