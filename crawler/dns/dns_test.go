package dns

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/miekg/dns"

	"github.com/beianwatch/beianwatch/crawler"
)

func addrs(list ...string) []netip.Addr {
	var out []netip.Addr
	for _, s := range list {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}

// What each kind of answer becomes. Server, times and details are looked at in
// tests of their own.
func TestLookup(t *testing.T) {
	site := zone(t,
		"plain.cn. 300 IN A 1.2.3.4", "plain.cn. 60 IN A 1.2.3.5", "plain.cn. 300 IN NS ns1.plain.cn.",
		"six.cn. 300 IN AAAA 2400:3200::1",
		"a.cn. 300 IN CNAME b.cn.", "b.cn. 20 IN CNAME C.cn.", "c.cn. 600 IN A 5.6.7.8",
		"dead.cn. 300 IN CNAME gone.cn.",
		"empty.cn. 300 IN CNAME six.cn.",
		"_dmarc.a-.cn. 300 IN A 9.9.9.9")
	for _, c := range []struct {
		name, qtype string
		want        crawler.Lookup
		failure     crawler.FailureKind
	}{
		{"plain.cn", "A", crawler.Lookup{RCode: "NOERROR", Addrs: addrs("1.2.3.4", "1.2.3.5"), TTL: time.Minute}, ""},
		{"plain.cn", "AAAA", crawler.Lookup{RCode: "NOERROR"}, crawler.FailDNSNoAddr},
		{"plain.cn", "NS", crawler.Lookup{RCode: "NOERROR", TTL: 300 * time.Second}, ""},
		{"plain.cn", "CNAME", crawler.Lookup{RCode: "NOERROR"}, crawler.FailDNSNoAddr},
		{"six.cn", "AAAA", crawler.Lookup{RCode: "NOERROR", Addrs: addrs("2400:3200::1"), TTL: 300 * time.Second}, ""},
		{"six.cn", "A", crawler.Lookup{RCode: "NOERROR"}, crawler.FailDNSNoAddr},
		{"a.cn", "A", crawler.Lookup{RCode: "NOERROR", Chain: []string{"b.cn", "c.cn"}, Addrs: addrs("5.6.7.8"), TTL: 20 * time.Second}, ""},
		{"a.cn", "CNAME", crawler.Lookup{RCode: "NOERROR", Chain: []string{"b.cn"}, TTL: 300 * time.Second}, ""},
		{"dead.cn", "A", crawler.Lookup{RCode: "NXDOMAIN", Chain: []string{"gone.cn"}, TTL: 300 * time.Second}, crawler.FailDNSNoName},
		{"empty.cn", "A", crawler.Lookup{RCode: "NOERROR", Chain: []string{"six.cn"}, TTL: 300 * time.Second}, crawler.FailDNSNoAddr},
		{"nothing.cn", "A", crawler.Lookup{RCode: "NXDOMAIN"}, crawler.FailDNSNoName},
		{"_dmarc.a-.cn", "A", crawler.Lookup{RCode: "NOERROR", Addrs: addrs("9.9.9.9"), TTL: 300 * time.Second}, ""},
	} {
		t.Run(c.name+" "+c.qtype, func(t *testing.T) {
			s := serve(t, site)
			got := resolver(t, s).Lookup(context.Background(), c.name, c.qtype, 0)
			c.want.Name, c.want.Type, c.want.Tries, c.want.Server = c.name, c.qtype, 1, s.addr
			if kind(got.Failure) != c.failure {
				t.Errorf("failure %v, want %q", got.Failure, c.failure)
			}
			opts := []cmp.Option{
				cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
				cmpopts.IgnoreFields(crawler.Lookup{}, "At", "Took", "Failure", "Answers"),
			}
			if d := cmp.Diff(c.want, got, opts...); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

func kind(f *crawler.Failure) crawler.FailureKind {
	if f == nil {
		return ""
	}
	return f.Kind
}

func TestEvidenceIsKept(t *testing.T) {
	s := serve(t, zone(t, "a.cn. 300 IN CNAME b.cn.", "b.cn. 20 IN A 1.1.1.1"))
	before := time.Now()
	got := resolver(t, s).Lookup(context.Background(), "a.cn", "A", 0)
	want := []string{"a.cn.\t300\tIN\tCNAME\tb.cn.", "b.cn.\t20\tIN\tA\t1.1.1.1"}
	if !slices.Equal(got.Answers, want) {
		t.Errorf("answers %q, want %q", got.Answers, want)
	}
	if got.Server != s.addr || got.At.Before(before) || got.Took <= 0 {
		t.Errorf("server %s, at %v, took %v", got.Server, got.At, got.Took)
	}
}

// What each way to fail becomes, with the words that tell of it.
func TestFailures(t *testing.T) {
	ok := zone(t, "a.cn. 300 IN A 1.2.3.4")
	garbage := func(w dns.ResponseWriter, q *dns.Msg) {
		w.Write(append([]byte{byte(q.Id >> 8), byte(q.Id), 0x81, 0x80, 0, 9, 0, 9, 0, 9, 0, 9}, "garbage"...))
	}
	other := func(w dns.ResponseWriter, q *dns.Msg) {
		q.Question[0].Name = "other.cn."
		rrs(t, "other.cn. 60 IN A 6.6.6.6")(w, q)
	}
	referral := func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		ns, _ := dns.NewRR("cn. 60 IN NS a.dns.cn.")
		m.Ns = append(m.Ns, ns)
		w.WriteMsg(m)
	}
	for name, c := range map[string]struct {
		servers []*server
		failure crawler.FailureKind
		says    string
		tries   int
	}{
		"SERVFAIL, then another upstream":    {[]*server{serve(t, refuse(dns.RcodeServerFailure)), serve(t, ok)}, "", "", 2},
		"REFUSED, then another upstream":     {[]*server{serve(t, refuse(dns.RcodeRefused)), serve(t, ok)}, "", "", 2},
		"silence, then another upstream":     {[]*server{serve(t, silence), serve(t, ok)}, "", "", 2},
		"nobody there, then another":         {[]*server{nobody(t), serve(t, ok)}, "", "", 2},
		"garbage, then another upstream":     {[]*server{serve(t, garbage), serve(t, ok)}, "", "", 3},
		"wrong question, then another":       {[]*server{serve(t, other), serve(t, ok)}, "", "", 3},
		"many are not there, one is":         {[]*server{nobody(t), nobody(t), nobody(t), nobody(t), serve(t, ok)}, "", "", 5},
		"SERVFAIL from all":                  {[]*server{serve(t, refuse(dns.RcodeServerFailure)), serve(t, refuse(dns.RcodeServerFailure))}, crawler.FailDNSServer, "SERVFAIL from 127", 3},
		"REFUSED from all":                   {[]*server{serve(t, refuse(dns.RcodeRefused))}, crawler.FailOurs, "REFUSED from 127", 3},
		"an unknown code":                    {[]*server{serve(t, refuse(14))}, crawler.FailOurs, "RCODE 14", 3},
		"silence from all":                   {[]*server{serve(t, silence)}, crawler.FailDNSTimeout, "no answer from 127", 3},
		"silence and SERVFAIL":               {[]*server{serve(t, silence), serve(t, refuse(dns.RcodeServerFailure))}, crawler.FailDNSServer, "SERVFAIL", 3},
		"NOTIMP from all":                    {[]*server{serve(t, refuse(dns.RcodeNotImplemented))}, crawler.FailOurs, "NOTIMP from 127", 3},
		"REFUSED and SERVFAIL":               {[]*server{serve(t, refuse(dns.RcodeRefused)), serve(t, refuse(dns.RcodeServerFailure))}, crawler.FailDNSServer, "SERVFAIL", 3},
		"silence and nobody there":           {[]*server{serve(t, silence), nobody(t)}, crawler.FailDNSTimeout, "no answer", 3},
		"nobody there at all":                {[]*server{nobody(t), nobody(t)}, crawler.FailOurs, "no resolver is there", 3},
		"garbage from all":                   {[]*server{serve(t, garbage)}, crawler.FailOurs, "unreadable answer", 6},
		"the answer to another question":     {[]*server{serve(t, other)}, crawler.FailOurs, "another question", 6},
		"an upstream that does not recurse":  {[]*server{serve(t, referral)}, crawler.FailOurs, "no recursive resolver", 1},
		"a chain in a circle":                {[]*server{serve(t, rrs(t, "a.cn. 1 IN CNAME b.cn.", "b.cn. 1 IN CNAME a.cn."))}, crawler.FailDNSServer, "circle", 1},
		"a name that is its own CNAME":       {[]*server{serve(t, rrs(t, "a.cn. 1 IN CNAME a.cn."))}, crawler.FailDNSServer, "circle", 1},
		"an address of another name":         {[]*server{serve(t, rrs(t, "evil.cn. 1 IN A 6.6.6.6"))}, crawler.FailOurs, "none of its records", 6},
		"an address of another class":        {[]*server{serve(t, rrs(t, "a.cn. 1 CH A 6.6.6.6"))}, crawler.FailOurs, "none of its records", 6},
		"two addresses, one of another name": {[]*server{serve(t, rrs(t, "evil.cn. 1 IN A 6.6.6.6", "a.cn. 1 IN A 1.2.3.4"))}, "", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			got := resolver(t, c.servers...).Lookup(context.Background(), "a.cn", "A", 0)
			if kind(got.Failure) != c.failure || got.Failure != nil && !strings.Contains(got.Failure.Detail, c.says) {
				t.Errorf("failure %v, want %s: …%s…", got.Failure, c.failure, c.says)
			}
			if got.Tries != c.tries {
				t.Errorf("%d tries, want %d", got.Tries, c.tries)
			}
			if c.failure == "" && !slices.Equal(got.Addrs, addrs("1.2.3.4")) {
				t.Errorf("addresses %v", got.Addrs)
			}
			if c.failure != "" && len(got.Addrs) > 0 {
				t.Errorf("addresses %v beside a failure", got.Addrs)
			}
		})
	}
}

func TestFirstUpstreamIsTheOneAsked(t *testing.T) {
	ok := zone(t, "a.cn. 300 IN A 1.2.3.4")
	one, two := serve(t, ok), serve(t, ok)
	r := resolver(t, one, two)
	for first, want := range map[int]string{0: one.addr, 1: two.addr, 2: one.addr, 7: two.addr, -1: one.addr} {
		if got := r.Lookup(context.Background(), "a.cn", "A", first); got.Server != want {
			t.Errorf("first %d asked %s, want %s", first, got.Server, want)
		}
	}
}

// Answers to earlier questions, and forgeries that guess the ID wrong, come
// before the right one.
func TestWrongIDIsPassedOver(t *testing.T) {
	s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
		forged := q.Copy()
		forged.Id++
		rrs(t, "a.cn. 300 IN A 6.6.6.6")(w, forged)
		rrs(t, "a.cn. 300 IN A 1.2.3.4")(w, q)
	})
	got := resolver(t, s).Lookup(context.Background(), "a.cn", "A", 0)
	if got.Failure != nil || !slices.Equal(got.Addrs, addrs("1.2.3.4")) || got.Tries != 1 {
		t.Errorf("%v, %d tries, failure %v", got.Addrs, got.Tries, got.Failure)
	}
}

func TestQuestionSentBackIsNoAnswer(t *testing.T) {
	s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) { w.WriteMsg(q) })
	if got := resolver(t, s).Lookup(context.Background(), "a.cn", "A", 0); kind(got.Failure) != crawler.FailOurs {
		t.Errorf("failure %v", got.Failure)
	}
}

func TestServerThatChokesOnEDNS(t *testing.T) {
	s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
		if q.IsEdns0() != nil {
			m := new(dns.Msg)
			m.SetRcode(q, dns.RcodeFormatError)
			m.Question = nil // as old servers do
			w.WriteMsg(m)
			return
		}
		rrs(t, "a.cn. 300 IN A 1.2.3.4")(w, q)
	})
	got := resolver(t, s).Lookup(context.Background(), "a.cn", "A", 0)
	if got.Failure != nil || got.Tries != 2 {
		t.Errorf("%d tries, failure %v", got.Tries, got.Failure)
	}
}

// Nothing but us ends these questions: their time-out is longer than the tests.
func TestStoppedByUs(t *testing.T) {
	later, cancel := context.WithCancel(context.Background())
	s := serve(t, func(dns.ResponseWriter, *dns.Msg) { cancel() })
	r, err := New(Options{Upstreams: []string{s.addr}, Plain: plain, Timeout: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	gone, goes := context.WithCancel(context.Background())
	goes()
	soon, ends := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer ends()
	for _, c := range []struct {
		name string
		ctx  context.Context
	}{{"before", gone}, {"while waiting", later}, {"deadline", soon}} {
		if got := r.Lookup(c.ctx, "a.cn", "A", 0); kind(got.Failure) != crawler.FailOurs {
			t.Errorf("%s: failure %v", c.name, got.Failure)
		}
	}
}

func TestNoFileHandlesIsOurTrouble(t *testing.T) {
	s := serve(t, zone(t, "a.cn. 300 IN A 1.2.3.4"))
	r := resolver(t, s)
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &was); err != nil {
		t.Skip("no limits here")
	}
	none := was
	none.Cur = 3
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &none); err != nil {
		t.Skip("limits cannot be set here")
	}
	got := r.Lookup(context.Background(), "a.cn", "A", 0)
	syscall.Setrlimit(syscall.RLIMIT_NOFILE, &was)
	if kind(got.Failure) != crawler.FailOurs || !strings.Contains(got.Failure.Detail, "too many open files") {
		t.Errorf("failure %v", got.Failure)
	}
}

// A hostile server may fill its answer: what is kept stays bounded and showable.
func TestHostileAnswerIsBounded(t *testing.T) {
	s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		if !overTCP(w) {
			m.Truncated = true
			w.WriteMsg(m)
			return
		}
		for i := range 3000 {
			m.Answer = append(m.Answer, &dns.A{Hdr: dns.RR_Header{Name: "a.cn.", Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1<<32 - 1},
				A: net.IPv4(9, 9, byte(i>>8), byte(i))})
		}
		m.Answer = append(m.Answer, &dns.TXT{Hdr: dns.RR_Header{Name: "a.cn.", Rrtype: dns.TypeTXT, Class: dns.ClassINET}, Txt: []string{strings.Repeat("\x1b[2J", 50)}})
		w.WriteMsg(m)
	})
	got := resolver(t, s).Lookup(context.Background(), "a.cn", "A", 0)
	if len(got.Addrs) != maxAnswers || len(got.Answers) != maxAnswers || got.TTL != 0 {
		t.Errorf("%d addresses, %d answers kept, TTL %v", len(got.Addrs), len(got.Answers), got.TTL)
	}
	for _, a := range got.Answers {
		if strings.ContainsAny(a, "\x1b\x00") || len(a) > maxAnswerBytes {
			t.Errorf("kept %q", a)
		}
	}
}

func TestAddresses(t *testing.T) {
	s := serve(t, zone(t, "a.cn. 300 IN A 1.2.3.4", "a.cn. 300 IN AAAA 2400::1"))
	got := resolver(t, s).Addresses(context.Background(), "a.cn", 0)
	if len(got) != 2 || got[0].Type != "A" || got[1].Type != "AAAA" || len(got[0].Addrs) != 1 || len(got[1].Addrs) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestLiteralsAndNonsenseAskNobody(t *testing.T) {
	s := serve(t, silence)
	r := resolver(t, s)
	if got := r.Lookup(context.Background(), "1.2.3.4", "A", 0); !slices.Equal(got.Addrs, addrs("1.2.3.4")) || got.Failure != nil {
		t.Errorf("literal: %+v", got)
	}
	if got := r.Lookup(context.Background(), "1.2.3.4", "AAAA", 0); kind(got.Failure) != crawler.FailDNSNoAddr {
		t.Errorf("literal of the other kind: %+v", got)
	}
	for _, name := range []string{"", "a..cn", strings.Repeat("a", 64) + ".cn", strings.Repeat("abc.", 70) + "cn"} {
		if got := r.Lookup(context.Background(), name, "A", 0); kind(got.Failure) != crawler.FailDNSNoName {
			t.Errorf("%q: %v", name, got.Failure)
		}
	}
	if got := r.Lookup(context.Background(), "a.cn", "NONSENSE", 0); kind(got.Failure) != crawler.FailOurs {
		t.Errorf("unknown type: %v", got.Failure)
	}
	if s.asked.Load() != 0 {
		t.Errorf("the server was asked %d times", s.asked.Load())
	}
}

// Questions share a few sockets, which take turns, and each socket is given up
// after a while: the ports that the server sees tell.
func TestSocketsAreSharedAndRetired(t *testing.T) {
	var mu sync.Mutex
	ports := map[string]int{}
	answer := zone(t, "a.cn. 300 IN A 1.2.3.4")
	s := serve(t, func(w dns.ResponseWriter, q *dns.Msg) {
		mu.Lock()
		ports[w.RemoteAddr().String()]++
		mu.Unlock()
		answer(w, q)
	})
	// With the usual timeout, a socket that was idle as it swept would retire early.
	r, err := New(Options{Upstreams: []string{s.addr}, Sockets: 2, Timeout: 10 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	given := 2 * maxUses / usesPerTurn * usesPerTurn // both have had as many
	for n := 1; n <= given+2*usesPerTurn; n++ {
		if got := r.Lookup(context.Background(), "a.cn", "A", 0); got.Failure != nil {
			t.Fatal(got.Failure)
		}
		mu.Lock()
		seen := len(ports)
		mu.Unlock()
		most := 4
		switch {
		case n < usesPerTurn: // the first turn is one short
			most = 1
		case n <= given-2*usesPerTurn:
			most = 2
		}
		if seen > most || n == 2*usesPerTurn && seen != 2 {
			t.Fatalf("%d sockets after %d questions, want %d", seen, n, most)
		}
	}
	if len(ports) != 4 {
		t.Errorf("%d sockets at the end, want two fresh ones", len(ports))
	}
	for port, n := range ports {
		if n > maxUses {
			t.Errorf("%s asked %d questions", port, n)
		}
	}
}

func TestOptions(t *testing.T) {
	for given, want := range map[string]string{
		"223.5.5.5": "223.5.5.5:53", "127.0.0.1:5300": "127.0.0.1:5300", "[2400:3200::1]": "[2400:3200::1]:53",
		"2400:3200::1": "[2400:3200::1]:53", "[::1]:53": "[::1]:53", " 1.1.1.1 ": "1.1.1.1:53",
	} {
		r, err := New(Options{Upstreams: []string{given}})
		if err != nil || r.Upstreams()[0] != want {
			t.Errorf("New(%q) = %v, want %s", given, err, want)
		}
	}
	for _, bad := range []string{"", "dns.example.cn", "1.2.3.4:x", "1.2.3.4:0", "1.2.3:53"} {
		if _, err := New(Options{Upstreams: []string{bad}}); err == nil || !strings.Contains(err.Error(), "write it as") {
			t.Errorf("New(%q) = %v, want an error that says how to write it", bad, err)
		}
	}
}
