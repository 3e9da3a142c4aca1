package inventory

import (
	"encoding/json"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// A Message is a text for the person who made the list, in both languages.
type Message = message.Text

// Stored returns both texts as one string, for a column of a database.
func Stored(m Message) string {
	b, _ := json.Marshal(m) //nolint:errcheck // two strings always become JSON
	return string(b)
}

// StoredMessage is the way back from [Stored]. A text of one language, as older
// versions stored it, stands for both.
func StoredMessage(s string) Message {
	var m Message
	if strings.HasPrefix(s, "{") && json.Unmarshal([]byte(s), &m) == nil && m.ZH != "" {
		return m
	}
	return Message{ZH: s, EN: s}
}

// An Error says in both languages why a file cannot be read and what to do.
type Error struct {
	Path string
	Message
	Err error // the cause; may be nil
}

// Error returns the English text with the path.
func (e *Error) Error() string { return "reading inventory " + e.Path + ": " + e.EN }

// In returns the text with the path in lang, "zh" or "en".
func (e *Error) In(lang string) string {
	if lang == "en" {
		return e.Error()
	}
	return "读取清单 " + e.Path + "：" + e.ZH
}

func (e *Error) Unwrap() error { return e.Err }

// fault makes an Error whose path Read fills in.
func fault(m Message, err error) *Error { return &Error{Message: m, Err: err} }

// excelErrors are the values that a failed formula leaves in a cell.
var excelErrors = map[string]bool{
	"#N/A": true, "#REF!": true, "#VALUE!": true, "#NAME?": true, "#DIV/0!": true, "#NULL!": true, "#NUM!": true, "#SPILL!": true, "#CALC!": true, "#GETTING_DATA": true,
}
