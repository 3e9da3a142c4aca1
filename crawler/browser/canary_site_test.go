package browser

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// A trial is a way out with its canary.
type trial struct {
	wayOut
	host   string
	canary *canary
	addrs  []netip.Addr // of the canary, as the page knows it

	obs   *crawler.Observation
	after *crawler.Observation // the page that was drawn next
}

// tried are the ways that are tried in a browser: every fourth in those that take twice as
// long as the one that is preferred, and where little time is wanted.
func tried(program string, inner []netip.Addr) []wayOut {
	all := slices.Concat(waysOut, waysBeyond, disguises(inner))
	if path.Base(program) == kinds[0] && !testing.Short() {
		return all
	}
	var some []wayOut
	for n := 0; n < len(all); n += 4 {
		some = append(some, all[n])
	}
	return some
}

// newTrial makes the nth trial.
func (c *cage) newTrial(t *testing.T, n int, w wayOut) *trial {
	t.Helper()
	addrs := c.inner
	if w.home {
		addrs = c.home
	}
	tr := &trial{wayOut: w, host: fmt.Sprint("way", n, ".example"), addrs: addrs, canary: c.doors}
	if w.once {
		tr.addrs = addrs[n%len(addrs) : n%len(addrs)+1] // to each go some
	}
	if !w.doors {
		// The guard lets ports be dialled whatever the address: two canaries at other
		// addresses must not have the same one.
		for tr.canary = newCanary(t, addrs); c.has(tr.canary.port); {
			tr.canary = newCanary(t, addrs)
		}
	}
	return tr
}

// has reports whether a canary has a port.
func (c *cage) has(port uint16) bool {
	return c.doors.port == port || slices.ContainsFunc(c.trials, func(tr *trial) bool { return tr.canary.port == port })
}

// out writes one place into a text.
func (tr *trial) out(text, place string) string {
	host, port, err := net.SplitHostPort(place)
	if err != nil {
		host, port = place, ""
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return strings.NewReplacer("OUT", place, "HOST", host, "PORT", port).Replace(text)
}

// each repeats a text for each address.
func (tr *trial) each(text string) string {
	var all []string
	for _, a := range tr.addrs {
		all = append(all, tr.out(text, netip.AddrPortFrom(a, tr.canary.port).String()))
	}
	return strings.Join(all, "\n")
}

// address is where the way begins.
func (tr *trial) address() string {
	scheme, begin := "http://", tr.path
	if tr.secure {
		scheme = "https://"
	}
	if begin == "" {
		begin = "/"
	}
	return scheme + tr.host + tr.out(begin, netip.AddrPortFrom(tr.addrs[0], tr.canary.port).String())
}

// prelude is what pages have at hand.
const prelude = `<!doctype html><meta charset=utf-8><title>动物园</title><p>公司产品服务介绍</p><script>
const go = f => { try { Promise.resolve(f()).catch(() => 0) } catch (e) {} };
let lingering;
const linger = () => lingering ||= (async () => { for (let i = 0; i < 20; i++) await fetch('/linger?' + i) })();
const gather = async (servers, o = {}, Connection = RTCPeerConnection) => {
	const p = new Connection({iceServers: servers, ...o});
	p.createDataChannel('a');
	await p.setLocalDescription(await p.createOffer());
	go(linger);
	return p;
};
const meet = async (candidates, lines = '') => {
	const p = new RTCPeerConnection(), other = new RTCPeerConnection();
	other.createDataChannel('a');
	await other.setLocalDescription(await other.createOffer());
	const sdp = other.localDescription.sdp.replace(/a=candidate.*\r\n/g, '') + lines;
	await p.setRemoteDescription({type: 'offer', sdp});
	await p.setLocalDescription(await p.createAnswer());
	for (const c of candidates) go(() => p.addIceCandidate({candidate: 'candidate:' + c, sdpMid: '0', sdpMLineIndex: 0}));
	go(linger);
};
</script>
`

// kindsOfFiles are the types by which files are served.
var kindsOfFiles = map[string]string{
	".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".xml": "text/xml", ".xsl": "text/xsl", ".html": "text/html", ".json": "application/json", ".pdf": "application/pdf",
	".mht": "multipart/related", ".mix": "multipart/x-mixed-replace; boundary=b", ".bin": "application/octet-stream", ".sxg": "application/signed-exchange;v=b3",
}

// serve is the site of the trial.
func (tr *trial) serve(w http.ResponseWriter, r *http.Request) {
	query := r.URL.RawQuery
	if status, ok := strings.CutPrefix(r.URL.Path, "/to/"); ok {
		code, _ := strconv.Atoi(status)
		w.Header().Set("Location", query)
		w.WriteHeader(code)
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch file, ok := tr.files[r.URL.Path]; {
	case ok:
		w.Header().Set("Content-Type", kindsOfFiles[path.Ext(r.URL.Path)])
		if r.URL.Path == "/rules.json" {
			w.Header().Set("Content-Type", "application/speculationrules+json")
		}
		io.WriteString(w, tr.out(file, query))
	case r.URL.Path == "/a.sxg":
		w.Header().Set("Content-Type", kindsOfFiles[".sxg"])
		w.Write(signedExchange("https://" + query + "/"))
	case r.URL.Path == "/401", r.URL.Path == "/407":
		w.Header().Set("WWW-Authenticate", "Negotiate")
		w.Header().Set("Proxy-Authenticate", "Negotiate")
		w.WriteHeader(407)
	case r.URL.Path == "/":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		for line := range strings.Lines(tr.each(tr.header)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			if early, ok := strings.CutPrefix(name, "103 "); ok {
				w.Header().Set(early, value)
				w.WriteHeader(103)
				continue
			}
			w.Header().Add(name, value)
		}
		io.WriteString(w, prelude+tr.each(tr.page))
	default:
		io.WriteString(w, "x")
	}
}

// signedExchange is the beginning of one (application/signed-exchange;v=b3) that stands
// for an address, at which its certificate and its last resort are as well.
func signedExchange(address string) []byte {
	headers := []byte("\xa3\x46digest\x58\x39mi-sha256-03=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\x47:status\x43200\x4ccontent-type\x49text/html")
	now := time.Now().Unix()
	signature := fmt.Sprintf("a;cert-sha256=*AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=*;cert-url=\"%scert\";date=%d;expires=%d;integrity=\"digest/mi-sha256-03\";sig=*AAAA*;validity-url=\"%svalid\"", address, now-60, now+60, address)
	size := func(n int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }
	return slices.Concat([]byte("sxg1-b3\x00"), size(len(address))[2:], []byte(address), size(len(signature))[1:], size(len(headers))[1:], []byte(signature), headers, []byte("x"))
}

// A cage is where ways out are tried: sites without TLS and with it, a guard that lets
// nothing but them be dialled, and one canary for what asks for no port.
type cage struct {
	opt     Options
	trials  []*trial
	control *trial // its page asks for its canary, as any other
	doors   *canary
	inner   []netip.Addr
	home    []netip.Addr
	key     *ecdsa.PrivateKey

	plain, secure *httptest.Server
	asked         atomic.Int32 // how often the address of rebind.example was asked for
}

func newCage(t *testing.T, program string, inner, home []netip.Addr, ways []wayOut) *cage {
	t.Helper()
	c := &cage{doors: newCanary(t, inner), inner: inner, home: home}
	for n, w := range ways {
		c.trials = append(c.trials, c.newTrial(t, n, w))
	}
	c.control = c.newTrial(t, len(ways), wayOut{page: `<script>go(() => fetch('http://OUT/', {mode: 'no-cors'}))</script>`})
	var err error
	if c.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	c.plain = httptest.NewServer(c)
	t.Cleanup(c.plain.Close)
	c.secure = httptest.NewUnstartedServer(c)
	c.secure.EnableHTTP2 = true
	c.secure.TLS = &tls.Config{GetCertificate: c.certificate}
	c.secure.StartTLS()
	t.Cleanup(c.secure.Close)
	c.opt = loopback(t, program, c.plain)
	c.opt.Guard = c.guard()
	c.opt.Resolve = c.resolve
	c.opt.Tabs = 8 // most of the time is waited for
	c.opt.Timeout = 4 * hostileTime
	c.opt.Memory = math.MaxInt64 // another browser would be in another network
	return c
}

// guard makes one that lets the sites be dialled, and the networks in allow. All ports of
// canaries may be dialled: that their addresses may not is what counts. At loopback, where
// the sites are, it is the other way round.
func (c *cage) guard(allow ...netip.Prefix) *guard.Guard {
	port := func(s *httptest.Server) uint16 { return netip.MustParseAddrPort(s.Listener.Addr().String()).Port() }
	ports := []uint16{c.control.canary.port}
	for _, tr := range c.trials {
		if !tr.home {
			ports = append(ports, tr.canary.port)
		}
	}
	g := guard.New(append(allow, netip.MustParsePrefix("127.0.0.1/32")), map[uint16]uint16{80: port(c.plain), 443: port(c.secure)}, ports...)
	for _, a := range c.inner {
		for _, door := range []uint16{80, 443} {
			g.Map(netip.AddrPortFrom(a, door), netip.AddrPortFrom(a, c.doors.port))
		}
	}
	return g
}

// resolve knows the sites, a name for the canary, and one that is now here, now there.
func (c *cage) resolve(_ context.Context, host string) ([]netip.Addr, error) {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if strings.HasSuffix(host, "canary.example") || host == "rebind.example" && c.asked.Add(1)%3 == 0 {
		return c.inner, nil
	}
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

// certificate makes one of an issuer that nobody knows.
func (c *cage) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	leaf := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: []string{hello.ServerName}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), SubjectKeyId: []byte{1}, KeyUsage: x509.KeyUsageDigitalSignature}
	if tr := c.trial(hello.ServerName); tr != nil && tr.issuer {
		for line := range strings.Lines(tr.each("http://OUT/issuer")) {
			at := strings.TrimSpace(line)
			leaf.IssuingCertificateURL = append(leaf.IssuingCertificateURL, at)
			leaf.OCSPServer = append(leaf.OCSPServer, at)
			leaf.CRLDistributionPoints = append(leaf.CRLDistributionPoints, at)
		}
	}
	issuer := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "unknown"}, SubjectKeyId: []byte{2}}
	raw, err := x509.CreateCertificate(rand.Reader, leaf, issuer, &c.key.PublicKey, c.key)
	return &tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: c.key}, err
}

// trial is the one whose host it is, or nil.
func (c *cage) trial(host string) *trial {
	for _, tr := range slices.Concat(c.trials, []*trial{c.control}) {
		if tr.host == host {
			return tr
		}
	}
	return nil
}

// ServeHTTP is the site of each trial, and a good one elsewhere.
func (c *cage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, _ := strings.Cut(r.Host, ":")
	if tr := c.trial(host); tr != nil {
		tr.serve(w, r)
		return
	}
	w.Header().Set("Connection", "close") // each request asks for the address again
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, prelude)
}
