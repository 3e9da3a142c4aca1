package page

import (
	"regexp"
	"strings"
)

// The statements that send every visitor elsewhere, and nothing but these: a
// test, a function or a timer around them makes them conditional.
var (
	assignment = regexp.MustCompile(`^(?:(?:window|self|top|parent|document|this|globalThis)\s*\.\s*)*location(?:\s*\.\s*href)?\s*=\s*(.+)$`)
	calling    = regexp.MustCompile(`^(?:(?:window|self|top|parent|document|this|globalThis)\s*\.\s*)*location\s*\.\s*(?:replace|assign)\s*\(\s*(.+?)\s*\)$`)
	constant   = regexp.MustCompile(`^(?:var|let|const)\s+([\w$]+)\s*=\s*(.+)$`)
	control    = regexp.MustCompile(`^(?:if|else|for|while|do|switch|try|catch|finally|with|function|async|return|throw)\b`)
)

// redirect returns the target of the first unconditional script redirect.
func (r *reader) redirect() string {
	for _, s := range r.p.Scripts {
		if !s.Runs || s.Inline == "" || !strings.Contains(s.Inline, "location") || len(s.Inline) > 64<<10 {
			continue
		}
		if target := sends(s.Inline); target != "" {
			if target = r.base.resolve(target); target != r.p.URL {
				return target
			}
		}
	}
	return ""
}

// sends returns the address that the top level of a script sends the visitor
// to, "" if it does so nowhere or only on a condition.
func sends(code string) string {
	known := map[string]string{}
	conditional := false // the statement before was the head of an if without braces
	for _, s := range statements(code) {
		if control.MatchString(s.text) {
			conditional = !s.block
			continue
		}
		if conditional {
			conditional = false
			continue
		}
		if m := constant.FindStringSubmatch(s.text); m != nil {
			if v, ok := literal(m[2], nil); ok {
				known[m[1]] = v
			}
			continue
		}
		for _, form := range [...]*regexp.Regexp{assignment, calling} {
			if m := form.FindStringSubmatch(s.text); m != nil {
				if v, ok := literal(m[1], known); ok {
					return v
				}
			}
		}
	}
	return ""
}

// literal reads a string literal or the name of one.
func literal(s string, known map[string]string) (string, bool) {
	s = strings.TrimSpace(s)
	if v, ok := known[s]; ok {
		return v, true
	}
	if len(s) < 2 || s[0] != '\'' && s[0] != '"' && s[0] != '`' || s[len(s)-1] != s[0] {
		return "", false
	}
	in := s[1 : len(s)-1]
	if strings.IndexByte(in, s[0]) >= 0 || s[0] == '`' && strings.Contains(in, "${") {
		return "", false
	}
	return strings.ReplaceAll(in, `\/`, "/"), true
}

// A statement is one statement at the top level of a script, without what
// stands in braces. block: it ended with a closing brace.
type statement struct {
	text  string
	block bool
}

// statements cuts a script into its top-level statements. It knows strings,
// comments and brackets; where it errs it errs towards one long statement,
// which matches nothing.
func statements(code string) []statement {
	var out []statement
	var b strings.Builder
	depth := 0      // of braces
	parens := 0     // of ( and [
	last := byte(0) // the last character but white space and comments
	end := func(block bool) {
		if t := strings.TrimSpace(b.String()); t != "" {
			out = append(out, statement{t, block})
		}
		b.Reset()
	}
	for i := 0; i < len(code); {
		c := code[i]
		switch {
		case c == '\'' || c == '"' || c == '`':
			n := stringEnd(code[i:])
			if depth == 0 {
				b.WriteString(code[i : i+n])
			}
			i += n
			last = c
			continue
		case strings.HasPrefix(code[i:], "//") || strings.HasPrefix(code[i:], "<!--"):
			i += lineEnd(code[i:])
			continue
		case strings.HasPrefix(code[i:], "/*"):
			n := strings.Index(code[i+2:], "*/")
			if n < 0 {
				return out
			}
			i += n + 4
			continue
		case c == '{':
			depth++
		case c == '}':
			depth--
			if depth < 0 {
				return out // not a script that we understand
			}
			if depth == 0 && parens == 0 {
				end(true)
			}
		case depth > 0:
		case c == '(' || c == '[':
			parens++
			b.WriteByte(c)
		case c == ')' || c == ']':
			parens--
			b.WriteByte(c)
		case parens == 0 && (c == '\n' || c == '\r') && goesOn(last):
		case parens == 0 && (c == ';' || c == '\n' || c == '\r'):
			end(false)
			last = 0
		default:
			b.WriteByte(c)
		}
		if c > ' ' {
			last = c
		}
		i++
	}
	if depth == 0 && parens == 0 {
		end(false)
	}
	return out
}

// goesOn reports whether a statement whose line ends in the character goes on
// in the next: what follows an operator is its operand, and whether it runs
// hangs on what is before it.
func goesOn(last byte) bool { return last != 0 && strings.IndexByte("&|?:=>,+-*<!~^%.", last) >= 0 }

// stringEnd returns the length of the string literal at the start of code.
func stringEnd(code string) int {
	for i := 1; i < len(code); i++ {
		switch {
		case code[i] == '\\':
			i++
		case code[i] == code[0]:
			return i + 1
		case code[i] == '\n' && code[0] != '`':
			return i
		}
	}
	return len(code)
}

func lineEnd(code string) int {
	if n := strings.IndexAny(code, "\r\n"); n >= 0 {
		return n
	}
	return len(code)
}
