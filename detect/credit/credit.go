// Package credit reads unified social credit codes (统一社会信用代码, GB 32100-2015)
// and tells them from identity-card numbers, which stand in the same column of
// many lists.
package credit

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// A Kind says what a certificate number is.
type Kind int

// The kinds.
const (
	Other    Kind = iota // a number of another certificate, of which nothing is known
	Code                 // a credit code with the right check digit
	Wrong                // the form of a credit code, but the check digit is another
	Identity             // an identity-card number with the right check digit
)

// alphabet is the 31 characters of a code in the order of their values: no I,
// O, S, V and Z.
const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// length of a credit code and of an identity-card number.
const length = 18

// blanks are what people put between the groups of a number, and the sign by
// which they keep a spreadsheet from making a number of it.
var blanks = strings.NewReplacer(" ", "", "-", "", "\t", "", "'", "", "\u2018", "", "\u2019", "", "\u00a0", "")

// Read reports what s is and returns it as it is compared: in capitals, without
// spaces, hyphens, a label before it (统一社会信用代码:) and a remark behind it
// (副本).
func Read(s string) (code string, kind Kind) {
	code = bare(s)
	if len(code) != length {
		return code, Other
	}
	ok := formed(code)
	switch {
	case ok && check(code) == code[length-1]:
		return code, Code
	case identity(code), resident(code):
		return code, Identity
	case !ok:
		return code, Other
	case personal(code), born(code):
		return code, Other // as likely a slip in an identity number
	}
	return code, Wrong
}

// bare strips what people write around a number.
func bare(s string) string {
	s = fold.String(s)
	if _, after, ok := strings.Cut(s, ":"); ok {
		s = after
	}
	if before, _, ok := strings.Cut(s, "("); ok {
		s = before
	}
	return strings.ToUpper(blanks.Replace(s))
}

// Division is the division code in a credit code, digits 3 to 8; 100000 for
// bodies that are registered nationally.
func Division(code string) string { return code[2:8] }

// formed tells whether code has the form: register, kind of body, six digits
// of the division, the organisation's nine, the check digit.
func formed(code string) bool {
	for i := range length {
		if i >= 2 && i < 8 && (code[i] < '0' || code[i] > '9') || strings.IndexByte(alphabet, code[i]) < 0 {
			return false
		}
	}
	return true
}

// check is the check digit: 31 minus the sum of the values weighted by the
// powers of 3, modulo 31.
func check(code string) byte {
	sum, weight := 0, 1
	for i := range length - 1 {
		sum += strings.IndexByte(alphabet, code[i]) * weight
		weight = weight * 3 % 31
	}
	return alphabet[(31-sum%31)%31]
}

// identity reports whether code is an identity-card number (GB 11643-1999, check
// digit by ISO 7064 MOD 11-2).
func identity(code string) bool { return personal(code) && identityDigit(code) == code[length-1] }

// resident reports whether code is the identity number of a foreign permanent
// resident as issued since 2023-12-01: 9, two digits of the province, three of
// the nationality, eight of the day of birth, three of order and the same check
// digit.
func resident(code string) bool { return born(code) && identityDigit(code) == code[length-1] }

// born reports whether code has the form of a resident's number. The credit codes
// of firms begin with 9 as well, but few have a day where the birth stands.
func born(code string) bool {
	if strings.Trim(code[:length-1], "0123456789") != "" || code[0] != '9' || code[6:8] != "19" && code[6:8] != "20" {
		return false
	}
	month, day := code[10:12], code[12:14]
	return month >= "01" && month <= "12" && day >= "01" && day <= "31"
}

// identityDigit is the check digit of the first 17 digits.
func identityDigit(code string) byte {
	sum := 0
	for i := range length - 1 {
		sum += int(code[i]-'0') * identityWeights[i]
	}
	return "10X98765432"[sum%11]
}

// personal tells whether code has the form of an identity-card number: the
// division of a place (credit codes of firms begin with 9), a year of birth.
func personal(code string) bool {
	return strings.Trim(code[:length-1], "0123456789") == "" && code[0] < '9' && (code[6:8] == "19" || code[6:8] == "20")
}

var identityWeights = [length - 1]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
