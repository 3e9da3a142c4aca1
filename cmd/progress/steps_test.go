package progress

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// TestSteps: where there is no terminal, a check that takes its time says a line
// a step, and one that does not is silent.
func TestSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		s := &Steps{out: &out, lang: "en"}
		s.Take(visit.Step{Domain: "a.cn", Visit: 1, Kind: visit.StepResolve})
		s.Take(visit.Step{Domain: "a.cn", Kind: visit.StepDone})
		if out.Len() > 0 {
			t.Errorf("a quick check says %q", out.String())
		}
		s.Take(visit.Step{Domain: "b.cn", Visit: 1, Kind: visit.StepResolve})
		time.Sleep(2 * stepLine) // synctest's clock
		s.Take(visit.Step{Domain: "b.cn", Visit: 1, Kind: visit.StepAsk, Asks: []crawler.Ask{{Kind: crawler.AskHome}, {Kind: crawler.AskHTTPSWWW}}})
		s.Take(visit.Step{Domain: "b.cn", Visit: 2, Kind: visit.StepWait, Wait: 3 * time.Second, Cause: string(crawler.FailTimeout)})
		for _, want := range []string{"b.cn visit 1: waiting for http://b.cn/ https://www.b.cn/\n", "checked again in 3 s\n"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%q is not told: %q", want, out.String())
			}
		}
	})
}
