package detect

import (
	"slices"

	"github.com/beianwatch/beianwatch/detect/number"
)

// filed lists the numbers of the subject that the register knows, the site's
// own first.
func filed(c *Case) []number.ICP {
	var list []number.ICP
	for _, s := range append([]string{c.Filing.Number}, c.Filing.AlsoNumbers...) {
		if n, ok := number.Parse(s); ok {
			list = append(list, n)
		}
	}
	return list
}

// hasBase tells whether a number is of one of the subjects in the list,
// whatever its -N.
func hasBase(list []number.ICP, n number.ICP) bool {
	return slices.ContainsFunc(list, n.SameBase)
}

// isOursLicence tells whether the register has this licence's number as the
// filing number.
func isOursLicence(c *Case, l number.Licence) bool {
	n, ok := number.Parse(l.Number)
	return ok && hasBase(filed(c), n)
}
