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

// blanks are what people put between the groups of a number.
var blanks = strings.NewReplacer(" ", "", "-", "", "\t", "")

// Read tells what s is and gives it as it is compared: in capitals, without
// spaces and hyphens.
func Read(s string) (code string, kind Kind) {
	code = strings.ToUpper(blanks.Replace(fold.String(s)))
	switch {
	case len(code) != length:
		return code, Other
	case identity(code):
		return code, Identity
	case !formed(code):
		return code, Other
	case check(code) == code[length-1]:
		return code, Code
	case personal(code):
		return code, Other // as likely a slip in an identity-card number
	}
	return code, Wrong
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

// identity tells whether code is an identity-card number (GB 11643-1999, check
// digit by ISO 7064 MOD 11-2).
func identity(code string) bool {
	if !personal(code) {
		return false
	}
	sum := 0
	for i := range length - 1 {
		sum += int(code[i]-'0') * identityWeights[i]
	}
	return "10X98765432"[sum%11] == code[length-1]
}

// personal tells whether code has the form of an identity-card number: the
// division of a place (credit codes of firms begin with 9), a year of birth.
func personal(code string) bool {
	return strings.Trim(code[:length-1], "0123456789") == "" && code[0] < '9' && (code[6:8] == "19" || code[6:8] == "20")
}

var identityWeights = [length - 1]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
