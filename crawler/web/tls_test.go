package web

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// An authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{key: newKey(t)}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Authority"},
		NotBefore: time.Now().Add(-10000 * time.Hour), NotAfter: time.Now().Add(10000 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	a.cert, _ = x509.ParseCertificate(der)
	return a
}

// sign gives a server's TLS settings with a certificate for the name, valid
// from so many days from now to so many days from now. A nil authority: the
// certificate signs itself.
func (a *authority) sign(t testing.TB, name string, from, until int) *tls.Config {
	t.Helper()
	key := newKey(t)
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().AddDate(0, 0, from), NotAfter: time.Now().AddDate(0, 0, until)}
	if ip := net.ParseIP(name); ip != nil {
		tmpl.DNSNames, tmpl.IPAddresses = nil, []net.IP{ip}
	}
	parent, signer := tmpl, key
	if a != nil {
		parent, signer = a.cert, a.key
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func selfSigned(t testing.TB, name string) *tls.Config {
	t.Helper()
	var none *authority
	return none.sign(t, name, -1, 1)
}

// A certificate's faults are told and do not stop the visit.
func TestCertificates(t *testing.T) {
	known, other := newAuthority(t), newAuthority(t)
	roots := x509.NewCertPool()
	roots.AddCert(known.cert)
	for name, c := range map[string]struct {
		conf *tls.Config
		want string
	}{
		"good":                   {known.sign(t, "a.cn", -1, 30), ""},
		"a wildcard":             {known.sign(t, "*.cn", -1, 30), ""},
		"expired":                {known.sign(t, "a.cn", -30, -1), "expired on " + time.Now().AddDate(0, 0, -1).UTC().Format(time.DateOnly)},
		"not yet valid":          {known.sign(t, "a.cn", 2, 30), "not valid before " + time.Now().AddDate(0, 0, 2).UTC().Format(time.DateOnly)},
		"another name":           {known.sign(t, "b.cn", -1, 30), "wrong name: the certificate is not for a.cn"},
		"an unknown authority":   {other.sign(t, "a.cn", -1, 30), "unknown authority"},
		"self-signed":            {selfSigned(t, "a.cn"), "self-signed"},
		"everything at once":     {(*authority)(nil).sign(t, "b.cn", -30, -1), "wrong name: the certificate is not for a.cn; self-signed"},
		"expired and wrong name": {known.sign(t, "b.cn", -30, -1), "; wrong name: the certificate is not for a.cn"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			n.secure("a.cn", c.conf, hello)
			v := &look(n.client(func(o *Options) { o.Roots = roots }), "a.cn", crawler.Ask{Kind: crawler.AskHTTPS}).Visits[0]
			p := v.Last()
			if p == nil || string(p.Body) != "a.cn/" {
				t.Fatalf("failure %v", v.Failure)
			}
			if !strings.Contains(p.TLS.Fault, c.want) || c.want == "" && p.TLS.Fault != "" {
				t.Errorf("fault %q, want %q", p.TLS.Fault, c.want)
			}
			if p.TLS.Version != "TLS 1.3" || len(p.TLS.Names) != 1 || p.TLS.NotAfter.IsZero() || p.TLS.Subject == "" || p.TLS.Issuer == "" {
				t.Errorf("facts %+v", p.TLS)
			}
			if !slices.EqualFunc(p.TLS.Chain, c.conf.Certificates[0].Certificate, bytes.Equal) {
				t.Errorf("the chain has %d certificates, not the server's", len(p.TLS.Chain))
			}
		})
	}
}

func TestCertificateForAnAddress(t *testing.T) {
	known := newAuthority(t)
	roots := x509.NewCertPool()
	roots.AddCert(known.cert)
	n := newInternet(t)
	n.name("x", "127.9.8.7")
	n.secure("x", known.sign(t, "127.9.8.7", -1, 1), hello)
	v := &look(n.client(func(o *Options) { o.Roots = roots }), "127.9.8.7", crawler.Ask{Kind: crawler.AskHTTPS}).Visits[0]
	if p := v.Last(); p == nil || p.TLS.Fault != "" || len(p.TLS.Names) != 1 || p.TLS.Names[0] != "127.9.8.7" {
		t.Errorf("failure %v, %+v", v.Failure, v.Hops)
	}
}

func TestOldServersAreLookedAt(t *testing.T) {
	for version, want := range map[uint16]string{tls.VersionTLS10: "TLS 1.0", tls.VersionTLS11: "TLS 1.1", tls.VersionTLS12: "TLS 1.2"} {
		n := newInternet(t)
		conf := selfSigned(t, "a.cn")
		conf.MinVersion, conf.MaxVersion = tls.VersionTLS10, version
		n.secure("a.cn", conf, hello)
		v := &look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskHTTPS}).Visits[0]
		if p := v.Last(); p == nil || p.TLS.Version != want {
			t.Errorf("%s: failure %v", want, v.Failure)
		}
	}
}

func TestHowHandshakesFail(t *testing.T) {
	afterHello := func(f func(net.Conn)) func(net.Conn) {
		return func(c net.Conn) {
			readRequest(c)
			f(c)
		}
	}
	for name, c := range map[string]struct {
		serve func(net.Conn)
		kind  crawler.FailureKind
		says  string
	}{
		"reset on the name":      {afterHello(reset), crawler.FailReset, "in the TLS handshake"},
		"closed on the name":     {afterHello(func(net.Conn) {}), crawler.FailReset, "in the TLS handshake"},
		"never answers":          {hang, crawler.FailTimeout, "in the TLS handshake"},
		"plain HTTP on 443":      {text("HTTP/1.1 400 Bad Request\r\n\r\n"), crawler.FailTLS, "does not speak TLS"},
		"garbage":                {afterHello(func(c net.Conn) { c.Write([]byte("\x16\x03\x01\x00\x05garbage")) }), crawler.FailTLS, "tls"},
		"alert: unknown name":    {afterHello(func(c net.Conn) { c.Write([]byte{21, 3, 1, 0, 2, 2, 112}) }), crawler.FailTLS, "unrecognized name"},
		"alert: handshake fails": {afterHello(func(c net.Conn) { c.Write([]byte{21, 3, 1, 0, 2, 2, 40}) }), crawler.FailTLS, "handshake failure"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			n.raw("a.cn", 443, c.serve)
			obs := look(n.client(func(o *Options) {
				if c.kind == crawler.FailTimeout {
					o.Handshake = 200 * time.Millisecond
				}
			}), "a.cn", crawler.Ask{Kind: crawler.AskHTTPS})
			v := &obs.Visits[0]
			if kindOf(v) != c.kind || !strings.Contains(v.Failure.Detail, c.says) || v.Failed != "https://a.cn/" || obs.Trouble != "" {
				t.Errorf("failure %v at %s, trouble %q, want %s: …%s…", v.Failure, v.Failed, obs.Trouble, c.kind, c.says)
			}
		})
	}
}

// A server that wants the one curve that is not offered at first is served.
func TestCurveHeldBack(t *testing.T) {
	for name, version := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			conf := selfSigned(t, "a.cn")
			conf.CurvePreferences, conf.MinVersion, conf.MaxVersion = []tls.CurveID{tls.X25519}, version, version
			n.secure("a.cn", conf, hello)
			v := &look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskHTTPS}).Visits[0]
			if p := v.Last(); p == nil || p.TLS.Version != name || string(p.Body) != "a.cn/" {
				t.Errorf("failure %v", v.Failure)
			}
		})
	}
}

// Where the second handshake fails in another way, a reset that came first is
// told of, and an alert, which may be due to the curves, is not.
func TestSecondHandshakeFails(t *testing.T) {
	alert := func(c net.Conn) { c.Write([]byte{21, 3, 1, 0, 2, 2, 40}) }
	for name, c := range map[string]struct {
		first func(net.Conn)
		want  crawler.FailureKind
	}{"reset": {reset, crawler.FailReset}, "alert": {alert, crawler.FailTimeout}} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			var tries atomic.Int32
			n.raw("a.cn", 443, func(conn net.Conn) {
				readRequest(conn)
				if tries.Add(1) == 1 {
					c.first(conn)
					return
				}
				hang(conn)
			})
			var leaves, held atomic.Int32
			gate := func(context.Context, netip.Addr) (func(), error) {
				leaves.Add(1)
				if held.Add(1) > 1 {
					t.Error("two connections under one leave")
				}
				return func() { held.Add(-1) }, nil
			}
			patiently(func(limit time.Duration) bool {
				tries.Store(0)
				leaves.Store(0)
				client := n.client(func(o *Options) { o.Handshake, o.Gate = limit, gate })
				v := &look(client, "a.cn", crawler.Ask{Kind: crawler.AskHTTPS}).Visits[0]
				if kindOf(v) == crawler.FailTimeout && leaves.Load() == 1 || leaves.Load() == 2 && tries.Load() == 1 {
					return false // in the first, or before the server has heard of the second
				}
				if kindOf(v) != c.want || tries.Load() != 2 || leaves.Load() != 2 {
					t.Errorf("failure %v after %d handshakes with leave for %d, want %s", v.Failure, tries.Load(), leaves.Load(), c.want)
				}
				return true
			})
		})
	}
}
