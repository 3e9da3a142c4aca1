package export

import (
	"cmp"
	"io"
	"iter"
	"net/url"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A Locator gives the place of a finding in the file or page that was judged, line
// and column from 1; 0 where it has none, as of what is missing.
type Locator func(r *reports.Record, f *reports.Finding) (line, column int)

// nowhere is the locator of results whose pages are not at hand.
func nowhere(*reports.Record, *reports.Finding) (line, column int) { return 0, 0 }

// The parts of SARIF 2.1.0 that are used.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		Language   string        `json:"language"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Version        string      `json:"version,omitempty"` // of the rules
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string      `json:"id"`
		Short   sarifText   `json:"shortDescription"`
		Full    sarifText   `json:"fullDescription"`
		Help    sarifText   `json:"help"`
		HelpURI string      `json:"helpUri,omitempty"`
		Default sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    *int               `json:"ruleIndex,omitempty"` // none: a rule of an older rule set
		Kind         string             `json:"kind"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

const (
	sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"
	homepage    = "https://github.com/beianwatch/beianwatch"
)

// WriteSARIF writes findings as SARIF 2.1.0, which code hosts show beside the lines
// of a file. A rule that could not be judged is a result of the kind "review" if
// it is one of the decisive ones; all other unknown outcomes are left out. at may be
// nil. The results are held until all are there: it is a format for some files,
// not for millions of domains.
func WriteSARIF(w io.Writer, records iter.Seq2[*reports.Record, error], rules []*detect.Rule, lang string, at Locator) error {
	if at == nil {
		at = nowhere
	}
	run := sarifRun{Language: langTag(lang), ColumnKind: "unicodeCodePoints", Results: []sarifResult{}, Tool: sarifTool{sarifDriver{Name: "beianwatch", InformationURI: homepage}}}
	index := map[string]*int{}
	for i, rule := range rules {
		index[rule.ID] = &i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(rule, lang))
	}
	for r, err := range records {
		if err != nil {
			return err
		}
		run.Tool.Driver.Version = r.Ruleset
		for _, f := range r.Findings() {
			line, column := at(r, &f)
			run.Results = append(run.Results, sarifResultOf(r, &f, index[f.Rule], lang, line, column))
		}
		for i := range r.Outcomes {
			if o := &r.Outcomes[i]; o.Verdict == detect.Unknown && detect.Decisive(o.Rule) {
				run.Results = append(run.Results, sarifUnknown(r, o, index[o.Rule], lang))
			}
		}
	}
	return writeJSON(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}}, "  ")
}

func sarifRuleOf(rule *detect.Rule, lang string) sarifRule {
	return sarifRule{
		ID: rule.ID, Short: sarifText{rule.Title.In(lang)}, Full: sarifText{rule.Rationale.In(lang)}, Help: sarifText{rule.Remedy.In(lang)},
		HelpURI: rule.Source.Link, Default: sarifConfig{sarifLevel(rule.Severity)},
	}
}

func sarifResultOf(r *reports.Record, f *reports.Finding, index *int, lang string, line, column int) sarifResult {
	text := wording.Title(f.Rule).In(lang)
	for _, part := range []string{f.Saw.In(lang), f.Fix.In(lang), f.Snippet} {
		if part != "" {
			text += "\n" + printable(part)
		}
	}
	result := sarifResult{
		RuleID: f.Rule, RuleIndex: index, Kind: "fail", Level: sarifLevel(f.Severity), Message: sarifText{text},
		Locations: sarifPlace(r, line, column), Fingerprints: map[string]string{"beianwatch/v1": f.Rule + "/" + nameOf(r)},
	}
	if f.Waiver != nil {
		result.Suppressions = []sarifSuppression{{"external", "accepted", wording.WaiverText(f.Waiver).In(lang)}}
	}
	return result
}

func sarifUnknown(r *reports.Record, o *detect.Outcome, index *int, lang string) sarifResult {
	text := wording.Title(o.Rule).In(lang) + wording.Say("：未判定，", ": inconclusive, ").In(lang) + wording.OutcomeNote(o).In(lang)
	return sarifResult{
		RuleID: o.Rule, RuleIndex: index, Kind: "review", Level: "none", Message: sarifText{printable(text)},
		Locations: sarifPlace(r, 0, 0), Fingerprints: map[string]string{"beianwatch/v1": o.Rule + "/" + nameOf(r)},
	}
}

func sarifPlace(r *reports.Record, line, column int) []sarifLocation {
	at := sarifPhysical{Artifact: sarifArtifact{cmp.Or(fileURI(r.File), r.FinalURL, "http://"+r.Domain+"/")}}
	if r.File != "" {
		at.Region = &sarifRegion{StartLine: max(line, 1), StartColumn: column} // code hosts show no result without a line
	} else if line > 0 {
		at.Region = &sarifRegion{StartLine: line, StartColumn: column}
	}
	return []sarifLocation{{at}}
}

// fileURI is a path as a relative reference.
func fileURI(path string) string {
	if path == "" {
		return ""
	}
	return (&url.URL{Path: path}).EscapedPath()
}

// sarifLevel is a severity in SARIF's words.
func sarifLevel(s detect.Severity) string {
	switch s {
	case detect.Violation:
		return "error"
	case detect.Warning:
		return "warning"
	}
	return "note"
}

// nameOf is the domain or file of a record.
func nameOf(r *reports.Record) string { return cmp.Or(r.Domain, r.File) }

func langTag(lang string) string {
	if lang == "en" {
		return "en-US"
	}
	return "zh-CN"
}

// printable is a text in which nothing moves the cursor, turns the writing or
// hides; line feeds stay out as well.
func printable(s string) string { return wording.Clean(s, 0) }
