package dns

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// program returns the path of a server that a test needs. Without it the test is
// skipped, unless BEIANWATCH_SERVERS=1 says that it has to be there.
func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("BEIANWATCH_SERVERS") == "1" {
			t.Fatalf("%s is not on PATH and BEIANWATCH_SERVERS=1 demands it", name)
		}
		t.Skipf("%s is not on PATH: install it to run this test", name)
	}
	return path
}

// NSD is authoritative only: it gives the head of a chain that leaves its
// zones, refuses what is not its own, and truncates what does not fit.
func TestNSD(t *testing.T) {
	addr := startNSD(t, program(t, "nsd"))
	r, err := New(Options{Upstreams: []string{addr}, Timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ask := func(name, qtype string) crawler.Lookup { return r.Lookup(context.Background(), name, qtype, 0) }

	if got := ask("plain.example.cn", "A"); !slices.Equal(got.Addrs, addrs("192.0.2.1")) || got.TTL != 120*time.Second {
		t.Errorf("plain: %+v", got)
	}
	if got := ask("plain.example.cn", "AAAA"); kind(got.Failure) != crawler.FailDNSNoAddr {
		t.Errorf("no AAAA: %v", got.Failure)
	}
	if got := ask("gone.example.cn", "A"); kind(got.Failure) != crawler.FailDNSNoName || got.RCode != "NXDOMAIN" {
		t.Errorf("no such name: %v", got.Failure)
	}
	if got := ask("cdn.example.cn", "A"); !slices.Equal(got.Chain, []string{"edge.example.com"}) || !slices.Equal(got.Addrs, addrs("192.0.2.2")) {
		t.Errorf("chain into another zone: %+v, %v", got, got.Failure)
	}
	if got := ask("away.example.cn", "A"); kind(got.Failure) != crawler.FailOurs || !slices.Equal(got.Chain, []string{"elsewhere.example.net"}) {
		t.Errorf("chain out of all zones: %+v, %v", got, got.Failure)
	}
	if got := ask("other.example.org", "A"); kind(got.Failure) != crawler.FailOurs || got.RCode != "REFUSED" {
		t.Errorf("not its own: %+v, %v", got, got.Failure)
	}
	if got := ask("big.example.cn", "A"); !got.TCP || len(got.Addrs) != 90 || got.Failure != nil {
		t.Errorf("too big for UDP: TCP %v, %d addresses, %v", got.TCP, len(got.Addrs), got.Failure)
	}
	if got := ask("example.cn", "NS"); got.Failure != nil || len(got.Answers) != 1 {
		t.Errorf("NS: %+v", got)
	}
}

// freeBoth gives a loopback address whose port is free over UDP and TCP: a
// port that is free over one of them is often taken over the other.
func freeBoth(t testing.TB) string {
	t.Helper()
	for range 100 {
		udp, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := udp.LocalAddr().String()
		tcp, err := net.Listen("tcp", addr)
		udp.Close()
		if err == nil {
			tcp.Close()
			return addr
		}
	}
	t.Fatal("no port is free over UDP and TCP")
	return ""
}

func startNSD(t testing.TB, path string) (addr string) {
	t.Helper()
	dir := t.TempDir()
	const soa = "$TTL 120\n@ IN SOA ns root 1 3600 600 86400 60\n@ IN NS ns\nns IN A 192.0.2.53\n"
	cn := soa + "plain IN A 192.0.2.1\ncdn IN CNAME edge.example.com.\naway IN CNAME elsewhere.example.net.\n"
	for i := range 90 {
		cn += fmt.Sprintf("big IN A 198.51.100.%d\n", i)
	}
	addr = freeBoth(t)
	_, port, _ := net.SplitHostPort(addr)
	conf := fmt.Sprintf(`server:
  ip-address: 127.0.0.1
  port: %s
  username: ""
  database: ""
  rrl-ratelimit: 0
  zonesdir: %q
  zonelistfile: %q
  xfrdfile: %q
  xfrdir: %q
  pidfile: %q
remote-control:
  control-enable: no
zone:
  name: example.cn
  zonefile: cn.zone
zone:
  name: example.com
  zonefile: com.zone
`, port, dir, dir+"/zone.list", dir+"/xfrd.state", dir, dir+"/nsd.pid")
	for name, text := range map[string]string{"nsd.conf": conf, "cn.zone": cn, "com.zone": soa + "edge IN A 192.0.2.2\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(path, "-d", "-c", dir+"/nsd.conf")
	log, _ := os.Create(dir + "/log")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		log.Close()
	})
	for range 100 {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return addr
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := os.ReadFile(dir + "/log")
	t.Fatalf("nsd did not start: %s", text)
	return ""
}
