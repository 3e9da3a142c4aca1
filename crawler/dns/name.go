package dns

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// profile maps as browsers do (UTS 46: case, full width, ideographic dots) and
// is lenient where the world is: underscores, and hyphens in any place.
var profile = idna.New(idna.MapForLookup(), idna.StrictDomainName(false), idna.CheckHyphens(false), idna.Transitional(false))

// maxRaw bounds what is looked at: the longest name is 253 bytes, and a
// pasted URL may carry a path.
const maxRaw = 4096

// Name turns any written form of a domain into its A-label: lower case, no
// trailing dot. It takes a pasted URL, a port, a trailing dot, full-width
// letters, a Chinese name, and an IP literal (which comes back in canonical
// form, IPv6 without brackets). The error says what is wrong with the name.
func Name(raw string) (string, error) {
	if len(raw) > maxRaw {
		return "", message.Errorf("域名有 %d 个字节：最多 253 个", "domain of %d bytes: a name has at most 253", len(raw))
	}
	if !utf8.ValidString(raw) {
		return "", message.Errorf("域名不是有效的 UTF-8 文字：请把清单存为 UTF-8 或 GBK", "domain is not valid UTF-8: save the list as UTF-8 or GBK")
	}
	host, err := hostOf(tidy(raw))
	if err != nil {
		return "", message.Errorf("域名 %q：%w", "domain %q: %w", crawler.Detail(raw), err)
	}
	if a, err := netip.ParseAddr(host); err == nil {
		if a.Zone() != "" {
			return "", message.Errorf("域名 %q：带区域标识的地址只在一台机器上有意义", "domain %q: an address with a zone means something on one machine only", crawler.Detail(raw))
		}
		return a.Unmap().String(), nil
	}
	name, err := label(host)
	if err != nil {
		return "", message.Errorf("域名 %q：%w", "domain %q: %w", crawler.Detail(raw), err)
	}
	return name, nil
}

// tidy drops what cannot be seen and makes full-width ASCII plain, because the
// separators of a URL must be found before IDNA has its turn.
func tidy(raw string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == '。' || r == '｡':
			return '.'
		case unicode.Is(unicode.Cf, r): // zero-width characters, byte order mark, direction marks
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, raw))
}

// hostOf cuts the host out of a URL or of host:port.
func hostOf(s string) (string, error) {
	_, rest, isURL := strings.Cut(s, "://")
	if isURL {
		s = rest
	} else {
		s = strings.TrimPrefix(s, "//")
	}
	if i := strings.IndexAny(s, `/?#\`); i >= 0 {
		s = s[:i]
	}
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		if !isURL {
			return "", message.Errorf("这是电子邮箱", "this is an e-mail address")
		}
		s = s[i+1:]
	}
	if s == "" {
		return "", message.Errorf("里面没有域名", "there is no name in it")
	}
	if _, err := netip.ParseAddr(s); err == nil { // an IPv6 address without brackets has colons of its own
		return s, nil
	}
	return cutPort(s)
}

func cutPort(s string) (string, error) {
	if strings.HasPrefix(s, "[") {
		in, after, ok := strings.Cut(s[1:], "]")
		if a, err := netip.ParseAddr(in); !ok || err != nil || !a.Is6() {
			return "", message.Errorf("方括号里不是 IPv6 地址", "the brackets do not hold an IPv6 address")
		}
		if after != "" && !port(after) {
			return "", message.Errorf("%q 不是端口号", "%q is no port", after)
		}
		return in, nil
	}
	if i := strings.IndexByte(s, ':'); i >= 0 {
		if !port(s[i:]) {
			return "", message.Errorf("%q 不是端口号", "%q is no port", s[i:])
		}
		s = s[:i]
	}
	return s, nil
}

// port reports whether s is a colon with a port number, or a lone colon, which
// URLs may have.
func port(s string) bool {
	n := 0
	for _, r := range s[1:] {
		if r < '0' || r > '9' || n > 65535 {
			return false
		}
		n = 10*n + int(r-'0')
	}
	return s[0] == ':' && n <= 65535
}

// label makes the A-label and checks it by the limits of RFC 1035.
func label(host string) (string, error) {
	name := strings.TrimSuffix(host, ".")
	if strings.HasPrefix(name, "*.") {
		return "", message.Errorf("通配符代表许多域名：请逐个列出", "a wildcard stands for many names: list them")
	}
	name, err := profile.ToASCII(name)
	if err != nil {
		return "", message.Errorf("含有域名不能使用的字符", "it cannot be written as an A-label: %w", err)
	}
	if len(name) > 253 {
		return "", message.Errorf("域名超过 253 个字符（%d 个）", "%d bytes as an A-label, at most 253 are allowed", len(name))
	}
	labels := strings.Split(name, ".")
	for _, l := range labels {
		if err := checkLabel(l); err != nil {
			return "", err
		}
	}
	if len(labels) < 2 {
		return "", message.Errorf("域名至少有两段，例如 example.cn", "a name has at least two parts, as in example.cn")
	}
	if last := labels[len(labels)-1]; strings.Trim(last, "0123456789") == "" {
		return "", message.Errorf("以数字结尾，却不是 IP 地址", "it ends in a number, yet is no IP address")
	}
	return name, nil
}

func checkLabel(l string) error {
	switch {
	case l == "":
		return message.Errorf("两个点之间是空的", "there is an empty part between two dots")
	case len(l) > 63:
		return message.Errorf("“%[1]s”这一段超过 63 个字符（%[2]d 个）", "the part %q has %d bytes, at most 63 are allowed", crawler.Detail(l), len(l))
	}
	for _, r := range l {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return message.Errorf("含有域名不能使用的字符 %q", "the character %q is not allowed", r)
		}
	}
	return nil
}
