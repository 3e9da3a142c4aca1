package web

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// maxAddresses is how many addresses of one name are tried for a connection,
// as browsers stop early too: a name with twenty dead addresses is down.
const maxAddresses = 3

// lookupTTL is how long an answer of DNS holds within one visit, a failure too.
const lookupTTL = 5 * time.Second

// fetch makes one request: over the connection that the last answer left open,
// or over a new one to the first address that takes it. A page may come with a
// failure: what was received before we were stopped.
func (v *visit) fetch(ctx context.Context, req *http.Request) (*crawler.Page, *crawler.Failure) {
	if s := req.URL.Scheme; s != "http" && s != "https" || req.URL.Host == "" {
		return nil, crawler.NewFailure(crawler.FailScheme, "this is no web page: "+req.URL.String())
	}
	if v.seen == nil {
		v.seen = make(map[string]int, 4)
	}
	v.seen[req.URL.String()] = v.jar.changes()
	v.condition(req)
	to := endpointOf(req.URL)
	if cn := v.reuse(to); cn != nil {
		page, f, stale := v.once(ctx, cn, req)
		if !stale {
			return page, f
		}
	}
	addrs, f := v.addresses(ctx, to.host)
	if f != nil {
		return nil, f
	}
	page, f, tried := v.first(ctx, req, to, addrs)
	if page != nil || f == nil || f.Kind == crawler.FailOurs || tried || v.out.Ask.Kind == crawler.AskAddress {
		return page, f
	}
	// No address took a connection. IPv6 is asked for only now: a site that is
	// dead on IPv4 alone is rare, and nearly every site would cost a question.
	if more := v.addressesV6(ctx, to.host, addrs); len(more) > 0 {
		if page, f6, tried := v.first(ctx, req, to, more); page != nil || tried {
			return page, f6
		}
	}
	return nil, f
}

// once makes the request over an idle connection, with leave from the gate. The
// clock of the hop starts when the wait for leave is over.
func (v *visit) once(ctx context.Context, cn *conn, req *http.Request) (page *crawler.Page, f *crawler.Failure, stale bool) {
	release, f := v.gate(ctx, cn.addr.Addr())
	if f != nil {
		cn.close()
		return nil, f, false
	}
	defer release()
	cn.again()
	return v.exchange(ctx, cn, req, true)
}

// first makes the request at the first of the addresses that takes a
// connection; tried reports that one did. The failure told is that of the first
// address, which is the one that most visitors meet. Addresses that this machine
// has no route to are left out and named in the Observation.
func (v *visit) first(ctx context.Context, req *http.Request, to endpoint, addrs []netip.Addr) (page *crawler.Page, f *crawler.Failure, tried bool) {
	left := false // the failure so far is that of an address that was left out
	for _, a := range addrs[:min(len(addrs), maxAddresses)] {
		page, fail, tried := v.over(ctx, req, to, a)
		if tried {
			return page, fail, true
		}
		unrouted := (fail.Kind == crawler.FailOurs || fail.Kind == crawler.FailUnreachable) && v.s.unrouted(a)
		if unrouted && fail.Kind == crawler.FailUnreachable { // the word of our own routing table, not of a router on the way
			fail = crawler.NewFailure(crawler.FailOurs, "no route from here: "+fail.Detail)
		}
		switch {
		case f == nil, left && !unrouted:
			f, left = fail, unrouted
		case fail.Kind == crawler.FailOurs && !unrouted:
			f = fail // one address was not tried in truth, so nothing is known
		}
		if stopped(ctx) {
			return nil, ours(ctx), false
		}
	}
	return nil, f, false
}

// over makes the request over a new connection to one address; tried reports
// that the address took the connection. Where the TLS handshake fails, it is made
// once more with the curves that were held back. Where that fails too, a reset
// is what counts if it came first: who blocks a name by a reset may drop what
// comes next. Else the last failure counts, for the first may be due to us.
func (v *visit) over(ctx context.Context, req *http.Request, to endpoint, a netip.Addr) (page *crawler.Page, f *crawler.Failure, tried bool) {
	page, f, cn := v.overCurves(ctx, req, to, a, commonCurves)
	if cn == nil || cn.tls != nil || !to.tls || f.Kind != crawler.FailTLS && f.Kind != crawler.FailReset {
		return page, f, cn != nil
	}
	was := f
	page, f, cn = v.overCurves(ctx, req, to, a, allCurves)
	if (cn == nil || cn.tls == nil) && was.Kind == crawler.FailReset && f.Kind != crawler.FailOurs {
		f = was
	}
	return page, f, true
}

// overCurves makes the request over one connection, with leave from the gate.
// The conn, which may be closed already, is nil if the address took none.
func (v *visit) overCurves(ctx context.Context, req *http.Request, to endpoint, a netip.Addr, curves []tls.CurveID) (*crawler.Page, *crawler.Failure, *conn) {
	release, f := v.gate(ctx, a)
	if f != nil {
		return nil, f, nil
	}
	defer release()
	cn, f := v.open(ctx, to, a, curves)
	if f != nil {
		return nil, f, cn
	}
	page, f, _ := v.exchange(ctx, cn, req, false)
	return page, f, cn
}

// gate waits for leave to use an address. The parts of a page have that of the
// page; see [Session.Parts].
func (v *visit) gate(ctx context.Context, a netip.Addr) (func(), *crawler.Failure) {
	if v.c.opt.Gate == nil || v.out.Ask.Kind == crawler.AskPart {
		return func() {}, nil
	}
	release, err := v.c.opt.Gate(ctx, a)
	if err != nil {
		return nil, crawler.NewFailure(crawler.FailOurs, "stopped while waiting for leave to ask "+a.String()+": "+err.Error())
	}
	return release, nil
}

// addresses returns where to dial for a host: a literal stands for itself, the
// ask may name the address of its host, a fresh answer in the Observation is
// used, and else the resolver is asked. The address that answered last comes
// first, then IPv4.
func (v *visit) addresses(ctx context.Context, host string) ([]netip.Addr, *crawler.Failure) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	if v.out.Ask.Kind == crawler.AskAddress && host == hostOfText(v.out.Ask.URL) {
		return []netip.Addr{v.out.Ask.Addr}, nil
	}
	addrs := v.s.fresh(host)
	if len(addrs) == 0 {
		addrs = v.s.resolve(ctx, host)
	}
	if len(addrs) == 0 {
		return nil, v.s.dnsFailure(host)
	}
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int { return a.BitLen() - b.BitLen() }) // IPv4 first
	if used := v.used(host); used.IsValid() {
		if i := slices.Index(addrs, used); i > 0 {
			addrs = slices.Insert(slices.Delete(addrs, i, i+1), 0, used)
		}
	}
	return addrs, nil
}

// addressesV6 returns the IPv6 addresses of a host that are not among those
// tried. They are asked for once where http and https fail one after the other.
func (v *visit) addressesV6(ctx context.Context, host string, tried []netip.Addr) []netip.Addr {
	if slices.ContainsFunc(tried, netip.Addr.Is6) || v.s.pinned(host) {
		return nil
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	if l := v.s.recent(host, "AAAA"); l != nil {
		return l.Addrs
	}
	return v.s.lookup(ctx, host, "AAAA").Addrs
}

// used is the address that last answered for this host in this session: a
// person's browser would stay with it.
func (v *visit) used(host string) netip.Addr {
	for i := range slices.Backward(v.out.Hops) {
		if p := &v.out.Hops[i]; hostOfText(p.URL) == host {
			return p.Addr.Addr()
		}
	}
	return v.s.used(host)
}
