package web

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// addressesMost is how many addresses of one name are tried for a connection,
// as browsers stop early too: a name with twenty dead addresses is down.
const addressesMost = 3

// transport is the http.RoundTripper that colly is given.
type transport struct{ c *Client }

// RoundTrip makes one request of the visit in the request's context. The
// answer is kept in the visit; colly is handed an empty one, because it would
// copy the body, convert its charset and unpack application/gzip without a
// bound. Location is kept from it too: which hop comes next is our choice.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	v := req.Context().Value(visitKey{}).(*visit)
	req.URL.Fragment, req.URL.RawFragment, req.URL.User = "", "", nil
	page, f := v.trip(req.Context(), req)
	if page != nil {
		v.out.Hops = append(v.out.Hops, *page)
	}
	if f != nil {
		v.fail(f, req.URL.String())
		return nil, fmt.Errorf("visit ended: %s", f.Kind)
	}
	return &http.Response{
		Status: http.StatusText(page.Status), StatusCode: page.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Body:   http.NoBody, Request: req,
	}, nil
}

// trip makes one request: over the connection that the last answer left open,
// or over a new one to the first address that takes it. A page may come with a
// failure: what was received before we were stopped.
func (v *visit) trip(ctx context.Context, req *http.Request) (*crawler.Page, *crawler.Failure) {
	if s := req.URL.Scheme; s != "http" && s != "https" || req.URL.Host == "" {
		return nil, crawler.NewFailure(crawler.FailScheme, "this is no web page: "+req.URL.String())
	}
	if v.seen == nil {
		v.seen = make(map[string]int, 4)
	}
	v.seen[req.URL.String()] = v.jar.changes()
	v.jar.add(req)
	v.condition(req)
	to := place{host: hostOf(req.URL), port: portOf(req.URL), tls: req.URL.Scheme == "https"}
	if l := v.reuse(to); l != nil {
		page, f, stale := v.again(ctx, l, req)
		if !stale {
			return page, f
		}
	}
	addrs, f := v.addresses(ctx, to.host)
	if f != nil {
		return nil, f
	}
	page, f, tried := v.first(ctx, req, to, addrs)
	if page != nil || f == nil || f.Kind == crawler.FailOurs || tried {
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

// first makes the request at the first of the addresses that takes a
// connection; tried says that one did. The failure told is that of the first
// address, which is the one that most visitors meet.
func (v *visit) first(ctx context.Context, req *http.Request, to place, addrs []netip.Addr) (page *crawler.Page, f *crawler.Failure, tried bool) {
	for _, a := range addrs[:min(len(addrs), addressesMost)] {
		page, fail, tried := v.over(ctx, req, to, a)
		if tried {
			return page, fail, true
		}
		switch {
		case f == nil:
			f = fail
		case fail.Kind == crawler.FailOurs && a.Is4():
			f = fail // one address was not tried in truth, so nothing is known
		}
		if stopped(ctx) {
			return nil, ours(ctx), false
		}
	}
	return nil, f, false
}

// over makes the request over a new connection to one address; tried says that
// the address took the connection. Where the TLS handshake fails, it is made
// once more with the curves that were held back. Where that fails too, a reset
// is what counts if it came first: who blocks a name by a reset may drop what
// comes next. Else the last failure counts, for the first may be due to us.
func (v *visit) over(ctx context.Context, req *http.Request, to place, a netip.Addr) (page *crawler.Page, f *crawler.Failure, tried bool) {
	page, f, l := v.once(ctx, req, to, a, commonCurves)
	if l == nil || l.tls != nil || !to.tls || f.Kind != crawler.FailTLS && f.Kind != crawler.FailReset {
		return page, f, l != nil
	}
	was := f
	page, f, l = v.once(ctx, req, to, a, allCurves)
	if (l == nil || l.tls == nil) && was.Kind == crawler.FailReset && f.Kind != crawler.FailOurs {
		f = was
	}
	return page, f, true
}

// once makes the request over one connection, with leave from the gate. The
// link, which may be closed already, is nil if the address took no connection.
func (v *visit) once(ctx context.Context, req *http.Request, to place, a netip.Addr, curves []tls.CurveID) (*crawler.Page, *crawler.Failure, *link) {
	release, f := v.gate(ctx, a)
	if f != nil {
		return nil, f, nil
	}
	defer release()
	l, f := v.connect(ctx, to, netip.AddrPortFrom(a, to.port))
	if f != nil {
		return nil, f, nil
	}
	l.curves = curves
	page, f, _ := v.exchange(ctx, l, req, false)
	return page, f, l
}

// again makes the request over a kept connection, with leave from the gate.
// The clock of the hop starts when the wait for leave is over.
func (v *visit) again(ctx context.Context, l *link, req *http.Request) (page *crawler.Page, f *crawler.Failure, stale bool) {
	release, f := v.gate(ctx, l.at.Addr())
	if f != nil {
		l.close()
		return nil, f, false
	}
	defer release()
	l.began = time.Now()
	l.deadline(v.c.opt.Timeout)
	return v.exchange(ctx, l, req, true)
}

// gate waits for leave to use an address.
func (v *visit) gate(ctx context.Context, a netip.Addr) (func(), *crawler.Failure) {
	if v.c.opt.Gate == nil {
		return func() {}, nil
	}
	release, err := v.c.opt.Gate(ctx, a)
	if err != nil {
		return nil, crawler.NewFailure(crawler.FailOurs, "stopped while waiting for leave to ask "+a.String()+": "+err.Error())
	}
	return release, nil
}

// addresses gives where to dial for a host: a literal stands for itself, a
// fresh answer in the Observation is used, and else the resolver is asked.
func (v *visit) addresses(ctx context.Context, host string) ([]netip.Addr, *crawler.Failure) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	addrs := v.fresh(host)
	if len(addrs) == 0 {
		l := v.lookup(ctx, host, "A")
		addrs = l.Addrs
		if f := l.Failure; f != nil && f.Kind != crawler.FailDNSNoName && f.Kind != crawler.FailOurs {
			addrs = v.lookup(ctx, host, "AAAA").Addrs
		}
	}
	if len(addrs) == 0 {
		_, f := v.obs.Addresses(host)
		return nil, f
	}
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int { return a.BitLen() - b.BitLen() }) // IPv4 first
	if used := v.used(host); used.IsValid() {
		if i := slices.Index(addrs, used); i > 0 {
			addrs = slices.Insert(slices.Delete(addrs, i, i+1), 0, used)
		}
	}
	return addrs, nil
}

// recently is how long an answer of DNS holds within one look, a failure too.
const recently = 5 * time.Second

// addressesV6 gives the IPv6 addresses of a host that are not among those
// tried. They are asked for once where http and https fail one after the other.
func (v *visit) addressesV6(ctx context.Context, host string, tried []netip.Addr) []netip.Addr {
	if slices.ContainsFunc(tried, netip.Addr.Is6) || v.pinned(host) {
		return nil
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	for i := range slices.Backward(v.obs.Lookups) {
		if l := &v.obs.Lookups[i]; l.Name == host && l.Type == "AAAA" && time.Since(l.At) < recently && !(l.Failure != nil && l.Failure.Kind.Ours()) {
			return l.Addrs
		}
	}
	return v.lookup(ctx, host, "AAAA").Addrs
}

// lookup asks the resolver and keeps the answer.
func (v *visit) lookup(ctx context.Context, host, qtype string) *crawler.Lookup {
	l := v.c.opt.Resolver.Lookup(ctx, host, qtype, int(v.c.first.Add(1)&0xffff))
	v.obs.Lookups = append(v.obs.Lookups, l)
	return &v.obs.Lookups[len(v.obs.Lookups)-1]
}

// fresh gives the addresses of a host that the Observation holds and that may
// still be dialled: the last answer of each type counts. Nil means that the
// resolver has to be asked.
func (v *visit) fresh(host string) []netip.Addr {
	now := time.Now()
	var addrs []netip.Addr
	last := make(map[string]bool, 2)
	for i := range slices.Backward(v.obs.Lookups) {
		l := &v.obs.Lookups[i]
		switch {
		case l.Name != host:
		case l.Server == crawler.ServerInventory:
			return slices.Clone(l.Addrs)
		case !last[l.Type]:
			last[l.Type] = true
			if l.Fresh(now) {
				addrs = append(addrs, l.Addrs...)
			}
		}
	}
	return addrs
}

// pinned tells whether the inventory names the address of this host.
func (v *visit) pinned(host string) bool {
	return slices.ContainsFunc(v.obs.Lookups, func(l crawler.Lookup) bool {
		return l.Name == host && l.Server == crawler.ServerInventory
	})
}

// used is the address that last answered for this host in this look: a person's
// browser would stay with it.
func (v *visit) used(host string) netip.Addr {
	for i := range slices.Backward(v.out.Hops) {
		if p := &v.out.Hops[i]; hostOfText(p.URL) == host {
			return p.Addr.Addr()
		}
	}
	for i := range slices.Backward(v.obs.Visits) {
		for k := range slices.Backward(v.obs.Visits[i].Hops) {
			if p := &v.obs.Visits[i].Hops[k]; hostOfText(p.URL) == host {
				return p.Addr.Addr()
			}
		}
	}
	return netip.Addr{}
}
