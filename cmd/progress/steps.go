package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/text"
	"github.com/beianwatch/beianwatch/reports/wording"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// What a check is doing is told by a line that is drawn anew every stepEvery on
// a terminal, and elsewhere by a line a step, from stepLine on: a site that
// answers at once needs none.
const (
	stepEvery = time.Second
	stepLine  = time.Second
)

// Steps tell a person who waits for a check what is being done.
type Steps struct {
	out     io.Writer
	lang    string
	line    *text.Terminal // nil: not a terminal
	verbose bool           // every step has its line

	mu    sync.Mutex
	step  visit.Step
	began time.Time // of the check
	since time.Time // of the step
	ended chan struct{}
}

// NewSteps tells of the steps on w, in lang; with verbose each has a line.
func NewSteps(w io.Writer, lang string, verbose bool) *Steps {
	s := &Steps{out: w, lang: lang, verbose: verbose}
	if t := text.NewTerminal(w, lang, nil, os.Getenv); t.Lines {
		s.line = t
	}
	return s
}

// Take is a scanner's Watch.
func (s *Steps) Take(step visit.Step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.began.IsZero() {
		s.began = now
	}
	s.step, s.since = step, now
	switch {
	case step.Kind == visit.StepDone:
		s.began = time.Time{}
		if s.ended != nil {
			close(s.ended)
			s.ended = nil
			fmt.Fprint(s.out, "\r\x1b[K")
		}
	case s.line != nil && !s.verbose:
		if s.ended == nil {
			s.ended = make(chan struct{})
			go s.redraw(s.ended)
		}
	case s.verbose || now.Sub(s.began) >= stepLine:
		fmt.Fprintln(s.out, StepText(step).In(s.lang))
	}
}

// redraw draws the line of the present step until ended is closed.
func (s *Steps) redraw(ended chan struct{}) {
	ticker := time.NewTicker(stepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ended:
			return
		case now := <-ticker.C:
			s.mu.Lock()
			if s.ended == ended {
				seconds := "  " + wording.Duration(now.Sub(s.since).Truncate(time.Second)).In(s.lang)
				fmt.Fprint(s.out, "\r\x1b[K"+s.line.Cut(StepText(s.step).In(s.lang), s.line.Width-len(seconds)-1)+seconds)
			}
			s.mu.Unlock()
		}
	}
}

// StepText says in a line what a check is doing.
func StepText(step visit.Step) detect.Text {
	what := detect.Text{ZH: "解析域名", EN: "resolving the name"}
	switch step.Kind {
	case visit.StepAsk:
		urls := make([]string, len(step.Asks))
		for i := range step.Asks {
			urls[i] = askText(step.Domain, &step.Asks[i])
		}
		list := wording.Clean(strings.Join(urls, " "), 400)
		what = detect.Text{ZH: "等待回应：" + list, EN: "waiting for " + list}
	case visit.StepRender:
		url := wording.Clean(step.Asks[0].URL, 200)
		what = detect.Text{ZH: "在浏览器中打开 " + url, EN: "opening " + url + " in a browser"}
	case visit.StepWait:
		failed := wording.LivenessText(detect.Down, step.Cause)
		wait := wording.Duration(step.Wait)
		what = detect.Text{ZH: fmt.Sprintf("%s；%s后再次检查", failed.ZH, wait.ZH), EN: fmt.Sprintf("%s; checked again in %s", failed.EN, wait.EN)}
	case visit.StepControls:
		what = detect.Text{ZH: "确认本机能否访问其他网站", EN: "checking that this machine reaches other sites"}
	}
	name := wording.Domain(step.Domain)
	return detect.Text{ZH: fmt.Sprintf("%s 第 %d 次：%s", name, step.Visit, what.ZH), EN: fmt.Sprintf("%s visit %d: %s", name, step.Visit, what.EN)}
}

// askText is where an ask goes.
func askText(domain string, ask *crawler.Ask) string {
	switch ask.Kind {
	case crawler.AskHome:
		return "http://" + domain + "/"
	case crawler.AskHTTPS:
		return "https://" + domain + "/"
	case crawler.AskWWW:
		return "http://www." + domain + "/"
	case crawler.AskHTTPSWWW:
		return "https://www." + domain + "/"
	case crawler.AskLookup:
		return "DNS"
	}
	if ask.Addr.IsValid() {
		return ask.URL + " (" + ask.Addr.String() + ")"
	}
	return ask.URL
}
