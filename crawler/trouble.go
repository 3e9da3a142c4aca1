package crawler

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
)

// OurTrouble reports whether a network error says that this machine could not
// try at all (no file handles, no memory, no local port, a local firewall, no
// such address family), so that nothing follows for the site.
func OurTrouble(err error) bool {
	var no syscall.Errno
	if !errors.As(err, &no) {
		return false
	}
	switch no {
	case syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM,
		syscall.EADDRNOTAVAIL, syscall.EADDRINUSE, syscall.EAGAIN, syscall.EACCES, syscall.EPERM,
		syscall.EAFNOSUPPORT, syscall.ENETDOWN:
		return true
	}
	return false
}

// NoRoute reports whether the kernel knows no way to an address. Connecting a
// UDP socket sends nothing: only the routing table is asked.
func NoRoute(a netip.Addr) bool {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(a, 443)))
	if err == nil {
		conn.Close()
		return false
	}
	return errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)
}
