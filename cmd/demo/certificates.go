package demo

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"time"
)

// certificates signs one certificate per name, all by themselves, with one key.
type certificates struct {
	key  *ecdsa.PrivateKey
	mu   sync.Mutex
	have map[string]*tls.Certificate
}

// prepare makes the key.
func (c *certificates) prepare() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	c.key, c.have = key, map[string]*tls.Certificate{}
	return nil
}

// of returns the certificate for a name, which is made at the first call.
func (c *certificates) of(name string) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if have := c.have[name]; have != nil {
		return have, nil
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name, Organization: []string{"beianwatch demo"}},
		DNSNames:     []string{name},
		NotBefore:    now.Add(-24 * time.Hour),
		NotAfter:     now.Add(90 * 24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, &x509.Certificate{Subject: pkix.Name{CommonName: name, Organization: []string{"beianwatch demo"}}}, &c.key.PublicKey, c.key)
	if err != nil {
		return nil, fmt.Errorf("signing a certificate for %s: %w", name, err)
	}
	made := &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: c.key}
	c.have[name] = made
	return made, nil
}

// errTurnedAway ends a handshake; the client sees a reset or an alert.
var errTurnedAway = errors.New("turned away")

// tlsConfig answers handshakes by the name in them (SNI), as providers do that
// block a name.
func (in *Internet) tlsConfig(l *listener) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			if s := in.hosts[plainName(hello.ServerName)]; s.spot == silentSpot {
				in.hold(hello.Context())
				return nil, errTurnedAway
			}
			if in.turnsAway(l, plainName(hello.ServerName)) {
				abort(hello.Conn)
				return nil, errTurnedAway
			}
			return nil, nil
		},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			name := plainName(hello.ServerName)
			if _, known := in.hosts[name]; !known {
				name = "default.example" // the server's own, for whoever asks without a name
			}
			return in.certs.of(name)
		},
	}
}

// turnsAway tells whether a handshake for the name is reset.
func (in *Internet) turnsAway(l *listener, name string) bool {
	s, known := in.hosts[name]
	switch {
	case l.spot == resetSpot:
		return true
	case known:
		return s.noTLS || s.spot == resetSpot
	}
	return !in.net.answersStrangers()
}
