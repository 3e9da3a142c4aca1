package dns

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// FuzzQuestion holds the packet that we write to that of the library.
func FuzzQuestion(f *testing.F) {
	f.Add("a.cn.", uint16(dns.TypeA), false)
	f.Add("_dmarc.xn--fiqs8s.", uint16(dns.TypeAAAA), true)
	f.Add(strings.Repeat("a.", 126)+"a.", uint16(dns.TypeNS), false)
	f.Add(`a\.b\007.cn.`, uint16(dns.TypeCNAME), false)
	f.Add(strings.Repeat("a", 64)+".", uint16(dns.TypeA), false)
	f.Fuzz(func(t *testing.T, name string, qtype uint16, bare bool) {
		if _, ok := dns.IsDomainName(name); !ok || !dns.IsFqdn(name) {
			return // Lookup asks for none of these
		}
		m := new(dns.Msg)
		m.SetQuestion(name, qtype)
		m.Id = 0
		if !bare {
			m.SetEdns0(udpSize, false)
		}
		want, err := m.Pack()
		if err != nil {
			return
		}
		var q question
		if err := q.write(name, qtype, bare); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if !bytes.Equal(q.packet, want) {
			t.Errorf("%q, %d: % x, not % x", name, qtype, q.packet, want)
		}
	})
}

// A line has its first question before it looks at the clock: one without
// questions closes, and who had come too late waited for ever.
func TestLineBeginsWithAQuestion(t *testing.T) {
	s := serve(t, zone(t, "a.cn. 300 IN A 1.2.3.4"))
	l, err := openLine(t.Context(), s.addr, time.Millisecond*lineTicks)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond) // the machine is busy with others
	q := &question{got: make(chan error, 1)}
	if err := q.write("a.cn.", dns.TypeA, false); err != nil {
		t.Fatal(err)
	}
	if !l.add(q) {
		t.Fatal("the line closed before its first question")
	}
	l.step = time.Second
	go l.read()
	if err := l.send(t.Context(), q); err != nil {
		t.Error(err)
	}
	l.retire()
}

// An ID is used once on a line, so that a late answer meets nobody.
func TestNoIDTwiceOnALine(t *testing.T) {
	l := &line{under: map[uint16]*question{}}
	seen := map[uint16]bool{}
	for range lineUses {
		q := &question{packet: make([]byte, 12)}
		if !l.add(q) || seen[q.id] {
			t.Fatalf("ID %d again after %d questions", q.id, len(seen))
		}
		seen[q.id] = true
		delete(l.under, q.id)
	}
}
