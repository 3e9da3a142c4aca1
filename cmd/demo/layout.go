package demo

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// A spot is an address, told by what it does. Linux and Windows answer on all
// of 127.0.0.0/8, macOS on 127.0.0.1 alone; there the name decides instead of
// the address wherever that shows the same.
type spot uint8

const (
	mainSpot    spot = iota // most sites; a request without a known name is answered too
	closedSpot              // nothing listens
	resetSpot               // resets every request, whatever the name
	silentSpot              // takes requests on port 80 and never answers; nothing listens on 443
	foreignSpot             // outside the mainland networks
)

// addresses are those that may serve as a spot, the best first.
type addresses map[spot][]netip.Addr

// usual are the addresses that Start tries.
var usual = addresses{
	mainSpot:    {netip.MustParseAddr("127.0.0.1")},
	closedSpot:  {netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("::1")},
	resetSpot:   {netip.MustParseAddr("127.0.0.3")},
	silentSpot:  {netip.MustParseAddr("127.0.0.4")},
	foreignSpot: {netip.MustParseAddr("127.0.0.8")},
}

// A layout is the addresses and ports that were found.
type layout struct {
	plain, secure uint16              // the same on every address
	addr          map[spot]netip.Addr // the spots that this machine has
	listeners     []*listener
}

// settle finds two ports that are free on every address in use. Another
// program may hold one of them on one address, so it is tried again.
func settle(where addresses) (layout, error) {
	var last error
	for range 20 {
		n := layout{addr: map[spot]netip.Addr{}}
		if last = n.build(where); last == nil {
			return n, nil
		}
		for _, l := range n.listeners {
			l.Close()
		}
		if !errors.Is(last, syscall.EADDRINUSE) {
			break
		}
	}
	return layout{}, last
}

// build listens on every spot that the machine has.
func (n *layout) build(where addresses) error {
	var err error
	if n.plain, err = n.listen(mainSpot, where, 0, false); err != nil {
		return err
	}
	if n.secure, err = n.listen(mainSpot, where, 0, true); err != nil {
		return err
	}
	for _, at := range []spot{resetSpot, silentSpot, foreignSpot} {
		_, err := n.listen(at, where, n.plain, false)
		if errors.Is(err, syscall.EADDRINUSE) {
			return err
		}
		if err != nil || at == silentSpot {
			continue // the machine has no such address, or it needs no second port
		}
		if _, err := n.listen(at, where, n.secure, true); err != nil {
			return err
		}
	}
	for _, a := range where[closedSpot] {
		if refused(a, n.plain) && refused(a, n.secure) {
			n.addr[closedSpot] = a
			break
		}
	}
	return nil
}

// listen opens one listener; port 0 takes a free one.
func (n *layout) listen(at spot, where addresses, port uint16, secure bool) (uint16, error) {
	if len(where[at]) == 0 {
		return 0, errors.New("no address")
	}
	a := where[at][0]
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(a, port)))
	if err != nil {
		return 0, err
	}
	n.addr[at] = a
	n.listeners = append(n.listeners, &listener{TCPListener: l, spot: at, secure: secure, slots: make(chan struct{}, maxConns)})
	return l.Addr().(*net.TCPAddr).AddrPort().Port(), nil
}

// refused tells whether a connection is refused at once.
func refused(a netip.Addr, port uint16) bool {
	c, err := net.DialTimeout("tcp", netip.AddrPortFrom(a, port).String(), 300*time.Millisecond)
	if err == nil {
		c.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// lacks says why the site cannot be shown here, "" if it can.
func (n *layout) lacks(s Site) string {
	_, have := n.addr[s.spot]
	switch {
	case s.needsStrangers && !n.answersStrangers():
		return "it needs one address that answers without the name and another that does not; this machine has 127.0.0.1 alone"
	case s.spot == closedSpot && !have:
		return "this machine has no loopback address on which nothing listens"
	case s.spot == foreignSpot && !have:
		return fmt.Sprintf("this machine has no loopback address %s to stand for a server abroad", usual[foreignSpot][0])
	}
	return ""
}

// of is the address of a spot. The dead spots fall back on the main address,
// where the name decides and strangers are turned away.
func (n *layout) of(at spot) netip.Addr {
	if a, ok := n.addr[at]; ok {
		return a
	}
	return n.addr[mainSpot]
}

// answersStrangers tells whether the main address answers a request without a
// known name. It must not where dead sites have no address of their own: a
// dead name on an address that answers is a blocked name.
func (n *layout) answersStrangers() bool {
	_, resets := n.addr[resetSpot]
	_, silent := n.addr[silentSpot]
	return resets && silent
}
