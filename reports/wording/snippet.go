package wording

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
)

// Code is HTML to paste, with its heading. A report has one for the foot of the
// page, made from all its findings.
type Code struct {
	Title detect.Text
	Lines []string // none: nothing is to be pasted
}

// Snippet returns the code for the foot of the page that a record tells of.
func Snippet(r *reports.Record) Code {
	text := r.Detail.Snippet
	title := Say("页脚应当是这样，可直接使用下面的代码：", "The foot of the page should read so; paste this code:")
	asked := false
	for _, f := range r.Findings() {
		if asked = asked || f.Snippet != ""; text == "" {
			text = f.Snippet // a record of an earlier version
		}
	}
	if !asked {
		title = Say("未能判定页脚的备案号或链接；若页脚还没有，可直接使用下面的代码：", "Number or link at the foot could not be judged; where the foot lacks them, paste this code:")
	}
	c := Code{Title: title}
	for line := range strings.SplitSeq(CleanLines(text, MaxText), "\n") {
		if line != "" {
			c.Lines = append(c.Lines, line)
		}
	}
	return c
}
