package detect

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// maxQuote bounds what is quoted from a page, in characters: a title or a
// sentence, not a page's attempt to fill our report.
const maxQuote = 120

// Clip cuts a text from a page to what a finding quotes of it.
func Clip(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxQuote {
			return s[:i] + "…"
		}
	}
	return s
}

// Quoted joins what was seen on a page for the middle of a sentence.
func Quoted(list []string) Text {
	if len(list) > 5 {
		list = list[:5]
	}
	zh, en := make([]string, len(list)), make([]string, len(list))
	for i, s := range list {
		zh[i], en[i] = "“"+Clip(s)+"”", "\""+Clip(s)+"\""
	}
	return Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
}

// A Text is a text for users in both languages.
type Text = message.Text
