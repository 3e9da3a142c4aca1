package reports

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestSummaryIsBounded feeds many domains, owners, causes and rejections: the
// page and what is held must not grow with them.
func TestSummaryIsBounded(t *testing.T) {
	size := func(n int) (page int, held uint64) {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		s := NewSummary(sampleRun(), sampleRules)
		for i := range n {
			r := sampleVariant(i)
			r.Owner = fmt.Sprintf("owner %d", i)
			if i%8 == 5 {
				r.Cause = fmt.Sprintf("http-%d", i)
			}
			s.Add(r)
			s.Reject(i, strings.Repeat("x", 500), fmt.Sprintf("reason %d", i))
		}
		s.Close()
		runtime.GC()
		runtime.ReadMemStats(&after)
		var b bytes.Buffer
		if err := sampleHTML("zh").Summary(&b, s); err != nil {
			t.Fatal(err)
		}
		return b.Len(), after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)
	}
	small, _ := size(2_000)
	large, held := size(40_000)
	if large > small+small/5 {
		t.Errorf("the page grows from %d to %d bytes", small, large)
	}
	if held > 8<<20 {
		t.Errorf("%d bytes are held after 40,000 domains", held)
	}
}

func TestSummaryCountsEveryBox(t *testing.T) {
	s := sampleSummary(40)
	p := s.Points
	if p.Domains != 40 || p.Violations+p.Warnings+p.Notices+p.Clean+p.Unknown != 40 {
		t.Errorf("domains do not add up: %+v", p)
	}
	states := 0
	for _, c := range s.Liveness {
		states += c.N
	}
	if states != 40 {
		t.Errorf("%d states for 40 domains", states)
	}
	for _, c := range s.Rules {
		if sum := c.Found() + c.Pass + c.Unknown + c.Exempt + c.Broken; sum != 40 {
			t.Errorf("%s has %d outcomes for 40 domains", c.Rule, sum)
		}
	}
	if got := s.coverage().EN; got != "43 lines read = 40 verdicts + 3 rejected" {
		t.Errorf("coverage: %s", got)
	}
	s.Run.Lines = 50
	if got := s.coverage().EN; got != "50 lines read, 40 verdicts, 3 rejected: 7 still missing" {
		t.Errorf("coverage with a gap: %s", got)
	}
}

func TestSamplesAreTheGravest(t *testing.T) {
	s := sampleSummary(400)
	for i := range s.Rules {
		c := &s.Rules[i]
		samples := c.Samples()
		if len(samples) > maxSamples || len(samples) < min(c.Found(), maxSamples) {
			t.Errorf("%s: %d samples of %d", c.Rule, len(samples), c.Found())
		}
		for j := 1; j < len(samples); j++ {
			if Rank(samples[j].Severity) > Rank(samples[j-1].Severity) {
				t.Errorf("%s: a %s stands behind a %s", c.Rule, samples[j].Severity, samples[j-1].Severity)
			}
		}
	}
}

func TestSpell(t *testing.T) {
	for d, want := range map[time.Duration]string{
		1500 * time.Millisecond: "1.5 s", 42 * time.Second: "42 s", 95 * time.Second: "1:35 min", 3*time.Hour + 7*time.Minute: "3:07 h", -1: "-",
	} {
		if got := spell(d); got != want {
			t.Errorf("spell(%v) = %s, want %s", d, got, want)
		}
	}
}

func BenchmarkSummaryAdd(b *testing.B) {
	s := NewSummary(sampleRun(), sampleRules)
	records := make([]*Record, 64)
	for i := range records {
		records[i] = sampleVariant(i)
	}
	i := 0
	for b.Loop() {
		s.Add(records[i%len(records)])
		i++
	}
	s.Close()
	if err := sampleHTML("zh").Summary(io.Discard, s); err != nil {
		b.Fatal(err)
	}
}
