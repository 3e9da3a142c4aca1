package web

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// maxNames bounds TLSFacts.Names; certificates of CDNs carry hundreds.
const maxNames = 20

// The bounds of TLSFacts.Chain: no chain in use comes near them, and a hostile
// server shall not fill the evidence.
const (
	maxChain       = 10
	maxCertificate = 16 << 10
)

// ciphers are all that Go knows, the weak ones too: we look at what a site
// serves and send it nothing secret.
var ciphers = func() (ids []uint16) {
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		ids = append(ids, s.ID)
	}
	return ids
}()

// The curves of the first handshake with a site, and of the second if that
// failed. P-256 is what every server has to know (RFC 8446, section 9.1), and a
// handshake costs us less with it than with X25519. Without the post-quantum
// share the hello fits one packet, which old middleboxes demand
// (https://tldr.fail).
var (
	commonCurves = []tls.CurveID{tls.CurveP256, tls.CurveP384, tls.CurveP521}
	allCurves    = append([]tls.CurveID{tls.X25519}, commonCurves...)
)

// A listening connection notes whether anything came.
type listening struct {
	net.Conn
	heard *atomic.Bool
}

func (l *listening) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	if n > 0 {
		l.heard.Store(true)
	}
	return n, err
}

// handshake starts TLS on the connection and records what it shows. A
// certificate that does not verify is a fact, not an end.
func (cn *conn) handshake(ctx context.Context) (*tls.Conn, error) {
	tc := tls.Client(&listening{cn.raw, &cn.heard}, &tls.Config{
		ServerName:         cn.to.host, // an address literal is not sent
		InsecureSkipVerify: true,       // verified below, after the fact
		MinVersion:         tls.VersionTLS10,
		CipherSuites:       ciphers,
		NextProtos:         cn.protos,
		CurvePreferences:   cn.curves,
	})
	if until := time.Now().Add(cn.c.opt.Handshake); until.Before(cn.end) {
		cn.raw.SetDeadline(until)
	}
	if err := tc.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	cn.raw.SetDeadline(cn.end)
	state := tc.ConnectionState()
	cn.tls, cn.proto = facts(&state, cn.to.host, cn.c.opt.Roots), state.NegotiatedProtocol
	return tc, nil
}

// facts says what the handshake showed, verification included.
func facts(state *tls.ConnectionState, host string, roots *x509.CertPool) *crawler.TLSFacts {
	f := &crawler.TLSFacts{Version: tls.VersionName(state.Version)}
	if len(state.PeerCertificates) == 0 {
		f.Fault = message.CertNone.Fill()
		return f
	}
	leaf := state.PeerCertificates[0]
	f.Subject, f.Issuer = crawler.Detail(leaf.Subject.String()), crawler.Detail(leaf.Issuer.String())
	f.NotBefore, f.NotAfter = leaf.NotBefore, leaf.NotAfter
	for _, n := range leaf.DNSNames[:min(len(leaf.DNSNames), maxNames)] {
		f.Names = append(f.Names, crawler.Detail(n))
	}
	for _, ip := range leaf.IPAddresses[:min(len(leaf.IPAddresses), maxNames-len(f.Names))] {
		f.Names = append(f.Names, ip.String())
	}
	for _, c := range state.PeerCertificates[:min(len(state.PeerCertificates), maxChain)] {
		if len(c.Raw) > maxCertificate {
			break // a chain with a gap would not be one
		}
		f.Chain = append(f.Chain, c.Raw)
	}
	f.Fault = strings.Join(faults(state.PeerCertificates, host, roots, time.Now()), "; ")
	return f
}

// faults lists why a browser would warn of this chain.
func faults(chain []*x509.Certificate, host string, roots *x509.CertPool, now time.Time) (list []string) {
	leaf := chain[0]
	at := now
	switch {
	case now.After(leaf.NotAfter):
		list = append(list, message.CertExpired.Fill(leaf.NotAfter.UTC().Format(time.DateOnly)))
		at = leaf.NotAfter // the rest is judged as of its last good moment
	case now.Before(leaf.NotBefore):
		list = append(list, message.CertEarly.Fill(leaf.NotBefore.UTC().Format(time.DateOnly)))
		at = leaf.NotBefore
	}
	if net.ParseIP(host) != nil {
		host = "[" + host + "]"
	}
	if leaf.VerifyHostname(host) != nil {
		list = append(list, message.CertName.Fill(strings.Trim(host, "[]")))
	}
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at})
	if err != nil {
		list = append(list, chainFault(leaf, err))
	}
	return list
}

func chainFault(leaf *x509.Certificate, err error) string {
	var (
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		system  x509.SystemRootsError
	)
	switch {
	case errors.As(err, &system):
		return message.CertNoRoots.Fill()
	case errors.As(err, &unknown) && bytes.Equal(leaf.RawIssuer, leaf.RawSubject):
		return message.CertOwn.Fill() // by its names: checking the signature would cost as much as the rest
	case errors.As(err, &unknown):
		return message.CertUnknown.Fill()
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != leaf:
		return message.CertChain.Fill()
	}
	return crawler.Detail(fmt.Sprintf("invalid chain: %v", err))
}
