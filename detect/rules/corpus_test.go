package rules

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
)

var update = flag.Bool("update", false, "rewrite golden files and generated documents")

// A label is one row of the corpus: what is on the page, as people say.
type label struct {
	ID          string         `json:"id"`
	File        string         `json:"file"`
	Kind        string         `json:"page_kind"`
	ICP         []string       `json:"icp_numbers"`
	Malformed   []string       `json:"icp_malformed"`
	Link        string         `json:"icp_link"`
	Police      []string       `json:"police_numbers"`
	PoliceOther []string       `json:"police_other_wording"`
	Licences    []labelLicence `json:"licences"`
	LicencesAlt []labelLicence `json:"licences_alt"`
	Industries  []string       `json:"industries"`
	IndustryAlt []string       `json:"industries_alt"`
	Ordinary    bool           `json:"ordinary"`
	Oddities    []string       `json:"oddities"`
	Fragment    bool           `json:"fragment"`
	Provenance  string         `json:"provenance"`
}

type labelLicence struct{ Kind, Number string }

// corpus returns the folder of labelled pages. Real pages are other people's:
// they are read from where they are kept and not part of this project.
func corpus(t *testing.T) (dir string, labels []label) {
	t.Helper()
	dir = os.Getenv("BEIANWATCH_CORPUS")
	if dir == "" {
		t.Skip("BEIANWATCH_CORPUS does not name a folder of labelled pages: the verdicts on real pages are NOT checked")
	}
	f, err := os.Open(filepath.Join(dir, "labels.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var l label
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatalf("reading labels.jsonl: %v", err)
		}
		labels = append(labels, l)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return dir, labels
}

// judgeFile judges a page as `check --file` does.
func judgeFile(t *testing.T, path string) (*detect.Case, []detect.Outcome) {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	name := filepath.Base(path)
	c := detect.NewCase(detect.Input{Obs: detect.FileObservation(name, body, at), File: name, At: at}, nil)
	return c, detect.Judge(c, All)
}

// goldenLine is the row of one page in the table. Numbers stand in it as the
// head of their hash, so that a change shows and no byte of a page is kept. What
// every file has in common (no site, no filing) is left out.
func goldenLine(id string, c *detect.Case, outs []detect.Outcome) string {
	var icp, police, lic, ind []string
	link := "absent"
	for _, n := range c.Shown.ICP {
		icp = append(icp, hashed(n.Number)+"@"+string(n.Place))
		if detect.Visible(n.Place) && (link == "absent" || detect.LinkRank(n.Kind) < detect.LinkRank(number.LinkKind(link))) {
			link = string(n.Kind)
		}
	}
	for _, p := range c.Shown.Police {
		police = append(police, hashed(p.Digits))
	}
	for _, l := range c.Shown.Licences {
		lic = append(lic, l.Kind)
	}
	for _, j := range c.Industries {
		ind = append(ind, string(j.Category))
	}
	columns := []string{id, string(c.Kind.Name), joined(icp), link, joined(police), joined(lic), joined(ind)}
	return strings.Join(append(columns, outcomeWords(outs)...), "\t")
}

// outcomeWords groups the rules by what they say: "violation: a,b".
func outcomeWords(outs []detect.Outcome) []string {
	by := map[string][]string{}
	for _, o := range outs {
		word := string(o.Verdict)
		switch {
		case o.Verdict == detect.Found:
			word = string(o.Severity)
		case o.Verdict == detect.Pass && o.Reason == "", o.Reason == detect.ReasonFile, o.Reason == detect.ReasonFilingUnknown, o.Reason == detect.ReasonNameNotKnown, o.Reason == detect.ReasonNumberNotKnown:
			continue
		case o.Reason != "":
			word += " " + string(o.Reason)
		}
		by[word] = append(by[word], o.Rule)
	}
	var words []string
	for word, rules := range by {
		words = append(words, word+": "+strings.Join(rules, ","))
	}
	sort.Strings(words)
	return words
}

func hashed(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:3])
}

func joined(list []string) string {
	if len(list) == 0 {
		return "-"
	}
	sort.Strings(list)
	return strings.Join(list, ",")
}

func line(what, id string, want, got any) string {
	return fmt.Sprintf("%s %s: the label says %v, the program %v", id, what, want, got)
}

// TestCorpus compares the verdicts on real pages with a golden table, so that
// a change shows as a changed line, and with the labels: the figures may not
// fall below the floors that stand at the head of the table.
func TestCorpus(t *testing.T) {
	dir, labels := corpus(t)
	var s score
	var rows []string
	for _, l := range labels {
		c, outs := judgeFile(t, filepath.Join(dir, l.File))
		rows = append(rows, goldenLine(l.ID, c, outs))
		s.add(l, c, outs)
		for _, o := range outs {
			if o.Verdict == detect.Broken {
				t.Errorf("%s: rule %s is broken: %s", l.ID, o.Rule, o.Detail)
			}
		}
	}
	for _, l := range s.disagree {
		t.Log(l)
	}
	golden := readGolden(t)
	golden.checkFloors(t, &s)
	if *update {
		golden.write(t, rows)
		return
	}
	golden.checkRows(t, rows)
}

const goldenFile = "testdata/corpus.golden"

// A golden file is "# floor NAME FIGURE" lines and the rows of the table.
type golden struct {
	floors []string // the lines, kept as they are
	rows   []string
}

func readGolden(t *testing.T) golden {
	t.Helper()
	data, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	for _, l := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if strings.HasPrefix(l, "#") {
			g.floors = append(g.floors, l)
		} else {
			g.rows = append(g.rows, l)
		}
	}
	return g
}

// checkFloors holds each figure to its floor. The two counts of accusations
// are ceilings.
func (g golden) checkFloors(t *testing.T, s *score) {
	t.Helper()
	figures := s.figures()
	floors := 0
	for _, l := range g.floors {
		var name string
		var bound float64
		if n, _ := fmt.Sscanf(l, "# floor %s %f", &name, &bound); n != 2 {
			continue
		}
		floors++
		got, ok := figures[name]
		ceiling := strings.HasSuffix(name, "_accused")
		switch {
		case !ok:
			t.Errorf("%s names no figure: %q", goldenFile, l)
		case ceiling && got > bound, !ceiling && got < bound:
			t.Errorf("%s is %.4f, the bound is %.4f", name, got, bound)
		}
		t.Logf("%-20s %.4f (bound %.4f)", name, got, bound)
	}
	if floors != len(figures) {
		t.Errorf("%s bounds %d of %d figures", goldenFile, floors, len(figures))
	}
	for _, l := range append(s.ordinaryAccused, s.falseAccused...) {
		t.Logf("accused: %s", l)
	}
}

func (g golden) checkRows(t *testing.T, rows []string) {
	t.Helper()
	want := map[string]string{}
	for _, r := range g.rows {
		id, _, _ := strings.Cut(r, "\t")
		want[id] = r
	}
	changed := 0
	for _, r := range rows {
		id, _, _ := strings.Cut(r, "\t")
		if want[id] != r {
			changed++
			t.Errorf("changed:\n- %s\n+ %s", want[id], r)
		}
		delete(want, id)
	}
	for id := range want {
		t.Errorf("%s is in the table and not in the corpus", id)
	}
	if changed > 0 {
		t.Logf("%d pages changed. If every change is meant: go test ./detect/rules -run TestCorpus -update", changed)
	}
}

func (g golden) write(t *testing.T, rows []string) {
	t.Helper()
	text := strings.Join(append(g.floors, rows...), "\n") + "\n"
	if err := os.WriteFile(goldenFile, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
