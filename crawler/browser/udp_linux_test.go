package browser

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// udpSockets returns the local ends of the UDP sockets, as /proc writes them, that the
// processes have which pick chooses by their line of /proc/PID/stat.
func udpSockets(t *testing.T, pick func(stat string) bool) []string {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var ends []string
	for _, stat := range stats {
		raw, err := os.ReadFile(stat)
		if err != nil || !pick(string(raw)) {
			continue
		}
		folder := filepath.Dir(stat)
		held := map[string]bool{}
		links, _ := filepath.Glob(folder + "/fd/*")
		for _, link := range links {
			if to, err := os.Readlink(link); err == nil {
				held[strings.TrimSuffix(strings.TrimPrefix(to, "socket:["), "]")] = true
			}
		}
		for _, table := range []string{"/net/udp", "/net/udp6"} {
			lines, err := os.ReadFile(folder + table)
			if err != nil {
				continue
			}
			for line := range strings.Lines(string(lines)) {
				if f := strings.Fields(line); len(f) > 9 && held[f[9]] {
					ends = append(ends, f[1])
				}
			}
		}
	}
	return ends
}

// TestNoMulticast: a page that has WebRTC look for names of the local network has the
// browser ask nobody there, nor listen: it holds no socket of multicast DNS (port 5353).
// No canary would hear what goes to all.
func TestNoMulticast(t *testing.T) {
	own, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	if len(udpSockets(t, func(stat string) bool { return strings.HasPrefix(stat, fmt.Sprint(os.Getpid(), " ")) })) == 0 {
		t.Skip("/proc does not tell of sockets")
	}
	inner, home := innerAddresses(t)
	everyBrowser(t, func(t *testing.T, program string) {
		c := newCage(t, program, inner, home, []wayOut{{page: `<script>
			go(() => gather([{urls: ['stun:OUT', 'stun:canary.local']}])); go(() => meet(['1 1 udp 2122260223 4a1b2c3d-0000-4000-8000-0123456789ab.local PORT typ host']));
		</script>`}})
		asked := false
		var p *Pool
		look := func(*crawler.Observation) (bool, []string) { // the page is still open
			asked = true
			for _, end := range udpSockets(t, func(stat string) bool { return groupOf(stat) == p.now.process.cmd.Process.Pid }) {
				if strings.HasSuffix(end, fmt.Sprintf(":%04X", 5353)) {
					t.Errorf("a socket at %s", end)
				}
			}
			return false, nil
		}
		p = pool(t, c.opt)
		share(t, p)
		if drawHost(t, p, c.trials[0].address(), look); !asked {
			t.Error("the page was not drawn")
		}
	})
}
