package settings

import (
	"github.com/beianwatch/beianwatch/crawler/message"
)

// A UsageError is a mistake in the call or in the config file: the caller's to
// mend, so its text ends in what to write instead.
type UsageError struct{ err error }

func (e *UsageError) Error() string { return e.err.Error() }

// In returns the text in lang; see [message.Explain].
func (e *UsageError) In(lang string) string { return message.Explain(e.err, lang) }

// Unwrap returns the error that it is made of.
func (e *UsageError) Unwrap() error { return e.err }

// Usage makes a UsageError of its formats and their arguments, as
// [message.Errorf] does.
func Usage(zh, en string, args ...any) error {
	return &UsageError{message.Errorf(zh, en, args...)}
}

// Mistake makes a UsageError of an error that says itself what to write instead.
func Mistake(err error) error { return &UsageError{err} }
