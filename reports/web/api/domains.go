package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	list "github.com/beianwatch/beianwatch/reports/web/listing"
)

// A domain in a list.
type domain struct {
	Domain   string     `json:"domain"`
	Status   string     `json:"status" enum:"violation,warning,notice,pass,unknown,waived"`
	Liveness string     `json:"liveness"`
	Cause    string     `json:"cause,omitempty"`
	Owner    string     `json:"owner,omitempty"`
	Team     string     `json:"team,omitempty"`
	Province string     `json:"province,omitempty"`
	Network  string     `json:"network,omitempty"`
	Title    string     `json:"title,omitempty"`
	Rules    []string   `json:"rules" nullable:"false" doc:"That found something, the most severe first."`
	Since    *time.Time `json:"since,omitempty"`
	Due      *time.Time `json:"due,omitempty"`
	Checked  time.Time  `json:"checked"`
}

// A Filter picks domains.
type Filter struct {
	Status   string `query:"status" enum:"violation,warning,notice,pass,unknown,waived"`
	Liveness string `query:"liveness" maxLength:"40"`
	Rule     string `query:"rule" maxLength:"80"`
	Owner    string `query:"owner" maxLength:"400"`
	Team     string `query:"team" maxLength:"400"`
	Province string `query:"province" maxLength:"10"`
	Network  string `query:"network" maxLength:"100"`
	Search   string `query:"q" maxLength:"300" doc:"A part of the domain."`
}

// A finding with what became of it.
type finding struct {
	Domain   string     `json:"domain"`
	Rule     string     `json:"rule"`
	State    string     `json:"state"`
	Severity string     `json:"severity"`
	First    *time.Time `json:"first,omitempty"`
	Opened   *time.Time `json:"opened,omitempty"`
	Seen     *time.Time `json:"seen,omitempty"`
	Due      *time.Time `json:"due,omitempty"`
	Owner    string     `json:"owner,omitempty"`
	Team     string     `json:"team,omitempty"`
	Waived   bool       `json:"waived"`
}

// A recordAnswer is a record as --format jsonl writes it.
type recordAnswer struct {
	ETag        string `header:"ETag"`
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (v *service) domains() {
	huma.Register(v.api, op("list-domains", http.MethodGet, "/runs/{run}/domains", "List domains of a finished run, in their order", "Domains", 404), v.listDomains)
	record := op("get-record", http.MethodGet, "/runs/{run}/domains/{domain}", "Get the record of a domain, as --format jsonl writes it", "Domains", 304, 404)
	record.Responses = map[string]*huma.Response{"200": {Description: "The record.", Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: "object", AdditionalProperties: true}}}}}
	huma.Register(v.api, record, v.record)
	huma.Register(v.api, op("list-findings", http.MethodGet, "/findings", "List findings of an inventory as its newest run has left them", "Findings", 400, 404), v.findings)
}

func (v *service) listDomains(ctx context.Context, in *struct {
	RunPath
	Cut
	Filter
}) (*paged[domain], error) {
	r, err := v.s.Run(ctx, viewer(ctx), in.Run)
	if err != nil {
		return nil, problem(err)
	}
	if r.State != reports.RunDone {
		return nil, huma.Error404NotFound("the run is not finished: its domains are not listed yet")
	}
	f := list.Filter{Tone: in.Status, Liveness: in.Liveness, Rule: in.Rule, Owner: in.Owner, Team: in.Team, Province: in.Province, Network: in.Network, Search: in.Search}
	rows, more, err := v.s.Domains(ctx, viewer(ctx), r, f, in.Cursor, in.Limit)
	if err != nil {
		return nil, problem(err)
	}
	out := &paged[domain]{Body: page[domain]{Items: []domain{}}}
	for _, d := range rows {
		out.Body.Items = append(out.Body.Items, domain{d.Domain, d.Tone, string(d.Liveness), d.Cause, d.Owner, d.Team, d.Province, d.Network, d.Title,
			append([]string{}, d.Rules...), when(d.Since), when(d.Due), d.At})
	}
	if more {
		out.Body.Next = rows[len(rows)-1].Domain
	}
	return out, nil
}

func (v *service) record(ctx context.Context, in *struct {
	RunPath
	Conditional
	Domain string `path:"domain" maxLength:"300"`
	Lang   string `query:"lang" enum:"zh,en" default:"zh"`
}) (*recordAnswer, error) {
	r, err := v.s.Run(ctx, viewer(ctx), in.Run)
	if err != nil {
		return nil, problem(err)
	}
	result, _, err := v.s.Domain(ctx, viewer(ctx), r.ID, in.Domain)
	if err != nil {
		return nil, problem(err)
	}
	line, err := export.Line(result.Record, in.Lang)
	if err != nil {
		return nil, problem(err)
	}
	out, err := tag(in.Conditional, json.RawMessage(line))
	if err != nil {
		return nil, err
	}
	return &recordAnswer{out.ETag, "application/json", line}, nil
}

func (v *service) findings(ctx context.Context, in *struct {
	Cut
	Inventory string `query:"inventory" maxLength:"4000" doc:"The path of the inventory, as runs name it; that of the newest finished run, if left out."`
	State     string `query:"state" doc:"One state; those that are open, if left out."`
	Severity  string `query:"severity" enum:"violation,warning,notice"`
	Rule      string `query:"rule" maxLength:"80"`
	Owner     string `query:"owner" maxLength:"400"`
	ByDue     bool   `query:"by_due" doc:"In the order of due dates."`
}) (*paged[finding], error) {
	q := lifecycle.Query{Inventory: in.Inventory, Severity: detect.Severity(in.Severity), Rule: in.Rule, ByDue: in.ByDue, After: in.Cursor, Limit: in.Limit}
	if in.State != "" {
		q.States = []reports.State{reports.State(in.State)}
	}
	if in.Owner != "" {
		q.Owner = &in.Owner
	}
	if q.Inventory == "" {
		newest, err := v.s.Newest(ctx)
		if err != nil {
			return nil, problem(err)
		}
		if len(newest) == 0 {
			return nil, huma.Error404NotFound("no run has finished yet")
		}
		q.Inventory = newest[0].Inventory
	}
	p, err := v.s.Findings(ctx, viewer(ctx), q)
	if err != nil {
		return nil, problem(err)
	}
	out := &paged[finding]{Body: page[finding]{Items: []finding{}, Next: p.Next}}
	for _, f := range p.Findings {
		out.Body.Items = append(out.Body.Items, finding{f.Domain, f.Rule, string(f.State), string(f.Severity), when(f.First), when(f.Opened), when(f.Seen), when(f.Due), f.Owner, f.Team, f.Waiver != 0})
	}
	return out, nil
}
