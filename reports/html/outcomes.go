package html

import (
	"html/template"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A rowKey is all that a row of the table of outcomes depends on, if nothing
// was found.
type rowKey struct {
	rule    string
	verdict detect.Verdict
	reason  detect.Reason
}

// outcomes lists the rules that are kept and those that do not apply, in the order
// of the rule set. Most rows are the same on most sites, so they are laid out once
// a run.
func (h Writer) outcomes(r *reports.Record) (passed, exempt []template.HTML) {
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict != detect.Pass && o.Verdict != detect.Exempt {
			continue
		}
		key := rowKey{o.Rule, o.Verdict, o.Reason}
		row, ok := h.rows.Load(key)
		if !ok {
			row = h.row(o)
			if h.Rules[o.Rule] != nil { // a stranger's word is not kept
				h.rows.Store(key, row)
			}
		}
		if o.Verdict == detect.Pass {
			passed = append(passed, row.(template.HTML))
		} else {
			exempt = append(exempt, row.(template.HTML))
		}
	}
	return passed, exempt
}

func (h Writer) row(o *detect.Outcome) template.HTML {
	var b strings.Builder
	note := detect.Text{}
	if o.Reason != "" {
		note = wording.OutcomeNote(o)
	}
	err := layouts.ExecuteTemplate(&b, "outcome", outcomeView{Rule: wording.Clean(o.Rule, 80), Title: h.Rules.Kept(o.Rule), Note: note})
	if err != nil {
		panic(err) // the template is ours and a Builder does not fail
	}
	return template.HTML(b.String())
}

// An outcomeView is one rule that found nothing.
type outcomeView struct {
	Rule        string
	Title, Note detect.Text
}
