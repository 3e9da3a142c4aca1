package dns

import (
	"bytes"
	"strings"
	"testing"

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
