package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/beianwatch/beianwatch/reports"
)

// A run as the API tells of it.
type run struct {
	ID        string     `json:"id" doc:"Sortable by start."`
	Inventory string     `json:"inventory"`
	Entry     string     `json:"entry,omitempty" doc:"The calendar entry that began it."`
	State     string     `json:"state" enum:"planning,active,stopped,done,failed"`
	Trouble   string     `json:"trouble,omitempty" doc:"Why it failed."`
	Started   time.Time  `json:"started"`
	Finished  *time.Time `json:"finished,omitempty"`
	Lines     int        `json:"lines"`
	Rejected  int        `json:"rejected"`
	Verdicts  int        `json:"verdicts"`
	Ruleset   string     `json:"ruleset"`
	Vantage   string     `json:"vantage,omitempty"`
}

func runOf(r *reports.Run) run {
	out := run{ID: r.ID, Inventory: r.Inventory, Entry: r.Entry, State: string(r.State), Trouble: r.Trouble, Started: r.StartedAt, Finished: when(r.FinishedAt),
		Lines: r.Lines, Rejected: r.Rejected, Verdicts: r.Verdicts, Ruleset: r.Ruleset, Vantage: r.Vantage}
	if r.Trouble == reports.Stopped && r.State != reports.RunDone && r.State != reports.RunFailed {
		out.State, out.Trouble = "stopped", ""
	}
	return out
}

// Figures are those of a finished run: domains under the most severe thing that was
// found on each.
type figures struct {
	Domains    int            `json:"domains"`
	Violations int            `json:"violations"`
	Warnings   int            `json:"warnings"`
	Notices    int            `json:"notices"`
	Clean      int            `json:"clean"`
	Unknown    int            `json:"unknown"`
	Waived     int            `json:"waived" doc:"All that was found is waived."`
	Rules      map[string]int `json:"rules" doc:"Domains on which each rule found something."`
	Reasons    map[string]int `json:"reasons" doc:"Inconclusive domains by reason."`
}

// A progress is how far an unfinished run has come.
type progress struct {
	Phase    string  `json:"phase" enum:"plan,visit,confirm,finish"`
	Lines    int     `json:"lines"`
	Rejected int     `json:"rejected"`
	Targets  int     `json:"targets"`
	Verdicts int     `json:"verdicts"`
	Pending  int     `json:"pending"`
	Found    int     `json:"found"`
	Rate     float64 `json:"rate" doc:"Verdicts a second."`
	Left     float64 `json:"left" doc:"Seconds until the end at that rate; 0 if it cannot be told."`
	Paused   string  `json:"paused,omitempty" doc:"Why nothing is begun."`
}

// A change is one difference between two runs.
type change struct {
	Kind   string `json:"change" doc:"waived for a change of any kind that is waived."`
	Domain string `json:"domain"`
	Owner  string `json:"owner"`
	Rule   string `json:"rule,omitempty" doc:"Left out for the domain as a whole."`
	Was    string `json:"was,omitempty"`
	Now    string `json:"now,omitempty"`
}

// A comparison is what changed: how much of each kind, and the first of each.
type comparison struct {
	Was     string         `json:"was"`
	Now     string         `json:"now"`
	Counts  map[string]int `json:"counts"`
	Changes []change       `json:"changes" nullable:"false" doc:"The first of each kind, the most severe first."`
}

// A RunPath names the run that a call is about.
type RunPath struct {
	Run string `path:"run" maxLength:"100" doc:"The id of a run, or latest."`
}

func (v *service) runs() {
	huma.Register(v.api, op("list-runs", http.MethodGet, "/runs", "List runs, the newest first", "Runs"), v.listRuns)
	begin := op("begin-run", http.MethodPost, "/runs", "Begin a run over an inventory, or resume its unfinished one", "Runs", 400, 409, 422, 503)
	begin.DefaultStatus = http.StatusAccepted
	huma.Register(v.api, begin, v.beginRun)
	huma.Register(v.api, op("get-run", http.MethodGet, "/runs/{run}", "Get a run", "Runs", 304, 404), func(ctx context.Context, in *struct {
		RunPath
		Conditional
	}) (*tagged[run], error) {
		r, err := v.s.Run(ctx, viewer(ctx), in.Run)
		if err != nil {
			return nil, problem(err)
		}
		return tag(in.Conditional, runOf(r))
	})
	huma.Register(v.api, op("get-figures", http.MethodGet, "/runs/{run}/figures", "Get the figures of a finished run", "Runs", 304, 404), v.figures)
	huma.Register(v.api, op("get-progress", http.MethodGet, "/runs/{run}/progress", "Get how far an unfinished run has come", "Runs", 404, 503), v.progress)
	for _, e := range []struct {
		name, does string
		do         func(context.Context, string) error
	}{
		{"stop", "Stop a run; visits under way end first", func(ctx context.Context, id string) error { return v.s.StopRun(ctx, viewer(ctx), id) }},
		{"resume", "Let a stopped run go on", func(ctx context.Context, id string) error { return v.s.ResumeRun(ctx, viewer(ctx), id) }},
	} {
		o := op(e.name+"-run", http.MethodPost, "/runs/{run}/"+e.name, e.does, "Runs", 400, 404, 503)
		o.DefaultStatus = http.StatusNoContent
		huma.Register(v.api, o, func(ctx context.Context, in *RunPath) (*struct{}, error) { return nil, problem(e.do(ctx, in.Run)) })
	}
	huma.Register(v.api, op("compare-runs", http.MethodGet, "/runs/{run}/changes", "Compare a run with an earlier one", "Runs", 400, 404), v.compare)
}

func (v *service) listRuns(ctx context.Context, in *Cut) (*paged[run], error) {
	list, more, err := v.s.Runs(ctx, viewer(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, problem(err)
	}
	out := &paged[run]{Body: page[run]{Items: []run{}}}
	for _, r := range list {
		out.Body.Items = append(out.Body.Items, runOf(r))
	}
	if more {
		out.Body.Next = list[len(list)-1].ID
	}
	return out, nil
}

// begun is the answer to who begins a run.
type begun struct {
	Location string `header:"Location"`
	Replayed string `header:"Idempotency-Replayed" doc:"true if an earlier request had the key."`
	Body     run
}

func (v *service) beginRun(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"A repeated request with the same key begins nothing again."`
	Body struct {
		Inventory string `json:"inventory" maxLength:"4000" doc:"The name or path of one of the inventories."`
	}
}) (*begun, error) {
	id, again, err := v.s.BeginRun(ctx, viewer(ctx), in.Body.Inventory, in.Key)
	if err != nil {
		return nil, problem(err)
	}
	r, err := v.s.Run(ctx, viewer(ctx), id)
	if err != nil {
		return nil, problem(err)
	}
	out := &begun{Location: Prefix + "/runs/" + url.PathEscape(id), Body: runOf(r)}
	if again {
		out.Replayed = "true"
	}
	return out, nil
}

func (v *service) figures(ctx context.Context, in *struct {
	RunPath
	Conditional
}) (*tagged[figures], error) {
	r, err := v.s.Run(ctx, viewer(ctx), in.Run)
	if err != nil {
		return nil, problem(err)
	}
	if r.State != reports.RunDone {
		return nil, huma.Error404NotFound("the run is not finished: it has no figures yet")
	}
	d, err := v.s.Digest(ctx, viewer(ctx), r)
	if err != nil {
		return nil, problem(err)
	}
	p := d.Points
	out := figures{p.Domains, p.Violations, p.Warnings, p.Notices, p.Clean, p.Unknown, p.Waived, map[string]int{}, map[string]int{}}
	for i := range d.Rules {
		out.Rules[d.Rules[i].Rule] = d.Rules[i].Found()
	}
	for _, c := range d.Reasons {
		out.Reasons[c.Word] = c.N
	}
	return tag(in.Conditional, out)
}

func (v *service) progress(ctx context.Context, in *RunPath) (*struct{ Body progress }, error) {
	p, err := v.s.ProgressOf(ctx, viewer(ctx), in.Run)
	if err != nil {
		return nil, problem(err)
	}
	return &struct{ Body progress }{progress{p.Phase, p.Lines, p.Rejected, p.Targets, p.Verdicts, p.Pending, p.Found, p.Rate, p.Left.Seconds(), p.Paused}}, nil
}

func (v *service) compare(ctx context.Context, in *struct {
	RunPath
	Since string `query:"since" maxLength:"100" doc:"The earlier run; the finished one before, if left out."`
}) (*struct{ Body comparison }, error) {
	now, err := v.s.Run(ctx, viewer(ctx), in.Run)
	if err != nil {
		return nil, problem(err)
	}
	if in.Since == "" {
		last, err := v.s.Store.LastDone(ctx, now.Inventory, now.ID)
		if err != nil {
			return nil, huma.Error404NotFound("there is no finished run of the inventory before")
		}
		in.Since = last.ID
	}
	was, err := v.s.Run(ctx, viewer(ctx), in.Since)
	if err != nil {
		return nil, problem(err)
	}
	c, err := v.s.Compare(ctx, viewer(ctx), was, now)
	if err != nil {
		return nil, problem(err)
	}
	out := comparison{Was: was.ID, Now: now.ID, Counts: map[string]int{}, Changes: []change{}}
	for _, kind := range append([]reports.ChangeKind{reports.ChangeWaived}, reports.ChangeKinds...) {
		out.Counts[string(kind)] = c.Counts.Changes[kind]
		for _, x := range c.Samples[kind] {
			out.Changes = append(out.Changes, change{string(kind), x.Domain, x.Owner, x.Rule, side(&x.Was), side(&x.Now)})
		}
	}
	out.Counts[string(reports.ChangeWaived)] = c.Counts.Waived
	return &struct{ Body comparison }{out}, nil
}

// side is what one of two runs said: a severity, a verdict, or a state of the site.
func side(s *reports.Side) string {
	switch {
	case s.Severity != "":
		return string(s.Severity)
	case s.Verdict != "":
		return string(s.Verdict)
	}
	return string(s.Liveness)
}
