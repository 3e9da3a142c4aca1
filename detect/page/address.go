package page

import (
	"net/url"
	"strings"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// HostOf returns the host that an absolute address leads to, in lower case,
// without port and closing dot, as a browser finds it (URL standard, section
// 4.4): slashes that are missing or too many after http: do not matter, what
// stands before an @ is no host. It is empty for a relative address and for one
// that leads nowhere: another scheme, a space or a quotation mark in the host.
func HostOf(address string) string {
	rest, ok := schemeless(strings.TrimSpace(address))
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, `/\`)
	if i := strings.IndexAny(rest, `/\?#`); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 {
		port := rest[i+1:]
		if len(port) > 5 || strings.Trim(port, "0123456789") != "" {
			return ""
		}
		rest = rest[:i]
	}
	if strings.IndexByte(rest, '%') >= 0 {
		plain, err := url.PathUnescape(rest)
		if err != nil {
			return ""
		}
		rest = plain
	}
	host := strings.ToLower(fold.String(strings.ReplaceAll(rest, "。", ".")))
	if strings.ContainsAny(host, " \t\r\n\"#%/:<>?@[\\]^`{|}") {
		return ""
	}
	return strings.TrimSuffix(host, ".")
}

// OtherPort reports whether an address names a port that is not one of the
// web's own.
func OtherPort(address string) bool {
	rest, ok := schemeless(strings.TrimSpace(address))
	if !ok {
		return false
	}
	rest = strings.TrimLeft(rest, `/\`)
	if i := strings.IndexAny(rest, `/\?#`); i >= 0 {
		rest = rest[:i]
	}
	i := strings.LastIndexByte(rest, ':')
	if i < 0 || strings.IndexByte(rest[i:], '@') >= 0 {
		return false
	}
	switch strings.TrimLeft(rest[i+1:], "0") {
	case "", "80", "443":
		return false
	}
	return true
}

// schemeless takes http: or https: off an address, or finds that it begins with
// the slashes of a host.
func schemeless(address string) (rest string, ok bool) {
	switch {
	case hasPrefixFold(address, "https:"):
		return address[len("https:"):], true
	case hasPrefixFold(address, "http:"):
		return address[len("http:"):], true
	}
	return address, len(address) > 1 && isSlash(address[0]) && isSlash(address[1])
}

func isSlash(c byte) bool { return c == '/' || c == '\\' }

// Detour reports whether a link leads to a page that may send visitors on to
// another address: that stands whole in the query, the fragment or the path of
// the link, plain or escaped. A slip of the pen in the address itself (curly
// quotes around it, http://https://, a name before an @) is no detour.
func Detour(link, to string) bool {
	link = strings.TrimSpace(link)
	rest, absolute := schemeless(link)
	if absolute {
		rest = strings.TrimLeft(rest, `/\`)
		i := strings.IndexAny(rest, `/\?#`)
		if i < 0 || HostOf(link) == "" {
			return false
		}
		rest = rest[i:]
	} else if link == "" || !isLetter(link[0]) && strings.IndexByte("/.?#0123456789_", link[0]) < 0 {
		return false
	}
	plain, err := url.QueryUnescape(rest)
	if err != nil {
		plain = rest
	}
	for _, scheme := range [...]string{"https://", "http://", "//"} {
		i := strings.Index(plain, scheme+to)
		if i > 0 && (strings.IndexByte("/=?#&:", plain[i-1]) >= 0) && !(plain[i-1] == ':' && i < len("https:")+1) && !(plain[i-1] == '/' && scheme == "//") {
			return strings.ContainsAny(plain[:i], "/=?#&")
		}
	}
	return false
}
