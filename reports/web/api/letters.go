package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// A letter is something that an owner was written.
type letter struct {
	ID       string     `json:"id"`
	Run      string     `json:"run"`
	Channel  string     `json:"channel"`
	To       string     `json:"to"`
	Made     time.Time  `json:"made"`
	State    string     `json:"state" enum:"waiting,sending,sent,refused,perhaps"`
	Reason   string     `json:"reason,omitempty" doc:"Why it was not sent."`
	Answered *time.Time `json:"answered,omitempty"`
	Answer   string     `json:"answer,omitempty"`
	NotedBy  string     `json:"noted_by,omitempty"`
}

type sentAnswer struct {
	Body struct {
		Letters int `json:"letters" doc:"One for each team and address."`
	}
}

// letters are the calls about what owners were written.
func (v *service) letters() {
	huma.Register(v.api, op("list-letters", http.MethodGet, "/owners/{owner}/letters", "List what an owner was written, the newest first", "Owners"), func(ctx context.Context, in *struct {
		Owner string `path:"owner" maxLength:"300"`
	}) (*paged[letter], error) {
		all, err := v.s.LettersTo(ctx, viewer(ctx), in.Owner)
		if err != nil {
			return nil, problem(err)
		}
		out := &paged[letter]{Body: page[letter]{Items: []letter{}}}
		for _, l := range all {
			one := letter{ID: l.ID, Run: l.Run, Channel: l.Channel, To: l.To, Made: l.Made, State: l.State, Reason: l.Reason.In(v.s.Lang), Answer: l.Answer, NotedBy: l.NotedBy}
			if !l.Answered.IsZero() {
				one.Answered = &l.Answered
			}
			out.Body.Items = append(out.Body.Items, one)
		}
		return out, nil
	})
	send := op("send-letter", http.MethodPost, "/owners/{owner}/letters", "Send an owner the notice of all that is open, once a day at most", "Owners", 400, 404)
	send.DefaultStatus = http.StatusAccepted
	huma.Register(v.api, send, func(ctx context.Context, in *struct {
		Owner string `path:"owner" maxLength:"300"`
		Run   string `query:"run" default:"latest" maxLength:"60"`
	}) (*sentAnswer, error) {
		run, err := v.s.Run(ctx, viewer(ctx), in.Run)
		if err != nil {
			return nil, problem(err)
		}
		n, err := v.s.SendTo(ctx, viewer(ctx), run, in.Owner)
		if err != nil {
			return nil, problem(err)
		}
		out := &sentAnswer{}
		out.Body.Letters = n
		return out, nil
	})
	answer := op("note-answer", http.MethodPost, "/letters/answer", "Note what an owner has answered to a letter", "Owners", 404)
	answer.DefaultStatus = http.StatusNoContent
	huma.Register(v.api, answer, func(ctx context.Context, in *struct {
		Body struct {
			ID     string `json:"id" maxLength:"300"`
			Answer string `json:"answer" maxLength:"2000"`
		}
	}) (*struct{}, error) {
		_, err := v.s.NoteAnswer(ctx, viewer(ctx), in.Body.ID, in.Body.Answer)
		return nil, problem(err)
	})
}
