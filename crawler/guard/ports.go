package guard

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// ParsePorts reads a port map as a person writes it, "80:18080,443:18443":
// real port, colon, dialled port. An empty text is an empty map.
func ParsePorts(text string) (map[uint16]uint16, error) {
	ports := map[uint16]uint16{}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		real, dialled, found := strings.Cut(item, ":")
		from, err1 := strconv.ParseUint(strings.TrimSpace(real), 10, 16)
		to, err2 := strconv.ParseUint(strings.TrimSpace(dialled), 10, 16)
		if !found || err1 != nil || err2 != nil || from == 0 || to == 0 {
			return nil, message.Errorf("端口映射 %q：请写成 实际端口:拨打端口，例如 80:18080,443:18443", "port map %q: write it as real:dialled, for example 80:18080,443:18443", item)
		}
		ports[uint16(from)] = uint16(to)
	}
	return ports, nil
}

// ParsePrefix reads a network as a person writes it: "10.0.0.0/8", or a lone
// address, which stands for itself.
func ParsePrefix(text string) (netip.Prefix, error) {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return p, message.Errorf("网段 %q：请写成 地址/位数，例如 127.0.0.0/8", "network %q: write it as address/bits, for example 127.0.0.0/8", text)
	}
	return p.Masked(), nil
}
