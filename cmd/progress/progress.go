// Package progress shows a person or a machine how far a command has come: a
// bar, lines or JSON of a round over an inventory, and the steps of the check of
// one site.
package progress

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/wording"
	"github.com/beianwatch/beianwatch/schedule"
	"github.com/beianwatch/beianwatch/schedule/lint"
)

// How often progress is shown: a bar for the eye, a line in a log, an object for a
// machine.
const (
	barEvery  = 200 * time.Millisecond
	lineEvery = 10 * time.Second
	jsonEvery = 2 * time.Second
)

// A Round is something whose progress is shown.
type Round interface{ Progress() schedule.Progress }

// Show shows on w how far the round has come until the returned function is
// called: a bar on a terminal, a line now and then elsewhere, or an object a
// line for a machine. The settings say in which language, and whether at all.
func Show(w io.Writer, s *settings.Settings, round Round) (stop func()) {
	if s.Progress == settings.ProgressNone || s.Quiet && s.Progress != settings.ProgressJSON {
		return func() {}
	}
	show, end := lines(w, s.Lang), func() {}
	every := lineEvery
	if s.Progress == settings.ProgressJSON {
		show, every = jsonLines(w), jsonEvery
	} else if file, ok := w.(*os.File); ok && hasWidth(file) {
		show, end = bar(file, s.Lang)
		every = barEvery
	}
	round.Progress() // what was there before is counted from here
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

// hasWidth reports whether a file is a terminal that says how wide it is: on others, such as
// one that a build system makes, a bar has no room to be seen.
func hasWidth(file *os.File) bool {
	width, _, err := term.GetSize(int(file.Fd()))
	return err == nil && width > 0
}

// A Lint shows how far a lint has come as that of a round.
type Lint struct{ *lint.Linter }

// Progress has what is shown of it.
func (l Lint) Progress() schedule.Progress {
	at := l.Linter.Progress()
	p := schedule.Progress{Inventory: l.Inventory, Phase: schedule.PhasePlan, Lines: at.Lines, Targets: at.Lines, Verdicts: at.Judged, Found: at.Found, Elapsed: at.Elapsed, Rate: at.Rate}
	if at.Judging {
		p.Phase = phaseLint
	}
	return p
}

// lines writes a line of progress, and none that says what the last one said:
// who waits for a later visit need not be told so every ten seconds.
func lines(w io.Writer, lang string) func(schedule.Progress) {
	last := ""
	return func(at schedule.Progress) {
		if line := roundText(at).In(lang); line != last {
			fmt.Fprintln(w, line)
			last = line
		}
	}
}

// A progressLine is progress for a machine, as one JSON object.
type progressLine struct {
	Time     string  `json:"time"` // RFC 3339
	Run      string  `json:"run"`
	Phase    string  `json:"phase"`    // plan, visit, confirm, finish; of lint plan and lint
	Lines    int     `json:"lines"`    // read from the inventory
	Rejected int     `json:"rejected"` // of these, unusable
	Targets  int     `json:"targets"`  // names to be checked
	Verdicts int     `json:"verdicts"` // names that have their verdict
	Before   int     `json:"before"`   // of these, from before the command was given again
	Found    int     `json:"found"`    // names with a violation or warning
	Pending  int     `json:"pending"`  // names that are visited again later
	Rate     float64 `json:"rate"`     // verdicts a second, lately
	Left     float64 `json:"left"`     // seconds until the end at that rate; 0 if it cannot be told
	Next     string  `json:"next"`     // RFC 3339: when the first of those that wait is due; empty while other work is left
	Paused   string  `json:"paused"`   // why no visit is begun; empty if all is well
}

// jsonLines writes progress for a machine.
func jsonLines(w io.Writer) func(schedule.Progress) {
	return func(at schedule.Progress) {
		l := progressLine{
			Time: wording.InZone(time.Now()).Format(time.RFC3339), Run: at.Run, Phase: string(at.Phase), Lines: at.Lines, Rejected: at.Rejected, Targets: at.Targets,
			Verdicts: at.Verdicts, Before: at.Before, Found: at.Found, Pending: at.Pending, Rate: math.Round(at.Rate*10) / 10, Left: math.Round(at.Left.Seconds()), Paused: at.Paused,
		}
		if !at.Next.IsZero() {
			l.Next = wording.InZone(at.Next).Format(time.RFC3339)
		}
		data, err := json.Marshal(l)
		if err == nil {
			fmt.Fprintf(w, "%s\n", data)
		}
	}
}

// bar draws a progress bar on a terminal.
func bar(file *os.File, lang string) (show func(schedule.Progress), end func()) {
	var now atomic.Pointer[schedule.Progress] // read by the bar's own goroutine
	now.Store(&schedule.Progress{})
	progress := mpb.New(mpb.WithOutput(file), mpb.WithWidth(40))
	bar := progress.AddBar(0, mpb.AppendDecorators(decor.Any(func(decor.Statistics) string {
		return " " + roundText(*now.Load()).In(lang)
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
var phaseWords = map[schedule.Phase]detect.Text{
	schedule.PhasePlan:    {ZH: "读取清单", EN: "reading the inventory"},
	schedule.PhaseVisit:   {ZH: "检查网站", EN: "visiting"},
	schedule.PhaseConfirm: {ZH: "复查异常网站", EN: "confirming failures"},
	schedule.PhaseFinish:  {ZH: "生成报告", EN: "finishing"},
	phaseLint:             {ZH: "检查清单", EN: "judging lines"},
}

// roundText says in a line how far a round has come.
func roundText(at schedule.Progress) detect.Text {
	of := wording.Same(wording.Grouped(at.Verdicts) + "/" + wording.Grouped(at.Targets))
	parts := []detect.Text{wording.Joined(wording.Same(" "), wording.Word(phaseWords, at.Phase), of)}
	put := func(zh, en string, args ...any) { parts = append(parts, wording.Sayf(wording.Say(zh, en), args...)) }
	if at.Before > 0 {
		put("续检前已有 %s", "%s from before", wording.Grouped(at.Before))
	}
	if at.Found > 0 {
		put("有问题 %s", "%s with findings", wording.Grouped(at.Found))
	}
	switch {
	case at.Phase == schedule.PhaseConfirm && !at.Next.IsZero():
		put("等待复查 %s，下次 %s", "%s to confirm, the next at %s", wording.Grouped(at.Pending), wording.Clock(at.Next))
	case at.Pending > 0:
		put("待复查 %s", "%s to confirm", wording.Grouped(at.Pending))
	}
	if at.Rate >= 0.05 && at.Phase != schedule.PhaseConfirm {
		put("每秒 %s 个", "%s a second", rateText(at.Rate))
	}
	if at.Left > 0 {
		left := wording.Duration(at.Left.Round(time.Second))
		parts = append(parts, wording.Joined(wording.Same(""), wording.Say("约剩 ", "about "), left, wording.Say("", " left")))
	}
	if at.Paused != "" {
		parts = append(parts, wording.Joined(wording.Say("：", ": "), wording.Say("暂停", "paused"), wording.Trouble(at.Paused)))
	}
	return wording.Joined(wording.Say("，", ", "), parts...)
}

// rateText has one decimal where that says something.
func rateText(rate float64) string {
	if rate < 10 {
		return strconv.FormatFloat(rate, 'f', 1, 64)
	}
	return wording.Grouped(int(rate))
}
