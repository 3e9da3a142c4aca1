package guard

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func place(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

func prefixes(t *testing.T, list ...string) []netip.Prefix {
	t.Helper()
	var out []netip.Prefix
	for _, s := range list {
		p, err := ParsePrefix(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func TestCheckRefuses(t *testing.T) {
	g := New(nil, nil)
	for name, at := range map[string]string{
		"loopback":               "127.0.0.1:80",
		"loopback, another":      "127.200.3.4:443",
		"loopback v6":            "[::1]:80",
		"this network":           "0.0.0.0:80",
		"private 10":             "10.1.2.3:80",
		"private 172":            "172.16.0.1:80",
		"private 192":            "192.168.1.1:443",
		"link-local":             "169.254.1.1:80",
		"metadata":               "169.254.169.254:80",
		"metadata of Alibaba":    "100.100.100.200:80",
		"metadata of Tencent":    "169.254.0.23:80",
		"metadata of Azure":      "168.63.129.16:80",
		"metadata of Oracle":     "192.0.0.192:80",
		"metadata v6":            "[fd00:ec2::254]:80",
		"shared (CGNAT)":         "100.64.0.1:80",
		"benchmark network":      "198.18.0.1:80",
		"documentation":          "203.0.113.9:80",
		"multicast":              "224.0.0.1:80",
		"broadcast":              "255.255.255.255:80",
		"reserved":               "240.0.0.1:80",
		"unspecified v6":         "[::]:80",
		"link-local v6":          "[fe80::1]:80",
		"link-local v6 and zone": "[fe80::1%lo]:80",
		"unique local":           "[fc00::1]:80",
		"multicast v6":           "[ff02::1]:80",
		"mapped loopback":        "[::ffff:127.0.0.1]:80",
		"mapped public":          "[::ffff:8.8.8.8]:80",
		"compatible":             "[::127.0.0.1]:80",
		"NAT64 of loopback":      "[64:ff9b::7f00:1]:80",
		"local NAT64":            "[64:ff9b:1::1]:80",
		"6to4 of private":        "[2002:a00:1::1]:80",
		"Teredo":                 "[2001::1]:80",
		"site-local":             "[fec0::1]:80",
		"documentation v6":       "[2001:db8::1]:80",
	} {
		t.Run(name, func(t *testing.T) {
			if err := g.Check(place(at)); !errors.Is(err, ErrForbidden) || errors.Is(err, ErrPort) {
				t.Errorf("Check(%s) = %v, want a refusal of the address", at, err)
			}
			c, err := g.Dial(context.Background(), "tcp", place(at))
			if !errors.Is(err, ErrForbidden) {
				t.Errorf("Dial(%s) = %v, %v, want a refusal", at, c, err)
			}
		})
	}
	if err := g.Check(netip.AddrPort{}); !errors.Is(err, ErrForbidden) {
		t.Errorf("no place at all: %v", err)
	}
	if err := g.Check(netip.AddrPortFrom(netip.Addr{}, 80)); !errors.Is(err, ErrForbidden) {
		t.Errorf("no address: %v", err)
	}
}

func TestCheckAllows(t *testing.T) {
	for name, c := range map[string]struct {
		g  *Guard
		at string
	}{
		"public":                  {New(nil, nil), "223.5.5.5:80"},
		"public v6":               {New(nil, nil), "[2400:3200::1]:443"},
		"a lifted network":        {New(prefixes(t, "127.0.0.0/8"), nil), "127.3.4.5:80"},
		"a lifted network v6":     {New(prefixes(t, "::1"), nil), "[::1]:443"},
		"unmasked prefix":         {New(prefixes(t, "10.9.9.9/8"), nil), "10.1.1.1:80"},
		"an extra port":           {New(nil, nil, 8080), "223.5.5.5:8080"},
		"a real port of the map":  {New(nil, map[uint16]uint16{81: 8181}), "223.5.5.5:81"},
		"standard port with maps": {New(nil, map[uint16]uint16{81: 8181}), "223.5.5.5:443"},
	} {
		if err := c.g.Check(place(c.at)); err != nil {
			t.Errorf("%s: Check(%s) = %v, want nil", name, c.at, err)
		}
	}
}

func TestLiftedNetworkLiftsNoMore(t *testing.T) {
	g := New(prefixes(t, "127.0.0.0/8"), nil)
	for _, at := range []string{"10.0.0.1:80", "[::1]:80", "[::ffff:127.0.0.1]:80", "169.254.169.254:80"} {
		if g.Check(place(at)) == nil {
			t.Errorf("%s is allowed by --allow-net 127.0.0.0/8", at)
		}
	}
}

func TestPorts(t *testing.T) {
	g := New(nil, map[uint16]uint16{80: 18080})
	for _, port := range []uint16{0, 22, 25, 8080, 18080} {
		at := netip.AddrPortFrom(netip.MustParseAddr("223.5.5.5"), port)
		if err := g.Check(at); !errors.Is(err, ErrPort) || !errors.Is(err, ErrForbidden) {
			t.Errorf("port %d: %v, want ErrPort and ErrForbidden", port, err)
		}
		if err := g.CheckPort(port); !errors.Is(err, ErrPort) {
			t.Errorf("CheckPort(%d) = %v", port, err)
		}
	}
}

// listen opens a server that greets with its own address.
func listen(t *testing.T) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Write([]byte(l.Addr().String()))
			c.Close()
		}
	}()
	return place(l.Addr().String())
}

func dialled(t *testing.T, g *Guard, at netip.AddrPort) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	c, err := g.Dial(ctx, "tcp", at)
	if err != nil {
		t.Fatalf("Dial(%s): %v", at, err)
	}
	defer c.Close()
	b := make([]byte, 64)
	n, _ := c.Read(b)
	return string(b[:n])
}

func TestDialThroughTheMaps(t *testing.T) {
	one, two := listen(t), listen(t)
	g := New(prefixes(t, "127.0.0.0/8"), map[uint16]uint16{80: one.Port()})
	g.Map(place("127.0.0.9:443"), two)
	if got := dialled(t, g, place("127.0.0.1:80")); got != one.String() {
		t.Errorf("port map: reached %s, want %s", got, one)
	}
	if got := dialled(t, g, place("127.0.0.9:443")); got != two.String() {
		t.Errorf("place map: reached %s, want %s", got, two)
	}
}

func TestMapIsNoWayAround(t *testing.T) {
	inside := listen(t)
	g := New(nil, nil)
	g.Map(place("223.5.5.5:80"), inside)
	if _, err := g.Dial(context.Background(), "tcp", place("223.5.5.5:80")); !errors.Is(err, ErrForbidden) {
		t.Errorf("a mapped place on loopback was dialled: %v", err)
	}
}

// The hook is what holds when the address that is dialled is not the one that
// was judged before.
func TestControlSeesTheAddressDialled(t *testing.T) {
	g := New(prefixes(t, "127.0.0.1/32"), nil)
	meant := place("127.0.0.1:80")
	for _, got := range []string{"127.0.0.2:80", "127.0.0.1:81", "[::1]:80", "nonsense", ""} {
		if err := g.control(got, meant); !errors.Is(err, ErrForbidden) {
			t.Errorf("control(%q) = %v, want a refusal", got, err)
		}
	}
	if err := g.control("127.0.0.1:80", meant); err != nil {
		t.Errorf("control of the address meant: %v", err)
	}
}

func TestParsePorts(t *testing.T) {
	got, err := ParsePorts(" 80:18080, 443:18443 ,")
	if err != nil || len(got) != 2 || got[80] != 18080 || got[443] != 18443 {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := ParsePorts(""); err != nil || len(got) != 0 {
		t.Errorf("empty: got %v, %v", got, err)
	}
	for _, bad := range []string{"80", "80:", ":80", "80:0", "0:80", "80:70000", "a:b", "80:1:2", "-1:80"} {
		if _, err := ParsePorts(bad); err == nil || !strings.Contains(err.Error(), "write it as") {
			t.Errorf("ParsePorts(%q) = %v, want an error that says how to write it", bad, err)
		}
	}
}

func TestParsePrefix(t *testing.T) {
	for text, want := range map[string]string{
		"127.0.0.0/8": "127.0.0.0/8", " 10.1.2.3/8 ": "10.0.0.0/8", "10.1.2.3": "10.1.2.3/32", "::1": "::1/128",
	} {
		if got, err := ParsePrefix(text); err != nil || got.String() != want {
			t.Errorf("ParsePrefix(%q) = %v, %v, want %s", text, got, err, want)
		}
	}
	for _, bad := range []string{"", "10.0.0.0/33", "localhost", "fe80::1%eth0", "10.0.0/8"} {
		if _, err := ParsePrefix(bad); err == nil {
			t.Errorf("ParsePrefix(%q) is accepted", bad)
		}
	}
}

func FuzzParsePorts(f *testing.F) {
	f.Add("80:18080,443:18443")
	f.Fuzz(func(t *testing.T, s string) {
		ports, err := ParsePorts(s)
		if err == nil {
			New(nil, ports)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	g := New(nil, nil)
	at := place("223.5.5.5:80")
	for b.Loop() {
		if g.Check(at) != nil {
			b.Fatal("refused")
		}
	}
}
