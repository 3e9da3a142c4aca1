package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/beianwatch/beianwatch/crawler/inventory"
)

// sumUp tells on the error stream what was understood of an inventory before
// anything is done with it; nothing with --quiet.
func (p *program) sumUp(ctx context.Context, path string) error {
	if p.Quiet {
		return nil
	}
	s, err := inventory.Summarize(ctx, path)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(p.errOut, s.Text(p.Lang))
	return err
}

// rejectedText is what was rejected, after the sheet in which it stands where
// several were read.
func rejectedText(r *inventory.Rejection) string {
	if r.Sheet == "" {
		return r.Text
	}
	return "[" + r.Sheet + "] " + r.Text
}

// spoken returns err in the person's language, if it has words in both.
func (p *program) spoken(err error) error {
	var said *inventory.Error
	if !errors.As(err, &said) {
		return err
	}
	return &spokenError{err, said.In(p.Lang)}
}

// A spokenError is an error with the text that a person reads.
type spokenError struct {
	err  error
	text string
}

func (e *spokenError) Error() string { return e.text }

func (e *spokenError) Unwrap() error { return e.err }
