package reports

import (
	"html/template"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
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
func (h HTML) outcomes(r *Record) []template.HTML {
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

func (h HTML) row(o *detect.Outcome) template.HTML {
	var b strings.Builder
	err := layouts.ExecuteTemplate(&b, "outcome", outcomeView{
		Rule: clean(o.Rule, 80), Title: h.Rules.title(o.Rule), Found: o.Verdict == detect.Found,
		Tone: toneOf(o), Word: outcomeWord(o), Note: outcomeNote(o),
	})
	if err != nil {
		panic(err) // the template is ours and a Builder does not fail
	}
	return template.HTML(b.String())
}

// toneOf names the look of an outcome: its severity if something was found,
// else its verdict.
func toneOf(o *detect.Outcome) string {
	if o.Verdict != detect.Found {
		return clean(string(o.Verdict), 20)
	}
	if Rank(o.Severity) == 0 {
		return string(detect.Warning)
	}
	return string(o.Severity)
}

func outcomeWord(o *detect.Outcome) detect.Text {
	if o.Verdict == detect.Found && Rank(o.Severity) > 0 {
		return word(severityWords, o.Severity)
	}
	return word(verdictWords, o.Verdict)
}

// outcomeNote says why an outcome is not plainly pass, or what was found.
func outcomeNote(o *detect.Outcome) detect.Text {
	switch {
	case o.Verdict == detect.Found && len(o.Findings) > 0:
		return o.Findings[0].Saw
	case o.Reason != "":
		return o.Reason.Text()
	}
	return verdictReasons[o.Verdict]
}
