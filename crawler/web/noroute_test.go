//go:build linux

package web

import (
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// TestMachineWithoutNetwork: a machine without any route says nothing of a site,
// over IPv4 no more than over IPv6. The test runs itself in an empty network.
func TestMachineWithoutNetwork(t *testing.T) {
	const inside = "BEIANWATCH_TEST_NO_NETWORK"
	if os.Getenv(inside) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), inside+"=1")
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
			UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}, GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
		}
		out, err := cmd.CombinedOutput()
		if cmd.Process == nil {
			t.Skip("this system gives no network of its own:", err)
		}
		if err != nil {
			t.Errorf("without a network: %v\n%s", err, out)
		}
		return
	}
	resolver, err := dns.New(dns.Options{Upstreams: []string{"127.0.0.1:9"}})
	if err != nil {
		t.Fatal(err)
	}
	defer resolver.Close()
	far := netip.MustParseAddr("1.2.3.4")
	obs := look(New(Options{Resolver: resolver, Guard: guard.New(nil, nil)}), far.String(), crawler.Ask{Kind: crawler.AskHome})
	if v := &obs.Visits[0]; kindOf(v) != crawler.FailOurs || !slices.Equal(obs.Unrouted, []netip.Addr{far}) {
		t.Errorf("%v, unrouted %v", v.Failure, obs.Unrouted)
	}
}
