package number

import "strings"

// Opens takes in that a click on a text opens an address, by a script: where that is the
// register that a number without a link belongs to, it is the number's link. What else a
// click opens says nothing.
func (s *Shown) Opens(text, address string) {
	text = unspaced(text)
	if k := KindOf(address); k == LinkCurrent || k == LinkLegacy {
		for i := range s.ICP {
			if n := &s.ICP[i]; n.Kind == LinkNone && unspaced(n.Raw) == text {
				n.Link, n.Kind = address, k
			}
		}
	}
	if policeKind(address) != LinkCurrent {
		return
	}
	for i := range s.Police {
		if n := &s.Police[i]; n.Kind == LinkNone && unspaced(n.Raw) == text {
			n.Link, n.Kind, n.Code = address, LinkCurrent, code(address)
		}
	}
}

// Unlinked lists the numbers that a visitor sees without a link, as they are written.
func (s *Shown) Unlinked() (list []string) {
	for _, n := range s.ICP {
		if n.Kind == LinkNone && (n.Place == Footer || n.Place == Body) {
			list = append(list, n.Raw)
		}
	}
	for _, n := range s.Police {
		if n.Kind == LinkNone && (n.Place == Footer || n.Place == Body) {
			list = append(list, n.Raw)
		}
	}
	return list
}

// unspaced is a text without its spaces.
func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }
