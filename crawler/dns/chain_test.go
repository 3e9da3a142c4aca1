package dns

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/beianwatch/beianwatch/crawler"
)

func TestTruncationGoesToTCP(t *testing.T) {
	var many []string
	for i := range 60 {
		many = append(many, fmt.Sprintf("a.cn. 300 IN A 1.2.3.%d", i))
	}
	big := rrs(t, many...)
	cut := func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		m.Truncated = true
		rr, _ := dns.NewRR(many[0])
		m.Answer = append(m.Answer, rr)
		w.WriteMsg(m)
	}
	s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
		if overTCP(w) {
			big(w, q)
		} else {
			cut(w, q)
		}
	})
	got := resolver(t, s).Lookup(context.Background(), "a.cn", "A", 0)
	if got.Failure != nil || !got.TCP || len(got.Addrs) != 60 || got.Tries != 2 {
		t.Errorf("TCP %v, %d addresses, %d tries, failure %v", got.TCP, len(got.Addrs), got.Tries, got.Failure)
	}

	// Where TCP is shut, the addresses that fitted are better than none.
	s = serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
		if overTCP(w) {
			w.Close()
		} else {
			cut(w, q)
		}
	})
	got = resolver(t, s).Lookup(context.Background(), "a.cn", "A", 0)
	if got.Failure != nil || got.TCP || !slices.Equal(got.Addrs, addrs("1.2.3.0")) {
		t.Errorf("without TCP: %v, failure %v", got.Addrs, got.Failure)
	}

	// With nothing in it, a truncated answer says nothing of the name, and is no
	// silence of the server either: that TCP does not reach it may be our firewall.
	for _, answers := range []int32{1, 100} { // over UDP, then none
		var asked atomic.Int32
		s = serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
			if overTCP(w) {
				w.Close()
				return
			}
			if asked.Add(1) > answers {
				return
			}
			m := new(dns.Msg)
			m.SetReply(q)
			m.Truncated = true
			w.WriteMsg(m)
		})
		got = resolver(t, s).Lookup(context.Background(), "a.cn", "A", 0)
		if kind(got.Failure) != crawler.FailOurs || asked.Load() < 2 {
			t.Errorf("%d times empty and truncated: failure %v after %d questions", answers, got.Failure, asked.Load())
		}
	}

	// A server that limits its rate truncates what is whole: that the name does
	// not exist stands in the header, and no one need be asked again.
	var connections atomic.Int32
	s = serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
		if overTCP(w) {
			connections.Add(1)
			w.Close()
			return
		}
		m := new(dns.Msg)
		m.SetRcode(q, dns.RcodeNameError)
		m.Truncated = true
		w.WriteMsg(m)
	})
	got = resolver(t, s).Lookup(context.Background(), "a.cn", "A", 0)
	if kind(got.Failure) != crawler.FailDNSNoName || got.Tries != 1 || connections.Load() != 0 {
		t.Errorf("no such name, truncated: failure %v, %d tries, %d over TCP", got.Failure, got.Tries, connections.Load())
	}
}

// An authoritative server gives the head of a chain whose end is elsewhere.
func TestPartOfAChainIsAskedOn(t *testing.T) {
	links := map[string]string{"a.cn.": "b.com.", "b.com.": "c.net."}
	s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
		name := q.Question[0].Name
		if to, ok := links[name]; ok {
			rrs(t, name+" 300 IN CNAME "+to)(w, q)
		} else {
			rrs(t, name+" 30 IN A 1.2.3.4")(w, q)
		}
	})
	got := resolver(t, s).Lookup(context.Background(), "a.cn", "A", 0)
	if !slices.Equal(got.Chain, []string{"b.com", "c.net"}) || !slices.Equal(got.Addrs, addrs("1.2.3.4")) ||
		got.Tries != 3 || len(got.Answers) != 3 || got.TTL != 30*time.Second || got.Failure != nil {
		t.Errorf("%+v", got)
	}
}

func TestEndlessChainEnds(t *testing.T) {
	n := 0
	s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
		n++
		rrs(t, fmt.Sprintf("%s 300 IN CNAME n%d.cn.", q.Question[0].Name, n))(w, q)
	})
	got := resolver(t, s).Lookup(context.Background(), "a.cn", "A", 0)
	if kind(got.Failure) != crawler.FailDNSServer || len(got.Chain) > maxChain || s.asked.Load() > maxChain {
		t.Errorf("failure %v, chain of %d, asked %d times", got.Failure, len(got.Chain), s.asked.Load())
	}
}
