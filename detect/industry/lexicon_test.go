package industry

import (
	"strings"
	"testing"
)

func TestParseLexicon(t *testing.T) {
	l, err := parseLexicon("x", "# comment\nmark 2.5\nless vendor 0.8 # why\nless media 0.5 body\n\n[offers strong cap=4 weight=0.5]\n理財產品 Ｐ２Ｐ # folded\nPowered~by~X\n[more channel leans]\n要闻\n")
	if err != nil {
		t.Fatal(err)
	}
	g := l.groups[0]
	if l.mark != 2.5 || l.less["vendor"] != (loss{0.8, false}) || l.less["media"] != (loss{0.5, true}) || g.cap != 4 || g.weight != 0.5 || g.sort != strong {
		t.Errorf("got %+v", l)
	}
	if got := strings.Join(g.words, "|"); got != "理财产品|P2P|Powered by X" {
		t.Errorf("words are %q", got)
	}
	if !l.groups[1].leans || l.groups[1].sort != channel {
		t.Errorf("second group is %+v", l.groups[1])
	}
}

func TestParseLexiconErrors(t *testing.T) {
	for text, want := range map[string]string{
		"理财":                        "line 1",
		"[x]\n理财":                   "a name and a sort",
		"\n[x loud]\n理财":            `line 2: group x: unknown sort "loud"`,
		"[x strong size=3]\n理财":     `unknown setting "size=3"`,
		"[x strong cap=-1]\n理财":     "no number",
		"[x strong cap=NaN]\n理财":    "no number",
		"mark 0":                    "no number",
		"[x strong]\n财":             "too short",
		"[x strong]\n\u200b\u200b财": "too short",
		"[x strong]":                "has no words",
	} {
		if _, err := parseLexicon("x", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseLexicon(%q) = %v, want an error with %q", text, err, want)
		}
	}
}

// TestLexicons finds slips of the pen in the data files: a word that stands
// twice in a group, a group that cannot count, a trade without a file.
func TestLexicons(t *testing.T) {
	var files []string
	for _, c := range Categories() {
		files = append(files, string(c)+".txt")
	}
	for _, file := range append(files, siteFiles()...) {
		l := mustLexicon(file)
		words := 0
		for _, g := range l.groups {
			seen := map[string]bool{}
			for _, w := range g.words {
				if w = strings.ToLower(w); seen[w] {
					t.Errorf("%s: %q stands twice in group %s", file, w, g.name)
				}
				seen[w] = true
				words++
			}
		}
		if words < 10 {
			t.Errorf("%s has only %d words", file, words)
		}
	}
	if n := len(lexicons().trades); n != len(Categories()) {
		t.Errorf("%d trades", n)
	}
}

// TestWeakWordsNeverSuffice holds the lexicons to their promise: words that
// everyone uses cannot make a score by themselves.
func TestWeakWordsNeverSuffice(t *testing.T) {
	for _, c := range Categories() {
		l := mustLexicon(string(c) + ".txt")
		total := 0.0
		for _, g := range l.groups {
			if g.sort == weak {
				total += g.cap
			}
		}
		if total >= l.mark && c != Healthcare { // a list of departments is a hospital's menu
			t.Errorf("%s: weak groups give up to %.1f points, the mark is %.1f", c, total, l.mark)
		}
	}
}

func FuzzParseLexicon(f *testing.F) {
	f.Add("mark 3\nless vendor 0.8\n[a strong cap=1 weight=2 leans]\n理财 ab~c\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := parseLexicon("finance", text)
		if err != nil {
			return
		}
		l.less = nil
		newModel([]*lexicon{l}, nil)
	})
}
