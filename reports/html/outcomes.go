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

// outcomes is the whole table, in the order of the rule set. Most rows are the
// same on most sites and make up most of a report, so they are laid out once a
// run.
func (h Writer) outcomes(r *reports.Record) []template.HTML {
	rows := make([]template.HTML, 0, len(r.Outcomes))
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		key := rowKey{o.Rule, o.Verdict, o.Reason}
		if o.Verdict == detect.Found || h.Rules[o.Rule] == nil {
			rows = append(rows, h.row(o))
			continue
		}
		row, ok := h.rows.Load(key)
		if !ok {
			row, _ = h.rows.LoadOrStore(key, h.row(o))
		}
		rows = append(rows, row.(template.HTML))
	}
	return rows
}

func (h Writer) row(o *detect.Outcome) template.HTML {
	var b strings.Builder
	err := layouts.ExecuteTemplate(&b, "outcome", outcomeView{
		Rule: wording.Clean(o.Rule, 80), Title: h.Rules.TitleOf(o), Found: o.Verdict == detect.Found,
		Tone: reports.ToneOf(o), Word: wording.OutcomeWord(o), Note: wording.OutcomeNote(o),
	})
	if err != nil {
		panic(err) // the template is ours and a Builder does not fail
	}
	return template.HTML(b.String())
}
