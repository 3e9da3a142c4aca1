package settings

import (
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/schedule"
)

// A Budget is the value of --render-budget: a time such as 4h, or a number of
// pages such as 2000p. The zero value is not given.
type Budget struct {
	schedule.RenderOptions
	text string // as it was given
}

// errBudget says what may be given.
var errBudget = message.Errorf("请写时长如 4h、页面数如 2000p，或 0", "give a time such as 4h, a number of pages such as 2000p, or 0")

// Set reads the flag's text.
func (b *Budget) Set(text string) error {
	text = strings.TrimSpace(text)
	read := Budget{text: text}
	number, pages := strings.CutSuffix(text, "p")
	var err error
	switch {
	case text == "", text == "0":
		read.text = ""
	case pages:
		read.Pages, err = strconv.Atoi(number)
	default:
		read.Budget, err = time.ParseDuration(text)
	}
	if err != nil || read.Pages < 0 || read.Budget < 0 || text != "" && text != "0" && read.RenderOptions == (schedule.RenderOptions{}) {
		return errBudget
	}
	*b = read
	return nil
}

// String returns what Set reads.
func (b *Budget) String() string { return b.text }

// Type is what the help calls the value.
func (b *Budget) Type() string { return "TIME|PAGES" }

// UnmarshalYAML reads what Set reads.
func (b *Budget) UnmarshalYAML(read func(any) error) error {
	var text string
	if err := read(&text); err != nil {
		return message.Errorf("render-budget：%w", "render-budget: %w", errBudget)
	}
	return b.Set(text)
}
