package number

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect/page"
)

// Opens takes in that a click on a text opens an address, by a script: where that is the
// register that a number without a link belongs to, or one of the ministry's, or a page that
// sends visitors on to it, it is the number's link. What else a click opens says nothing.
func (s *Shown) Opens(text, address string) {
	text = unspaced(text)
	kind := KindOf(address)
	host := page.HostOf(address)
	told := kind == LinkCurrent || kind == LinkLegacy || host == "miit.gov.cn" || strings.HasSuffix(host, ".miit.gov.cn") || page.Detour(address, "beian.miit.gov.cn")
	for i := range s.ICP {
		if n := &s.ICP[i]; told && n.Kind == LinkNone && unspaced(n.Raw) == text {
			n.Link, n.Kind = address, kind
		}
	}
	for i := range s.Licences {
		if n := &s.Licences[i]; told && n.LinkKind == LinkNone && unspaced(n.Raw) == text {
			n.Link, n.LinkKind, n.Filing = address, kind, n.Filing || kind == LinkCurrent
		}
	}
	for i := range s.Police {
		if n := &s.Police[i]; policeKind(address) == LinkCurrent && n.Kind == LinkNone && unspaced(n.Raw) == text {
			n.Link, n.Kind, n.Code = address, LinkCurrent, code(address)
		}
	}
}

// Written reports whether two texts say a number in the same way, but for spaces.
func Written(a, b string) bool { return unspaced(a) == unspaced(b) }

// unspaced is a text without its spaces.
func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }
