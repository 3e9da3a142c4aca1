package mainland

import (
	"bufio"
	_ "embed"
	"io"
	"net/netip"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/asof"
)

//go:embed shared.txt
var sharedText string

//go:embed disputed.txt
var disputedText string

// AsOf is the month of the embedded list of networks whose place is disputed.
func AsOf() string { return asof.In(disputedText) }

// read takes in the user's file. A line is
//
//	PREFIX [COUNTRY]        where the network is: an ISO 3166 code, CN if left out
//	PREFIX shared NAME      the network is a CDN or anycast network called NAME
//
// PREFIX is in CIDR form or one address. Empty lines and what follows a # are
// passed over. An error names the line.
func (n *Networks) read(r io.Reader) error {
	return eachLine(r, "networks", func(fields []string) error {
		p, err := parsePrefix(fields[0])
		if err != nil {
			return err
		}
		switch {
		case len(fields) == 1:
			n.file.add(p, "CN")
		case fields[1] == "shared" && len(fields) > 2:
			n.shared.add(p, strings.Join(fields[2:], " "))
		case len(fields) == 2 && isCountry(fields[1]):
			n.file.add(p, strings.ToUpper(fields[1]))
		default:
			return message.Errorf("网段后面的 %q 无法识别：请写两个字母的国家代码（CN），或“shared”加网络名称", "cannot read %q after the prefix: write a country code of two letters (CN), or \"shared\" and the name of the network", strings.Join(fields[1:], " "))
		}
		return nil
	})
}

// readNamed takes in an embedded list: lines of PREFIX and NAME.
func readNamed(file, text string, into *table) error {
	return eachLine(strings.NewReader(text), file, func(fields []string) error {
		p, err := parsePrefix(fields[0])
		if err != nil {
			return err
		}
		if len(fields) < 2 {
			return message.Errorf("%s 没有名称", "%s has no name", p)
		}
		into.add(p, strings.Join(fields[1:], " "))
		return nil
	})
}

// eachLine calls each with the fields of every line that has any.
func eachLine(r io.Reader, name string, each func(fields []string) error) error {
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		text, _, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "\ufeff"), "#")
		fields := strings.Fields(text)
		if len(fields) == 0 {
			continue
		}
		if err := each(fields); err != nil {
			return message.Errorf("读取 %s，第 %d 行：%w", "reading %s, line %d: %w", name, number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return message.Errorf("读取 %s：%w", "reading %s: %w", name, err)
	}
	return nil
}

// parsePrefix reads a network in CIDR form or a single address.
func parsePrefix(s string) (netip.Prefix, error) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p, nil
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, message.Errorf("%q 不是网段：请写如 203.0.113.0/24 或 2001:db8::/32", "%q is no network: write it like 203.0.113.0/24 or 2001:db8::/32", s)
	}
	return netip.PrefixFrom(a, a.BitLen()), nil
}

func isCountry(s string) bool {
	if len(s) != 2 {
		return false
	}
	for i := range 2 {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}
