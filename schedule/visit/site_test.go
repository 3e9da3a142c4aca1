package visit

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	bwdns "github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/web"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/mainland"
)

// An internet on loopback: a DNS server and a web server.
type internet struct {
	dns  string // host:port
	port uint16 // stands in for 80

	mu     sync.Mutex
	zone   map[string]string // name → addresses
	pages  map[string]string // host and path → page, where it is not the good one; "address host/path" for one address alone
	moved  map[string]string // host → host that it redirects to
	asked  map[string]int    // requests by host
	liar   string            // given to names that do not exist, if set
	silent map[string]bool   // names that get no answer
	mute   bool              // no name gets an answer
	lost   int               // so many questions for random names get none
}

const (
	webAddr     = "127.0.8.1"
	otherAddr   = "127.0.8.2"
	refusedAddr = "127.0.9.2" // nothing listens there
)

// goodPage is a home page that keeps every rule.
const goodPage = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>测试公司</title></head><body><h1>测试公司</h1>
<p>本公司制造仪器，欢迎来电。地址：北京市测试路2号。电话：010-87654321</p><p>产品 服务 案例 关于我们 联系方式</p>
<footer>© 2026 测试公司 <a href="https://beian.miit.gov.cn/">京ICP备20000001号-1</a>
<a href="https://beian.mps.gov.cn/#/query/webSearch?code=11010502030143">京公网安备11010502030143号</a></footer></body></html>`

func newInternet(t *testing.T) *internet {
	t.Helper()
	n := &internet{zone: map[string]string{}, pages: map[string]string{}, moved: map[string]string{}, asked: map[string]int{}, silent: map[string]bool{}}
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n.dns = conn.LocalAddr().String()
	first, err := net.Listen("tcp", webAddr+":0")
	if err != nil {
		t.Skipf("this machine has no loopback address %s: %v", webAddr, err)
	}
	n.port = first.Addr().(*net.TCPAddr).AddrPort().Port()
	second, err := net.Listen("tcp", fmt.Sprintf("%s:%d", otherAddr, n.port))
	if err != nil {
		t.Skip(err)
	}
	names := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(n.answer)}
	sites := &http.Server{Handler: http.HandlerFunc(n.serve)}
	var done sync.WaitGroup
	done.Go(func() { names.ActivateAndServe() })
	done.Go(func() { sites.Serve(first) })
	done.Go(func() { sites.Serve(second) })
	t.Cleanup(func() { conn.Close(); sites.Close(); done.Wait() })
	return n
}

func (n *internet) set(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
}

func (n *internet) answer(w dns.ResponseWriter, q *dns.Msg) {
	name := strings.TrimSuffix(strings.ToLower(q.Question[0].Name), ".")
	n.mu.Lock()
	addr, ok := n.zone[name]
	silent := n.silent[name] || n.mute
	if n.lost > 0 && strings.HasPrefix(name, "bw") {
		n.lost--
		silent = true
	}
	if !ok && n.liar != "" {
		addr, ok = n.liar, true
	}
	n.mu.Unlock()
	if silent {
		return
	}
	a := new(dns.Msg)
	a.SetReply(q)
	soa, _ := dns.NewRR("cn. 300 SOA ns.cn. h.cn. 1 3600 600 86400 300")
	switch {
	case !ok:
		a.Rcode, a.Ns = dns.RcodeNameError, []dns.RR{soa}
	case q.Question[0].Qtype == dns.TypeA:
		for _, one := range strings.Fields(addr) {
			rr, _ := dns.NewRR(fmt.Sprintf("%s. 300 A %s", name, one))
			a.Answer = append(a.Answer, rr)
		}
	default:
		a.Ns = []dns.RR{soa}
	}
	w.WriteMsg(a)
}

func (n *internet) serve(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	n.asked[r.Host]++
	moved := n.moved[r.Host]
	body := n.pages[r.Host+r.URL.Path]
	here, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if own := n.pages[here.IP.String()+" "+r.Host+r.URL.Path]; own != "" {
		body = own
	}
	n.mu.Unlock()
	if moved != "" {
		http.Redirect(w, r, "http://"+moved+"/", http.StatusFound)
		return
	}
	if body == "" {
		body = goodPage
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(body)))
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, body)
}

// scanner visits the internet.
func (n *internet) scanner(t *testing.T, confirm ...time.Duration) *Scanner {
	t.Helper()
	resolver, err := bwdns.New(bwdns.Options{Upstreams: []string{n.dns}, Timeout: 300 * time.Millisecond, Tries: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(resolver.Close)
	loopback := netip.MustParsePrefix("127.0.0.0/8")
	policy := detect.DefaultPolicy()
	if policy.Networks, err = mainland.New([]netip.Prefix{loopback}, nil); err != nil {
		t.Fatal(err)
	}
	policy.VantageMainland = true
	const timeout = 2 * time.Second
	client := web.New(web.Options{Resolver: resolver, Guard: guard.New([]netip.Prefix{loopback}, map[uint16]uint16{80: n.port, 443: 1}), Timeout: timeout})
	return &Scanner{Resolver: resolver, Web: client, Policy: policy, Confirm: Confirmation{Delays: confirm}}
}
