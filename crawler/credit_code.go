package crawler

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// A CodeFault says why a text in the column of credit codes cannot be a unified
// social credit code (统一社会信用代码, GB 32100-2015), although it was meant to be one.
type CodeFault string

// The faults of a credit code. A check digit that does not fit is none of
// them: it is for a rule to say.
const (
	CodeRemark CodeFault = "remark" // something else stands beside the code: (副本), a label
	CodeLength CodeFault = "length" // 16, 17, 19 or 20 characters, where a code has 18
	CodeLetter CodeFault = "letter" // I, O, S, V or Z, which no code contains, or letters among the digits of the division
	CodeCut    CodeFault = "cut"    // a spreadsheet dropped digits: 9.1110E+17
)

// codeLength is the number of characters of a credit code.
const codeLength = 18

// CreditCodeFault reports what is wrong with the form of the credit code. code
// is what could be read of it: in capitals and half width, without blanks,
// hyphens and what stands beside it. fault is empty for a code of the right
// form, for an empty cell, and for a number of another kind of certificate
// (15 digits, an organisation code of 9, an identity card), of which nothing
// follows.
func (f *Filing) CreditCodeFault() (code string, fault CodeFault) {
	text := strings.ToUpper(width.Fold.String(strings.TrimSpace(f.CreditCode)))
	if cutNumber(text) {
		return text, CodeCut
	}
	code, beside := longestCode(text)
	switch n := len(code); {
	case n < codeLength-2 || n > codeLength+2 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "":
		return code, ""
	case n != codeLength:
		return code, CodeLength
	case strings.ContainsAny(code, "IOSVZ") || strings.Trim(code[2:8], "0123456789") != "":
		return code, CodeLetter
	case beside:
		return code, CodeRemark
	}
	return code, ""
}

// longestCode returns the longest run of letters and digits in s, blanks and
// hyphens inside left out, and reports whether other words stand beside it.
func longestCode(s string) (code string, beside bool) {
	var run strings.Builder
	end := func() {
		if run.Len() > len(code) {
			beside, code = beside || code != "", run.String()
		} else if run.Len() > 0 {
			beside = true
		}
		run.Reset()
	}
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			run.WriteRune(r)
		case unicode.IsSpace(r), r == '-', r == '\'', r == '\u200b', r == '\ufeff':
		default:
			beside = beside || unicode.IsLetter(r)
			end()
		}
	}
	end()
	return code, beside
}

// cutNumber reports whether s is a number as a spreadsheet abbreviates it.
func cutNumber(s string) bool {
	mantissa, exponent, ok := strings.Cut(s, "E+")
	return ok && mantissa != "" && strings.Trim(mantissa, "0123456789.") == "" && exponent != "" && strings.Trim(exponent, "0123456789") == ""
}
