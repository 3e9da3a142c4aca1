package detect

import (
	"slices"

	"github.com/beianwatch/beianwatch/detect/phone"
)

// This file holds what the rules about telephones have in common.

// mobiles are the mobile numbers of the inventory's line: those of the mobile
// cell, else those of the phone cell, each once.
func mobiles(c *Case) []string { return MobilesOf(c.Target.Holder.Mobile, c.Target.Holder.Phone) }

// MobilesOf gives the mobile numbers by which a line is compared with others,
// as eleven digits: those of its mobile cell, or those of its phone cell where
// that has none.
func MobilesOf(mobile, tel string) []string {
	var list []string
	for _, cell := range [...]string{mobile, tel} {
		for _, n := range phone.Read(cell) {
			if n.Kind == phone.Mobile && !slices.Contains(list, n.Digits) {
				list = append(list, n.Digits)
			}
		}
		if len(list) > 0 {
			break
		}
	}
	return list
}

// SubjectKey is the name of a subject as it is compared with others: folded,
// letters and digits only. Empty: nothing to compare.
func SubjectKey(name string) string { return plainName(name) }

// phonesOf are all numbers of the line.
func phonesOf(c *Case) []phone.Number {
	h := &c.Target.Holder
	return append(phone.Read(h.Phone), phone.Read(h.Mobile)...)
}

// phoneWhere is where findings about telephones are.
var phoneWhere = inventoryWhere("电话", "telephone")
