package visit

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/miekg/dns"
)

// overTCP reports whether a question came over TCP.
func overTCP(w dns.ResponseWriter) bool { return w.RemoteAddr().Network() == "tcp" }

// answers gives the records, in presentation form; %s is the name asked about.
func answers(records ...string) dnsReply {
	return func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		for _, r := range records {
			m.Answer = append(m.Answer, record("%s", strings.ReplaceAll(r, "%s", q.Question[0].Name)))
		}
		w.WriteMsg(m) //nolint:errcheck // the client asks again
	}
}

// code answers with an RCODE and nothing else.
func code(rcode int) dnsReply {
	return func(w dns.ResponseWriter, q *dns.Msg) {
		w.WriteMsg(new(dns.Msg).SetRcode(q, rcode)) //nolint:errcheck // the client asks again
	}
}

// badVersion answers that the version of EDNS is not known, which takes EDNS to say.
func badVersion(w dns.ResponseWriter, q *dns.Msg) {
	m := new(dns.Msg).SetReply(q)
	m.SetEdns0(1232, false).Rcode = dns.RcodeBadVers
	w.WriteMsg(m) //nolint:errcheck // the client asks again
}

// bytesOf answers with bytes made from the question: its ID is q[:2], and
// question is the section as it stands in a message.
func bytesOf(make func(id, question []byte) []byte) dnsReply {
	return func(w dns.ResponseWriter, q *dns.Msg) {
		raw, _ := (&dns.Msg{MsgHdr: dns.MsgHdr{Id: q.Id}, Question: q.Question}).Pack()
		w.Write(make(raw[:2:2], raw[12:])) //nolint:errcheck // the client asks again
	}
}

// packet is a header with these counts behind the ID, and a body.
func packet(id []byte, counts string, body ...[]byte) []byte {
	return slices.Concat(append([][]byte{id, []byte("\x81\x80"), []byte(counts)}, body...)...)
}

// first answers the first question so, and all others otherwise.
func first(so, then dnsReply) dnsReply {
	var n atomic.Int32
	return func(w dns.ResponseWriter, q *dns.Msg) {
		if n.Add(1) == 1 {
			so(w, q)
			return
		}
		then(w, q)
	}
}

// badDNS are ways in which the DNS of a name that serves answers, with the
// verdict. up is an A record of the site. Where the answer cannot be trusted,
// nothing is said of the site.
func badDNS(up string) map[string]struct {
	reply dnsReply
	want  string
} {
	type kind = struct {
		reply dnsReply
		want  string
	}
	const one = "\x00\x01\x00\x01\x00\x00\x00\x00" // one question, one answer
	a := "%s 60 IN A " + up
	good := answers(a)
	silent := func(dns.ResponseWriter, *dns.Msg) {}
	truncated := func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		m.Truncated = true
		w.WriteMsg(m) //nolint:errcheck // the client asks again
	}
	tcp := func(over, else_ dnsReply) dnsReply {
		return func(w dns.ResponseWriter, q *dns.Msg) {
			if overTCP(w) {
				over(w, q)
				return
			}
			else_(w, q)
		}
	}
	edns := func(with, without dnsReply) dnsReply {
		return func(w dns.ResponseWriter, q *dns.Msg) {
			if q.IsEdns0() != nil {
				with(w, q)
				return
			}
			without(w, q)
		}
	}
	many := func(n int) []string { return slices.Repeat([]string{a}, n) }
	ip := net.ParseIP(up).To4()
	return map[string]kind{
		"good":                  {good, "serving"},
		"cut, whole over TCP":   {tcp(good, truncated), "serving"},
		"cut, silent over TCP":  {tcp(silent, truncated), "unknown ours"},
		"cut, refused over TCP": {tcp(code(dns.RcodeRefused), truncated), "unknown ours"},
		"another ID":            {bytesOf(func(id, q []byte) []byte { return packet([]byte{^id[0], id[1]}, one, q, answerA(ip)) }), "unknown dns-timeout"},
		"another question": {func(w dns.ResponseWriter, q *dns.Msg) {
			q.Question[0].Name = "other.cn."
			answers("other.cn. 60 IN A "+canaryAddr)(w, q)
		}, "unknown ours"},
		"the address of another name":    {answers("other.cn. 60 IN A " + canaryAddr), "unknown ours"},
		"another class":                  {answers("%s 60 CH A " + canaryAddr), "unknown ours"},
		"another type":                   {answers(`%s 60 IN TXT "\027[31m<script>"`), "unknown ours"},
		"a circle of two":                {answers("%s 60 IN CNAME b.cn.", "b.cn. 60 IN CNAME %s"), "unknown dns-servfail"},
		"its own CNAME":                  {answers("%s 60 IN CNAME %s"), "unknown dns-servfail"},
		"a CNAME that does not exist":    {answers("%s 60 IN CNAME nowhere.cn."), "down dns-nxdomain: filed-site-down"},
		"a CNAME of 190 bytes":           {answers("%s 60 IN CNAME " + strings.Repeat(strings.Repeat("a", 61)+".", 3) + "cn."), "down dns-nxdomain: filed-site-down"},
		"a CNAME to an address in words": {answers("%s 60 IN CNAME 127.0.0.1."), "down dns-nxdomain: filed-site-down"},
		"a CNAME to localhost":           {answers("%s 60 IN CNAME localhost."), "down dns-nxdomain: filed-site-down"},
		"a CNAME into a private network": {answers("%s 60 IN CNAME canary.cn.", "canary.cn. 60 IN A "+canaryAddr), "unknown guard"},
		"1,000 addresses":                {tcp(answers(many(1000)...), truncated), "serving"},
		"70 addresses in a datagram":     {answers(many(70)...), "serving"},
		"TTL of nothing":                 {answers("%s 0 IN A " + up), "serving"},
		"TTL of 136 years":               {answers("%s 4294967295 IN A " + up), "serving"},
		"FORMERR to EDNS":                {edns(code(dns.RcodeFormatError), good), "serving"},
		"BADVERS to EDNS":                {edns(badVersion, good), "serving"},
		"NOTIMP to EDNS":                 {edns(code(dns.RcodeNotImplemented), good), "serving"},
		"silence to EDNS":                {edns(silent, good), "unknown dns-timeout"},
		"SERVFAIL":                       {code(dns.RcodeServerFailure), "unknown dns-servfail"},
		"REFUSED":                        {code(dns.RcodeRefused), "unknown ours"},
		"NOTAUTH":                        {code(dns.RcodeNotAuth), "unknown ours"},
		"RCODE 14":                       {code(14), "unknown ours"},
		"YXDOMAIN":                       {code(dns.RcodeYXDomain), "unknown ours"},
		"SERVFAIL, then good":            {first(code(dns.RcodeServerFailure), good), "serving"},
		"silence":                        {silent, "unknown dns-timeout"},
		"silence, then good":             {first(silent, good), "serving"},
		"public, then private":           {first(good, answers("%s 0 IN A "+canaryAddr)), "serving"},
		"private, then public":           {first(answers("%s 0 IN A "+canaryAddr), good), "unknown guard"},
		"private and public":             {answers("%s 60 IN A "+canaryAddr, a), "serving"},
		"private alone":                  {answers("%s 60 IN A " + canaryAddr), "unknown guard"},
		"metadata":                       {answers("%s 60 IN A 169.254.169.254"), "unknown guard"},
		"this machine":                   {answers("%s 60 IN A 127.0.0.1"), "unknown guard"},
		"0.0.0.0":                        {answers("%s 60 IN A 0.0.0.0"), "unknown guard"},
		"a multicast address":            {answers("%s 60 IN A 224.0.0.1"), "unknown guard"},
		"NODATA without SOA":             {answers(), "down dns-no-address: filed-site-down"},
		"NXDOMAIN with an address": {func(w dns.ResponseWriter, q *dns.Msg) {
			m := new(dns.Msg).SetRcode(q, dns.RcodeNameError)
			m.Answer = []dns.RR{record("%s 60 IN A %s", q.Question[0].Name, up)}
			w.WriteMsg(m)
		}, "serving"},
		"five bytes":     {bytesOf(func(id, _ []byte) []byte { return append(id, 0x81, 0x80, 0) }), "unknown ours"},
		"a header alone": {bytesOf(func(id, _ []byte) []byte { return packet(id, "\x00\x00\x00\x00\x00\x00\x00\x00") }), "unknown ours"},
		"the question sent back": {bytesOf(func(id, q []byte) []byte {
			return slices.Concat(id, []byte("\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"), q)
		}), "unknown ours"},
		"counts of 65,535": {bytesOf(func(id, q []byte) []byte { return packet(id, "\x00\x01\xff\xff\xff\xff\xff\xff", q) }), "unknown ours"},
		"a pointer to itself": {bytesOf(func(id, q []byte) []byte {
			return packet(id, one, q, []byte{0xc0, byte(12 + len(q))}, answerA(ip)[2:])
		}), "unknown ours"},
		"a pointer beyond the end": {bytesOf(func(id, q []byte) []byte { return packet(id, one, q, []byte{0xff, 0xff}, answerA(ip)[2:]) }), "unknown ours"},
		"a record longer than the message": {bytesOf(func(id, q []byte) []byte {
			return packet(id, one, q, []byte("\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\xea\x60aa"))
		}), "unknown ours"},
		"an address of three bytes": {bytesOf(func(id, q []byte) []byte {
			return packet(id, one, q, []byte("\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x03\x01\x02\x03"))
		}), "unknown ours"},
		"random bytes": {bytesOf(func(id, _ []byte) []byte { return append(id, []byte(strings.Repeat("\xe7\x12\x99\x00\xfe", 60))...) }), "unknown ours"},
		"a referral": {func(w dns.ResponseWriter, q *dns.Msg) {
			m := new(dns.Msg).SetReply(q)
			m.Ns = []dns.RR{record("cn. 60 IN NS a.dns.cn.")}
			w.WriteMsg(m)
		}, "unknown ours"},
		"a chain of 100": {link(0, 100, up), "unknown dns-servfail"},
		"a chain of 5":   {link(0, 5, up), "serving"},
	}
}

// answerA is an A record of the name in the question.
func answerA(ip net.IP) []byte {
	return append([]byte("\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04"), ip...)
}

// link answers for a name of a chain that leads over so many names to the
// address, one in an answer.
func link(at, length int, up string) dnsReply {
	if at == length {
		return answers("%s 60 IN A " + up)
	}
	return answers(fmt.Sprintf("%%s 60 IN CNAME link%d-%d.cn.", at+1, length))
}

func TestBadDNS(t *testing.T) {
	z := newZoo(t)
	z.site("up.cn", 80, send(answerWith(goodPage, "")))
	up := z.addrs["up.cn"]
	kinds, i := badDNS(up), 0
	if len(kinds) < 30 {
		t.Errorf("%d kinds", len(kinds))
	}
	names := map[string]string{}
	z.mu.Lock() // a question of a test before, to a port that was free again, may come at any time
	for _, length := range []int{5, 100} {
		for at := 1; at <= length; at++ {
			z.own[fmt.Sprintf("link%d-%d.cn", at, length)] = link(at, length, up)
		}
	}
	for kind, c := range kinds {
		i++
		names[kind] = fmt.Sprintf("name%d.cn", i)
		z.own[names[kind]] = c.reply
	}
	z.mu.Unlock()
	for kind, c := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := z.scanner() // a resolver that fails for many names in a second is not believed for any
			if got := verdict(t, s, "up.cn"); got != "serving" {
				t.Errorf("before: %q", got)
			}
			if got := verdict(t, s, names[kind]); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
