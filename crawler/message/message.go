// Package message has what people read in Chinese and English: texts, errors
// that can be read in either language, and the causes of the standard library
// in words.
//
// An error that may reach a person is made by [Errorf] where it arises, in both
// languages; whoever shows it asks [Explain] for the reader's. The English text
// is the error's own (Error), so logs and machines read what they always did.
package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A Text is a text for people in both languages.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// In returns the text in lang, "zh" or "en"; any other word gives Chinese.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.ZH
}

// Format fills both formats with the same values. A value that is an error or
// has both languages itself is written in the language around it.
func Format(zh, en string, args ...any) Text {
	return Text{ZH: fill("zh", zh, args), EN: fill("en", en, args)}
}

// fill is fmt.Sprintf with the values in lang.
func fill(lang, format string, args []any) string {
	spoken := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case interface{ In(string) string }:
			spoken[i] = v.In(lang)
		case error:
			spoken[i] = Explain(v, lang)
		default:
			spoken[i] = a
		}
	}
	// One language may leave out a value that the other tells.
	if n := len(values.FindAllString(format, -1)); n < len(spoken) && !byNumber.MatchString(format) {
		spoken = spoken[:n]
	}
	return fmt.Sprintf(wraps.ReplaceAllString(format, "%${1}v"), spoken...)
}

// wraps finds the verbs of wrapped errors, by number or not; values finds all that
// take a value, byNumber those that name theirs.
var (
	wraps    = regexp.MustCompile(`%(\[\d+\])?w`)
	values   = regexp.MustCompile(`%[^%a-zA-Z]*[a-zA-Z]`)
	byNumber = regexp.MustCompile(`%\[`)
)

// An Error is an error that a person can read in either language.
type Error struct {
	zh, en string // formats
	args   []any
	err    error // by the English format: Error and Unwrap are its
}

// Errorf makes an error of two formats that take the same values, in whatever
// order (%[2]s); %w wraps as with [fmt.Errorf].
func Errorf(zh, en string, args ...any) error {
	return &Error{zh: zh, en: en, args: args, err: fmt.Errorf(en, args...)}
}

// Error returns the English text with the values as they are: for logs.
func (e *Error) Error() string { return e.err.Error() }

// In returns the text in lang, its causes in words.
func (e *Error) In(lang string) string { return fill(lang, Text{e.zh, e.en}.In(lang), e.args) }

// Unwrap returns what [fmt.Errorf] wrapped.
func (e *Error) Unwrap() error { return e.err }

// Cause returns the error that it wraps, nil if none.
func (e *Error) Cause() error { return errors.Unwrap(e.err) }

// Explain returns an error as a person reads it in lang: its own text if it has
// one, else the cause in words as far as it is known. Addresses of this machine,
// which the network errors of the standard library name, are left out. What
// nobody has words for stands behind "internal error", as it is.
func Explain(err error, lang string) string {
	if err == nil {
		return ""
	}
	if t, ok := explain(err); ok {
		return t.In(lang)
	}
	return Format("程序内部错误（反馈问题时请附上：%s）", "%s", err.Error()).In(lang)
}

// explain looks for words down the chain of an error.
func explain(err error) (Text, bool) {
	if said, ok := err.(interface{ In(string) string }); ok {
		return Text{ZH: said.In("zh"), EN: said.In("en")}, true
	}
	if t, ok := cause(err); ok {
		return t, true
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var zh, en []string
		for _, e := range many.Unwrap() {
			if t, ok := explain(e); ok {
				zh, en = append(zh, t.ZH), append(en, t.EN)
			}
		}
		return Text{ZH: strings.Join(zh, "；"), EN: strings.Join(en, "; ")}, len(zh) > 0
	}
	if inner := errors.Unwrap(err); inner != nil {
		return explain(inner)
	}
	return Text{}, false
}

// Both is an error in both languages; the zero Text for none.
func Both(err error) Text {
	if err == nil {
		return Text{}
	}
	return Text{ZH: Explain(err, "zh"), EN: Explain(err, "en")}
}

// Pack makes a text one string, to be stored: "" for none, else JSON.
func (t Text) Pack() string {
	if t == (Text{}) {
		return ""
	}
	packed, _ := json.Marshal(t) //nolint:errcheck // two strings
	return string(packed)
}

// Unpack reads what [Text.Pack] made. Any other string is the same text in both languages.
func Unpack(packed string) Text {
	var t Text
	if json.Unmarshal([]byte(packed), &t) != nil {
		return Text{ZH: packed, EN: packed}
	}
	return t
}
