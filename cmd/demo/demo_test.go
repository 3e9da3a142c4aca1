package demo

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/document"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/mainland"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start opens the box for one test.
func start(t *testing.T, where addresses) *Internet {
	t.Helper()
	in, err := startAt(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(in.Close)
	for _, s := range in.Skipped {
		t.Logf("not shown on this machine: %s: %s", s.Site.Domain, s.Why)
	}
	return in
}

// eyes are what looks at the box: the crawler's resolver and client.
type eyes struct {
	resolver *dns.Resolver
	client   *web.Client
	policy   *detect.Policy
	papers   *document.Reader
}

func newEyes(t *testing.T, in *Internet, papers string) *eyes {
	t.Helper()
	documents, err := document.Open(papers)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { documents.Close() })
	r, err := dns.New(dns.Options{Upstreams: []string{in.Resolver}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	p := detect.DefaultPolicy()
	if p.Networks, err = mainland.New(in.MainlandNets, strings.NewReader(in.NetworksText())); err != nil {
		t.Fatal(err)
	}
	c := web.New(web.Options{Resolver: r, Guard: guard.New(in.AllowNets, in.PortMap), Timeout: time.Second})
	return &eyes{r, c, p, documents}
}

// look is one look at a target, ask by ask.
func (e *eyes) look(ctx context.Context, target *crawler.Target, before []detect.Attempt) *detect.Case {
	obs := &crawler.Observation{Domain: target.Domain, At: time.Now(), Vantage: "test"}
	if docs := target.Holder.Documents; len(docs) > 0 {
		obs.Documents = e.papers.Read(ctx, docs)
	}
	obs.Lookups = append(obs.Lookups, e.resolver.Addresses(ctx, target.Domain, 0)...)
	obs.Lookups = append(obs.Lookups, e.resolver.Addresses(ctx, "www."+target.Domain, 0)...)
	var c *detect.Case
	for range 20 {
		c = detect.NewCase(detect.Input{Target: target, Obs: obs, Policy: e.policy, Attempts: before}, c)
		asks := detect.Wants(c, rules.All)
		if len(asks) == 0 {
			break
		}
		for _, ask := range asks {
			if ask.Kind == crawler.AskRender {
				return c
			}
			session := e.client.Session(obs)
			session.Do(ctx, ask)
			session.Close()
		}
	}
	return c
}

// judge looks until nothing needs confirming and makes the record.
func (e *eyes) judge(ctx context.Context, target *crawler.Target) *reports.Record {
	c := e.look(ctx, target, nil)
	for range 3 {
		if !detect.NeedsConfirming(c) {
			break
		}
		c = e.look(ctx, target, c.Attempts)
	}
	return reports.NewRecord(nil, c, detect.Judge(c, rules.All))
}

// TestVerdicts holds the crawler and the rules to the verdicts that stand
// beside the sites.
func TestVerdicts(t *testing.T) {
	t.Run("usual", func(t *testing.T) {
		in := start(t, usual)
		compareAll(t, in)
		if n := len(in.Sites); n < 24 {
			t.Errorf("%d sites", n)
		}
	})
	t.Run("one address", func(t *testing.T) {
		in := start(t, addresses{mainSpot: usual[mainSpot], closedSpot: {netip.MustParseAddr("::1")}})
		compareAll(t, in)
		if n := len(in.Skipped); n > 3 {
			t.Errorf("%d sites are left out", n)
		}
	})
}

func compareAll(t *testing.T, in *Internet) {
	dir := t.TempDir()
	targets, err := in.Targets(dir)
	if err != nil {
		t.Fatal(err)
	}
	eyes := newEyes(t, in, filepath.Join(dir, "demo-documents"))
	if len(targets) != len(in.Sites) {
		t.Fatalf("%d targets for %d sites", len(targets), len(in.Sites))
	}
	records := make([]*reports.Record, len(targets))
	var all errgroup.Group
	all.SetLimit(32)
	for i := range targets {
		all.Go(func() error { records[i] = eyes.judge(t.Context(), &targets[i]); return nil })
	}
	_ = all.Wait() // no goroutine returns an error
	for i, s := range in.Sites {
		t.Run(s.Domain, func(t *testing.T) {
			for _, d := range Compare(s, records[i], false) {
				t.Errorf("%s: expected %s, got %s", d.What, d.Want, d.Got)
			}
		})
	}
}

// TestSites holds the list itself to its promises.
func TestSites(t *testing.T) {
	seen := map[string]bool{}
	verdicts := map[string]map[detect.Verdict]bool{}
	for _, s := range append(allSites(), bystanders()...) {
		name, err := dns.Name(s.Domain)
		if err != nil || seen[name] {
			t.Errorf("%s: not a name, or listed twice (%v)", s.Domain, err)
		}
		seen[name] = true
		if top := s.Domain[strings.LastIndexByte(s.Domain, '.')+1:]; !slices.Contains([]string{"example", "test", "测试"}, top) {
			t.Errorf("%s: could belong to somebody", s.Domain)
		}
		if _, ok := number.Parse(s.row.number); s.row.number != "" && !ok {
			t.Errorf("%s: %q is no filing number", s.Domain, s.row.number)
		}
		if (s.web == nil) != (s.names == noNames || s.spot == closedSpot || s.spot == silentSpot || s.spot == resetSpot) {
			t.Errorf("%s: answers where nothing is, or nothing where something answers", s.Domain)
		}
		for _, browser := range []bool{false, true} {
			for rule, v := range s.Expect(browser).Verdicts {
				if verdicts[rule] == nil {
					verdicts[rule] = map[detect.Verdict]bool{}
				}
				verdicts[rule][v.Verdict] = true
			}
		}
	}
	for _, r := range rules.All {
		switch r.ID {
		case "rectification-overdue": // nothing is late on the first night
			continue
		case "filing-listed-as-shell": // lists of shells are the user's
			continue
		}
		for _, v := range []detect.Verdict{detect.Found, detect.Pass} {
			if r.ID == "suffix-not-approved" {
				continue // suffixes that can be nobody's are in no list
			}
			if unshown[r.ID] == v {
				continue
			}
			if !verdicts[r.ID][v] {
				t.Errorf("no site shows %s of %s", v, r.ID)
			}
		}
		delete(verdicts, r.ID)
	}
	for rule := range verdicts {
		t.Errorf("a site expects a verdict of %s, which is no rule", rule)
	}
}

// unshown are verdicts that no site of the box is there for; the tests of the
// rules have pages for them.
var unshown = map[string]detect.Verdict{"content-cloaked": detect.Found, "business-licence-not-shown": detect.Pass}

// TestDeadEnds holds the servers to the ways in which sites fail.
func TestDeadEnds(t *testing.T) {
	in := start(t, usual)
	dial := func(at netip.Addr, real uint16) (net.Conn, error) {
		return net.DialTimeout("tcp", netip.AddrPortFrom(at, in.PortMap[real]).String(), time.Second)
	}
	t.Run("refused", func(t *testing.T) {
		at, ok := in.net.addr[closedSpot]
		if !ok {
			t.Skip("this machine has no address on which nothing listens")
		}
		if _, err := dial(at, 80); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("reset", func(t *testing.T) {
		err := ask(t, dial, in.net.of(resetSpot), "qiming-wanju.example", 2*time.Second)
		if !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("silent", func(t *testing.T) {
		err := ask(t, dial, in.net.of(silentSpot), "changle-shuini.example", 300*time.Millisecond)
		if nerr := net.Error(nil); !errors.As(err, &nerr) || !nerr.Timeout() {
			t.Errorf("got %v", err)
		}
	})
}

// ask sends a request and returns what reading the answer ends in.
func ask(t *testing.T, dial func(netip.Addr, uint16) (net.Conn, error), at netip.Addr, host string, wait time.Duration) error {
	t.Helper()
	c, err := dial(at, 80)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")); err != nil {
		return err
	}
	if err := c.SetReadDeadline(time.Now().Add(wait)); err != nil {
		t.Fatal(err)
	}
	_, err = c.Read(make([]byte, 1))
	return err
}

// TestClose checks that the box is gone when its context is.
func TestClose(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, err := Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	held, err := net.Dial("tcp", netip.AddrPortFrom(in.net.of(silentSpot), in.PortMap[80]).String())
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if _, err := held.Write([]byte("GET / HTTP/1.1\r\nHost: changle-shuini.example\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	cancel()
	in.Close()
	in.Close()
	if _, err := net.Dial("tcp", in.Resolver); err == nil {
		t.Error("the DNS server still listens")
	}
}
