package schedule

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

// ask makes one request that is answered at once and tells how long it had to
// wait for its turn.
func ask(t *testing.T, g *Gate, addr netip.Addr, status int, header http.Header, took time.Duration) time.Duration {
	t.Helper()
	began := time.Now()
	leave, err := g.Enter(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	waited := time.Since(began)
	time.Sleep(took)
	g.Heard(addr, status, header, took)
	leave()
	return waited
}

func TestSlowDownAndRecovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(2, 10, nil)
		addr := netip.MustParseAddr("192.0.2.1")
		gap := func() time.Duration {
			ask(t, g, addr, 200, nil, 0)
			return g.doors[addr].gap()
		}
		if got := gap(); got != 100*time.Millisecond {
			t.Fatalf("the gap is %v at first", got)
		}
		last := time.Duration(0)
		for range 3 {
			ask(t, g, addr, 429, nil, 0)
			got := g.doors[addr].gap()
			if got <= last {
				t.Errorf("after another 429 the gap is %v, before it was %v", got, last)
			}
			last = got
		}
		for range 20 {
			ask(t, g, addr, 429, nil, 0)
		}
		if got := g.doors[addr].gap(); got != slowMost+100*time.Millisecond {
			t.Errorf("the gap grows to %v", got)
		}
		steps := map[time.Duration]bool{}
		for range 200 {
			steps[gap()] = true
		}
		if got := gap(); got != 100*time.Millisecond || len(steps) < 5 {
			t.Errorf("in %d steps the gap came back to %v", len(steps), got)
		}
	})
}

// The 503 of one site among many on an address does not slow the others.
func TestSingle503(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(2, 10, nil)
		addr := netip.MustParseAddr("192.0.2.1")
		for i := range 100 {
			status := 200
			if i%5 == 0 {
				status = 503
			}
			ask(t, g, addr, status, nil, 0)
		}
		if got := g.doors[addr].gap(); got != 100*time.Millisecond {
			t.Errorf("the gap is %v", got)
		}
		ask(t, g, addr, 503, nil, 0)
		ask(t, g, addr, 503, nil, 0)
		if got := g.doors[addr].gap(); got <= 100*time.Millisecond {
			t.Error("two 503 in a row did not count")
		}
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(2, 0, nil)
		addr := netip.MustParseAddr("192.0.2.1")
		ask(t, g, addr, 429, http.Header{"Retry-After": {"7"}}, 0)
		if waited := ask(t, g, addr, 200, nil, 0); waited != 7*time.Second {
			t.Errorf("waited %v", waited)
		}
		ask(t, g, addr, 503, http.Header{"Retry-After": {"86400"}}, 0)
		if waited := ask(t, g, addr, 200, nil, 0); waited != retryMost {
			t.Errorf("waited %v, want no more than %v", waited, retryMost)
		}
		// Who has no time for that is told at once, and that is our trouble.
		ask(t, g, addr, 429, http.Header{"Retry-After": {"20"}}, 0)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		if _, err := g.Enter(ctx, addr); err == nil || time.Since(began) != 0 {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if g.Pace(t.Context(), addr, time.Now().Add(time.Second)) {
			t.Error("a lane whose turn comes too late goes on")
		}
	})
}

// A server that becomes slow is asked less often, unless it is we who are slow.
func TestSlowServer(t *testing.T) {
	for _, calm := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			g := NewGate(2, 10, nil)
			g.calm = func() bool { return calm }
			addr := netip.MustParseAddr("192.0.2.1")
			for range 40 {
				ask(t, g, addr, 200, nil, 20*time.Millisecond)
			}
			if d := g.doors[addr]; d != nil && d.temper.extra > 0 {
				t.Fatalf("%v is added to the gap", d.temper.extra)
			}
			for range 40 {
				ask(t, g, addr, 200, nil, 2*time.Second)
			}
			slowed := g.doors[addr] != nil && g.doors[addr].temper.extra > 0
			if slowed != calm {
				t.Errorf("calm %v: slowed down %v", calm, slowed)
			}
		})
	}
}

func TestNetworkLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(1, 1, []Network{
			{Net: netip.MustParsePrefix("198.51.100.0/24"), PerIP: 5, Rate: 100},
			{Net: netip.MustParsePrefix("203.0.113.0/24"), PerIP: 0, Rate: 0},
			{Net: netip.MustParsePrefix("192.0.2.0/24"), PerIP: 1, Rate: 10, ByAddress: true},
		})
		for _, tt := range []struct {
			addrs [2]string
			want  time.Duration // of the second request
		}{
			{[2]string{"8.8.8.8", "8.8.8.8"}, time.Second},
			{[2]string{"8.8.4.4", "9.9.9.9"}, 0},
			{[2]string{"198.51.100.1", "198.51.100.2"}, 10 * time.Millisecond},
			{[2]string{"203.0.113.1", "203.0.113.1"}, 0},
			{[2]string{"192.0.2.1", "192.0.2.1"}, 100 * time.Millisecond},
			{[2]string{"192.0.2.3", "192.0.2.4"}, 0},
		} {
			ask(t, g, netip.MustParseAddr(tt.addrs[0]), 200, nil, 0)
			if got := ask(t, g, netip.MustParseAddr(tt.addrs[1]), 200, nil, 0); got != tt.want {
				t.Errorf("%v: waited %v, want %v", tt.addrs, got, tt.want)
			}
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	for _, s := range []string{"", "0", "120", " 5 ", "-3", "99999999999999", "1.5", "Mon, 23 Nov 2026 02:01:00 GMT", "Sun, 22 Nov 2026 02:01:00 GMT", "morgen"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := retryAfter(http.Header{"Retry-After": {s}}, now); got < 0 || got > 24*time.Hour {
			t.Errorf("%q: %v", s, got)
		}
	})
}

// A run over a server that really limits requests (nginx, limit_req) ends with
// every site seen: those that were turned away are asked again, more slowly.
func TestServerThatLimits(t *testing.T) {
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		if os.Getenv("BEIANWATCH_SERVERS") == "1" {
			t.Fatal("nginx is not installed")
		}
		t.Skip("nginx is not installed")
	}
	for _, status := range []int{429, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			b := newBed(t, 1)
			const addr = "127.0.8.77"
			startNginx(t, nginx, addr, b.port, status)
			var names []string
			for i := range 10 {
				n := fmt.Sprintf("site%02d.cn", i)
				names = append(names, n)
				b.name(n, addr)
			}
			gate := NewGate(4, 0, nil)
			look := b.looker(t, gate, 2*time.Second, 300*time.Millisecond, 600*time.Millisecond, time.Second)
			r := runnerIn(t, t.TempDir(), look, gate, Options{Concurrency: 32})
			rd, err := r.Begin(context.Background(), Start{Inventory: inventoryOf(t, names...)})
			if err != nil {
				t.Fatal(err)
			}
			run, err := rd.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			for name, got := range verdicts(t, r.cfg.Store, run.ID) {
				if !strings.HasPrefix(got, string(detect.Serving)) {
					t.Errorf("%s: %s", name, got)
				}
			}
		})
	}
}

// startNginx serves the page on one address, 20 requests a second at most.
func startNginx(t *testing.T, nginx, addr string, port uint16, status int) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	for up := dir; up != "/" && up != os.TempDir(); up = filepath.Dir(up) {
		os.Chmod(up, 0o755) // nginx reads as another user
	}
	conf := fmt.Sprintf(`daemon off; worker_processes 1; pid %[1]s/pid; error_log %[1]s/err;
events { worker_connections 256; }
http { access_log off; limit_req_zone $binary_remote_addr zone=z:1m rate=20r/s; limit_req_status %[4]d;
  client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  types { text/html html; } server { listen %[2]s:%[3]d; root %[1]s; location / { limit_req zone=z burst=2 nodelay; } } }
`, dir, addr, port, status)
	file := filepath.Join(dir, "conf")
	if err := os.WriteFile(file, []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(nginx, "-e", filepath.Join(dir, "err"), "-c", file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() })
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range 100 {
		if resp, err := client.Get(fmt.Sprintf("http://%s:%d/", addr, port)); err == nil {
			resp.Body.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := os.ReadFile(filepath.Join(dir, "err"))
	t.Fatalf("nginx does not answer: %s", text)
}
