package main

import (
	"context"
	"fmt"

	"github.com/beianwatch/beianwatch/crawler/inventory"
)

// sumUp tells on the error stream what was understood of an inventory before
// anything is done with it; with --quiet only what is wrong with it.
func (p *program) sumUp(ctx context.Context, path string) (*inventory.Summary, error) {
	s, err := inventory.Summarize(ctx, path)
	if err != nil || p.Quiet {
		return s, err
	}
	_, err = fmt.Fprint(p.errOut, s.Text(p.Lang))
	return s, err
}

// rejectedText is what was rejected, after the sheet in which it stands where
// several were read.
func rejectedText(r *inventory.Rejection) string {
	if r.Sheet == "" {
		return r.Text
	}
	return "[" + r.Sheet + "] " + r.Text
}
