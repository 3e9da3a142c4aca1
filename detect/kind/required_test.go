package kind

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"
)

// spell writes a text that re matches, choosing at random where it may.
func spell(b *strings.Builder, re *syntax.Regexp, rnd *rand.Rand) {
	times := func(least, most int) {
		for range least + rnd.IntN(most-least+1) {
			spell(b, re.Sub[0], rnd)
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		i := 2 * rnd.IntN(len(re.Rune)/2)
		b.WriteRune(re.Rune[i] + rnd.Int32N(min(re.Rune[i+1]-re.Rune[i], 60)+1))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpCapture:
		spell(b, re.Sub[0], rnd)
	case syntax.OpPlus:
		times(1, 2)
	case syntax.OpStar:
		times(0, 2)
	case syntax.OpQuest:
		times(0, 1)
	case syntax.OpRepeat:
		times(re.Min, max(re.Max, re.Min))
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			spell(b, sub, rnd)
		}
	case syntax.OpAlternate:
		spell(b, re.Sub[rnd.IntN(len(re.Sub))], rnd)
	}
}

// TestSift: no expression is left out on a line that it matches, and an ordinary
// line has next to none.
func TestSift(t *testing.T) {
	f := sift()
	if last := len(f.need) - 1; last >= 64*len(sayings{}) {
		t.Fatalf("%d expressions are more than a set of sayings holds", last+1)
	}
	if n := f.clause[len(f.clause)-1]; n >= maxClauses {
		t.Fatalf("%d clauses are more than %d", n+1, maxClauses)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, list := range [][]state{refusedFiling, ownStates} {
		for i := range list {
			s := &list[i]
			for k, expr := range s.says {
				re, err := syntax.Parse(expr.String(), syntax.Perl)
				if err != nil {
					t.Fatal(err)
				}
				if f.free.has(s.first + k) {
					t.Errorf("%s: %s needs no word", s.name, expr)
				}
				matched := 0
				for range 300 {
					var b strings.Builder
					spell(&b, re, rnd)
					if !expr.MatchString(b.String()) {
						continue // an assertion did not hold
					}
					matched++
					if may := f.of(b.String()); !may.has(s.first + k) {
						t.Fatalf("%s: %s is left out on %q", s.name, expr, b.String())
					}
				}
				if matched == 0 {
					t.Errorf("%s: %s was never tried", s.name, expr)
				}
			}
		}
	}
	for _, line := range []string{"某某机械有限公司是一家专业生产齿轮的企业", "产品远销海内外,深受用户好评", "About our company and its products"} {
		if may := f.of(line); may != (sayings{}) {
			t.Errorf("%q may be %b", line, may)
		}
	}
}
