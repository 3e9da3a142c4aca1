package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/schedule/visit"
)

// A confirmation is the value of --confirm: the name of a preset, or delays
// separated by commas. The zero value is not given.
type confirmation struct {
	visit.Confirmation
	text string
}

// errConfirm says what may be given.
var errConfirm = errors.New("say quick, nightly or gov, or delays such as 30s,2m,10m")

// presetOf is a confirmation by name, for the defaults.
func presetOf(name string) confirmation {
	preset, _ := visit.Preset(name)
	return confirmation{preset, name}
}

// delays is a confirmation by its delays.
func delays(list ...time.Duration) confirmation {
	texts := make([]string, len(list))
	for i, d := range list {
		texts[i] = d.String()
	}
	return confirmation{visit.Confirmation{Delays: list}, strings.Join(texts, ",")}
}

// given tells whether anything was said.
func (c *confirmation) given() bool { return len(c.Delays) > 0 }

// maxLooks bounds a list of delays; the longest preset has 140.
const maxLooks = 1000

// Set reads the flag's text.
func (c *confirmation) Set(text string) error {
	text = strings.Trim(strings.TrimSpace(text), "[]")
	if text == "" {
		*c = confirmation{}
		return nil
	}
	if preset, ok := visit.Preset(text); ok {
		*c = confirmation{preset, text}
		return nil
	}
	var list []time.Duration
	for part := range strings.SplitSeq(text, ",") {
		d, err := time.ParseDuration(strings.TrimSpace(part))
		if err != nil || d < 0 || len(list) == maxLooks {
			return errConfirm
		}
		list = append(list, d)
	}
	*c = delays(list...)
	return nil
}

// String gives what Set reads.
func (c *confirmation) String() string { return c.text }

// Type is what the help calls the value.
func (c *confirmation) Type() string { return "PRESET|DELAYS" }

// UnmarshalYAML reads a name, or a list of delays.
func (c *confirmation) UnmarshalYAML(read func(any) error) error {
	var list []string
	if read(&list) == nil {
		return c.Set(strings.Join(list, ","))
	}
	var text string
	if err := read(&text); err != nil {
		return fmt.Errorf("confirm: %w", errConfirm)
	}
	return c.Set(text)
}

// checkConfirm finds what does not go together.
func (s *settings) checkConfirm() error {
	if s.Timeout < s.Confirm.Patience {
		return usage("--timeout %v: --confirm %s goes by a rule that gives a site %v to open; leave --timeout out, or give at least that", s.Timeout, s.Confirm.text, s.Confirm.Patience)
	}
	return nil
}
