package settings

import (
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/schedule"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// A Confirmation is the value of --confirm: the name of a preset, or delays
// separated by commas. The zero value is not given.
type Confirmation struct {
	visit.Confirmation
	text string // as it was given
}

// errConfirm says what may be given.
var errConfirm = message.Errorf("须为 quick、nightly、gov，或间隔时间如 30s,2m,10m", "must be quick, nightly or gov, or delays such as 30s,2m,10m")

// Preset is a Confirmation by name, for the defaults.
func Preset(name string) Confirmation {
	preset, _ := visit.Preset(name)
	return Confirmation{preset, name}
}

// Delays is a Confirmation by its delays.
func Delays(list ...time.Duration) Confirmation {
	texts := make([]string, len(list))
	for i, d := range list {
		texts[i] = d.String()
	}
	return Confirmation{visit.Confirmation{Delays: list}, strings.Join(texts, ",")}
}

// maxLooks bounds a list of delays; the longest preset has 140.
const maxLooks = 1000

// Set reads the flag's text.
func (c *Confirmation) Set(text string) error {
	text = strings.Trim(strings.TrimSpace(text), "[]")
	if text == "" {
		*c = Confirmation{}
		return nil
	}
	if preset, ok := visit.Preset(text); ok {
		*c = Confirmation{preset, text}
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
	*c = Delays(list...)
	return nil
}

// String returns what Set reads.
func (c *Confirmation) String() string { return c.text }

// Text returns what --confirm would be given for it.
func (c Confirmation) Text() string { return c.text }

// Type is what the help calls the value.
func (c *Confirmation) Type() string { return "PRESET|DELAYS" }

// UnmarshalYAML reads a name, or a list of delays.
func (c *Confirmation) UnmarshalYAML(read func(any) error) error {
	var list []string
	if read(&list) == nil {
		return c.Set(strings.Join(list, ","))
	}
	var text string
	if err := read(&text); err != nil {
		return message.Errorf("confirm：%w", "confirm: %w", errConfirm)
	}
	return c.Set(text)
}

// checkConfirm finds what does not go together.
func (s *Settings) checkConfirm() error {
	if s.Timeout > 0 && s.Timeout < s.Confirm.Patience {
		return Usage("--timeout %v：--confirm %s 的规则要求给网站 %v 打开；请不写 --timeout，或不小于该值", "--timeout %v: --confirm %s goes by a rule that gives a site %v to open; leave --timeout out, or give at least that", s.Timeout, s.Confirm.text, s.Confirm.Patience)
	}
	return nil
}

// A Usual is what a command does where nothing is set: a person who waits for
// one site has other needs than a scan of thousands.
type Usual struct {
	Confirm Confirmation
	Timeout time.Duration // for one request
	Pages   int           // of a site, the home page among them
	PerIP   int           // requests in flight to one address
	Drawing time.Duration // the time of a run in which pages are drawn; 0: no bound
}

// asUsual is the value of a number that was not set, where 0 means something.
const asUsual = -1

// Fill sets what was left open to what is usual.
func (s *Settings) Fill(usual Usual) {
	if len(s.Confirm.Delays) == 0 {
		s.Confirm = usual.Confirm
	}
	if s.Timeout == 0 {
		s.Timeout = usual.Timeout
	}
	if s.PerIP == asUsual {
		s.PerIP = usual.PerIP
	}
	if s.Pages == 0 {
		s.Pages = usual.Pages
	}
	if s.RenderBudget.RenderOptions == (schedule.RenderOptions{}) {
		s.RenderBudget.Budget = usual.Drawing
	}
}
