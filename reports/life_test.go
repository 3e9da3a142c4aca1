package reports

import (
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

func TestWaiverCovers(t *testing.T) {
	for _, tt := range []struct {
		pattern, domain string
		want            bool
	}{
		{"a.cn", "a.cn", true}, {"a.cn", "b.a.cn", false}, {"*", "a.cn", true}, {"*.a.cn", "b.a.cn", true}, {"*.a.cn", "c.b.a.cn", true},
		{"*.a.cn", "a.cn", false}, {"*.a.cn", "ba.cn", false}, {"shop*.cn", "shop12.cn", true}, {"shop*.cn", "shop.com", false},
		{"a*b*c", "aXbYc", true}, {"a*b*c", "ac", false}, {"ab*ba", "aba", false}, {"*x*", "y", false},
	} {
		w := Waiver{Domain: tt.pattern, Rule: "r"}
		if got := w.Covers(tt.domain, "r"); got != tt.want {
			t.Errorf("%s covers %s: %v", tt.pattern, tt.domain, got)
		}
		if w.Covers(tt.domain, "other") {
			t.Errorf("%s covers another rule", tt.pattern)
		}
	}
	w := Waiver{Until: "2026-11-28"}
	if last := time.Date(2026, 11, 28, 15, 59, 0, 0, time.UTC); !w.InForce(last) || w.InForce(last.Add(time.Minute)) {
		t.Error("a waiver holds to the end of its last day in China")
	}
	if !(&Waiver{Domain: "*", Rule: "*"}).Covers("a.cn", "any") {
		t.Error("* is every rule")
	}
}

// found is a record of a domain on which the rules found something.
func foundBy(domain string, severity detect.Severity, rules ...string) *Record {
	r := &Record{Domain: domain, Owner: "o", At: time.Date(2026, 11, 28, 2, 0, 0, 0, china), Liveness: detect.Serving}
	for _, rule := range rules {
		r.Outcomes = append(r.Outcomes, detect.Outcome{Rule: rule, Verdict: detect.Found, Severity: severity, Findings: []detect.Finding{{}}})
	}
	return r
}

func waiving(rules ...string) func(string, string) *Waiver {
	return func(_, rule string) *Waiver {
		if slices.Contains(rules, rule) {
			return &Waiver{Rule: rule}
		}
		return nil
	}
}

func TestWaivedCountsForNothing(t *testing.T) {
	r := foundBy("a.cn", detect.Violation, "a", "b")
	r.SetLife(nil, waiving("a", "b"))
	if tally := r.Tally(); tally.Waived != 2 || tally.Violations != 0 || r.Tone() != Waived || r.Worst() != "" || len(r.Findings()) != 2 {
		t.Errorf("%+v, tone %s, worst %q, %d findings", r.Tally(), r.Tone(), r.Worst(), len(r.Findings()))
	}
	if told := r.WithoutWaived(); len(told.Findings()) != 0 || len(told.Outcomes) != 2 || r.Outcomes[0].Verdict != detect.Found {
		t.Errorf("the letter has %v", told.Findings())
	}
	r.SetLife(nil, waiving("a"))
	if tally := r.Tally(); tally.Waived != 1 || tally.Violations != 1 || r.Worst() != detect.Violation {
		t.Errorf("%+v", tally)
	}
	s := NewSummary(nil, nil)
	s.Add(r)
	if c := s.ruleCount("a"); c.Waived != 1 || c.Found() != 0 || s.ruleCount("b").Violations != 1 {
		t.Errorf("%+v", s.Rules)
	}
}

// TestOverdueIsWaivedWithWhatIsOverdue: the reminder goes where all that it reminds of is waived.
func TestOverdueIsWaivedWithWhatIsOverdue(t *testing.T) {
	for _, tt := range []struct {
		waived string
		want   bool
	}{{"", false}, {"late", false}, {"late later", true}, {"late later soon", true}} {
		r := foundBy("a.cn", detect.Warning, "late", "later", "soon", OverdueRule)
		r.Outcomes[0].Due, r.Outcomes[1].Due, r.Outcomes[2].Due = r.At.AddDate(0, 0, -3), r.At.AddDate(0, 0, -1), r.At
		r.SetLife(nil, waiving(strings.Fields(tt.waived)...))
		if got := r.Waived(OverdueRule); got != tt.want {
			t.Errorf("with %q waived the reminder is waived: %v", tt.waived, got)
		}
	}
}

func records(list ...*Record) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		for _, r := range list {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestFilter(t *testing.T) {
	a, b, c := foundBy("a.cn", detect.Violation, "x", "y"), foundBy("b.cn", detect.Notice, "x"), foundBy("c.cn", detect.Warning)
	b.Owner, c.Detail.Team = "p", "t"
	a.SetLife(map[string]State{"x": StateOpened}, waiving("y"))
	for _, tt := range []struct {
		f    Filter
		want string // DOMAIN:findings
	}{
		{Filter{}, "a.cn:2 b.cn:1 c.cn:0"}, {Filter{Domains: []string{"*.cn"}}, "a.cn:2 b.cn:1 c.cn:0"}, {Filter{Domains: []string{"a.cn", "c.*"}}, "a.cn:2 c.cn:0"},
		{Filter{Owners: []string{"p"}}, "b.cn:1"}, {Filter{Teams: []string{"t"}}, "c.cn:0"}, {Filter{Rules: []string{"x"}}, "a.cn:1 b.cn:1"},
		{Filter{Severities: []detect.Severity{detect.Violation}}, "a.cn:2"}, {Filter{Status: []string{"opened"}}, "a.cn:1"}, {Filter{Status: []string{StatusWaived}}, "a.cn:1"},
		{Filter{Status: []string{"still", "opened"}, Rules: []string{"y"}}, "a.cn:1"}, {Filter{Owners: []string{"p"}, Rules: []string{"y"}}, ""},
	} {
		var got []string
		for r, err := range tt.f.Records(records(a, b, c)) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, r.Domain+":"+string(rune('0'+len(r.Findings()))))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%+v: %v, want %s", tt.f, got, tt.want)
		}
	}
}

// TestDiffKnowsLives: what two runs alone would take for new or fixed is neither.
func TestDiffKnowsLives(t *testing.T) {
	pass := func(v detect.Verdict) *Record {
		return &Record{Domain: "a.cn", Liveness: detect.Serving, Outcomes: []detect.Outcome{{Rule: "x", Verdict: v}}}
	}
	hit := func() *Record { return foundBy("a.cn", detect.Violation, "x") }
	for _, tt := range []struct {
		name     string
		was, now *Record
		state    State
		want     ChangeKind
		open     int
	}{
		{"new", pass(detect.Pass), hit(), StateOpened, ChangeNew, 0},
		{"after it passed once", pass(detect.Pass), hit(), StateStill, "", 1},
		{"reopened", pass(detect.Pass), hit(), StateReopened, ChangeReopened, 0},
		{"was open before the night that saw nothing", pass(detect.Unknown), hit(), StateStill, "", 1},
		{"passes once", hit(), pass(detect.Pass), StatePassed, ChangePassed, 0},
		{"passes twice", pass(detect.Pass), pass(detect.Pass), StateFixed, ChangeFixed, 0},
		{"fixed at once", hit(), pass(detect.Pass), StateFixed, ChangeFixed, 0},
		{"nothing is known", hit(), pass(detect.Pass), "", ChangeFixed, 0},
	} {
		if tt.state != "" {
			tt.now.SetLife(map[string]State{"x": tt.state}, waiving())
		}
		var counts DiffCounts
		var got ChangeKind
		for c, err := range Diff(records(tt.was), records(tt.now), &counts) {
			if err != nil || got != "" {
				t.Fatal(err, got)
			}
			got = c.Kind
		}
		if got != tt.want || counts.Open != tt.open || tt.want != "" && counts.Changes[tt.want] != 1 {
			t.Errorf("%s: %q, want %q (%+v)", tt.name, got, tt.want, counts)
		}
	}
	now := hit()
	now.SetLife(map[string]State{"x": StateOpened}, waiving("x"))
	var counts DiffCounts
	changes, err := NewChanges(nil, nil, Diff(records(pass(detect.Pass)), records(now), &counts), &counts)
	if err != nil || counts.Waived != 1 || counts.Changes[ChangeNew] != 0 || len(changes.Samples(ChangeWaived)) != 1 || len(changes.Samples(ChangeNew)) != 0 {
		t.Errorf("%+v, %v", counts, err)
	}
}

func FuzzMatches(f *testing.F) {
	f.Add("*.a.cn", "b.a.cn")
	f.Add("a*b*c", "abc")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		got := matches(pattern, text)
		if !strings.Contains(pattern, "*") && got != (pattern == text) {
			t.Errorf("%q matches %q: %v", pattern, text, got)
		}
		if got && len(strings.ReplaceAll(pattern, "*", "")) > len(text) {
			t.Errorf("%q is longer than %q and matches it", pattern, text)
		}
		if !matches("*"+pattern+"*", "x"+text+"y") && got {
			t.Errorf("%q matches %q, but not within more", pattern, text)
		}
	})
}
