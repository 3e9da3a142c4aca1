package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/beianwatch/beianwatch/schedule"
	"github.com/beianwatch/beianwatch/schedule/lint"
)

// How often progress is shown: a bar for the eye, a line in a log.
const (
	barEvery  = 200 * time.Millisecond
	lineEvery = 10 * time.Second
)

// showProgress shows how far the round has come until the returned function
// is called: a bar on a terminal, a line now and then elsewhere.
func (p *program) showProgress(round interface{ Progress() schedule.Progress }) (stop func()) {
	if p.Quiet {
		return func() {}
	}
	show, end := p.lines, func() {}
	every := lineEvery
	if file, ok := p.errOut.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		show, end = p.bar(file)
		every = barEvery
	}
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				show(round.Progress())
				end()
				return
			case <-ticker.C:
				show(round.Progress())
			}
		}
	}()
	return func() { close(done); <-gone }
}

// lintProgress shows how far a lint has come as that of a round.
type lintProgress struct{ *lint.Linter }

// Progress has what is shown of it.
func (l lintProgress) Progress() schedule.Progress {
	at := l.Linter.Progress()
	p := schedule.Progress{Inventory: l.Inventory, Phase: schedule.PhasePlan, Lines: at.Lines, Targets: at.Lines, Verdicts: at.Judged, Found: at.Found, Elapsed: at.Elapsed, Rate: at.Rate}
	if at.Judging {
		p.Phase = phaseLint
	}
	return p
}

// lines writes one line of progress.
func (p *program) lines(at schedule.Progress) {
	p.show(progressText(at, p.Lang))
}

// bar draws a progress bar on a terminal.
func (p *program) bar(file *os.File) (show func(schedule.Progress), end func()) {
	var now atomic.Pointer[schedule.Progress] // read by the bar's own goroutine
	now.Store(&schedule.Progress{})
	progress := mpb.New(mpb.WithOutput(file), mpb.WithWidth(40))
	bar := progress.AddBar(0, mpb.AppendDecorators(decor.Any(func(decor.Statistics) string {
		return " " + progressText(*now.Load(), p.Lang)
	})))
	return func(at schedule.Progress) {
			now.Store(&at)
			bar.SetTotal(int64(at.Targets), false)
			bar.SetCurrent(int64(at.Verdicts))
		}, func() {
			bar.SetTotal(-1, true)
			progress.Wait()
		}
}

// phaseLint is the second phase of a lint: its lines are judged.
const phaseLint schedule.Phase = "lint"

// phaseWords are the phases for a person.
var phaseWords = map[schedule.Phase][2]string{
	schedule.PhasePlan:    {"读取清单", "reading the inventory"},
	schedule.PhaseVisit:   {"查看网站", "visiting"},
	schedule.PhaseConfirm: {"复查失败的网站", "confirming failures"},
	schedule.PhaseFinish:  {"收尾", "finishing"},
	phaseLint:             {"检查清单", "judging lines"},
}

// progressText says in a line how far a round has come.
func progressText(at schedule.Progress, lang string) string {
	which, of := 0, "%s %d/%d  %.0f/秒  有问题 %d  待复查 %d"
	if lang == "en" {
		which, of = 1, "%s %d/%d  %.0f/s  found %d  to confirm %d"
	}
	text := fmt.Sprintf(of, phaseWords[at.Phase][which], at.Verdicts, at.Targets, at.Rate, at.Found, at.Pending)
	if at.Left > 0 {
		text += "  ETA " + at.Left.Round(time.Second).String()
	}
	if at.Paused != "" {
		text += "  (" + at.Paused + ")"
	}
	return text
}
