package schedule

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
	"go.uber.org/goleak"

	bwdns "github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/mainland"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
	"github.com/beianwatch/beianwatch/schedule/polite"
	"github.com/beianwatch/beianwatch/schedule/visit"
)

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		child()
		return
	}
	waitTogether()
	code := pgtest.Main(m)
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// atOnce is how many tests run side by side: most of them wait, for a server that is down, for a
// process that was killed, for the second look at a site.
const atOnce = 6

// waitTogether runs so many tests at once where -parallel does not say otherwise.
func waitTogether() {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); !raced && f.Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		f.Value.Set(strconv.Itoa(max(atOnce, runtime.GOMAXPROCS(0)))) //nolint:errcheck // a number
	}
}

// A bed is a small internet on loopback: a DNS server, web servers on several
// addresses, an address that accepts and never answers, one where nothing
// listens.
type bed struct {
	dns    string // host:port
	port   uint16 // stands in for 80
	mu     sync.Mutex
	zone   map[string]string // name → address
	mute   bool              // nothing is answered at all
	liar   string            // given to names that do not exist, if set
	silent map[string]bool   // names that get no answer
	lost   int               // so many questions for random names get none
	flying map[string]int    // requests in flight by address
	most   map[string]int    // the most of them
	total  map[string]int    // requests by host
	delay  time.Duration     // of every answer
	down   bool              // every connection is closed without an answer
	pages  map[string]string // host → page, where it is another one
	moved  map[string]string // host → host that it redirects to
	etags  bool              // answers have an ETag, and a 304 where it is asked about
	fixed  string            // the ETag of every page, however it changes
	spared int               // answers 304
	came   func(host string) // called for every request, if set
	// What a network that is not the site's does to every request, but for those to spare.
	portal, standIn, spare string // it is redirected to a host, or answered with a page …
	status                 int    // … of this status
}

// Addresses of the bed.
const (
	tarpitAddr  = "127.0.9.1"
	refusedAddr = "127.0.9.2"
)

func webAddr(i int) string { return fmt.Sprintf("127.0.8.%d", 1+i) }

// newBed starts a bed with web servers on n addresses.
func newBed(t testing.TB, n int) *bed {
	t.Helper()
	b := &bed{zone: map[string]string{}, silent: map[string]bool{}, flying: map[string]int{}, most: map[string]int{}, total: map[string]int{}}
	b.startDNS(t)
	b.startWeb(t, n)
	return b
}

func (b *bed) startDNS(t testing.TB) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.dns = conn.LocalAddr().String()
	s := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(b.answerDNS)}
	done := make(chan struct{})
	go func() { defer close(done); s.ActivateAndServe() }()
	t.Cleanup(func() { conn.Close(); <-done })
}

func (b *bed) answerDNS(w dns.ResponseWriter, q *dns.Msg) {
	name := strings.TrimSuffix(strings.ToLower(q.Question[0].Name), ".")
	b.mu.Lock()
	addr, ok := b.zone[name]
	silent, liar := b.silent[name] || b.mute, b.liar
	if b.lost > 0 && strings.HasPrefix(name, "bw") {
		b.lost--
		silent = true
	}
	b.mu.Unlock()
	if silent {
		return
	}
	if !ok && liar != "" {
		addr, ok = liar, true
	}
	a := new(dns.Msg)
	a.SetReply(q)
	soa, _ := dns.NewRR("cn. 300 SOA ns.cn. h.cn. 1 3600 600 86400 300")
	switch {
	case !ok:
		a.Rcode, a.Ns = dns.RcodeNameError, []dns.RR{soa}
	case q.Question[0].Qtype == dns.TypeA:
		rr, _ := dns.NewRR(fmt.Sprintf("%s. 300 A %s", name, addr))
		a.Answer = []dns.RR{rr}
	default:
		a.Ns = []dns.RR{soa}
	}
	w.WriteMsg(a)
}

func (b *bed) startWeb(t testing.TB, n int) {
	first, err := net.Listen("tcp", webAddr(0)+":0")
	if err != nil {
		t.Fatal(err)
	}
	b.port = first.Addr().(*net.TCPAddr).AddrPort().Port()
	listeners := []net.Listener{first}
	for i := 1; i < n; i++ {
		listeners = append(listeners, listen(t, webAddr(i), b.port))
	}
	s := &http.Server{Handler: http.HandlerFunc(b.serve)}
	var done sync.WaitGroup
	for _, l := range listeners {
		done.Go(func() { s.Serve(l) })
	}
	tarpit := listen(t, tarpitAddr, b.port)
	done.Go(func() {
		for {
			c, err := tarpit.Accept()
			if err != nil {
				return
			}
			done.Go(func() { io.Copy(io.Discard, c); c.Close() })
		}
	})
	t.Cleanup(func() { s.Close(); tarpit.Close(); done.Wait() })
}

func listen(t testing.TB, addr string, port uint16) net.Listener {
	l, err := net.Listen("tcp", fmt.Sprintf("%s:%d", addr, port))
	if err != nil {
		t.Skipf("this machine has no loopback address %s: %v", addr, err)
	}
	return l
}

// page is a home page that keeps every rule.
const page = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>示例公司</title></head><body><h1>示例公司</h1>
<p>我们生产设备，欢迎来电咨询。地址：北京市示例路1号。电话：010-12345678</p><p>产品 服务 案例 关于我们 联系方式</p>
<footer>© 2026 示例公司 <a href="https://beian.miit.gov.cn/">京ICP备20000001号-1</a>
<a href="https://beian.mps.gov.cn/#/query/webSearch?code=11010502030143">京公网安备11010502030143号</a></footer></body></html>`

func (b *bed) serve(w http.ResponseWriter, r *http.Request) {
	addr := r.Context().Value(http.LocalAddrContextKey).(net.Addr).(*net.TCPAddr).IP.String()
	b.mu.Lock()
	b.flying[addr]++
	b.most[addr] = max(b.most[addr], b.flying[addr])
	b.total[r.Host]++
	if b.came != nil {
		b.came(r.Host)
	}
	delay, down, body, moved := b.delay, b.down, b.pages[r.Host], b.moved[r.Host]
	if part := b.pages[r.Host+r.URL.Path]; part != "" {
		body = part
	}
	etags, tag, standIn, status := b.etags, b.fixed, b.standIn, b.status
	switch {
	case r.Host == b.spare:
		down, standIn = false, ""
	case b.portal != "" && r.Host != b.portal:
		moved = b.portal
	}
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		b.flying[addr]--
		b.mu.Unlock()
	}()
	time.Sleep(delay)
	if down {
		panic(http.ErrAbortHandler)
	}
	if standIn != "" {
		w.WriteHeader(status)
		io.WriteString(w, standIn)
		return
	}
	if moved != "" {
		http.Redirect(w, r, "http://"+moved+"/", http.StatusMovedPermanently)
		return
	}
	if body == "" {
		body = page
	}
	if etags {
		if tag == "" {
			tag = fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(body)))
		}
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			b.set(func(b *bed) { b.spared++ })
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, body)
}

func (b *bed) set(f func(b *bed)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(b)
}

// name puts a name into the zone.
func (b *bed) name(name, addr string) { b.set(func(b *bed) { b.zone[name] = addr }) }

// looker looks into the bed.
func (b *bed) scanner(t testing.TB, gate *polite.Gate, timeout time.Duration, confirm ...time.Duration) *visit.Scanner {
	t.Helper()
	l, err := scannerAt(b.dns, b.port, gate, timeout, confirm)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Resolver.Close)
	return l
}

func scannerAt(server string, port uint16, gate *polite.Gate, timeout time.Duration, confirm []time.Duration) (*visit.Scanner, error) {
	resolver, err := bwdns.New(bwdns.Options{Upstreams: []string{server}, Timeout: 300 * time.Millisecond, Tries: 2})
	if err != nil {
		return nil, err
	}
	loopback := netip.MustParsePrefix("127.0.0.0/8")
	policy := detect.DefaultPolicy()
	if policy.Networks, err = mainland.New([]netip.Prefix{loopback}, nil); err != nil {
		return nil, err
	}
	policy.VantageMainland = true
	opt := web.Options{Resolver: resolver, Guard: guard.New([]netip.Prefix{loopback}, map[uint16]uint16{80: port, 443: 1}), Timeout: timeout}
	if gate != nil {
		opt.Gate, opt.Heard = gate.Enter, gate.Heard
	}
	return &visit.Scanner{Resolver: resolver, Web: web.New(opt), Policy: policy, Confirm: visit.Confirmation{Delays: confirm}}, nil
}

// inventory writes an inventory of names, all filed.
func inventoryOf(t testing.TB, names ...string) string {
	t.Helper()
	var s strings.Builder
	s.WriteString("domain,filing_status,filing_number\n")
	for _, n := range names {
		s.WriteString(n + ",filed,京ICP备20000001号-1\n")
	}
	path := filepath.Join(t.TempDir(), "inventory.csv")
	if err := os.WriteFile(path, []byte(s.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// openStore opens a database for the time of the test.
func openStore(t testing.TB, dsn string) *store.Store {
	t.Helper()
	st, err := store.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// onBoth runs a test on SQLite and on PostgreSQL; in is a change of the
// runner's config.
func onBoth(t *testing.T, test func(t *testing.T, in func(*Config))) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, func(*Config) {}) })
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		dsn := pgtest.DSN(t)
		test(t, func(c *Config) { c.Store = openStore(t, dsn) })
	})
}

// runnerIn opens a runner in dir over its own store.
func runnerIn(t testing.TB, dir string, scan *visit.Scanner, gate *polite.Gate, opt Options, change ...func(*Config)) *Runner {
	t.Helper()
	ctx := context.Background()
	cfg := Config{Dir: dir, Scanner: scan, Gate: gate, Options: opt}
	for _, c := range change {
		c(&cfg)
	}
	if cfg.Store == nil {
		cfg.Store = openStore(t, filepath.Join(dir, "results.db"))
	}
	r, err := Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// verdicts gives liveness and cause of every domain of a run.
func verdicts(t testing.TB, st *store.Store, run string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := st.Results(context.Background(), run, func(r store.Result) error {
		if _, twice := got[r.Record.Domain]; twice {
			t.Errorf("%s has two verdicts", r.Record.Domain)
		}
		got[r.Record.Domain] = string(r.Record.Liveness) + " " + r.Record.Cause
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}
