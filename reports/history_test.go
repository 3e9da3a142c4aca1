package reports

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

// TestHistory tells of a site whose runs are thinned, fail to look, lose it and find it again.
func TestHistory(t *testing.T) {
	h := &History{Domain: "a.cn"}
	day := 0
	add := func(thinned bool, r *Record, states map[string]State) {
		day++
		at := time.Date(2026, 11, day, 2, 0, 0, 0, china)
		if r != nil {
			r.At = at.Add(time.Minute)
			if states != nil {
				r.SetLife(states, waiving())
			}
		}
		h.Add(&Run{ID: fmt.Sprint(day), StartedAt: at, Thinned: thinned}, r)
	}
	say := func(l detect.Liveness, v ...detect.Verdict) *Record {
		r := &Record{Domain: "a.cn", Liveness: l}
		for i, verdict := range v {
			o := detect.Outcome{Rule: string(rune('x' + i)), Verdict: verdict}
			if verdict == detect.Found {
				o.Severity = detect.Warning
			}
			r.Outcomes = append(r.Outcomes, o)
		}
		return r
	}
	const p, f, u = detect.Pass, detect.Found, detect.Unknown
	add(true, nil, nil)                                                                         // 1: as 2
	add(true, say(detect.Serving, p, p), nil)                                                   // 2
	add(true, nil, nil)                                                                         // 3: as 4
	add(false, say(detect.Serving, f, p), nil)                                                  // 4
	add(false, say(detect.Unseen, u, f), nil)                                                   // 5: y needs no visit
	add(false, say(detect.Serving, f, f), nil)                                                  // 6: nothing new
	add(false, say(detect.Serving, p, u), map[string]State{"x": StatePassed, "y": StateUnseen}) // 7
	add(false, say(detect.Serving, p, f), map[string]State{"x": StateFixed})                    // 8
	add(false, nil, nil)                                                                        // 9: out of the inventory
	add(false, nil, nil)                                                                        // 10
	add(false, say(detect.Down, u, f), map[string]State{"y": StateReopened})                    // 11
	want := []string{
		"1 :→serving ", "3 x:pass→found opened", "5 :serving→unknown could-not-look", "5 y:pass→found opened", "6 :unknown→serving ",
		"7 x:found→pass passed-once", "7 y:found→unknown could-not-look", "8 x:pass→pass fixed", "8 y:unknown→found still", "9 :serving→ gone", "11 :→down ", "11 x:pass→unknown ",
	}
	var got []string
	for _, turn := range h.Turns {
		was, now := string(turn.Was.Verdict), string(turn.Now.Verdict)
		if turn.Rule == "" {
			was, now = string(turn.Was.Liveness), string(turn.Now.Liveness)
		}
		got = append(got, fmt.Sprintf("%d %s:%s→%s %s", turn.At.Day(), turn.Rule, was, now, turn.State))
	}
	if !slices.Equal(got, want) || h.Runs != 7 || h.From.Day() != 1 || h.To.Day() != 11 {
		t.Errorf("got  %q\nwant %q\n%d runs, %v to %v", got, want, h.Runs, h.From, h.To)
	}
}
