package lifecycle

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
)

func known(rule string) bool { return rule == "a-rule" || rule == "b-rule" }

func TestReadWaivers(t *testing.T) {
	for name, file := range map[string]string{
		"w.yaml": "- {domain: \"*.a.cn\", rule: a-rule, until: 2027-01-31, reason: 过渡期, who: 李雷}\n- domain: 例子.中国\n  rule: '*'\n  until: 2026-12-31\n  reason: r\n  who: w\n",
		"w.csv":  "\ufeff域名,规则,豁免至,豁免原因,批准人\n*.A.cn,a-rule,2027-01-31,过渡期,李雷\n\n例子.中国,*,2026-12-31,r,w\n",
	} {
		path := write(t, name, file)
		list, err := ReadWaivers(path, known)
		if err != nil || len(list) != 2 {
			t.Fatalf("%s: %v, %v", name, list, err)
		}
		a, b := list[0], list[1]
		if a.Domain != "*.a.cn" || a.Rule != "a-rule" || a.Until != "2027-01-31" || a.Reason != "过渡期" || a.Who != "李雷" || a.Source != path || a.Added.IsZero() {
			t.Errorf("%s: %+v", name, a)
		}
		if b.Domain != "xn--fsqu00a.xn--fiqs8s" || b.Rule != "*" {
			t.Errorf("%s: %+v", name, b)
		}
	}
}

func TestWaiverFaults(t *testing.T) {
	const good = "a.cn,a-rule,2027-01-31,r,w\n"
	for file, want := range map[string]string{
		"domain,rule,until,reason,who\n" + good + good:                       "same as entry 1",
		"domain,rule,until,reason,who\na.cn,c-rule,2027-01-31,r,w\n":         "no rule \"c-rule\"",
		"domain,rule,until,reason,who\na.cn,a-rule,31.1.2027,r,w\n":          "write a date",
		"domain,rule,until,reason,who\na.cn,a-rule,2027-01-31,,w\n":          "give the reason",
		"domain,rule,until,reason,who\na.cn,a-rule,2027-01-31,r\n":           "who accepts",
		"domain,rule,until,reason,who\nnot a domain,a-rule,2027-01-31,r,w\n": "neither a domain nor a pattern",
		"domain,rule,until,reason,who\n例*.cn,a-rule,2027-01-31,r,w\n":        "xn--",
		"domain,rule,until,who\n":                                            "no column reason",
		"domain,rule,until,reason,who\n" + patterns(maxPatterns+1):           "patterns",
	} {
		_, err := ReadWaivers(write(t, "w.csv", file), known)
		var f *Fault
		if !errors.As(err, &f) || !strings.Contains(f.EN, want) || f.ZH == "" {
			t.Errorf("%.80q: %v, want %q", file, err, want)
		}
	}
	for _, file := range []string{"- {domain: a.cn, rulle: x}", "domain: a.cn", "- [", "{"} {
		if _, err := ReadWaivers(write(t, "w.yaml", file), known); err == nil {
			t.Errorf("%q is taken", file)
		}
	}
	if _, err := ReadWaivers(filepath.Join(t.TempDir(), "none.yaml"), known); err == nil {
		t.Error("a file that is not there is taken")
	}
}

func patterns(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "*.a%d.cn,a-rule,2027-01-31,r,w\n", i)
	}
	return b.String()
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWaivers: what is waived is shown so, counts for nothing, and comes back when
// the waiver ends.
func TestWaivers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, b *bed) {
		say := map[string]said{"x.a.cn": {outcomes: "V.", page: "p"}, "y.a.cn": {outcomes: "VW", page: "p"}, "b.cn": {outcomes: "V.", page: "p"}}
		run := b.store(t, say)
		b.take(t, run)
		waive := func(domain, rule, until string) {
			t.Helper()
			w := &reports.Waiver{Domain: domain, Rule: rule, Until: until, Reason: "r", Who: "w", Added: day(1)}
			if err := Normalize(w, known); err != nil {
				t.Fatal(err)
			}
			if err := b.lives.Waive(t.Context(), w); err != nil {
				t.Fatal(err)
			}
		}
		check := func(when string, run *reports.Run, waived, open int) {
			t.Helper()
			c, err := b.lives.Counts(t.Context(), run.ID)
			if err != nil || c.Waived.Total() != waived || c.Open().Total() != open {
				t.Errorf("%s: %+v, %v; want %d waived, %d open", when, c, err, waived, open)
			}
			yes := true
			page, err := b.lives.Findings(t.Context(), &Query{Inventory: inventory, Waived: &yes})
			if err != nil || len(page.Findings) != waived {
				t.Errorf("%s: %d findings are waived, %v; want %d", when, len(page.Findings), err, waived)
			}
			told := 0
			for r, err := range b.lives.Annotate(t.Context(), run, b.results.Records(t.Context(), run.ID)) {
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range r.Findings() {
					if f.Waiver != nil {
						told++
					}
					if f.State == "" {
						t.Errorf("%s: the state of %s on %s is not known", when, f.Rule, r.Domain)
					}
				}
			}
			if told != waived {
				t.Errorf("%s: %d findings of the records are waived, want %d", when, told, waived)
			}
		}
		check("at first", run, 0, 4)
		waive("*.a.cn", "a-rule", "2026-11-02")
		check("a pattern", run, 2, 2)
		waive("B.cn", "*", "2026-11-30")
		waive("y.a.cn", "*", "2026-11-30")
		check("all rules", run, 4, 0)
		if err := b.lives.Unwaive(t.Context(), "y.a.cn", "*", false); err != nil {
			t.Fatal(err)
		}
		check("one is removed", run, 3, 1)
		if err := b.lives.Unwaive(t.Context(), "y.a.cn", "*", false); !errors.Is(err, ErrNoWaiver) {
			t.Errorf("removed twice: %v", err)
		}
		for range 2 {
			run = b.store(t, say)
			b.take(t, run)
		}
		check("the third night: the pattern has expired", run, 1, 3)
		set, err := b.lives.Waivers(t.Context())
		if lapsed := set.Lapsed(run.StartedAt, 5); err != nil || len(lapsed) != 1 || lapsed[0].Domain != "*.a.cn" {
			t.Errorf("lapsed: %v, %v", lapsed, err)
		}
		list := []*reports.Waiver{{Domain: "y.a.cn", Rule: "b-rule", Until: "2026-11-30", Reason: "r", Who: "w", Source: "f.yaml", Added: time.Unix(1, 0)}}
		for range 2 {
			if err := b.lives.Sync(t.Context(), list); err != nil {
				t.Fatal(err)
			}
			check("a file", run, 2, 2)
		}
		if err := b.lives.Unwaive(t.Context(), "y.a.cn", "b-rule", false); !errors.Is(err, ErrNoWaiver) {
			t.Errorf("the command line removes what a file says: %v", err)
		}
		if err := b.lives.Sync(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		check("the file is empty", run, 1, 3)
	})
}

func FuzzWaiverFile(f *testing.F) {
	f.Add("domain,rule,until,reason,who\na.cn,a-rule,2027-01-31,r,w\n", true)
	f.Add("- {domain: a.cn, rule: a-rule, until: 2027-01-31, reason: r, who: w}", false)
	f.Fuzz(func(t *testing.T, text string, table bool) {
		parse := parseYAML
		if table {
			parse = parseCSV
		}
		list, err := parse([]byte(text))
		if err != nil {
			return
		}
		list, err = whole("f", time.Unix(1, 0), list, known)
		if err != nil {
			return
		}
		for _, w := range list {
			again := *w
			if err := Normalize(&again, known); err != nil || again.Domain != w.Domain || again.Until != w.Until {
				t.Errorf("%+v becomes %+v, %v", w, again, err)
			}
		}
	})
}
