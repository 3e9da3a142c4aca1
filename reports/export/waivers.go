package export

import (
	"io"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// WriteWaiversJSON writes waivers as one JSON document:
//
//	{"schema":1,"waivers":[{"domain":…,"rule":…,"until":"2027-01-31","reason":…,"who":…,"source":"","added":"2026-11-28T…","expired":false}, …]}
//
// source is empty for the command line, else the file. now decides what has
// expired.
func WriteWaiversJSON(w io.Writer, list []*reports.Waiver, now time.Time) error {
	type listed struct {
		waiverLine
		Source  string `json:"source"`
		Added   string `json:"added"`
		Expired bool   `json:"expired"`
	}
	doc := struct {
		Schema  int      `json:"schema"`
		Waivers []listed `json:"waivers"`
	}{reports.Schema, []listed{}}
	for _, one := range list {
		doc.Waivers = append(doc.Waivers, listed{*waiverLineOf(one), one.Source, one.Added.Format(time.RFC3339), !one.InForce(now)})
	}
	return writeJSON(w, &doc, "  ")
}

var waiverHead = []detect.Text{
	{ZH: "域名", EN: "Domain"}, {ZH: "规则", EN: "Rule"}, {ZH: "豁免至", EN: "Until"}, {ZH: "豁免原因", EN: "Reason"}, {ZH: "批准人", EN: "Who"},
	{ZH: "状态", EN: "State"}, {ZH: "来源", EN: "Source"}, {ZH: "登记时间", EN: "Added"},
}

// WriteWaiversCSV writes waivers as a table for spreadsheets, whose first columns are
// those of a file of waivers. now decides what has expired.
func WriteWaiversCSV(w io.Writer, list []*reports.Waiver, now time.Time, lang string) error {
	t, err := newTable(w, waiverHead, lang)
	if err != nil {
		return err
	}
	for _, one := range list {
		err := t.row(one.Domain, one.Rule, one.Until, one.Reason, one.Who, wording.WaiverState(one, now).In(lang), wording.WaiverSource(one).In(lang), wording.ChinaTime(one.Added))
		if err != nil {
			return err
		}
	}
	return t.close()
}
