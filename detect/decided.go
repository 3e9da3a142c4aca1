package detect

import "slices"

// decisive are the rules whose outcomes say whether a domain is in order: is it
// open without a filing, is it closed with one, are number and link at its foot.
// Only where these are judged can "nothing found" be said of a domain.
var decisive = []string{
	"unfiled-site-serving", "filed-site-down",
	"footer-number-missing", "footer-link-missing", "footer-link-legacy", "footer-link-wrong",
}

// Decided reports whether all decisive rules among the outcomes were judged: a
// domain of which nothing was found is in order only if they were, and else
// inconclusive. Outcomes without any decisive rule are not decided.
func Decided(outs []Outcome) bool {
	judged := 0
	for i := range outs {
		if !slices.Contains(decisive, outs[i].Rule) {
			continue
		}
		switch outs[i].Verdict {
		case Pass, Exempt, Found:
			judged++
		default:
			return false
		}
	}
	return judged > 0
}

// Decisive reports whether a rule is one of those by which [Decided] goes.
func Decisive(rule string) bool { return slices.Contains(decisive, rule) }
