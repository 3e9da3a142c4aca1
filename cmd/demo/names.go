package demo

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	mdns "github.com/miekg/dns"

	"github.com/beianwatch/beianwatch/crawler/dns"
)

// ttl is the time to live of every answer, in seconds.
const ttl = 300

// A record is what the zone holds for a name. A name without one does not
// exist.
type record struct {
	addr  netip.Addr // invalid: the name exists and has no address
	alias string     // CNAME instead of an address
	long  bool       // the answer does not fit into a UDP packet
}

// enter puts a site's names into the zone and into the host table.
func (in *Internet) enter(s Site) error {
	apex, err := dns.Name(s.Domain)
	if err != nil {
		return fmt.Errorf("demo site %q: %w", s.Domain, err)
	}
	www, rec := "www."+apex, record{addr: in.net.of(s.spot), long: s.long}
	if s.names == noNames {
		return nil
	}
	in.zone[apex] = record{} // it exists, if only because a name below it does
	if s.names != wwwOnly {
		in.zone[apex], in.hosts[apex] = rec, s
	}
	if s.names != apexOnly {
		in.zone[www], in.hosts[www] = rec, s
	}
	if s.cdn != "" {
		in.zone[www], in.zone[s.cdn] = record{alias: s.cdn}, rec
	}
	return nil
}

// serveNames starts the DNS server on one port for UDP and TCP.
func (in *Internet) serveNames() error {
	tcp, udp, err := listenNames()
	if err != nil {
		return err
	}
	in.Resolver = tcp.Addr().String()
	handler := mdns.HandlerFunc(in.answer)
	for _, s := range []*mdns.Server{
		{Listener: tcp, Net: "tcp", Handler: handler, ReadTimeout: 5 * time.Second, MaxTCPQueries: -1},
		{PacketConn: udp, Net: "udp", Handler: handler},
	} {
		up := make(chan struct{})
		failed := make(chan error, 1)
		s.NotifyStartedFunc = func() { close(up) }
		in.serving.Go(func() {
			if err := s.ActivateAndServe(); err != nil {
				failed <- err
			}
		})
		select {
		case <-up:
			in.names = append(in.names, s)
		case err := <-failed:
			return fmt.Errorf("starting the DNS server: %w", err)
		}
	}
	return nil
}

// listenNames takes a port that is free for both transports.
func listenNames() (tcp net.Listener, udp net.PacketConn, err error) {
	for range 20 {
		if tcp, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, nil, err
		}
		if udp, err = net.ListenPacket("udp", tcp.Addr().String()); err == nil {
			return tcp, udp, nil
		}
		tcp.Close()
	}
	return nil, nil, err
}

// answer answers one question from the zone, as an authoritative server with
// recursion would.
func (in *Internet) answer(w mdns.ResponseWriter, q *mdns.Msg) {
	if !in.begin() {
		return
	}
	defer in.handled.Done()
	m := new(mdns.Msg)
	m.SetReply(q)
	m.RecursionAvailable = true
	if len(q.Question) != 1 || q.Opcode != mdns.OpcodeQuery {
		m.Rcode = mdns.RcodeNotImplemented
		_ = w.WriteMsg(m) // the asker will ask again
		return
	}
	if opt := q.IsEdns0(); opt != nil {
		m.SetEdns0(1232, false)
	}
	ask := q.Question[0]
	rec, ok := in.zone[plainName(ask.Name)]
	switch {
	case !ok:
		m.Rcode = mdns.RcodeNameError
		m.Ns = []mdns.RR{soa(ask.Name)}
	case rec.long && w.LocalAddr().Network() == "udp":
		m.Truncated = true
	default:
		m.Answer = in.find(ask, rec)
		if len(m.Answer) == 0 {
			m.Ns = []mdns.RR{soa(ask.Name)}
		}
	}
	_ = w.WriteMsg(m)
}

// find lists the answers to a question for a name that exists.
func (in *Internet) find(ask mdns.Question, rec record) []mdns.RR {
	var out []mdns.RR
	name := ask.Name
	if rec.alias != "" {
		target := mdns.Fqdn(rec.alias)
		out = append(out, &mdns.CNAME{Hdr: header(name, mdns.TypeCNAME), Target: target})
		name, rec = target, in.zone[rec.alias]
	}
	switch a := rec.addr; {
	case !a.IsValid():
	case ask.Qtype == mdns.TypeA && a.Is4():
		out = append(out, &mdns.A{Hdr: header(name, mdns.TypeA), A: a.AsSlice()})
	case ask.Qtype == mdns.TypeAAAA && a.Is6():
		out = append(out, &mdns.AAAA{Hdr: header(name, mdns.TypeAAAA), AAAA: a.AsSlice()})
	}
	return out
}

// plainName is a name in the form of the zone's keys.
func plainName(s string) string { return strings.ToLower(strings.TrimSuffix(s, ".")) }

func header(name string, kind uint16) mdns.RR_Header {
	return mdns.RR_Header{Name: name, Rrtype: kind, Class: mdns.ClassINET, Ttl: ttl}
}

// soa goes with every negative answer (RFC 2308).
func soa(name string) mdns.RR {
	labels := mdns.SplitDomainName(name)
	top := "."
	if len(labels) > 0 {
		top = mdns.Fqdn(labels[len(labels)-1])
	}
	return &mdns.SOA{Hdr: header(top, mdns.TypeSOA), Ns: "ns." + strings.TrimPrefix(top, "."), Mbox: "hostmaster." + strings.TrimPrefix(top, "."),
		Serial: 1, Refresh: 3600, Retry: 600, Expire: 86400, Minttl: ttl}
}
