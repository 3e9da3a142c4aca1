package reports_test

import (
	"testing"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

func TestSummaryCountsEveryBox(t *testing.T) {
	s := reporttest.Summary(40)
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
}

func TestSamplesAreTheGravest(t *testing.T) {
	const maxSamples = 50 // domains told of under one rule
	s := reporttest.Summary(400)
	for i := range s.Rules {
		c := &s.Rules[i]
		samples := c.Samples()
		if len(samples) > maxSamples || len(samples) < min(c.Found(), maxSamples) {
			t.Errorf("%s: %d samples of %d", c.Rule, len(samples), c.Found())
		}
		for j := 1; j < len(samples); j++ {
			if reports.Rank(samples[j].Severity) > reports.Rank(samples[j-1].Severity) {
				t.Errorf("%s: a %s stands behind a %s", c.Rule, samples[j].Severity, samples[j-1].Severity)
			}
		}
	}
}

func BenchmarkSummaryAdd(b *testing.B) {
	s := reports.NewSummary(reporttest.Run(), reporttest.Rules)
	records := make([]*reports.Record, 64)
	for i := range records {
		records[i] = reporttest.Variant(i)
	}
	i := 0
	for b.Loop() {
		s.Add(records[i%len(records)])
		i++
	}
	s.Close()
}
