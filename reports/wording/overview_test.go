package wording

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
)

func TestMissingColumnsAreToldOnce(t *testing.T) {
	s := reports.NewSummary(&reports.Run{}, nil)
	for i := range 5 {
		s.Add(&reports.Record{Domain: fmt.Sprint("d", i), Outcomes: []detect.Outcome{
			{Rule: "phone-unverified", Verdict: detect.Unknown, Reason: detect.ReasonNotVerified},
			{Rule: "phone-not-local", Verdict: detect.Unknown, Reason: detect.ReasonNoPhone},
			{Rule: "footer-number-wrong", Verdict: []detect.Verdict{detect.Unknown, detect.Pass}[i%2], Reason: detect.ReasonNumberNotKnown},
			{Rule: "footer-link-missing", Verdict: detect.Unknown, Reason: detect.ReasonNotRendered},
		}})
	}
	s.Close()
	want := "清单缺少列：联系电话、电话核验时间 → 2 条规则未启用"
	if got := MissingColumns(s); got.ZH != want || !strings.Contains(got.EN, "2 rules are off") {
		t.Errorf("%q, want %q", got, want)
	}
	if got := MissingColumns(reports.NewSummary(nil, nil)); got.ZH != "" {
		t.Errorf("an empty run lacks %q", got.ZH)
	}
}

func TestUndecidedIsShort(t *testing.T) {
	r := &reports.Record{Domain: "d"}
	for i, rule := range rules.All {
		reason := detect.Reasons()[i%40]
		r.Outcomes = append(r.Outcomes, detect.Outcome{Rule: rule.ID, Verdict: detect.Unknown, Reason: reason})
	}
	list := NewBook(rules.All).Undecided(r)
	n := 0
	for _, u := range list {
		n += len(u.Rules)
	}
	if len(list) > maxUndecided || n != len(rules.All) {
		t.Errorf("%d groups of %d rules", len(list), n)
	}
	if !list[0].decisive {
		t.Error("a decisive rule does not come first")
	}
}

func TestOwnersAndDates(t *testing.T) {
	at := time.Date(2026, 11, 27, 20, 0, 0, 0, time.UTC) // the 28th in China
	s := reports.NewSummary(&reports.Run{StartedAt: at}, nil)
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, china) }
	for i, due := range []time.Time{day(27), day(28), day(40), day(30), {}} {
		r := &reports.Record{Domain: fmt.Sprint("d", i), Owner: "张伟", Outcomes: []detect.Outcome{{Rule: "footer-link-missing", Verdict: detect.Found, Severity: detect.Warning, Due: due}}}
		if i == 2 {
			r.Outcomes[0].Severity = detect.Violation // graver, but not of this week
		}
		r.Detail.Team = []string{"运维部", "市场部"}[i%2]
		s.Add(r)
	}
	s.Add(&reports.Record{Domain: "x"})
	s.Close()
	if s.Due.Overdue != 1 || s.Due.Soon != 2 || len(s.Due.Samples) != 4 || !s.Due.Samples[0].Overdue || s.Due.Samples[0].Domain != "d0" || s.Due.Samples[3].Domain != "d2" {
		t.Errorf("dates: %+v", s.Due)
	}
	if len(s.Owners) != 3 || Owner(s.Owners[0].Owner).ZH != "张伟（运维部）" || s.Owners[0].Domains != 3 || Owner(s.Owners[2].Owner).ZH != "无负责人" {
		t.Errorf("owners: %+v", s.Owners)
	}
}

func TestOutward(t *testing.T) {
	for in, want := range map[string]string{
		"read tcp 127.0.0.1:34076->203.0.113.9:80: i/o timeout":       "read tcp 203.0.113.9:80: i/o timeout",
		"read tcp [2001:db8::1]:34076->[2001:db8::9]:80: i/o timeout": "read tcp [2001:db8::9]:80: i/o timeout",
		"a -> b": "a -> b",
	} {
		if got := Outward(in); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
