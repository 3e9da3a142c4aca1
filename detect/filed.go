package detect

import (
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect/number"
)

// filed lists the numbers of the subject that the register knows, the site's
// own first. The list is not to be changed.
func filed(c *Case) []number.ICP { return c.memo.filed.or(c.filedNumbers) }

func (c *Case) filedNumbers() []number.ICP {
	var list []number.ICP
	for _, s := range append([]string{c.Filing.Number}, c.Filing.AlsoNumbers...) {
		if n, ok := number.Parse(s); ok {
			list = append(list, n)
		}
	}
	return list
}

// filedUnreadable tells whether the register gives a number that cannot be
// read: then none that the page shows can be said to be another's.
func filedUnreadable(c *Case) bool {
	return slices.ContainsFunc(append([]string{c.Filing.Number}, c.Filing.AlsoNumbers...), func(s string) bool {
		_, ok := number.Parse(s)
		return !ok && strings.TrimSpace(s) != ""
	})
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
