package browser

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
)

// everything is a page that asks for a place in all ordinary ways but sockets, which take
// the five seconds of what lives by the clock on the wall.
func everything(place string) string {
	return strings.ReplaceAll(`<script src="http://PLACE/1"></script><iframe src="http://PLACE/2"></iframe><link rel=stylesheet href="//PLACE/3"><script>{
		const place = String.raw`+"`PLACE`"+`;
		go(() => fetch('http://' + place + '/4', {mode: 'no-cors'})); go(() => fetch('https://' + place + '/5', {mode: 'no-cors'})); go(() => navigator.sendBeacon('http://' + place + '/6'));
		go(() => { new EventSource('http://' + place + '/7') }); go(() => { const x = new XMLHttpRequest(); x.open('GET', 'http:' + place + '/8'); x.send() }); go(() => new FontFace('f', 'url(http://' + place + '/9)').load());
	}</script>`, "PLACE", place)
}

// disguises are ways to write the addresses of a canary.
func disguises(addrs []netip.Addr) []wayOut {
	var list []wayOut
	var sockets strings.Builder
	for _, a := range addrs {
		write := disguises4
		if a.Is6() {
			write = disguises6
		}
		for _, d := range write(a) {
			list = append(list, wayOut{name: "disguise of " + a.String() + ": " + d.name, page: everything(d.host + ":PORT"), barred: d.barred, once: true, alike: true})
			fmt.Fprintf(&sockets, "go(() => { new WebSocket('ws://' + String.raw`%s:PORT`) });\n", d.host)
		}
	}
	return append(list, wayOut{name: "disguises, by sockets", page: "<script>" + sockets.String() + "</script>", once: true})
}

// A disguise is an address written as a host.
type disguise struct {
	name, host string
	barred     bool // as in a wayOut
}

// disguises4 are those of an IPv4 address.
func disguises4(a netip.Addr) []disguise {
	b := a.As4()
	n := binary.BigEndian.Uint32(b[:])
	written := func(digits, stop string) string {
		var out strings.Builder
		for _, r := range a.String() {
			if r == '.' {
				out.WriteString(stop)
			} else {
				out.WriteRune([]rune(digits)[r-'0'])
			}
		}
		return out.String()
	}
	return []disguise{
		{"decimal", fmt.Sprint(n), false},
		{"hexadecimal", fmt.Sprintf("0x%X", n), false},
		{"octal", fmt.Sprintf("0%o", n), false},
		{"octal parts", fmt.Sprintf("0%o.0%o.0%o.0%o", b[0], b[1], b[2], b[3]), false},
		{"hexadecimal parts", fmt.Sprintf("0x%x.0x%x.0x%x.0x%x", b[0], b[1], b[2], b[3]), false},
		{"three parts", fmt.Sprintf("%d.%d.%d", b[0], b[1], n&0xffff), false},
		{"two parts", fmt.Sprintf("%d.0x%x", b[0], n&0xffffff), false},
		{"zeros before", fmt.Sprintf("0000%o.%d.0x00%x.%d", b[0], b[1], b[2], b[3]), false},
		{"mapped", "[::ffff:" + a.String() + "]", false},
		{"mapped, in hexadecimal", fmt.Sprintf("[0:0:0:0:0:FFFF:%x:%x]", n>>16, n&0xffff), false},
		{"compatible", "[::" + a.String() + "]", true},
		{"NAT64", fmt.Sprintf("[64:ff9b::%x:%x]", n>>16, n&0xffff), true},
		{"6to4", fmt.Sprintf("[2002:%x:%x::1]", n>>16, n&0xffff), true},
		{"userinfo", "fine.example:80@" + a.String(), false},
		{"full width", written("０１２３４５６７８９", "．"), false},
		{"circled", written("⓪①②③④⑤⑥⑦⑧⑨", "。"), false},
		{"percent signs", strings.ReplaceAll(a.String(), ".", "%2e"), false},
		{"a dot behind", a.String() + ".", false},
		{"a backslash", `\fine.example:80@` + a.String(), false},
		{"tabs and line ends", strings.ReplaceAll(a.String(), ".", ".\n\t"), false},
		{"a name of numbers", strings.ReplaceAll(a.String(), ".", "-") + ".canary.example", false},
	}
}

// disguises6 are those of an IPv6 address.
func disguises6(a netip.Addr) []disguise {
	b := a.As16()
	return []disguise{
		{"all parts", "[" + strings.ToUpper(a.StringExpanded()) + "]", false},
		{"the end as IPv4", fmt.Sprintf("[%s%d.%d.%d.%d]", a.StringExpanded()[:30], b[12], b[13], b[14], b[15]), false},
		{"a zone", "[" + a.String() + "%25lo]", true},
	}
}
