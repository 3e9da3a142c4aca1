package rules

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/detect"
)

// TestFixtures holds every rule to its fixtures.
func TestFixtures(t *testing.T) {
	for _, rule := range All {
		for _, path := range fixtures(t, rule.ID) {
			name := rule.ID + "/" + strings.TrimSuffix(filepath.Base(path), ".txtar")
			t.Run(name, func(t *testing.T) { testFixture(t, rule, path) })
		}
	}
}

func testFixture(t *testing.T, rule *detect.Rule, path string) {
	f, a := readFixture(t, path)
	if len(strings.Fields(string(a.Comment))) < 4 {
		t.Error("the head does not say what the fixture shows and where it is met")
	}
	c := f.newCase(t, a)
	for _, o := range detect.Judge(c, All) {
		if o.Verdict == detect.Broken {
			t.Errorf("rule %s is broken: %s", o.Rule, o.Detail)
		}
		testTexts(t, o)
	}
	o := detect.Judge(c, []*detect.Rule{rule})[0]
	if o.Verdict != f.Want.Verdict || o.Severity != f.Want.Severity || o.Reason != f.Want.Reason {
		t.Fatalf("the rule says %s %s %q, want %s %s %q (liveness %s, cause %q, kind %s)\n%+v",
			o.Verdict, o.Severity, o.Reason, f.Want.Verdict, f.Want.Severity, f.Want.Reason, c.Liveness, c.Cause, c.Kind.Name, o.Findings)
	}
	if rank(o.Severity) > rank(rule.Severity) {
		t.Errorf("the rule says %s, its severity at full strength is %s", o.Severity, rule.Severity)
	}
	if f.Want.Liveness != "" && c.Liveness != f.Want.Liveness {
		t.Errorf("liveness is %s (%s), want %s", c.Liveness, c.Cause, f.Want.Liveness)
	}
	if o.Verdict == detect.Found {
		testFinding(t, o.Findings[0], f.Want)
	}
}

func rank(s detect.Severity) int {
	return slices.Index([]detect.Severity{"", detect.Notice, detect.Warning, detect.Violation}, s)
}

func testFinding(t *testing.T, got detect.Finding, want wantFixture) {
	t.Helper()
	if !strings.Contains(got.Saw.ZH, want.Saw) {
		t.Errorf("saw %q, want it to contain %q", got.Saw.ZH, want.Saw)
	}
	if !strings.Contains(got.Fix.ZH, want.Fix) {
		t.Errorf("fix %q, want it to contain %q", got.Fix.ZH, want.Fix)
	}
	if want.Snippet != "" && got.Snippet != want.Snippet {
		t.Errorf("snippet %s, want %s", got.Snippet, want.Snippet)
	}
	if want.Quote != "" && !slices.ContainsFunc(got.Quotes, func(q string) bool { return strings.Contains(q, want.Quote) }) {
		t.Errorf("quotes %q, want one to contain %q", got.Quotes, want.Quote)
	}
}

// testTexts holds an outcome to its form: a finding says everything in both
// languages, a reason is one of the list.
func testTexts(t *testing.T, o detect.Outcome) {
	t.Helper()
	if o.Reason != "" {
		if o.Reason.Text().ZH == string(o.Reason) {
			t.Errorf("%s: reason %q has no text", o.Rule, o.Reason)
		}
	}
	if (o.Verdict == detect.Unknown || o.Verdict == detect.Exempt) && o.Reason == "" {
		t.Errorf("%s is %s without a reason", o.Rule, o.Verdict)
	}
	if (o.Verdict == detect.Found) != (len(o.Findings) > 0 && o.Severity != "") {
		t.Errorf("%s: verdict %s, severity %q, %d findings", o.Rule, o.Verdict, o.Severity, len(o.Findings))
	}
	for _, f := range o.Findings {
		for _, text := range []detect.Text{f.Where, f.Saw, f.Fix} {
			if text.ZH == "" || text.EN == "" {
				t.Errorf("%s: a finding lacks a text: %+v", o.Rule, f)
			}
		}
	}
}

// TestRulesAreDeclaredWhole fails when a rule lacks a text or a fixture of each
// of the three sorts, or when its id is not its own.
func TestRulesAreDeclaredWhole(t *testing.T) {
	ids := map[string]bool{}
	for _, r := range All {
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`).MatchString(r.ID) || ids[r.ID] {
			t.Errorf("id %q is malformed or not the only one", r.ID)
		}
		ids[r.ID] = true
		if r.Check == nil || r.Severity != detect.Violation && r.Severity != detect.Warning && r.Severity != detect.Notice {
			t.Errorf("%s has no Check or no severity", r.ID)
		}
		texts := map[string]detect.Text{"title": r.Title, "title of what is kept": r.Kept, "rationale": r.Rationale, "remedy": r.Remedy, "law": r.Source.Law, "filing": r.Policy.Filing,
			"liveness": r.Policy.Liveness, "place": r.Policy.Place, "exempt": r.Policy.Exempt, "unknown": r.Policy.Unknown}
		for name, text := range texts {
			if text.ZH == "" || text.EN == "" {
				t.Errorf("%s has no %s in one of the languages", r.ID, name)
			}
		}
		for _, title := range []detect.Text{r.Title, r.Kept} {
			if strings.HasSuffix(title.EN, ".") || strings.HasSuffix(title.ZH, "。") {
				t.Errorf("%s: a title has no full stop", r.ID)
			}
		}
		if r.Kept.ZH == r.Title.ZH || r.Kept.EN == r.Title.EN {
			t.Errorf("%s has one title for what is broken and what is kept", r.ID)
		}
		verdicts := map[detect.Verdict]int{}
		for _, path := range fixtures(t, r.ID) {
			f, _ := readFixture(t, path)
			verdicts[f.Want.Verdict]++
		}
		for _, v := range []detect.Verdict{detect.Found, detect.Pass, detect.Unknown} {
			if verdicts[v] == 0 {
				t.Errorf("%s has no fixture for which it must say %s", r.ID, v)
			}
		}
	}
}

// TestEveryRuleIsListed fails when a rule is declared and not in All, or when
// fixtures belong to no rule.
func TestEveryRuleIsListed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^\tID:\s+"([a-z-]+)"`)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllSubmatch(src, -1) {
			id := string(m[1])
			if Find(id) == nil {
				t.Errorf("%s declares %s, which is not in All", file, id)
			}
		}
	}
	dirs, err := os.ReadDir("testdata/rules")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if Find(d.Name()) == nil {
			t.Errorf("testdata/rules/%s belongs to no rule", d.Name())
		}
	}
}

// The inventory's reader says what is not checked for want of a column by rule
// ids, which it cannot see: they are held to the list here.
func TestMissingColumnsNameRules(t *testing.T) {
	s, err := inventory.Summarize(context.Background(), writeList(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Missing) == 0 {
		t.Fatal("a list of names alone lacks no column")
	}
	for _, m := range s.Missing {
		for _, id := range m.Rules {
			prefix, many := strings.CutSuffix(id, "*")
			if Find(id) == nil && !(many && slices.ContainsFunc(All, func(r *detect.Rule) bool { return strings.HasPrefix(r.ID, prefix) })) {
				t.Errorf("column %s names %s, which is no rule", m.Column, id)
			}
		}
	}
}

// writeList writes an inventory of one name and nothing else.
func writeList(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte("one-demo.cn\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
