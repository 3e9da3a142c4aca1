// Package guard decides which addresses may be dialled, and dials them.
//
// A scanner follows what strangers wrote into DNS and into redirects, so every
// address is checked at the moment it is dialled: private, loopback,
// link-local, metadata, shared (CGNAT), multicast, IPv4-mapped and NAT64
// addresses are refused, and so is every port but 80 and 443. The check sits
// in the dialer's control hook and sees the address that the kernel is given,
// which covers DNS rebinding and redirects alike.
package guard

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"

	"code.dny.dev/ssrf"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// ErrForbidden is wrapped by every refusal of the guard.
var ErrForbidden = message.Errorf("该地址不允许访问", "address is not one that may be dialled")

// ErrPort is wrapped, together with [ErrForbidden], when it is the port that
// is not allowed and not the address.
var ErrPort = message.Errorf("该端口不允许访问", "port is not allowed")

// azureWireServer is Azure's host agent and metadata relay. It is a public
// address by number, so no special-purpose registry lists it.
// https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
var azureWireServer = netip.MustParsePrefix("168.63.129.16/32")

// A Guard holds the rules. It is safe for concurrent use once [Guard.Map] is
// no longer called.
type Guard struct {
	judge *ssrf.Guardian                    // addresses only: ports are judged here
	ports []uint16                          // real ports that may be asked for
	swap  map[uint16]uint16                 // real port → dialled port
	place map[netip.AddrPort]netip.AddrPort // real place → dialled place
}

// New makes a guard. The prefixes in allow are lifted from the rules, for a
// test network of one's own. The map ports gives for a real port the port that
// is dialled in its stead, so that a demo needs no root: the guard judges the
// real port. Beside 80 and 443, the real ports in ports and extra may be dialled.
func New(allow []netip.Prefix, ports map[uint16]uint16, extra ...uint16) *Guard {
	var v4, v6 []netip.Prefix
	for _, p := range allow {
		if p = p.Masked(); p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	g := &Guard{
		judge: ssrf.New(ssrf.WithAnyNetwork(), ssrf.WithAnyPort(),
			ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...),
			ssrf.WithDeniedV4Prefixes(azureWireServer)),
		ports: append([]uint16{80, 443}, extra...),
		swap:  make(map[uint16]uint16, len(ports)),
		place: make(map[netip.AddrPort]netip.AddrPort),
	}
	for from, to := range ports {
		g.swap[from] = to
		g.ports = append(g.ports, from)
	}
	return g
}

// Map makes the guard dial to wherever from is asked for; it goes before the
// port map. Both addresses are judged, the port of from alone. Call it before
// the guard is in use.
func (g *Guard) Map(from, to netip.AddrPort) { g.place[from] = to }

// Check says whether the place may be dialled: nil, or an error that wraps
// [ErrForbidden] (and [ErrPort] if it is the port).
func (g *Guard) Check(ap netip.AddrPort) error {
	if !slices.Contains(g.ports, ap.Port()) {
		return fmt.Errorf("%w: %w: port %d", ErrForbidden, ErrPort, ap.Port())
	}
	return g.checkAddr(ap.Addr())
}

// CheckPort says whether the real port may be dialled at all.
func (g *Guard) CheckPort(port uint16) error {
	if !slices.Contains(g.ports, port) {
		return fmt.Errorf("%w: %w: port %d", ErrForbidden, ErrPort, port)
	}
	return nil
}

func (g *Guard) checkAddr(a netip.Addr) error {
	if !a.IsValid() {
		return fmt.Errorf("%w: no address", ErrForbidden)
	}
	if err := g.judge.SafeAddr(a); err != nil {
		return fmt.Errorf("%w: %w", ErrForbidden, err)
	}
	return nil
}

// Dial connects to the place, if it may be dialled, through the port map. The
// network is "tcp" (or "tcp4", "tcp6"); ctx bounds the time.
func (g *Guard) Dial(ctx context.Context, network string, ap netip.AddrPort) (net.Conn, error) {
	if err := g.Check(ap); err != nil {
		return nil, err
	}
	to := g.dialled(ap)
	d := net.Dialer{
		// One address, one attempt: falling over to another is the caller's choice.
		FallbackDelay: -1,
		KeepAlive:     -1, // a visit is shorter than any keep-alive interval
		Control:       func(_, address string, _ syscall.RawConn) error { return g.control(address, to) },
	}
	return d.DialContext(ctx, network, to.String())
}

// dialled is where the real place is found.
func (g *Guard) dialled(ap netip.AddrPort) netip.AddrPort {
	if to, ok := g.place[ap]; ok {
		return to
	}
	if port, ok := g.swap[ap.Port()]; ok {
		return netip.AddrPortFrom(ap.Addr(), port)
	}
	return ap
}

// control sees the address that the kernel is about to be given. It is judged
// again, and it must be the one that was meant.
func (g *Guard) control(address string, meant netip.AddrPort) error {
	got, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %q is no address", ErrForbidden, address)
	}
	if got != meant {
		return fmt.Errorf("%w: %s is dialled where %s was meant", ErrForbidden, got, meant)
	}
	return g.checkAddr(got.Addr())
}
