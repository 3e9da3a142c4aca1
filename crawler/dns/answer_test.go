package dns

import (
	"testing"

	"github.com/miekg/dns"
)

// FuzzUnpack: whatever a server sends is an error, or holds a record of the name
// and type asked for if it holds any.
func FuzzUnpack(f *testing.F) {
	q := query{name: "a.cn.", qtype: dns.TypeA}
	m := new(dns.Msg).SetQuestion(q.name, q.qtype)
	m.Response = true
	for _, text := range []string{"a.cn. 60 IN A 1.2.3.4", "a.cn. 60 IN CNAME b.cn.", "b.cn. 60 CH A 1.2.3.4"} {
		rr, err := dns.NewRR(text)
		if err != nil {
			f.Fatal(err)
		}
		m.Answer = append(m.Answer, rr)
		raw, err := m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte("\x00\x00\x81\x80\x00\x01\xff\xff\xff\xff\xff\xff\x01a\x02cn\x00\x00\x01\x00\x01"))
	f.Add([]byte("\x00\x00\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01a\x02cn\x00\x00\x01\x00\x01\xc0\x16\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x01\x02\x03\x04"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		a, err := unpack(packet, q)
		if err != nil || len(a.Answer) == 0 || a.Rcode != dns.RcodeSuccess {
			return
		}
		for _, rr := range a.Answer {
			if h := rr.Header(); h.Class == dns.ClassINET && (h.Rrtype == dns.TypeA || h.Rrtype == dns.TypeCNAME) {
				return
			}
		}
		t.Errorf("believed: %v", a.Answer)
	})
}
