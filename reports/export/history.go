package export

import (
	"io"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// historyLine is the JSON form of a history.
type historyLine struct {
	Inventory string     `json:"inventory"`
	Runs      int        `json:"runs"` // that said something of the domain
	From      string     `json:"from"` // when the first of them began
	To        string     `json:"to"`
	Turns     []turnLine `json:"turns"`
}

type turnLine struct {
	At     string        `json:"at"`
	Run    string        `json:"run"`
	Rule   string        `json:"rule"`  // empty for the domain as a whole
	Title  string        `json:"title"` // of the rule
	State  reports.State `json:"state"` // of the finding; "" where there is none
	Was    sideLine      `json:"was"`   // its words are empty in the first run
	Now    sideLine      `json:"now"`
	Waived bool          `json:"waived"`
	Waiver *waiverLine   `json:"waiver,omitempty"`
}

// WriteHistoryJSON writes histories of a domain as one JSON document:
//
//	{"schema":1,"domain":"example.cn","histories":[{"inventory":…,"turns":[{"at":…,"rule":…,"state":…,"was":{…},"now":{…}}, …]}]}
func WriteHistoryJSON(w io.Writer, domain string, list []*reports.History, lang string) error {
	doc := struct {
		Schema    int           `json:"schema"`
		Domain    string        `json:"domain"`
		Histories []historyLine `json:"histories"`
	}{reports.Schema, domain, []historyLine{}}
	for _, h := range list {
		l := historyLine{Inventory: h.Inventory, Runs: h.Runs, From: h.From.Format(time.RFC3339), To: h.To.Format(time.RFC3339), Turns: []turnLine{}}
		for i := range h.Turns {
			t := &h.Turns[i]
			turn := turnLine{At: t.At.Format(time.RFC3339), Run: t.Run, Rule: t.Rule, State: t.State, Was: sideLineOf(&t.Was), Now: sideLineOf(&t.Now),
				Waived: t.Waiver != nil, Waiver: waiverLineOf(t.Waiver)}
			if t.Rule != "" {
				turn.Title = wording.Title(t.Rule).In(lang)
			}
			l.Turns = append(l.Turns, turn)
		}
		doc.Histories = append(doc.Histories, l)
	}
	return writeJSON(w, &doc, "  ")
}

var historyHead = []detect.Text{
	{ZH: "时间", EN: "At"}, {ZH: "域名", EN: "Domain"}, {ZH: "清单", EN: "Inventory"}, {ZH: "规则", EN: "Rule"}, {ZH: "问题", EN: "Finding"}, {ZH: "进展", EN: "State"},
	{ZH: "原结论", EN: "Before"}, {ZH: "现结论", EN: "Now"}, {ZH: "现结论的原因", EN: "Reason now"}, {ZH: "豁免至", EN: "Waived until"}, {ZH: "批次号", EN: "Run"},
}

// WriteHistoryCSV writes histories of a domain as a table for spreadsheets, a row a
// change; times are China's.
func WriteHistoryCSV(w io.Writer, list []*reports.History, lang string) error {
	table, err := newTable(w, historyHead, lang)
	if err != nil {
		return err
	}
	for _, h := range list {
		for i := range h.Turns {
			t := &h.Turns[i]
			title, reason := "", ""
			if t.Rule != "" {
				title = wording.Title(t.Rule).In(lang)
			}
			if t.Now.Reason != "" {
				reason = t.Now.Reason.Text().In(lang)
			}
			err := table.row(wording.ChinaTime(t.At), h.Domain, h.Inventory, t.Rule, title, spoken(wording.StateWords, t.State, lang),
				wording.Side(&t.Was).In(lang), wording.Side(&t.Now).In(lang), reason, untilOf(t.Waiver), t.Run)
			if err != nil {
				return err
			}
		}
	}
	return table.close()
}
