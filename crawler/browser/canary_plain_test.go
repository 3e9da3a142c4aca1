package browser

import (
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"

	"github.com/beianwatch/beianwatch/crawler/whole"
)

// plainTime is what a page gets in a plain browser.
const plainTime = 15 * time.Second

// TestWaysLeadOut: in a browser as it comes, without our switches, outlets and guard, each
// way reaches its canary, but for those that are barred. So it is no accident that none
// does in TestNoWayOut. It takes BEIANWATCH_PLAIN=1, for who adds a way or a browser.
func TestWaysLeadOut(t *testing.T) {
	if os.Getenv("BEIANWATCH_PLAIN") != "1" {
		t.Skip("BEIANWATCH_PLAIN is not 1")
	}
	inner, home := innerAddresses(t)
	everyBrowser(t, func(t *testing.T, program string) {
		if path.Base(program) != kinds[0] {
			t.Skip("its pages hinder each other")
		}
		c := newCage(t, program, inner, home, tried(program, inner))
		in := c.plainly(t, program)
		places := make(chan struct{}, c.opt.Tabs)
		var all sync.WaitGroup
		for _, tr := range c.trials {
			places <- struct{}{}
			all.Go(func() {
				defer func() { <-places }()
				if err := tr.visit(t.Context(), in); err != nil {
					t.Errorf("%s: %v", tr.name, err)
				}
			})
		}
		all.Wait()
		in.stop()
		out := 0
		for _, tr := range c.trials {
			t.Run(tr.name, func(t *testing.T) {
				heard := tr.canary.end()
				if len(heard) > 0 {
					out++
				}
				switch left := tr.silent(); {
				case tr.barred && len(heard) > 0:
					t.Logf("barred, and yet heard: %q", heard)
				case !tr.barred && len(left) > 0:
					t.Errorf("nothing heard at %s, elsewhere %q", left, heard)
				}
			})
		}
		t.Logf("%d of %d pages reach their canary", out, len(c.trials))
	})
}

// plainly starts a browser that knows the names of the cage, and keeps nothing else from
// its pages.
func (c *cage) plainly(t *testing.T, program string) *instance {
	t.Helper()
	place := func(s *httptest.Server) string { return s.Listener.Addr().String() }
	var names []string
	for _, a := range c.inner {
		names = append(names, fmt.Sprintf("MAP %s %s", net.JoinHostPort(a.String(), "80"), net.JoinHostPort(a.String(), fmt.Sprint(c.doors.port))))
	}
	names = append(names, fmt.Sprintf("MAP rebind.example %s:%d", c.inner[0], c.doors.port), fmt.Sprintf("MAP canary.example:80 %s:%d", c.inner[0], c.doors.port),
		"MAP canary.example "+c.inner[0].String(), "MAP *.canary.example "+c.inner[0].String(), "MAP *.example:80 "+place(c.plain), "MAP *.example:443 "+place(c.secure), "MAP *.com ~NOTFOUND")
	folder, err := whole.NewFolder(t.TempDir(), "browser-")
	if err != nil {
		t.Fatal(err)
	}
	childIn, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, childOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{folder: folder, out: out, in: from, died: make(chan struct{})}
	p.cmd = exec.Command(program, "--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run", "--user-data-dir="+folder.Path, "--ignore-certificate-errors", "--disable-popup-blocking",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps", "--autoplay-policy=no-user-gesture-required", "--short-reporting-delay", "--disable-features=LocalNetworkAccessChecks", "--host-resolver-rules="+strings.Join(names, ","))
	p.cmd.ExtraFiles = []*os.File{childIn, childOut}
	p.cmd.SysProcAttr = attributes(false)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	childIn.Close()
	childOut.Close()
	go func() { p.cmd.Wait(); close(p.died) }()
	return newInstance(p)
}

// visit opens the trial's page until its canary has heard of it all over, or its time is
// over.
func (tr *trial) visit(ctx context.Context, in *instance) error {
	ctx, cancel := context.WithTimeout(ctx, plainTime)
	defer cancel()
	made, err := call(ctx, in.root, target.CreateBrowserContext, target.CreateBrowserContextParams{})
	if err != nil {
		return err
	}
	defer tell(in.root, target.DisposeBrowserContext, target.DisposeBrowserContextParams(made))
	if _, err := call(ctx, in.root, target.CreateTarget, target.CreateTargetParams{URL: tr.address(), BrowserContextID: made.BrowserContextID}); err != nil {
		return err
	}
	for len(tr.silent()) > 0 {
		select {
		case <-tr.canary.news:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// silent returns the addresses at which the trial's canary should have heard of its page,
// and has not.
func (tr *trial) silent() []netip.Addr {
	tr.canary.mu.Lock()
	defer tr.canary.mu.Unlock()
	if !strings.Contains(tr.page+tr.header+tr.path+fmt.Sprint(tr.files), "OUT") && len(tr.canary.heard) > 0 {
		return nil // it names one address by itself
	}
	return slices.DeleteFunc(slices.Clone(tr.addrs), func(a netip.Addr) bool { return tr.canary.where[a] })
}
