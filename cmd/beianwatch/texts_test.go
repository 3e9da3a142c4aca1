package main

import (
	"go/ast"
	"go/token"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// bilingual are the functions whose first two arguments are one text in Chinese and
// in English.
var bilingual = []string{"Errorf", "Usage", "usage", "say", "Say", "tr", "Format", "arguments", "fault", "print"}

// A pair is one text of the program in both languages.
type pair struct{ at, zh, en string }

// pairs finds the texts of the program in its source.
func pairs(t *testing.T) (list []pair) {
	t.Helper()
	for _, f := range houseFiles(t) {
		if f.test || isGenerator(f) {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				args := n.Args
				if funcName(n.Fun) == "arguments" && len(args) == 4 {
					args = args[2:]
				}
				if len(args) >= 2 && slices.Contains(bilingual, funcName(n.Fun)) {
					list = appendPair(list, f.path, args[0], args[1])
				}
			case *ast.CompositeLit:
				zh, en := textFields(n)
				if zh != nil && en != nil {
					list = appendPair(list, f.path, zh, en)
				}
			}
			return true
		})
	}
	if len(list) < 1500 {
		t.Fatalf("found only %d texts: the walk is broken", len(list))
	}
	return list
}

func funcName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// textFields are the two texts of a literal such as Text{ZH: "…", EN: "…"}, or of one
// of two strings.
func textFields(n *ast.CompositeLit) (zh, en ast.Expr) {
	for _, e := range n.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch funcName(kv.Key) {
		case "ZH":
			zh = kv.Value
		case "EN":
			en = kv.Value
		}
	}
	if n.Type == nil && len(n.Elts) == 2 { // in a table of texts
		if first, ok := literal(n.Elts[0]); ok && han.MatchString(first) {
			return n.Elts[0], n.Elts[1]
		}
	}
	if name := funcName(n.Type); len(n.Elts) == 2 && (name == "Text" || name == "Remark" || name == "Message") && zh == nil {
		return n.Elts[0], n.Elts[1]
	}
	return zh, en
}

func appendPair(list []pair, at string, a, b ast.Expr) []pair {
	zh, ok1 := literal(a)
	en, ok2 := literal(b)
	if !ok1 || !ok2 || !strings.ContainsFunc(en, isLetter) {
		return list
	}
	return append(list, pair{at, zh, en})
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

var (
	han      = regexp.MustCompile(`\p{Han}`)
	sentence = regexp.MustCompile(`(?:^|[^a-zA-Z/.-])[a-z]+(?: [a-z]+){3,}`)
	verbs    = regexp.MustCompile(`%(?:\[\d+\])?(?:\.\d+)?[a-z]`)
	words    = regexp.MustCompile(`(?:^|[^a-z-])[a-z]+ [a-z]+`)
	index    = regexp.MustCompile(`\[\d+\]`)
)

// faultOf says what is wrong with a text: a Chinese one without a Chinese character,
// or with an English sentence or a code of the contract in it; "" if nothing is.
func faultOf(zh, en string, codes *regexp.Regexp) string {
	bare := verbs.ReplaceAllString(en, "")
	switch {
	case !han.MatchString(zh) && words.MatchString(bare) && zh != en:
		return "not in Chinese"
	case sentence.MatchString(zh):
		return "an English sentence in a Chinese text: " + sentence.FindString(zh)
	case codes.MatchString(zh):
		return "a code in a Chinese text: " + codes.FindString(zh)
	}
	return ""
}

// codes match the words of the contract that no person reads: reasons, rules,
// causes and fingerprints.
func codes() *regexp.Regexp {
	var words []string
	for _, r := range rules.All {
		words = append(words, r.ID)
	}
	for _, r := range detect.Reasons() {
		words = append(words, string(r))
	}
	for _, f := range kind.Default().All() {
		words = append(words, f.Name)
	}
	words = slices.DeleteFunc(words, func(w string) bool { return !strings.Contains(w, "-") })
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	return regexp.MustCompile(`(?:^|[^a-z-])(?:` + strings.Join(words, "|") + `)(?:$|[^a-z-])`)
}

// TestTexts walks every text of the program: each is in both languages, takes the
// same values in both, and its Chinese holds no English sentence and no code.
func TestTexts(t *testing.T) {
	codes := codes()
	for _, p := range pairs(t) {
		if fault := faultOf(p.zh, p.en, codes); fault != "" {
			t.Errorf("%s: %s: %q", p.at, fault, p.zh)
		}
		zh, en := verbs.FindAllString(p.zh, -1), verbs.FindAllString(p.en, -1)
		if index.MatchString(p.zh + p.en) {
			continue // values by number: vet looks at the English, and a missing one shows as %!
		}
		if len(zh) > len(en) {
			t.Errorf("%s: %q takes more values than %q", p.at, p.zh, p.en)
		}
	}
}

// TestNothingGoesAround: where errors may reach a person, none is made in one
// language alone.
func TestNothingGoesAround(t *testing.T) {
	doors := []string{"cmd/settings/", "cmd/beianwatch/", "detect/lists/", "detect/workday/", "detect/kind/", "crawler/register/register.go",
		"crawler/register/book.go", "crawler/dns/name.go", "crawler/dns/dns.go", "crawler/browser/find.go", "crawler/document/document.go", "schedule/begin.go", "schedule/run.go",
		"schedule/calendar/", "reports/web/web.go", "reports/store/runs.go", "reports/store/files.go"}
	for _, f := range houseFiles(t) {
		if f.test || isGenerator(f) || !slices.ContainsFunc(doors, func(d string) bool { return strings.HasPrefix(f.path, d) }) {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "Errorf" && sel.Sel.Name != "New" {
				return true
			}
			pkg, _ := sel.X.(*ast.Ident)
			if pkg == nil || pkg.Name != "fmt" && pkg.Name != "errors" {
				return true
			}
			if text, ok := literal(call.Args[0]); ok && strings.Count(text, " ") > 1 && !slices.Contains(unread, text) {
				t.Errorf("%s: %q is in English alone: use message.Errorf", f.path, text)
			}
			return true
		})
	}
}

// unread are errors that no person is shown: their makers' callers look for them,
// or their text stands behind "internal error".
var unread = []string{
	"run %s is at the step %q, which this program does not know",
	"run %s ended unfinished: %s",
	"storing a run: it has no id",
	"reading YAML: %v",
}

// TestHelp walks the help of every command and flag in both languages.
func TestHelp(t *testing.T) {
	codes := codes()
	trees := map[string]*cobra.Command{}
	for _, lang := range []string{"zh", "en"} {
		p := &program{Settings: settings.Defaults(), out: io.Discard, errOut: io.Discard}
		p.Lang = lang
		trees[lang] = p.command()
	}
	var walk func(zh, en *cobra.Command)
	walk = func(zh, en *cobra.Command) {
		check := func(what, a, b string) {
			if a == "" || b == "" {
				t.Errorf("%s: %s is missing in a language", zh.CommandPath(), what)
			} else if fault := faultOf(a, b, codes); fault != "" || a == b || !han.MatchString(a) {
				t.Errorf("%s: %s: %s: %q, %q", zh.CommandPath(), what, fault, a, b)
			}
		}
		check("short", zh.Short, en.Short)
		if zh.Long+en.Long != "" {
			check("long", zh.Long, en.Long)
		}
		each := func(a, b *pflag.FlagSet) {
			a.VisitAll(func(f *pflag.Flag) {
				g := b.Lookup(f.Name)
				if g == nil {
					t.Errorf("%s: --%s is there in one language alone", zh.CommandPath(), f.Name)
					return
				}
				check("--"+f.Name, f.Usage, g.Usage)
			})
		}
		each(zh.Flags(), en.Flags())
		each(zh.PersistentFlags(), en.PersistentFlags())
		for i, c := range zh.Commands() {
			walk(c, en.Commands()[i])
		}
	}
	walk(trees["zh"], trees["en"])
}

// TestCausesInWords: no cause that a record may carry is told as its code.
func TestCausesInWords(t *testing.T) {
	causes := []string{"http-404", "http-500", detect.CauseAway, detect.CauseNameReset, detect.CauseErrorPage}
	for _, k := range []crawler.FailureKind{crawler.FailDNSNoName, crawler.FailDNSNoAddr, crawler.FailDNSServer, crawler.FailDNSTimeout, crawler.FailGuard, crawler.FailRefused,
		crawler.FailUnreachable, crawler.FailTimeout, crawler.FailReset, crawler.FailTLS, crawler.FailProtocol, crawler.FailRedirects, crawler.FailScheme, crawler.FailRobots, crawler.FailOurs} {
		causes = append(causes, string(k))
	}
	for _, f := range kind.Default().All() {
		if strings.Contains(f.Name, "-") { // nginx is a name
			causes = append(causes, f.Name)
		}
	}
	for _, c := range causes {
		text := detect.CauseText(c)
		if strings.Contains(c, "-") && strings.Contains(text.ZH, c) || !han.MatchString(text.ZH) || sentence.MatchString(text.ZH) {
			t.Errorf("the cause %s is told as %q", c, text.ZH)
		}
	}
	for _, detail := range []string{"read tcp 127.0.0.1:34076->192.0.2.1:80: i/o timeout", "EOF"} {
		if text := detect.DetailText(detail); text != (detect.Text{}) {
			t.Errorf("a library's words reach a reader: %v", text)
		}
	}
	if text := detect.DetailText(message.CertOwn.Fill()); text.ZH != "（自签名证书）" {
		t.Errorf("a certificate's fault is told as %v", text)
	}
}
