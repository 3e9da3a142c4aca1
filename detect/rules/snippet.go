package rules

import (
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/number"
)

// Snippet returns the HTML that the foot of the page should hold: a line for the
// filing number where a finding asks for one, or where it could not be judged
// whether number and link are there, and a line for the public-security number
// where a finding asks for it and the number is known and well-formed. It is made
// once from all outcomes, so that a report has one answer to paste; empty where
// nothing is to be pasted.
func Snippet(c *detect.Case, outs []detect.Outcome) string {
	filing, police := false, false
	for i := range outs {
		o := &outs[i]
		asks := slices.ContainsFunc(o.Findings, func(f detect.Finding) bool { return f.Snippet != "" })
		switch o.Rule {
		case policeNumberMissing.ID, policeLinkWrong.ID, policeNumberMalformed.ID:
			police = police || asks
		case footerNumberMissing.ID, footerLinkMissing.ID:
			filing = filing || asks || c.File != "" && o.Verdict == detect.Unknown
		default:
			filing = filing || asks
		}
	}
	var lines []string
	if filing {
		lines = append(lines, footSnippet(c))
	}
	if police {
		if digits, text := policeToShow(c); digits != "" {
			lines = append(lines, link(policeURL(digits), text))
		}
	}
	return strings.Join(lines, "\n")
}

// WithSnippet returns the outcomes with the snippet of the whole report in the
// place of each finding's own; those given are left as they are.
func WithSnippet(c *detect.Case, outs []detect.Outcome) []detect.Outcome {
	one := Snippet(c, outs)
	outs = slices.Clone(outs)
	for i := range outs {
		if !slices.ContainsFunc(outs[i].Findings, func(f detect.Finding) bool { return f.Snippet != "" }) {
			continue
		}
		outs[i].Findings = slices.Clone(outs[i].Findings)
		for j := range outs[i].Findings {
			if f := &outs[i].Findings[j]; f.Snippet != "" {
				f.Snippet = one
			}
		}
	}
	return outs
}

// policeDigits is the length of a public-security number.
const policeDigits = 14

// policeToShow is the public-security number that the page should bear; "" if
// nobody knows a well-formed one. The register is believed before the page, and
// the page's own link before a number of the wrong length.
func policeToShow(c *detect.Case) (digits, text string) {
	if d := fold.Digits(c.Filing.PoliceNumber); len(d) == policeDigits {
		return d, c.Filing.PoliceNumber
	}
	for _, p := range c.Shown.Police {
		if p.Malformed == "" {
			return p.Digits, p.Number
		}
	}
	for _, p := range c.Shown.Police {
		if p.Malformed == "length" && len(p.Code) == policeDigits && fold.Digits(p.Code) == p.Code && p.Digits != "" {
			return p.Code, strings.Replace(p.Number, p.Digits, p.Code, 1)
		}
	}
	return "", ""
}

// shownNumber is the page's own form of a filed number: with its -N, where the
// register's entry has none and the province asks for one.
func shownNumber(c *detect.Case, filed number.ICP) string {
	if filed.Suffix == 0 && c.Policy.Suffix[filed.Province] != detect.SuffixBase {
		for _, n := range c.OwnNumbers() {
			if n.Suffix != 0 && n.SameBase(filed) {
				return n.Number
			}
		}
	}
	return filed.Number
}
