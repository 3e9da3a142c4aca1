package wacz

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// A Key signs what a vantage exports. It is an ECDSA key on P-384, the curve that
// readers of the anonymous signature import (wacz-auth 0.1.0, "publicKey").
type Key struct{ private *ecdsa.PrivateKey }

// OpenKey reads the key of a file, PKCS #8 in PEM; if there is none, it makes one
// that only its owner can read.
func OpenKey(path string) (*Key, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(path); err != nil {
			return nil, message.Errorf("生成签名密钥：%w", "making the signing key: %w", err)
		}
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, message.Errorf("读取签名密钥：%w", "reading the signing key: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, message.Errorf("%s 不是 PEM 格式的密钥", "%s is no key in PEM", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, message.Errorf("%s：不是 PKCS #8 私钥：%w", "%s is no PKCS #8 private key: %w", path, err)
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P384() {
		return nil, message.Errorf("%s：须为 P-384 曲线上的 ECDSA 密钥", "%s must be an ECDSA key on P-384", path)
	}
	return &Key{private}, nil
}

// makeKey writes a new key to path, unless another process is quicker: a file that
// is there is never replaced, because what it signed could no longer be attributed.
func makeKey(path string) error {
	private, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = pem.Encode(f, &pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Public is the public key as base64 of its SubjectPublicKeyInfo.
func (k *Key) Public() string {
	der, err := x509.MarshalPKIXPublicKey(&k.private.PublicKey)
	if err != nil {
		panic(err) // the curve is known
	}
	return base64.StdEncoding.EncodeToString(der)
}

// PublicPEM is the public key in PEM, as openssl reads it.
func (k *Key) PublicPEM() []byte {
	der, _ := base64.StdEncoding.DecodeString(k.Public())
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// Fingerprint names the key.
func (k *Key) Fingerprint() string { return fingerprint(k.Public()) }

// fingerprint is the SHA-256 of a public key in hexadecimal; "" if it is no base64.
func fingerprint(public string) string {
	der, err := base64.StdEncoding.DecodeString(public)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// sign signs a text with SHA-256; the signature is r and s side by side (IEEE
// P1363), as browsers make and check it.
func (k *Key) sign(text string) (string, error) {
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, k.private, sum[:])
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	const size = 48 // bytes of a number of P-384
	both := make([]byte, 2*size)
	r.FillBytes(both[:size])
	s.FillBytes(both[size:])
	return base64.StdEncoding.EncodeToString(both), nil
}
