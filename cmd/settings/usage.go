package settings

import (
	"fmt"
)

// A UsageError is a mistake in the call or in the config file: the caller's to
// mend, so its text ends in what to write instead.
type UsageError struct{ err error }

func (e *UsageError) Error() string { return e.err.Error() }

// Unwrap returns the error that it is made of.
func (e *UsageError) Unwrap() error { return e.err }

// Usage makes a UsageError of a format and its arguments, as fmt.Errorf does.
func Usage(format string, args ...any) error {
	return &UsageError{fmt.Errorf(format, args...)}
}
