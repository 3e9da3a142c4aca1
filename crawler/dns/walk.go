package dns

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"

	"github.com/beianwatch/beianwatch/crawler"
)

const (
	// maxChain bounds a CNAME chain: public resolvers give up between 8 and
	// 16 links, and a chain that they do not follow has no visitors.
	maxChain = 16
	// maxAnswers and maxAnswerBytes bound what one hostile answer can put into
	// an Observation; 1232 bytes of UDP hold some 70 addresses.
	maxAnswers     = 100
	maxAnswerBytes = 300
)

// A walk follows one question along its CNAME chain and fills one Lookup.
type walk struct {
	r      *Resolver
	lookup *crawler.Lookup
	qtype  uint16
	first  int
	aged   bool // lookup.TTL holds a TTL already
}

// run asks, reads, and asks again for the end of the chain when an upstream
// gave only part of it.
func (w *walk) run(ctx context.Context) {
	name := dns.Fqdn(strings.ToLower(w.lookup.Name))
	for range maxChain {
		a, f := w.ask(ctx, name)
		if f != nil {
			w.lookup.Failure = f
			return
		}
		end, whole := w.read(a, name)
		if whole || w.lookup.Failure != nil {
			return
		}
		name = end
	}
	w.lookup.Failure = crawler.NewFailure(crawler.FailDNSServer, fmt.Sprintf("CNAME chain longer than %d links", maxChain))
}

// read takes the answer to a question for name. It gives the end of the chain
// and whether nothing is left to ask.
func (w *walk) read(a *dns.Msg, name string) (end string, whole bool) {
	l := w.lookup
	l.RCode = dns.RcodeToString[a.Rcode]
	for _, rr := range a.Answer {
		if len(l.Answers) < maxAnswers {
			s := rr.String()
			l.Answers = append(l.Answers, s[:min(len(s), maxAnswerBytes)])
		}
	}
	end = w.follow(a.Answer, name)
	if l.Failure != nil {
		return end, true
	}
	if w.collect(a.Answer, end) {
		return end, true
	}
	switch {
	case a.Rcode == dns.RcodeNameError:
		l.Failure = crawler.NewFailure(crawler.FailDNSNoName, noName(name, end))
	case w.qtype == dns.TypeCNAME || holds(a.Ns, dns.TypeSOA):
		l.Failure = crawler.NewFailure(crawler.FailDNSNoAddr, "no "+l.Type+" record at "+bare(end))
	case end != name:
		return end, false // part of a chain only: the upstream is authoritative for its head
	case holds(a.Ns, dns.TypeNS):
		l.Failure = crawler.NewFailure(crawler.FailOurs, l.Server+" refers to other servers: it is no recursive resolver for "+bare(end))
	default:
		l.Failure = crawler.NewFailure(crawler.FailDNSNoAddr, "no "+l.Type+" record at "+bare(end))
	}
	return end, true
}

func noName(asked, end string) string {
	if end != asked {
		return "the CNAME target " + bare(end) + " does not exist"
	}
	return bare(end) + " does not exist"
}

// follow walks the CNAME records from name as far as this answer goes.
func (w *walk) follow(answer []dns.RR, name string) string {
	l := w.lookup
	if w.qtype == dns.TypeCNAME {
		return name
	}
	for again := true; again; {
		again = false
		for _, rr := range answer {
			c, ok := rr.(*dns.CNAME)
			if !ok || !strings.EqualFold(c.Hdr.Name, name) {
				continue
			}
			name = strings.ToLower(c.Target)
			w.age(c.Hdr.Ttl)
			if bare(name) == l.Name || slices.Contains(l.Chain, bare(name)) || len(l.Chain) >= maxChain {
				l.Failure = crawler.NewFailure(crawler.FailDNSServer, "the CNAME chain runs in a circle or is too long at "+bare(name))
				return name
			}
			l.Chain = append(l.Chain, bare(name))
			again = true
			break
		}
	}
	return name
}

// collect takes the records of the asked type at the end of the chain.
func (w *walk) collect(answer []dns.RR, end string) (found bool) {
	l := w.lookup
	for _, rr := range answer {
		h := rr.Header()
		if h.Rrtype != w.qtype || h.Class != dns.ClassINET || !strings.EqualFold(h.Name, end) {
			continue
		}
		switch rr := rr.(type) {
		case *dns.A:
			found = w.addr(rr.A.To4()) || found
		case *dns.AAAA:
			found = w.addr(rr.AAAA.To16()) || found
		case *dns.CNAME:
			l.Chain = append(l.Chain, bare(strings.ToLower(rr.Target)))
			found = true
		default:
			found = true
		}
		w.age(h.Ttl)
	}
	return found
}

func (w *walk) addr(ip []byte) bool {
	a, ok := netip.AddrFromSlice(ip)
	if ok && len(w.lookup.Addrs) < maxAnswers && !slices.Contains(w.lookup.Addrs, a) {
		w.lookup.Addrs = append(w.lookup.Addrs, a)
	}
	return ok
}

// age keeps the least TTL. A TTL with the top bit set counts as 0 (RFC 2181,
// section 8).
func (w *walk) age(ttl uint32) {
	if ttl > 1<<31-1 {
		ttl = 0
	}
	d := time.Duration(ttl) * time.Second
	if !w.aged || d < w.lookup.TTL {
		w.lookup.TTL, w.aged = d, true
	}
}

func holds(rrs []dns.RR, rrtype uint16) bool {
	return slices.ContainsFunc(rrs, func(rr dns.RR) bool { return rr.Header().Rrtype == rrtype })
}

// bare is a name as we write it: without the trailing dot.
func bare(name string) string { return strings.TrimSuffix(name, ".") }
