package rules

import (
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

func TestReview(t *testing.T) {
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	first := time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC)
	c := detect.NewCase(detect.Input{At: at}, nil)
	rules := []*detect.Rule{footerLinkWrong, footerNumberMissing, policeNumberMissing, unfiledSiteServing, siteNameMismatch, rectificationOverdue}
	outs := []detect.Outcome{
		{Rule: footerLinkWrong.ID, Verdict: detect.Found, Severity: detect.Violation, Findings: []detect.Finding{{}}},
		{Rule: footerNumberMissing.ID, Verdict: detect.Found, Severity: detect.Warning, Findings: []detect.Finding{{}}},
		{Rule: policeNumberMissing.ID, Verdict: detect.Found, Severity: detect.Notice, Findings: []detect.Finding{{}}},
		{Rule: unfiledSiteServing.ID, Verdict: detect.Found, Severity: detect.Violation, Findings: []detect.Finding{{}}},
		{Rule: siteNameMismatch.ID, Verdict: detect.Pass},
		{Rule: rectificationOverdue.ID, Verdict: detect.Unknown, Reason: detect.ReasonNoHistory},
	}
	late := detect.Review(c, outs, rules, map[string]time.Time{footerLinkWrong.ID: first, siteNameMismatch.ID: first, footerNumberMissing.ID: at.Add(time.Hour)})
	for i, want := range []struct {
		since time.Time
		due   string
	}{{first, "2026-11-16"}, {at, "2026-12-21"}, {at, ""}, {at, "2026-11-24"}, {time.Time{}, ""}} {
		due := ""
		if !outs[i].Due.IsZero() {
			due = outs[i].Due.Format(time.DateOnly)
		}
		if !outs[i].Since.Equal(want.since) || due != want.due {
			t.Errorf("%s: since %v, due %q; want %v, %q", outs[i].Rule, outs[i].Since, due, want.since, want.due)
		}
	}
	if o := outs[5]; o.Verdict != detect.Found || len(o.Findings) != 1 || !o.Due.IsZero() {
		t.Errorf("overdue: %+v", o)
	}
	if late.Open == nil || c.Open != nil {
		t.Error("the case was changed")
	}
	// Without a history of its own everything is found for the first time.
	detect.Review(c, outs, rules, nil)
	if o := outs[5]; o.Verdict != detect.Pass {
		t.Errorf("on the first night: %+v", o)
	}
}

// TestKeptUntilDue checks that outcomes may be kept no longer than until a
// deadline passes.
func TestKeptUntilDue(t *testing.T) {
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	c := detect.NewCase(detect.Input{At: at}, nil)
	outs := detect.Judge(c, All)
	for i := range outs {
		if outs[i].Rule == footerLinkWrong.ID {
			outs[i] = detect.Outcome{Rule: footerLinkWrong.ID, Verdict: detect.Found, Severity: detect.Violation, Findings: []detect.Finding{{}}}
		}
	}
	c = detect.Review(c, outs, All, map[string]time.Time{footerLinkWrong.ID: time.Date(2026, 11, 11, 2, 0, 0, 0, time.UTC)})
	until := detect.GoodUntil(c, outs, All, 30*24*time.Hour)
	// Due on the 25th: on the 26th, which begins at 16:00 UTC, it is late.
	if low, high := time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC), time.Date(2026, 11, 25, 16, 0, 0, 0, time.UTC); until.Before(low) || until.After(high) {
		t.Errorf("kept until %v", until)
	}
}

func TestCheckRectify(t *testing.T) {
	for name, days := range map[string]int{"grave": 3, "violation": -1, "warning": 5000} {
		if detect.CheckRectify(map[string]int{name: days}, All) == nil {
			t.Errorf("%s: %d is accepted", name, days)
		}
	}
	if err := detect.CheckRectify(detect.DefaultPolicy().Rectify, All); err != nil {
		t.Error(err)
	}
}
