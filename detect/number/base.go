package number

import (
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// Parse reads one filing number as an inventory or a register writes it, in
// any of the three forms: 京ICP备12345678号-1, 京ICP证030173号, 粤B2-20090059-1.
// A note in brackets may follow, 京ICP备12345678号-1（主站）. ok is false if s holds
// none, or more than a number, its label and a note.
func Parse(s string) (ICP, bool) {
	text := strings.TrimSpace(fold.String(s))
	if len(text) > 200 {
		return ICP{}, false
	}
	var found []match
	scan(text, func(m match) { found = append(found, m) }, nil)
	if len(found) == 0 {
		found = telecoms(text)
	}
	if len(found) != 1 || found[0].blank || strings.Trim(noted(text[found[0].end:]), " .;,。") != "" {
		return ICP{}, false
	}
	n := found[0].icp
	n.Raw = s
	return n, true
}

// noted is what follows a number without a note in brackets.
func noted(rest string) string {
	rest = strings.TrimSpace(rest)
	for _, pair := range [...]string{"()", "[]"} {
		if inner, ok := strings.CutPrefix(rest, pair[:1]); ok && strings.HasSuffix(inner, pair[1:]) && strings.Count(rest, pair[:1]) == 1 && !numbered(inner) {
			return ""
		}
	}
	return rest
}

// name fills in Number and Base from the parts. The province in Number is the
// character as written, in Base the official one.
func (n *ICP) name(written string) {
	rest := string(n.Form) + n.Serial + "号"
	if n.Form == FormTelecom {
		rest = n.Classes + "-" + n.Serial
	}
	n.Base, n.Number = n.Province+rest, written+rest
	if n.Suffix > 0 {
		n.Number += "-" + strconv.Itoa(n.Suffix) + n.Service
	}
}

// SameBase reports whether two numbers are of one subject: the same form,
// province and digits, whatever their -N. Alias characters (川 for 蜀) are
// one, and a number without its province or in Latin letters, whose province
// is ambiguous, is compared by its digits.
func (n ICP) SameBase(other ICP) bool {
	if n.Form != other.Form || n.Serial != other.Serial || n.Serial == "" {
		return false
	}
	return n.Province == other.Province || n.Province == "" || other.Province == "" || n.Latin || other.Latin
}

// Same reports whether two numbers are the same service of the same subject.
func (n ICP) Same(other ICP) bool {
	return n.SameBase(other) && n.Suffix == other.Suffix && n.Service == other.Service
}
