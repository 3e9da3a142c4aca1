package detect

import "strings"

// quoteMax bounds what is quoted from a page, in characters: a title or a
// sentence, not a page's attempt to fill our report.
const quoteMax = 120

// clip cuts a text from a page to what a finding quotes of it.
func clip(s string) string {
	n := 0
	for i := range s {
		if n++; n > quoteMax {
			return s[:i] + "…"
		}
	}
	return s
}

// quoted joins what was seen on a page for the middle of a sentence.
func quoted(list []string) Text {
	if len(list) > 5 {
		list = list[:5]
	}
	zh, en := make([]string, len(list)), make([]string, len(list))
	for i, s := range list {
		zh[i], en[i] = "“"+clip(s)+"”", "\""+clip(s)+"\""
	}
	return Text{strings.Join(zh, "、"), strings.Join(en, ", ")}
}
