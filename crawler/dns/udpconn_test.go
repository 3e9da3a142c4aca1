package dns

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/beianwatch/beianwatch/crawler"
)

// FuzzQuestion holds the packet that we write to that of the library.
func FuzzQuestion(f *testing.F) {
	f.Add("a.cn.", uint16(dns.TypeA), false, false)
	f.Add("_dmarc.xn--fiqs8s.", uint16(dns.TypeAAAA), true, true)
	f.Add(strings.Repeat("a.", 126)+"a.", uint16(dns.TypeNS), false, true)
	f.Add(`a\.b\007.cn.`, uint16(dns.TypeCNAME), false, false)
	f.Add(strings.Repeat("a", 64)+".", uint16(dns.TypeA), false, false)
	f.Fuzz(func(t *testing.T, name string, qtype uint16, noEDNS, unchecked bool) {
		if _, ok := dns.IsDomainName(name); !ok || !dns.IsFqdn(name) {
			return // Lookup asks for none of these
		}
		ask := query{name: name, qtype: qtype, noEDNS: noEDNS, unchecked: unchecked}
		m := ask.msg()
		m.Id = 0
		want, err := m.Pack()
		if err != nil {
			return
		}
		var q question
		if err := q.write(ask); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if !bytes.Equal(q.packet, want) {
			t.Errorf("%q, %d: % x, not % x", name, qtype, q.packet, want)
		}
	})
}

// A udpConn has its first question before it looks at the clock: one without
// questions closes, and who had come too late waited for ever.
func TestSocketBeginsWithAQuestion(t *testing.T) {
	s := serve(t, zone(t, "a.cn. 300 IN A 1.2.3.4"))
	l, err := openUDP(t.Context(), s.addr, time.Millisecond*timeoutTicks)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond) // the machine is busy with others
	q := &question{got: make(chan error, 1)}
	if err := q.write(query{name: "a.cn.", qtype: dns.TypeA}); err != nil {
		t.Fatal(err)
	}
	if !l.add(q) {
		t.Fatal("the socket closed before its first question")
	}
	l.step = time.Second
	go l.read()
	if err := l.send(t.Context(), q); err != nil {
		t.Error(err)
	}
	l.retire()
}

// An ID is used once on a socket, so that a late answer meets no one.
func TestNoIDTwiceOnASocket(t *testing.T) {
	l := &udpConn{under: map[uint16]*question{}}
	seen := map[uint16]bool{}
	for range maxUses {
		q := &question{packet: make([]byte, 12)}
		if !l.add(q) || seen[q.id] {
			t.Fatalf("ID %d again after %d questions", q.id, len(seen))
		}
		seen[q.id] = true
		delete(l.under, q.id)
	}
}

// Questions that are asked at once go out together; each gets its own answer,
// over IPv6 as well.
func TestManyAtOnce(t *testing.T) {
	answer := func(w dns.ResponseWriter, q *dns.Msg) {
		var n byte
		fmt.Sscanf(q.Question[0].Name, "n%d.cn.", &n)
		rrs(t, fmt.Sprintf("%s 300 IN A 192.0.2.%d", q.Question[0].Name, n))(w, q)
	}
	for name, addr := range map[string]string{"IPv4": serve(t, answer).addr, "IPv6": serveIPv6(t, answer)} {
		t.Run(name, func(t *testing.T) {
			if addr == "" {
				t.Skip("this machine has no IPv6")
			}
			r, err := New(Options{Upstreams: []string{addr}, Sockets: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			var asking sync.WaitGroup
			for n := range 200 {
				asking.Go(func() {
					for range 5 {
						got := r.Lookup(t.Context(), fmt.Sprintf("n%d.cn", n), "A", 0)
						if want := fmt.Sprintf("192.0.2.%d", n); got.Failure != nil || len(got.Addrs) != 1 || got.Addrs[0].String() != want {
							t.Errorf("n%d.cn: %v, %v, want %s", n, got.Addrs, got.Failure, want)
						}
					}
				})
			}
			asking.Wait()
		})
	}
}

// One who gives up leaves a packet behind that is sent all the same; its answer
// meets no one, and the others get theirs.
func TestOneOfManyGivesUp(t *testing.T) {
	s := serve(t, zone(t, "a.cn. 300 IN A 1.2.3.4"))
	r, err := New(Options{Upstreams: []string{s.addr}, Sockets: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var asking sync.WaitGroup
	for n := range 100 {
		asking.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if n%2 == 0 {
				go cancel()
			}
			got := r.Lookup(ctx, "a.cn", "A", 0)
			if got.Failure != nil && (n%2 != 0 || got.Failure.Kind != crawler.FailOurs) {
				t.Errorf("question %d: %v", n, got.Failure)
			}
		})
	}
	asking.Wait()
}

// Packets are sent as they were put, however often the box is used.
func TestOutbox(t *testing.T) {
	var o outbox
	for round := range 3 {
		var want []string
		for n := range 40 * (round + 1) {
			want = append(want, strings.Repeat(string(rune('a'+n%26)), n%9+1))
			o.put([]byte(want[n]))
		}
		for i, m := range o.messages() {
			if got := string(m.Buffers[0]); len(m.Buffers) != 1 || got != want[i] {
				t.Errorf("round %d, packet %d: %q, want %q", round, i, got, want[i])
			}
		}
		if got := len(o.messages()); got != len(want) {
			t.Errorf("round %d: %d packets, want %d", round, got, len(want))
		}
		o.clear()
	}
}

// serveIPv6 returns the address of a server on ::1, "" where there is none.
func serveIPv6(t *testing.T, answer reply) string {
	pc, err := net.ListenPacket("udp", "[::1]:0")
	if err != nil {
		return ""
	}
	d := &dns.Server{PacketConn: pc, Handler: dns.HandlerFunc(answer)}
	up := make(chan struct{})
	d.NotifyStartedFunc = func() { close(up) }
	go d.ActivateAndServe()
	<-up
	t.Cleanup(func() { d.Shutdown() })
	return pc.LocalAddr().String()
}

// Where the system takes one packet a call, each is sent and read.
func TestOneByOne(t *testing.T) {
	s := serve(t, zone(t, "a.cn. 300 IN A 1.2.3.4"))
	l, err := openUDP(t.Context(), s.addr, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	l.batch = oneByOne{l.conn}
	var asked []*question
	for range 20 {
		q := &question{got: make(chan error, 1)}
		if err := q.write(query{name: "a.cn.", qtype: dns.TypeA}); err != nil {
			t.Fatal(err)
		}
		l.add(q)
		asked = append(asked, q)
	}
	go l.read()
	l.flush()
	for _, q := range asked {
		if err := l.send(t.Context(), q); err != nil || q.size == 0 {
			t.Errorf("%d bytes, %v", q.size, err)
		}
	}
	l.retire()
}
