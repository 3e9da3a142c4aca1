package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
)

// A check is one site that was asked for.
type check struct {
	ID     string         `json:"id"`
	Domain string         `json:"domain"`
	Asked  time.Time      `json:"asked"`
	State  string         `json:"state" enum:"waiting,looking,done,failed"`
	Reason string         `json:"reason,omitempty"`
	Steps  []string       `json:"steps,omitempty" doc:"What the visit has done so far."`
	Record map[string]any `json:"record,omitempty" doc:"When it is done, as --format jsonl writes it."`
}

// An inventory that runs can be begun over.
type inventory struct {
	Name    string `json:"name"`
	Path    string `json:"path"`
	LastRun string `json:"last_run,omitempty"`
}

// A draft is an upload that nobody has accepted yet.
type draft struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Lines      int      `json:"lines"`
	Usable     int      `json:"usable"`
	Rejected   int      `json:"rejected"`
	Duplicates int      `json:"duplicates"`
	Columns    []string `json:"columns" nullable:"false" doc:"That were understood."`
	Unknown    []string `json:"unknown" nullable:"false" doc:"Headings that were not."`
	Remarks    []string `json:"remarks" nullable:"false"`
}

// A waiver accepts findings until a day.
type waiver struct {
	Domain string `json:"domain" maxLength:"300" doc:"A name, or a pattern in which * stands for any text."`
	Rule   string `json:"rule" maxLength:"80" doc:"The id of a rule, or *."`
	Until  string `json:"until" format:"date" doc:"The last day, in China."`
	Reason string `json:"reason" maxLength:"300"`
	Who    string `json:"who,omitempty" readOnly:"true"`
}

// A rule of the program.
type rule struct {
	ID       string `json:"id"`
	Severity string `json:"severity"`
	Title    string `json:"title"`
	Remedy   string `json:"remedy"`
}

// A planned run of the calendar.
type planned struct {
	Name      string    `json:"name"`
	Cron      string    `json:"cron"`
	Inventory string    `json:"inventory"`
	Next      time.Time `json:"next"`
}

func (v *service) checks() {
	ask := op("check-site", http.MethodPost, "/checks", "Have a site visited now", "Checks", 400, 429, 503)
	ask.DefaultStatus = http.StatusAccepted
	huma.Register(v.api, ask, func(ctx context.Context, in *struct {
		Body struct {
			Domain string `json:"domain" maxLength:"1024"`
			Filing string `json:"filing,omitempty" maxLength:"1024" doc:"What is filed: a number, or none."`
		}
	}) (*struct {
		Location string `header:"Location"`
		Body     struct {
			ID string `json:"id"`
		}
	}, error) {
		id, err := v.s.VisitNow(ctx, viewer(ctx), in.Body.Domain, in.Body.Filing)
		if err != nil {
			return nil, problem(err)
		}
		out := &struct {
			Location string `header:"Location"`
			Body     struct {
				ID string `json:"id"`
			}
		}{Location: Prefix + "/checks/" + url.PathEscape(id)}
		out.Body.ID = id
		return out, nil
	})
	huma.Register(v.api, op("get-check", http.MethodGet, "/checks/{id}", "Get what came of a check", "Checks", 404, 503), v.check)
	judge := op("judge-page", http.MethodPost, "/pages", "Judge the HTML of a page before it is deployed", "Checks", 400, 413, 503)
	judge.MaxBodyBytes = actions.MaxPage
	judge.Responses = map[string]*huma.Response{"200": {Description: "The record.", Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: "object", AdditionalProperties: true}}}}}
	huma.Register(v.api, judge, func(ctx context.Context, in *struct {
		Filing  string `query:"filing" maxLength:"1024" doc:"What is filed: a number, or none."`
		Lang    string `query:"lang" enum:"zh,en" default:"zh"`
		RawBody []byte `contentType:"text/html"`
	}) (*recordAnswer, error) {
		r, err := v.s.JudgePage(ctx, viewer(ctx), in.RawBody, in.Filing)
		if err != nil {
			return nil, problem(err)
		}
		line, err := export.Line(r, in.Lang)
		return &recordAnswer{ContentType: "application/json", Body: line}, err
	})
}

func (v *service) check(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"60"`
	Lang string `query:"lang" enum:"zh,en" doc:"That of the server where it is left out."`
}) (*struct{ Body check }, error) {
	c, err := v.s.CheckOf(ctx, viewer(ctx), in.ID)
	if err != nil {
		return nil, problem(err)
	}
	lang := cmp.Or(in.Lang, v.s.Lang)
	out := check{ID: c.ID, Domain: c.Domain, Asked: c.Asked, State: c.State, Reason: c.Reason.In(lang)}
	for _, step := range v.s.StepsOf(c) {
		out.Steps = append(out.Steps, step.Text.In(lang))
	}
	if record := c.Record.In(lang); record != nil {
		if err := json.Unmarshal(record, &out.Record); err != nil {
			return nil, problem(err)
		}
	}
	return &struct{ Body check }{out}, nil
}

// uploadTime is how long an inventory may take to arrive.
const uploadTime = 30 * time.Minute

// longer gives the answer the time that the inventory may take.
func longer(ctx huma.Context, next func(huma.Context)) {
	_, w := humago.Unwrap(ctx)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(uploadTime)) // a writer without deadlines has no need of one
	next(ctx)
}

func (v *service) inventories() {
	huma.Register(v.api, op("list-inventories", http.MethodGet, "/inventories", "List the inventories that runs can be begun over", "Inventories"), func(ctx context.Context, _ *struct{}) (*paged[inventory], error) {
		if !viewer(ctx).May(account.SeeAll) {
			return nil, problem(actions.ErrForbidden)
		}
		all, err := v.s.Inventories(ctx)
		if err != nil {
			return nil, problem(err)
		}
		out := &paged[inventory]{Body: page[inventory]{Items: []inventory{}}}
		for _, i := range all {
			one := inventory{Name: i.Name, Path: i.Path}
			if i.Last != nil {
				one.LastRun = i.Last.ID
			}
			out.Body.Items = append(out.Body.Items, one)
		}
		return out, nil
	})
	upload := op("upload-inventory", http.MethodPost, "/inventories", "Upload an inventory, to be accepted after a look at what was understood", "Inventories", 400, 413)
	upload.MaxBodyBytes, upload.DefaultStatus, upload.BodyReadTimeout = actions.MaxUpload, http.StatusCreated, uploadTime
	upload.Middlewares = huma.Middlewares{v.may(account.Upload), longer} // before so much is read
	huma.Register(v.api, upload, func(ctx context.Context, in *struct {
		Name    string `query:"name" required:"true" maxLength:"200" doc:"The name of the file, which ends in .csv, .xlsx or .jsonl."`
		RawBody []byte `contentType:"application/octet-stream"`
	}) (*struct{ Body draft }, error) {
		d, err := v.s.UploadInventory(ctx, viewer(ctx), in.Name, bytes.NewReader(in.RawBody))
		if err != nil {
			return nil, problem(err)
		}
		s := d.Summary
		out := draft{d.ID, d.Name, s.Lines, s.Targets, s.Rejected, s.Duplicates, []string{}, append([]string{}, s.Unknown...), []string{}}
		for _, c := range s.Columns {
			out.Columns = append(out.Columns, c.Name)
		}
		for _, m := range s.Warnings {
			out.Remarks = append(out.Remarks, m.In(v.s.Lang))
		}
		return &struct{ Body draft }{out}, nil
	})
	huma.Register(v.api, op("accept-inventory", http.MethodPost, "/inventories/drafts/{id}/accept", "Accept an upload", "Inventories", 404), func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"60"`
	}) (*struct{ Body inventory }, error) {
		d, err := v.s.DraftOf(ctx, viewer(ctx), in.ID)
		if err != nil {
			return nil, problem(err)
		}
		path, err := v.s.AcceptInventory(ctx, viewer(ctx), in.ID)
		if err != nil {
			return nil, problem(err)
		}
		return &struct{ Body inventory }{inventory{Name: d.Name, Path: path}}, nil
	})
}

func (v *service) waivers() {
	huma.Register(v.api, op("list-waivers", http.MethodGet, "/waivers", "List the waivers", "Findings"), func(ctx context.Context, _ *struct{}) (*paged[waiver], error) {
		all, err := v.s.Waivers(ctx, viewer(ctx))
		if err != nil {
			return nil, problem(err)
		}
		out := &paged[waiver]{Body: page[waiver]{Items: []waiver{}}}
		for _, w := range all {
			out.Body.Items = append(out.Body.Items, waiverOf(w))
		}
		return out, nil
	})
	put := op("waive", http.MethodPut, "/waivers", "Accept findings until a day", "Findings", 400)
	put.DefaultStatus = http.StatusNoContent
	huma.Register(v.api, put, func(ctx context.Context, in *struct{ Body waiver }) (*struct{}, error) {
		return nil, problem(v.s.Waive(ctx, viewer(ctx), in.Body.Domain, in.Body.Rule, in.Body.Until, in.Body.Reason))
	})
	end := op("unwaive", http.MethodDelete, "/waivers", "End a waiver", "Findings", 404)
	end.DefaultStatus = http.StatusNoContent
	huma.Register(v.api, end, func(ctx context.Context, in *struct {
		Domain string `query:"domain" required:"true" maxLength:"300"`
		Rule   string `query:"rule" required:"true" maxLength:"80"`
	}) (*struct{}, error) {
		return nil, problem(v.s.Unwaive(ctx, viewer(ctx), in.Domain, in.Rule))
	})
}

func waiverOf(w *reports.Waiver) waiver { return waiver{w.Domain, w.Rule, w.Until, w.Reason, w.Who} }

// about are the calls about the program and its caller.
func (v *service) about() {
	huma.Register(v.api, op("list-rules", http.MethodGet, "/rules", "List the rules", "Rules"), func(_ context.Context, in *struct {
		Lang string `query:"lang" enum:"zh,en" default:"zh"`
	}) (*paged[rule], error) {
		out := &paged[rule]{Body: page[rule]{Items: []rule{}}}
		for _, r := range v.s.Rules {
			say := func(t detect.Text) string { return t.In(in.Lang) }
			out.Body.Items = append(out.Body.Items, rule{r.ID, string(r.Severity), say(r.Title), say(r.Remedy)})
		}
		return out, nil
	})
	huma.Register(v.api, op("list-calendar", http.MethodGet, "/calendar", "List what is planned", "Runs"), func(ctx context.Context, _ *struct{}) (*paged[planned], error) {
		if !viewer(ctx).May(account.SeeAll) {
			return nil, problem(actions.ErrForbidden)
		}
		out := &paged[planned]{Body: page[planned]{Items: []planned{}}}
		if v.s.Calendar == nil {
			return out, nil
		}
		all, err := v.s.Calendar(ctx)
		if err != nil {
			return nil, problem(err)
		}
		for _, p := range all {
			out.Body.Items = append(out.Body.Items, planned{p.Name, p.Cron, p.Inventory, p.Next})
		}
		return out, nil
	})
	huma.Register(v.api, op("get-me", http.MethodGet, "/me", "Get who asks", "Account"), func(ctx context.Context, _ *struct{}) (*struct {
		Body struct {
			Name  string `json:"name"`
			Role  string `json:"role"`
			Owner string `json:"owner,omitempty"`
		}
	}, error) {
		out := &struct {
			Body struct {
				Name  string `json:"name"`
				Role  string `json:"role"`
				Owner string `json:"owner,omitempty"`
			}
		}{}
		out.Body.Name, out.Body.Role, out.Body.Owner = viewer(ctx).Name, string(viewer(ctx).Role), viewer(ctx).Owner
		return out, nil
	})
}
