package guard

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// Resolve returns the addresses of a host.
type Resolve func(ctx context.Context, host string) ([]netip.Addr, error)

// dialMost is how many addresses of a host are tried.
const dialMost = 3

// DialHost connects to host:port, of which resolve gives the addresses, by way
// of the guard.
func (g *Guard) DialHost(ctx context.Context, resolve Resolve, address string) (net.Conn, error) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("port %q: %w", service, err)
	}
	addrs, err := resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	err = fmt.Errorf("%s has no address", host)
	for _, a := range addrs[:min(len(addrs), dialMost)] {
		var conn net.Conn
		if conn, err = g.Dial(ctx, "tcp", netip.AddrPortFrom(a.Unmap(), uint16(port))); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// Transport is an HTTP transport that dials by way of the guard alone, without
// a proxy. roots are the trusted authorities, nil for the system's. Its bounds
// are for the few, small answers of registries and registers.
func (g *Guard) Transport(resolve Resolve, roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			return g.DialHost(ctx, resolve, address)
		},
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  15 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    1,
		MaxIdleConns:           10,
		IdleConnTimeout:        30 * time.Second,
	}
}
