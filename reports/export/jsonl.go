// Package export writes results for programs and spreadsheets: the JSON Lines
// contract, CSV tables, differences between runs, and the list of calls.
package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"iter"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// line is the JSON form of a record: its own fields, then what the outcomes
// become.
type line struct {
	*reports.Record
	Outcomes verdicts `json:"outcomes"`
	Reasons  reasons  `json:"reasons"`
	Findings []said   `json:"findings"`
}

// said is a finding in one language. The fields behind fix are additions to
// the contract.
type said struct {
	Rule     string          `json:"rule"`
	Severity detect.Severity `json:"severity"`
	Where    string          `json:"where"`
	Saw      string          `json:"saw"`
	Fix      string          `json:"fix"`
	Title    string          `json:"title"`   // what is wrong, in a few words
	Snippet  string          `json:"snippet"` // HTML to paste; empty where none exists
	Quotes   []string        `json:"quotes"`  // the sentences that decided
	State    reports.State   `json:"state"`   // of the finding's life; "" if it is not known
	Since    string          `json:"since"`   // YYYY-MM-DD in China, first found; "" if it is not known
	Due      string          `json:"due"`     // YYYY-MM-DD, the last day for fixing it; "" for none
	Waived   bool            `json:"waived"`  // it counts for nothing
	Waiver   *waiverLine     `json:"waiver,omitempty"`
}

// waiverLine is the JSON form of a waiver.
type waiverLine struct {
	Domain string `json:"domain"` // or a pattern
	Rule   string `json:"rule"`   // or *
	Until  string `json:"until"`  // YYYY-MM-DD, the last day
	Reason string `json:"reason"`
	Who    string `json:"who"`
}

func waiverLineOf(w *reports.Waiver) *waiverLine {
	if w == nil {
		return nil
	}
	return &waiverLine{w.Domain, w.Rule, w.Until, w.Reason, w.Who}
}

// untilOf is the last day of a waiver; "" for none.
func untilOf(w *reports.Waiver) string {
	if w == nil {
		return ""
	}
	return w.Until
}

// verdicts and reasons are JSON objects by rule id, in the order of the
// rules, which a map would lose.
type (
	verdicts []detect.Outcome
	reasons  []detect.Outcome
)

// MarshalJSON gives every rule its verdict.
func (v verdicts) MarshalJSON() ([]byte, error) {
	return object(v, func(o *detect.Outcome) string { return string(o.Verdict) })
}

// MarshalJSON returns the reasons of the rules that have one.
func (r reasons) MarshalJSON() ([]byte, error) {
	return object(r, func(o *detect.Outcome) string { return string(o.Reason) })
}

func object(outs []detect.Outcome, value func(*detect.Outcome) string) ([]byte, error) {
	b := append(make([]byte, 0, 48*len(outs)), '{')
	for i := range outs {
		s := value(&outs[i])
		if s == "" {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		for j, word := range [2]string{outs[i].Rule, s} {
			q, err := json.Marshal(word)
			if err != nil {
				return nil, err
			}
			if j == 1 {
				b = append(b, ':')
			}
			b = append(b, q...)
		}
	}
	return append(b, '}'), nil
}

// Line returns the record as one line of JSON with its line feed, in the
// language lang.
func Line(r *reports.Record, lang string) ([]byte, error) {
	var b bytes.Buffer
	if err := WriteLine(&b, r, lang); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// WriteLine writes what [Line] returns.
func WriteLine(w io.Writer, r *reports.Record, lang string) error { return encode(w, r, lang, "") }

// encode writes the record and a line feed. No array of it is ever null.
func encode(w io.Writer, r *reports.Record, lang, indent string) error {
	b := *r
	b.Hops = whole(b.Hops)
	b.Addresses = whole(b.Addresses)
	b.Shown.ICP = whole(b.Shown.ICP)
	b.Shown.Police = whole(b.Shown.Police)
	b.Shown.Licences = whole(b.Shown.Licences)
	b.Industries = append([]reports.Industry{}, b.Industries...)
	for i := range b.Industries {
		b.Industries[i].Evidence = whole(b.Industries[i].Evidence)
	}
	l := line{Record: &b, Outcomes: r.Outcomes, Reasons: r.Outcomes, Findings: []said{}}
	for _, f := range r.Findings() {
		l.Findings = append(l.Findings, findingLine(&f, lang))
	}
	return writeJSON(w, &l, indent)
}

// findingLine returns the JSON form of a finding.
func findingLine(f *reports.Finding, lang string) said {
	return said{Rule: f.Rule, Severity: f.Severity, Where: f.Where.In(lang), Saw: f.Saw.In(lang), Fix: f.Fix.In(lang),
		Title: wording.Title(f.Rule).In(lang), Snippet: f.Snippet, Quotes: whole(f.Quotes),
		State: f.State, Since: wording.ChinaDay(f.Since), Due: wording.ChinaDay(f.Due), Waived: f.Waiver != nil, Waiver: waiverLineOf(f.Waiver)}
}

// whole returns an empty list for none.
func whole[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// WriteJSONL writes one line a record, in the language lang. It stops at the
// first error, of the records or of w.
func WriteJSONL(w io.Writer, records iter.Seq2[*reports.Record, error], lang string) error {
	b := bufio.NewWriterSize(w, 64<<10)
	for r, err := range records {
		if err != nil {
			return err
		}
		if err := WriteLine(b, r, lang); err != nil {
			return err
		}
	}
	return b.Flush()
}

// WriteJSON writes one record as JSON for people to read: the same fields,
// indented.
func WriteJSON(w io.Writer, r *reports.Record, lang string) error {
	return encode(w, r, lang, "  ")
}
