package browser

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// innerAddresses returns addresses of this machine that the guard lets nobody reach: one
// of its interfaces by IPv4 and by IPv6, where it has them, and those of its loopback.
func innerAddresses(t *testing.T) (inner, home []netip.Addr) {
	t.Helper()
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	strict := guard.New(nil, nil)
	var v4, v6 []netip.Addr
	for _, a := range all {
		n, ok := a.(*net.IPNet)
		if !ok {
			continue
		}
		slice, _ := netip.AddrFromSlice(n.IP)
		switch a := slice.Unmap(); {
		case a.IsLoopback():
			home = append(home, a)
		case a.IsLinkLocalUnicast() || strict.Check(netip.AddrPortFrom(a, 80)) == nil:
		case a.Is4():
			v4 = append(v4, a)
		default:
			v6 = append(v6, a)
		}
	}
	for name, list := range map[string][]netip.Addr{"IPv4": v4, "IPv6": v6} {
		if len(list) == 0 {
			t.Logf("this machine has no inner address by %s but loopback: no canary is there", name)
		}
	}
	if inner = slices.Concat(v4[:min(len(v4), 1)], v6[:min(len(v6), 1)]); len(inner) == 0 {
		t.Skip("there is no place for a canary")
	}
	return inner, home
}

// A canary listens by TCP and UDP on one port of several addresses, and notes whatever
// comes. It answers its owner's word with the same word.
type canary struct {
	addrs []netip.Addr
	port  uint16
	news  chan struct{} // has a word when it has heard something

	places []io.Closer
	busy   sync.WaitGroup
	mu     sync.Mutex
	heard  []string
	where  map[netip.Addr]bool // it has heard something
}

const (
	ownersWord = "beianwatch: is the canary there?"
	calmTime   = 5 * time.Second // for what a connection has to say
)

// newCanary makes one that ends with the test.
func newCanary(t *testing.T, addrs []netip.Addr) *canary {
	t.Helper()
	for range 20 { // the port is free on the first address, and may not be on the others
		c := &canary{addrs: addrs, news: make(chan struct{}, 1), where: map[netip.Addr]bool{}}
		err := c.listen()
		if err == nil {
			t.Cleanup(func() { c.end() })
			return c
		}
		c.end()
		t.Log(err)
	}
	t.Fatal("no port is free on all addresses")
	return nil
}

func (c *canary) listen() error {
	for _, a := range c.addrs {
		l, err := net.Listen("tcp", netip.AddrPortFrom(a, c.port).String())
		if err != nil {
			return err
		}
		c.places = append(c.places, l)
		c.port = netip.MustParseAddrPort(l.Addr().String()).Port()
		c.busy.Go(func() { c.accept(l) })
		u, err := net.ListenPacket("udp", netip.AddrPortFrom(a, c.port).String())
		if err != nil {
			return err
		}
		c.places = append(c.places, u)
		c.busy.Go(func() { c.receive(u) })
	}
	return nil
}

func (c *canary) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		c.busy.Go(func() {
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(calmTime))
			b := make([]byte, 300)
			n, _ := conn.Read(b)
			if string(b[:n]) == ownersWord {
				conn.Write(b[:n])
				return
			}
			c.note(l.Addr(), b[:n])
		})
	}
}

func (c *canary) receive(u net.PacketConn) {
	b := make([]byte, 1500)
	for {
		n, from, err := u.ReadFrom(b)
		switch {
		case err != nil:
			return
		case string(b[:n]) == ownersWord:
			u.WriteTo(b[:n], from)
		default:
			c.note(u.LocalAddr(), b[:n])
		}
	}
}

func (c *canary) note(at net.Addr, said []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.where[netip.MustParseAddrPort(at.String()).Addr()] = true
	c.heard = append(c.heard, fmt.Sprintf("at %s %s: %.200q", at.Network(), at, said))
	say(c.news)
}

// call proves that the canary hears by TCP and UDP at each address. What came there
// before has then been taken from the line.
func (c *canary) call() error {
	for _, a := range c.addrs {
		for _, network := range []string{"tcp", "udp"} {
			if err := callOne(network, netip.AddrPortFrom(a, c.port).String()); err != nil {
				return fmt.Errorf("the canary does not hear at %s by %s: %w", a, network, err)
			}
		}
	}
	return nil
}

func callOne(network, address string) error {
	conn, err := net.Dial(network, address)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(calmTime))
	if _, err := io.WriteString(conn, ownersWord); err != nil {
		return err
	}
	b := make([]byte, len(ownersWord))
	_, err = io.ReadFull(conn, b)
	return err
}

// end ends it, and returns what it has heard.
func (c *canary) end() []string {
	for _, p := range c.places {
		p.Close()
	}
	c.busy.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heard
}

// share starts p's browser in the network of this machine, where the switches alone keep
// it, as it is where no namespace can be had.
func share(t *testing.T, p *Pool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startMost)
	defer cancel()
	in, err := startIn(ctx, p.opt.Path, func() (*netns, error) { return nil, nil })
	if err != nil {
		t.Fatal(err)
	}
	p.now = in
}

// TestNoWayOut: whatever a page tries, nothing arrives anywhere but through the guard, the
// drawing comes to an end, and the next page is drawn as ever. The browser shares the
// network of this machine: in one of its own nothing could arrive anyhow.
func TestNoWayOut(t *testing.T) {
	inner, home := innerAddresses(t)
	everyBrowser(t, func(t *testing.T, program string) {
		c := newCage(t, program, inner, home, tried(program, inner))
		c.call(t)
		p := pool(t, c.opt)
		share(t, p)
		in := p.now
		if heard := c.letOut(t, in); len(heard) == 0 {
			t.Fatal("a page that the guard lets out does not reach its canary: silence of the others says nothing")
		}
		began := time.Now()
		c.try(t, p)
		t.Logf("%d pages in %v", len(c.trials), time.Since(began).Round(time.Second/10))
		if p.now != in {
			t.Error("the browser that shares the network has ended")
		}
		p.Close()
		c.call(t) // what was on its way has arrived
		arrived := 0
		for _, tr := range c.trials {
			t.Run(tr.name, func(t *testing.T) {
				for _, what := range tr.canary.end() {
					arrived++
					t.Error(what)
				}
				tr.check(t)
			})
		}
		t.Logf("%d arrived", arrived)
	})
}

// call proves that each canary hears.
func (c *cage) call(t *testing.T) {
	t.Helper()
	for _, tr := range c.trials {
		if err := tr.canary.call(); err != nil {
			t.Fatal(err)
		}
	}
}

// letOut draws the page of the control with a guard that lets its canary be dialled, and
// returns what that has heard.
func (c *cage) letOut(t *testing.T, in *instance) []string {
	t.Helper()
	opt := c.opt
	var allow []netip.Prefix
	for _, a := range c.inner {
		allow = append(allow, netip.PrefixFrom(a, a.BitLen()))
	}
	opt.Guard = c.guard(allow...)
	p := New(opt) // not closed: the browser is another's
	p.now = in
	drawHost(t, p, c.control.address())
	return c.control.canary.end()
}

// try draws all pages, and a good one after each.
func (c *cage) try(t *testing.T, p *Pool) {
	places := make(chan struct{}, c.opt.Tabs)
	var all sync.WaitGroup
	for _, tr := range slices.SortedStableFunc(slices.Values(c.trials), func(a, b *trial) int { return cmp.Compare(endless(a), endless(b)) }) {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			most := 10 * hostileTime
			if tr.endless {
				most = hostileTime
			}
			for try := 0; try < 4 && (tr.obs == nil || tr.obs.Drawing == nil); try++ { // no tab may open in that time while others are drawn
				tr.obs = &crawler.Observation{Domain: tr.host}
				ctx, cancel := context.WithTimeout(t.Context(), most)
				p.Do(ctx, tr.obs, crawler.Ask{Kind: crawler.AskRender, URL: tr.address()}, nil)
				cancel()
			}
			if !tr.alike {
				tr.after = drawHost(t, p, "http://fine.example/")
			}
		})
	}
	all.Wait()
}

// endless sorts pages without end behind the others, which they would slow down.
func endless(tr *trial) int {
	if tr.endless {
		return 1
	}
	return 0
}

// check holds the trial's drawing, and that of the next page, to what they must be.
func (tr *trial) check(t *testing.T) {
	t.Helper()
	d := tr.obs.Drawing
	switch {
	case d == nil || tr.obs.Rendered == nil && d.Failure == nil && len(d.Flaws) == 0:
		t.Errorf("it came to no end: %v; %+v", tr.obs.Visits[0].Failure, d)
	case tr.whole && !d.Whole():
		t.Errorf("not whole: %+v", d)
	case tr.endless && d.Whole():
		t.Error("whole")
	}
	if next := tr.after; next != nil && (next.Rendered == nil || !next.Drawing.Whole() || !strings.Contains(string(next.Rendered.Body), "公司产品服务介绍")) {
		t.Errorf("then a good page is not drawn: %v; %+v", next.Visits[0].Failure, next.Drawing)
	}
}
