package pages

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/web/account"
	"github.com/beianwatch/beianwatch/reports/web/actions"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// Streams of server-sent events: each event is a piece of HTML that takes the place of
// what the page shows, and "end" says that the page is to be loaded again.

// How often a stream looks, how long it lasts (the browser then asks again), and how
// long one event may take to be sent.
const (
	liveEvery = 500 * time.Millisecond
	liveTime  = 10 * time.Minute
	liveSend  = 10 * time.Second
)

// A progressView is how far a run has come.
type progressView struct {
	*actions.Progress
	Run     string
	Phase   detect.Text
	Percent int // of the names that have their verdict
	Of      int // 100
}

var phases = map[string]detect.Text{
	"plan":    wording.Say("读取清单", "reading the inventory"),
	"visit":   wording.Say("检查网站", "visiting sites"),
	"confirm": wording.Say("复查异常网站", "visiting sites again that failed"),
	"finish":  wording.Say("生成报告", "writing reports"),
}

// progress is how far a run has come; nil where this process cannot tell.
func (s *Site) progress(r *http.Request, run *reports.Run) (*progressView, error) {
	p, err := s.Actions.ProgressOf(r.Context(), account.From(r.Context()), run.ID)
	if errors.Is(err, actions.ErrNotHere) || errors.Is(err, actions.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := &progressView{Progress: p, Run: run.ID, Phase: wording.Capital(wording.Word(phases, p.Phase)), Of: 100}
	if p.Targets > 0 {
		v.Percent = min(100, 100*p.Verdicts/p.Targets)
	}
	return v, nil
}

// liveRun streams the progress of a run until it is over.
func (s *Site) liveRun(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("run")
	return s.stream(w, r, func() (string, bool, error) {
		run, err := s.Actions.Run(r.Context(), account.From(r.Context()), id)
		if err != nil {
			return "", false, err
		}
		if one := row(run); one.Over || one.Stopped {
			return "", true, nil
		}
		p, err := s.progress(r, run)
		if err != nil || p == nil {
			return "", p == nil, err
		}
		html, err := s.fragment(r, "progress", p)
		return html, false, err
	})
}

// liveCheck streams what a check does until it is done.
func (s *Site) liveCheck(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	return s.streamCheck(w, r, func() (*actions.Check, error) {
		return s.Actions.CheckOf(r.Context(), account.From(r.Context()), id)
	})
}

func (s *Site) streamCheck(w http.ResponseWriter, r *http.Request, find func() (*actions.Check, error)) error {
	return s.stream(w, r, func() (string, bool, error) {
		c, err := find()
		if err != nil {
			return "", false, err
		}
		if c.Done() {
			return "", true, nil
		}
		html, err := s.fragment(r, "steps", s.stepsOf(c))
		return html, false, err
	})
}

// stream sends what look returns whenever it is something else, until it says that all
// is over.
func (s *Site) stream(w http.ResponseWriter, r *http.Request, look func() (html string, over bool, err error)) error {
	html, over, err := look()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(w)
	send := func(event, data string) bool {
		if err := out.SetWriteDeadline(time.Now().Add(liveSend)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return false
		}
		line, err := json.Marshal(data) // one line, whatever stands in it
		if err != nil {
			return false
		}
		if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, line); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	ticker, until := time.NewTicker(liveEvery), time.After(liveTime)
	defer ticker.Stop()
	for last := ""; ; {
		switch {
		case over:
			send("end", "")
			return nil
		case html != last:
			if !send("state", html) {
				return nil
			}
			last = html
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-until:
			return nil
		case <-ticker.C:
		}
		if html, over, err = look(); err != nil {
			return nil // the stream has begun: the browser asks again, and is told why
		}
	}
}
