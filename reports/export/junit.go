package export

import (
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// The parts of JUnit's XML that CI servers read.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		XMLName   xml.Name    `xml:"testsuite"`
		Name      string      `xml:"name,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Timestamp string      `xml:"timestamp,attr"`
		Cases     []junitCase `xml:"testcase"`
	}
	junitCase struct {
		XMLName xml.Name    `xml:"testcase"`
		Class   string      `xml:"classname,attr"`
		Name    string      `xml:"name,attr"`
		Failure *junitFault `xml:"failure,omitempty"`
		Skipped *junitFault `xml:"skipped,omitempty"`
		Output  string      `xml:"system-out,omitempty"`
	}
	junitFault struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes one suite a domain or file and one case a rule that applies: a
// finding at or above fails ("" for all, a word that is no severity for none) is a
// failure, a lesser one stands in the output of a case that passed, and what could
// not be judged or is waived is skipped. A case has the same name in every run, so
// that a CI server can follow it. The suites are held until all are there, as in
// [WriteSARIF].
func WriteJUnit(w io.Writer, records iter.Seq2[*reports.Record, error], fails detect.Severity, lang string) error {
	all := junitSuites{Name: "beianwatch"}
	for r, err := range records {
		if err != nil {
			return err
		}
		s := junitSuiteOf(r, fails, lang)
		all.Tests, all.Failures, all.Skipped = all.Tests+s.Tests, all.Failures+s.Failures, all.Skipped+s.Skipped
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", "  ")
	if err := out.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitSuiteOf(r *reports.Record, fails detect.Severity, lang string) junitSuite {
	s := junitSuite{Name: printable(nameOf(r)), Timestamp: r.At.UTC().Format("2006-01-02T15:04:05")}
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		if o.Verdict == detect.Exempt {
			continue
		}
		c := junitCase{Class: s.Name, Name: printable(o.Rule)}
		waived := r.Life[o.Rule].Waiver
		switch {
		case o.Verdict == detect.Found && waived != nil:
			c.Skipped = &junitFault{Message: printable(wording.WaiverText(waived).In(lang))}
			s.Skipped++
		case o.Verdict == detect.Found && (fails == "" || reports.Rank(fails) > 0 && reports.Rank(o.Severity) >= reports.Rank(fails)):
			c.Failure = &junitFault{Message: wording.Title(o.Rule).In(lang), Type: printable(string(o.Severity)), Text: junitText(o, lang)}
			s.Failures++
		case o.Verdict == detect.Found:
			c.Output = wording.OutcomeWord(o).In(lang) + "\n" + junitText(o, lang)
		case o.Verdict != detect.Pass:
			c.Skipped = &junitFault{Message: printable(wording.OutcomeNote(o).In(lang))}
			s.Skipped++
		}
		s.Tests++
		s.Cases = append(s.Cases, c)
	}
	return s
}

// junitText is what was found, a text a line.
func junitText(o *detect.Outcome, lang string) string {
	var b strings.Builder
	for _, f := range o.Findings {
		for _, part := range []string{f.Saw.In(lang), f.Fix.In(lang), f.Snippet} {
			if part != "" {
				fmt.Fprintln(&b, printable(part))
			}
		}
	}
	return b.String()
}
