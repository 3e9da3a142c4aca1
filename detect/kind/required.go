package kind

import (
	"regexp/syntax"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect/match"
)

// The expressions of the states begin with no literal, and trying all of them on
// each line of each page cost a third of its reading. One pass over a line finds
// the words without which an expression cannot match, and few lines have any.

// A clause is a list of words one of which stands in whatever an expression
// matches, ASCII letters in lower case.
type clause []string

// required returns the clauses of an expression; none if it may match without any
// word.
func required(expr string) []clause {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil // whoever compiles the expression reports it
	}
	return clausesOf(re)
}

// clausesOf returns clauses that all hold wherever re matches.
func clausesOf(re *syntax.Regexp) []clause {
	switch re.Op {
	case syntax.OpLiteral:
		return []clause{{strings.Map(unicode.ToLower, string(re.Rune))}}
	case syntax.OpCharClass:
		if c := charsOf(re.Rune); c != nil {
			return []clause{c}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return clausesOf(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return clausesOf(re.Sub[0])
		}
	case syntax.OpConcat:
		var all []clause
		for _, sub := range re.Sub {
			all = append(all, clausesOf(sub)...)
		}
		return all
	case syntax.OpAlternate:
		var one clause
		for _, sub := range re.Sub {
			best := rarest(clausesOf(sub))
			if best == nil {
				return nil
			}
			one = append(one, best...)
		}
		return []clause{one}
	}
	return nil
}

// maxChars is how many characters of a class are taken for words.
const maxChars = 8

// charsOf lists the characters of a class, which is given in pairs of first and
// last; nil if they are too many.
func charsOf(ranges []rune) (c clause) {
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i+1]-ranges[i] > maxChars {
			return nil
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			c = append(c, string(unicode.ToLower(r)))
		}
	}
	if len(c) > maxChars {
		return nil
	}
	return c
}

// rarest returns the clause whose shortest word is the longest: it holds least
// often. Nil if there is none.
func rarest(list []clause) (best clause) {
	longest := 0
	for _, c := range list {
		shortest := utf8.RuneCountInString(c[0])
		for _, w := range c {
			shortest = min(shortest, utf8.RuneCountInString(w))
		}
		if shortest > longest {
			best, longest = c, shortest
		}
	}
	return best
}

// A sayings is a set of expressions, by their place among those of all states.
type sayings [2]uint64

func (s *sayings) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s *sayings) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }
func (s *sayings) join(t sayings) { s[0], s[1] = s[0]|t[0], s[1]|t[1] }

// A sifter tells which expressions of the states may match a line.
type sifter struct {
	words  *match.Matcher
	clause []int   // by word: whose it is
	need   [][]int // by expression: the clauses that must hold
	free   sayings // expressions without any
}

// expressions is how many the states have. They are numbered before anything is
// read: a state is asked for its numbers where no line was sifted, too.
var expressions = numberStates()

func numberStates() (n int) {
	for _, list := range [][]state{refusedFiling, ownStates} {
		for i := range list {
			list[i].first = n
			n += len(list[i].says)
		}
	}
	return n
}

// sift is the sifter of all states.
var sift = sync.OnceValue(func() *sifter {
	f := &sifter{need: make([][]int, 0, expressions)}
	var words []string
	clauses := 0
	for _, list := range [][]state{refusedFiling, ownStates} {
		for i := range list {
			for _, expr := range list[i].says {
				var need []int
				for _, c := range required(expr.String()) {
					for _, w := range c {
						words, f.clause = append(words, w), append(f.clause, clauses)
					}
					need = append(need, clauses)
					clauses++
				}
				if need == nil {
					f.free.add(len(f.need))
				}
				f.need = append(f.need, need)
			}
		}
	}
	f.words = match.New(words)
	return f
})

// maxClauses is how many clauses the expressions of the states may have in all.
const maxClauses = 256

// of returns the expressions that may match a line, and some that do not.
func (f *sifter) of(line string) sayings {
	var held [maxClauses / 64]uint64
	any := false
	f.words.Scan(line, func(word, _ int) bool {
		c := f.clause[word]
		held[c/64] |= 1 << (c % 64)
		any = true
		return true
	})
	may := f.free
	if !any {
		return may
	}
next:
	for i, need := range f.need {
		for _, c := range need {
			if held[c/64]&(1<<(c%64)) == 0 {
				continue next
			}
		}
		may.add(i)
	}
	return may
}
