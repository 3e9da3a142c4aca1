package browser

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// The bounds of the way to one site. Each address has its time, as with our own client:
// one that swallows packets leaves the others theirs.
const (
	nameTime     = 10 * time.Second // for its name
	addressTime  = 5 * time.Second  // for each of its addresses …
	maxAddresses = 3                // … of which so many are tried
)

// resolve returns the addresses that the visit went by, the one that answered before
// the others, and asks the resolver for names that only the page brings in. What it
// returns does not look at the observation again, which is its owner's.
func (p *Pool) resolve(obs *crawler.Observation) func(context.Context, string) ([]netip.Addr, error) {
	known := crawler.Observation{Lookups: slices.Clone(obs.Lookups)}
	answered := map[string]netip.Addr{}
	for _, v := range obs.Visits {
		for k := range v.Hops {
			if v.Ask.Kind != crawler.AskAddress {
				answered[hostOf(v.Hops[k].URL)] = v.Hops[k].Addr.Addr()
			}
		}
	}
	return func(ctx context.Context, host string) ([]netip.Addr, error) {
		if a, err := netip.ParseAddr(host); err == nil {
			return []netip.Addr{a}, nil
		}
		addrs, _ := known.Addresses(host)
		if len(addrs) == 0 {
			return p.opt.Resolve(ctx, host)
		}
		if i := slices.Index(addrs, answered[host]); i > 0 {
			addrs = slices.Concat(addrs[i:i+1], addrs[:i], addrs[i+1:])
		}
		return addrs, nil
	}
}

var (
	errNoRoute  = errors.New("no route from here")
	errOurs     = errors.New("not tried to its end")
	errResolver = errors.New("resolving the name")
)

// dial connects to host:port over addresses of our resolver, each judged by
// the guard. The error is that of the address that says the least of the site: where
// one was not tried in truth, nothing is known; else that of the first.
func (l *load) dial(ctx context.Context, host string, port uint16) (net.Conn, error) {
	place := net.JoinHostPort(host, strconv.Itoa(int(port)))
	conn, err := l.connect(ctx, host, port)
	l.dialled(place, err)
	return conn, err
}

func (l *load) connect(ctx context.Context, host string, port uint16) (net.Conn, error) {
	if l.local != nil && host == fileHost {
		return l.local.connect()
	}
	asking, cancel := context.WithTimeout(ctx, nameTime)
	addrs, err := l.resolve(asking, host)
	cancel()
	if err != nil { // not wrapped: that our resolver has no time is no time-out of the site
		return nil, fmt.Errorf("%w: %v", errResolver, err)
	}
	if len(addrs) == 0 {
		return nil, fmt.Errorf("%w: %s has no address", errResolver, host)
	}
	var failed, unreached error // unreached: no way leads there from here, which our client leaves out as well
	for _, a := range addrs[:min(len(addrs), maxAddresses)] {
		conn, err := l.connectTo(ctx, netip.AddrPortFrom(a, port))
		if err == nil {
			return conn, nil
		}
		if errors.Is(err, errNoRoute) {
			unreached = err
			continue
		}
		if failed == nil || saysLess(dialKind(err), dialKind(failed)) {
			failed = err
		}
	}
	return nil, cmp.Or(failed, unreached)
}

// connectTo connects to one address in its time.
func (l *load) connectTo(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	dialling, cancel := context.WithTimeout(ctx, addressTime)
	defer cancel()
	conn, err := l.guard.Dial(dialling, "tcp", to)
	switch {
	case err == nil:
		return conn, nil
	case ctx.Err() != nil: // the page is over, or its time is
		return nil, fmt.Errorf("%w: %v", errOurs, err)
	case dialKind(err) == crawler.FailUnreachable && unrouted(to.Addr(), err):
		return nil, fmt.Errorf("%w: %w", errNoRoute, err)
	}
	return nil, err
}

// unrouted reports whether "unreachable" is the word of this machine and not of a
// router on the way. "Network unreachable" is what one without IPv6 says of all of it.
func unrouted(a netip.Addr, err error) bool {
	return a.Is6() && errors.Is(err, syscall.ENETUNREACH) || crawler.NoRoute(a)
}

// saysLess reports whether a failure of kind a says less of the site than one of
// kind b: what is ours says nothing.
func saysLess(a, b crawler.FailureKind) bool {
	return a == crawler.FailOurs && b != crawler.FailOurs || a.Ours() && !b.Ours()
}
