package inventory

import (
	"math/big"
	"strings"
)

// A cell is one cell of a table.
type cell struct {
	text string
	flaw flaw
}

// A flaw says what is wrong with the content of a cell whatever its column.
type flaw byte

const (
	sound    flaw = iota
	cutShort      // a spreadsheet dropped digits of a number: 1.38E+10
	failed        // the error of a formula (#N/A); text is empty
	unsaved       // a formula whose result was not saved; text is empty
)

// Bounds of numbers: a spreadsheet keeps 15 digits and shows six in scientific
// notation, and no number of an inventory has more than 30.
const (
	keptDigits  = 15
	shownDigits = 6
	maxExponent = 30
)

// textCell reads a cell that holds a text: of a text file, or a text in a
// workbook. The forms in which programs keep a spreadsheet from taking a text
// for a number ("=""138…""", a leading apostrophe) are undone.
func textCell(s string) cell {
	s = strings.TrimSpace(s)
	if len(s) > 3 && strings.HasPrefix(s, `="`) && strings.HasSuffix(s, `"`) {
		s = strings.TrimSpace(strings.ReplaceAll(s[2:len(s)-1], `""`, `"`))
	}
	if len(s) > 1 && s[0] == '\'' {
		s = strings.TrimSpace(s[1:])
	}
	if excelErrors[s] {
		return cell{flaw: failed}
	}
	return numeral(s, false)
}

// numberCell reads a cell that a workbook or JSON holds as a number, which is
// exact as far as a double is.
func numberCell(s string) cell { return numeral(strings.TrimSpace(s), true) }

// numeral writes a number as a person does: 13800138000 for the 1.3800138E10
// and 13800138000.0 of Java. A text that is no number stays as it is. In a text
// file an exponent with a sign is what Excel shows, and few digits with it are
// a number cut short.
func numeral(s string, number bool) cell {
	if s == "" || len(s) > 40 || s[0] < '0' || s[0] > '9' {
		return cell{text: s}
	}
	mantissa, exponent, scientific := strings.Cut(strings.ToUpper(s), "E")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if !digits(whole) || fraction != "" && !digits(fraction) {
		return cell{text: s}
	}
	fraction = strings.TrimRight(fraction, "0")
	switch {
	case scientific:
	case fraction != "", strings.Contains(s, ".") && !number && len(whole) < 5: // 1.0 in a text may be a version
		return cell{text: s}
	default:
		return exact(whole, number)
	}
	power, signed := strings.CutPrefix(exponent, "+")
	if !digits(power) || len(power) > 2 {
		return cell{text: s}
	}
	significant := len(strings.TrimRight(whole+fraction, "0"))
	if signed && !number && significant <= shownDigits {
		return cell{text: s, flaw: cutShort}
	}
	n, _, err := big.ParseFloat(mantissa+"E"+power, 10, 200, big.ToNearestEven)
	if err != nil || !n.IsInt() {
		return cell{text: s}
	}
	if i, _ := n.Int(nil); i.BitLen() < 4*maxExponent {
		return exact(i.String(), true)
	}
	return cell{text: s}
}

// exact is a whole number, of which a double keeps no more than 15 digits.
func exact(whole string, number bool) cell {
	if number && len(whole) > keptDigits {
		return cell{text: whole, flaw: cutShort}
	}
	return cell{text: whole}
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// textCells reads the cells of a line of a text file.
func textCells(texts []string) []cell {
	out := make([]cell, len(texts))
	for i, s := range texts {
		out[i] = textCell(s)
	}
	return out
}

// texts are the texts of cells.
func texts(cells []cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = c.text
	}
	return out
}
