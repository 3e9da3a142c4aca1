//go:build linux

package browser

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestOwnNetwork: where the system allows it, the browser and the outlets of its
// tabs are in a network namespace in which nothing else is, and pages do not see
// that; this process stays where it was.
func TestOwnNetwork(t *testing.T) {
	n, err := newNetns()
	if err != nil {
		t.Skip(err)
	}
	n.end()
	here, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		t.Skip(err)
	}
	everyBrowser(t, func(t *testing.T, program string) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, `<p id="p"></p><script>p.textContent = 'online: ' + navigator.onLine; addEventListener('offline', () => { p.textContent = 'lost' })</script>`)
		}))
		defer s.Close()
		opt := loopback(t, program, s)
		opt.Shared = func(why error) { t.Errorf("the browser shares the network: %v", why) }
		p := pool(t, opt)
		if dom := string(draw(t, p, "/").Rendered.Body); !strings.Contains(dom, "online: true") {
			t.Errorf("the page sees %s", dom)
		}
		there, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", p.now.process.cmd.Process.Pid))
		if err != nil || there == here {
			t.Errorf("the browser is in the network %s, this process in %s: %v", there, here, err)
		}
		if now, err := os.Readlink("/proc/thread-self/ns/net"); err != nil || now != here {
			t.Errorf("a thread of this process is in the network %s, not %s: %v", now, here, err)
		}
	})
}
