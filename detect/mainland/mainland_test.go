package mainland

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"
)

func of(t *testing.T, n *Networks, addr string) Place {
	t.Helper()
	return n.Of(netip.MustParseAddr(addr))
}

func networks(t *testing.T, nets []netip.Prefix, file string) *Networks {
	t.Helper()
	n, err := New(nets, strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The addresses are of resolvers and networks whose place is public knowledge.
func TestEmbedded(t *testing.T) {
	n := networks(t, nil, "")
	for _, c := range []struct {
		addr, country    string
		mainland, shared bool
	}{
		{"223.5.5.5", "CN", true, false},
		{"119.29.29.29", "CN", true, false},
		{"101.6.6.6", "CN", true, false},
		{"::ffff:223.5.5.5", "CN", true, false},
		{"2400:3200::1", "CN", true, false},
		{"47.52.0.1", "HK", false, false},
		{"202.175.3.3", "MO", false, false},
		{"168.95.1.1", "TW", false, false},
		{"8.8.8.8", "US", false, false},
		{"104.16.1.1", "US", false, true},
		{"2606:4700::1111", "US", false, true},
	} {
		p := of(t, n, c.addr)
		if p.Country != c.country || p.Mainland != c.mainland || !p.Known || p.Source != "embedded" || (p.Shared != "") != c.shared {
			t.Errorf("Of(%s) = %+v, want %s, mainland %v, shared %v", c.addr, p, c.country, c.mainland, c.shared)
		}
	}
}

// TestDisputed: where sources disagree the place is not known, unless the user
// knows.
func TestDisputed(t *testing.T) {
	n := networks(t, nil, "")
	for addr, want := range map[string]string{
		"43.64.0.1": "Alibaba Cloud", "43.95.255.254": "Alibaba Cloud", "::ffff:43.70.1.1": "Alibaba Cloud", "124.175.9.9": "Volcengine",
		"43.63.255.255": "", "43.96.0.1": "",
	} {
		if p := of(t, n, addr); p.Disputed != want || (want != "") != (p == Place{Disputed: want} && want != "") {
			t.Errorf("Of(%s) = %+v, want disputed %q", addr, p, want)
		}
	}
	n = networks(t, []netip.Prefix{netip.MustParsePrefix("43.70.0.0/16")}, "43.71.0.0/16 SG\n")
	if p := of(t, n, "43.70.1.1"); !p.Mainland || !p.Known || p.Disputed != "" {
		t.Errorf("declared: %+v", p)
	}
	if p := of(t, n, "43.71.1.1"); p.Mainland || !p.Known || p.Country != "SG" {
		t.Errorf("in the user's file: %+v", p)
	}
	if AsOf() == "" {
		t.Error("the list of disputed networks has no date")
	}
}

func TestNotKnown(t *testing.T) {
	n := networks(t, nil, "")
	for _, addr := range []string{
		"10.0.0.1", "172.16.3.4", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
		"::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "ff02::1",
	} {
		if p := of(t, n, addr); p != (Place{}) {
			t.Errorf("Of(%s) = %+v, want not known", addr, p)
		}
	}
	if p := n.Of(netip.Addr{}); p != (Place{}) {
		t.Errorf("Of of no address = %+v", p)
	}
}

func TestUserNetworks(t *testing.T) {
	flags := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("fd00::1/8")}
	n := networks(t, flags, "\ufeff# our networks\n"+
		"10.1.0.0/16 # the data centre\n"+
		"10.1.2.0/24 hk\n"+
		"104.16.0.0/16 CN\n"+
		"127.0.0.0/16 US\n"+
		"198.51.100.7\n"+
		"::ffff:10.9.0.0/112\n"+
		"223.5.5.0/24 shared Our  CDN\n")
	for addr, want := range map[string]Place{
		"127.1.2.3":      {Country: "CN", Mainland: true, Known: true, Source: "flag"},
		"127.0.0.1":      {Country: "CN", Mainland: true, Known: true, Source: "flag"}, // flags win over the file
		"fd12::1":        {Country: "CN", Mainland: true, Known: true, Source: "flag"},
		"10.1.1.1":       {Country: "CN", Mainland: true, Known: true, Source: "file"},
		"10.1.2.1":       {Country: "HK", Known: true, Source: "file"}, // the longer prefix wins
		"104.16.1.1":     {Country: "CN", Mainland: true, Known: true, Source: "file"},
		"198.51.100.7":   {Country: "CN", Mainland: true, Known: true, Source: "file"},
		"10.9.3.3":       {Country: "CN", Mainland: true, Known: true, Source: "file"},
		"223.5.5.5":      {Country: "CN", Mainland: true, Known: true, Source: "embedded", Shared: "Our CDN"},
		"10.2.0.1":       {},
		"198.51.100.8":   {},
		"104.17.255.255": {Country: "US", Known: true, Source: "embedded", Shared: "Cloudflare"},
	} {
		got := of(t, n, addr)
		if addr == "198.51.100.8" {
			got.Country, got.Known, got.Source = "", false, "" // a documentation address: the data set may or may not list it
		}
		if got != want {
			t.Errorf("Of(%s) = %+v, want %+v", addr, got, want)
		}
	}
}

func TestBadFiles(t *testing.T) {
	for file, want := range map[string]string{
		"10.0.0.0/8\n10.0.0.0/33":     "line 2",
		"# x\n\nexample.com CN":       "line 3",
		"10.0.0.0/8 China":            "two letters",
		"10.0.0.0/8 shared":           "line 1",
		"10.0.0.0/8 CN extra":         "line 1",
		"fe80::1%eth0":                "is no network",
		strings.Repeat("x", 100_000):  "token too long",
		"10.0.0.0/8 C1":               "country code",
		"10.0.0.0":                    "",
		"\r\n10.0.0.0/8\tCN\r\n# end": "",
	} {
		_, err := New(nil, strings.NewReader(file))
		switch {
		case want == "" && err != nil:
			t.Errorf("New(%.30q): %v", file, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("New(%.30q) = %v, want an error with %q", file, err, want)
		}
	}
	broken := errors.New("disk is gone")
	if _, err := New(nil, iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("New with a broken file = %v", err)
	}
}

// TestSharedListIsClean finds prefixes that are not in their plain form or
// stand twice: a slip of the pen in the data file.
func TestSharedListIsClean(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range strings.Split(sharedText, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		p, err := netip.ParsePrefix(fields[0])
		if err != nil || p != p.Masked() || seen[fields[0]] {
			t.Errorf("%s: %v, plain form %v, seen before %v", fields[0], err, p.Masked(), seen[fields[0]])
		}
		seen[fields[0]] = true
	}
}

func FuzzNew(f *testing.F) {
	f.Add("10.0.0.0/8 CN\n# x\n::1 shared y")
	f.Fuzz(func(t *testing.T, file string) {
		n, err := New(nil, strings.NewReader(file))
		if err != nil {
			return
		}
		n.Of(netip.MustParseAddr("10.1.2.3"))
		n.Of(netip.MustParseAddr("2001:db8::1"))
	})
}

func BenchmarkOf(b *testing.B) {
	n, err := New([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, strings.NewReader("10.1.0.0/16\n11.0.0.0/24"))
	if err != nil {
		b.Fatal(err)
	}
	addr := netip.MustParseAddr("223.5.5.5")
	b.ReportAllocs()
	for b.Loop() {
		n.Of(addr)
	}
}
