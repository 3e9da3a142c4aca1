package wacz

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// The names of the parts that the specification gives.
const (
	packageFile = "datapackage.json"
	digestFile  = "datapackage-digest.json"
)

// authVersion is that of the wacz-auth specification.
const authVersion = "0.1.0"

// A digestDocument is datapackage-digest.json. The specification allows an anonymous
// signature no property of its own for a time stamp, so that stands beside it, in the
// words that it has for the other form: the RFC 3161 response, base64, for the text of
// signature, and the certificates that signed it.
type digestDocument struct {
	Path          string          `json:"path"`
	Hash          string          `json:"hash"`
	SignedData    json.RawMessage `json:"signedData,omitempty"`
	TimeSignature string          `json:"timeSignature,omitempty"`
	TimestampCert string          `json:"timestampCert,omitempty"`
}

// signedData is the anonymous signature of wacz-auth.
type signedData struct {
	Hash      string `json:"hash"`
	Created   string `json:"created"`
	Software  string `json:"software"`
	Version   string `json:"version"`
	Signature string `json:"signature"`
	PublicKey string `json:"publicKey"`
}

// signedBy signs the hash of a package.
func signedBy(key *Key, hash, software string, now time.Time) (*signedData, error) {
	signature, err := key.sign(hash)
	if err != nil {
		return nil, err
	}
	return &signedData{Hash: hash, Created: now.UTC().Format(time.RFC3339), Software: software, Version: authVersion, Signature: signature, PublicKey: key.Public()}, nil
}

// check reports whether the signature is of the hash and by the key that it names.
func (d *signedData) check() error {
	der, err := base64.StdEncoding.DecodeString(d.PublicKey)
	if err != nil {
		return message.Errorf("公钥不是 base64", "the public key is no base64")
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	public, ok := parsed.(*ecdsa.PublicKey)
	if err != nil || !ok {
		return message.Errorf("公钥不是 ECDSA 公钥", "the public key is none of ECDSA")
	}
	signature, err := base64.StdEncoding.DecodeString(d.Signature)
	if err != nil {
		return message.Errorf("签名不是 base64", "the signature is no base64")
	}
	sum := sha256.Sum256([]byte(d.Hash))
	size := (public.Curve.Params().BitSize + 7) / 8
	good := ecdsa.VerifyASN1(public, sum[:], signature) // other programs write it in DER
	if !good && len(signature) == 2*size {
		good = ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:]))
	}
	if !good {
		return message.Errorf("签名与内容不符", "the signature is not of this content")
	}
	return nil
}
