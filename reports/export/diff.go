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

// changeLine is the JSON form of a change. Its findings are the newer run's,
// or the older one's where the newer has none.
type changeLine struct {
	Change   reports.ChangeKind `json:"change"`
	Domain   string             `json:"domain"`
	Owner    string             `json:"owner"`
	Rule     string             `json:"rule"`  // empty for a change of the domain as a whole
	Title    string             `json:"title"` // of the rule
	Was      sideLine           `json:"was"`
	Now      sideLine           `json:"now"`
	Findings []said             `json:"findings"`
	State    reports.State      `json:"state"`  // of the finding in the newer run; "" if it is not known
	Waived   bool               `json:"waived"` // it counts for nothing
	Waiver   *waiverLine        `json:"waiver,omitempty"`
}

type sideLine struct {
	Liveness detect.Liveness `json:"liveness"`
	Cause    string          `json:"cause"`
	Verdict  detect.Verdict  `json:"verdict"`
	Severity detect.Severity `json:"severity"`
	Reason   detect.Reason   `json:"reason"`
}

func changeLineOf(c *reports.Change, lang string) changeLine {
	l := changeLine{Change: c.Kind, Domain: c.Domain, Owner: c.Owner, Rule: c.Rule, Was: sideLineOf(&c.Was), Now: sideLineOf(&c.Now), Findings: []said{},
		State: c.State, Waived: c.Waiver != nil, Waiver: waiverLineOf(c.Waiver)}
	if c.Rule != "" {
		l.Title = wording.Title(c.Rule).In(lang)
	}
	for _, f := range c.Findings() {
		f.Life = reports.Life{State: c.State, Waiver: c.Waiver}
		l.Findings = append(l.Findings, findingLine(&f, lang))
	}
	return l
}

func sideLineOf(s *reports.Side) sideLine {
	return sideLine{Liveness: s.Liveness, Cause: s.Cause, Verdict: s.Verdict, Severity: s.Severity, Reason: s.Reason}
}

// WriteDiffJSON writes a comparison as one JSON document, a line a change:
//
//	{"schema":1,"was":"RUN","now":"RUN","changes":[{"change":"new","domain":…,"rule":…,"was":{…},"now":{…},"findings":[…]}, …],
//	 "counts":{"was":…,"now":…,"added":…,"gone":…,"same":…,"open":…,"changes":{"new":…,"reopened":…,"first-seen":…,"worse":…,"passed-once":…,"fixed":…,"gone":…,"could-not-look":…},"waived":…}}
//
// was and now are the ids of the runs; counts is the one given to [Diff], not
// nil. The counts stand at the end because the changes are written as they
// come.
func WriteDiffJSON(w io.Writer, was, now string, changes iter.Seq2[reports.Change, error], counts *reports.DiffCounts, lang string) error {
	b := bufio.NewWriterSize(w, 64<<10)
	head, err := json.Marshal(struct {
		Schema int    `json:"schema"`
		Was    string `json:"was"`
		Now    string `json:"now"`
	}{reports.Schema, was, now})
	if err != nil {
		return err
	}
	b.Write(bytes.TrimSuffix(head, []byte("}")))
	b.WriteString(`,"changes":[`)
	first := true
	for c, err := range changes {
		if err != nil {
			return err
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteByte('\n')
		if err := writeChange(b, &c, lang); err != nil {
			return err
		}
	}
	tail, err := json.Marshal(countsLineOf(counts))
	if err != nil {
		return err
	}
	b.WriteString("\n],\n\"counts\":")
	b.Write(tail)
	b.WriteString("}\n")
	return b.Flush()
}

// WriteDiffJSONL writes one line a change, for programs that read as it
// comes.
func WriteDiffJSONL(w io.Writer, changes iter.Seq2[reports.Change, error], lang string) error {
	b := bufio.NewWriterSize(w, 64<<10)
	for c, err := range changes {
		if err != nil {
			return err
		}
		if err := writeChange(b, &c, lang); err != nil {
			return err
		}
		b.WriteByte('\n')
	}
	return b.Flush()
}

// writeChange writes a change without a line feed.
func writeChange(w *bufio.Writer, c *reports.Change, lang string) error {
	var buf bytes.Buffer
	if err := writeJSON(&buf, changeLineOf(c, lang), ""); err != nil {
		return err
	}
	_, err := w.Write(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
	return err
}

type countsLine struct {
	Was     int            `json:"was"`
	Now     int            `json:"now"`
	Both    int            `json:"both"`
	Added   int            `json:"added"`
	Gone    int            `json:"gone"`
	Same    int            `json:"same"`
	Open    int            `json:"open"`
	Changes map[string]int `json:"changes"` // every kind is present; without those that are waived
	Waived  int            `json:"waived"`
}

func countsLineOf(c *reports.DiffCounts) countsLine {
	l := countsLine{Was: c.Was, Now: c.Now, Both: c.Both, Added: c.Added, Gone: c.Gone, Same: c.Same, Open: c.Open, Changes: map[string]int{}, Waived: c.Waived}
	for _, k := range reports.ChangeKinds {
		l.Changes[string(k)] = c.Changes[k]
	}
	return l
}

var diffHead = []detect.Text{
	{ZH: "变化", EN: "Change"}, {ZH: "域名", EN: "Domain"}, {ZH: "负责人", EN: "Owner"}, {ZH: "规则", EN: "Rule"}, {ZH: "问题", EN: "Finding"},
	{ZH: "原访问状态", EN: "Liveness before"}, {ZH: "原结论", EN: "Verdict before"}, {ZH: "原严重程度", EN: "Severity before"},
	{ZH: "现访问状态", EN: "Liveness now"}, {ZH: "现结论", EN: "Verdict now"}, {ZH: "现严重程度", EN: "Severity now"}, {ZH: "现结论的原因", EN: "Reason now"},
	{ZH: "位置", EN: "Where"}, {ZH: "实测情况", EN: "Observed"}, {ZH: "整改方法", EN: "Remedy"}, {ZH: "可直接使用的代码", EN: "Snippet"}, {ZH: "豁免至", EN: "Waived until"},
}

// WriteDiffCSV writes a comparison as a table for spreadsheets, a row a
// change; of several findings of one rule it shows the first.
func WriteDiffCSV(w io.Writer, changes iter.Seq2[reports.Change, error], lang string) error {
	t, err := newTable(w, diffHead, lang)
	if err != nil {
		return err
	}
	for c, err := range changes {
		if err != nil {
			return err
		}
		var f reports.Finding
		if told := c.Findings(); len(told) > 0 {
			f = told[0]
		}
		title, reason := "", ""
		if c.Rule != "" {
			title = wording.Title(c.Rule).In(lang)
		}
		if c.Now.Reason != "" {
			reason = c.Now.Reason.Text().In(lang)
		}
		err = t.row(wording.Change(c.Kind).In(lang), c.Domain, c.Owner, c.Rule, title,
			spoken(wording.LivenessWords, c.Was.Liveness, lang), spoken(wording.VerdictWords, c.Was.Verdict, lang), spoken(wording.SeverityWords, c.Was.Severity, lang),
			spoken(wording.LivenessWords, c.Now.Liveness, lang), spoken(wording.VerdictWords, c.Now.Verdict, lang), spoken(wording.SeverityWords, c.Now.Severity, lang), reason,
			f.Where.In(lang), f.Saw.In(lang), f.Fix.In(lang), f.Snippet, untilOf(c.Waiver))
		if err != nil {
			return err
		}
	}
	return t.close()
}

// spoken is a word of the contract in words for people; empty stays empty.
func spoken[W ~string](table map[W]detect.Text, w W, lang string) string {
	if w == "" {
		return ""
	}
	return wording.Word(table, w).In(lang)
}
