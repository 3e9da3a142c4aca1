package wacz

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
)

// An issuer makes certificates.
type issuer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// issue makes a certificate, by itself if by is nil.
func issue(t testing.TB, by *issuer, template *x509.Certificate) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(noon.Unix())
	template.NotBefore, template.NotAfter = noon.AddDate(-20, 0, 0), noon.AddDate(20, 0, 0)
	self := &issuer{template, key}
	if by == nil {
		by = self
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.cert, &key.PublicKey, by.key)
	if err != nil {
		t.Fatal(err)
	}
	if self.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return self
}

// critical is the extension of a certificate that may only date things (RFC 3161,
// section 2.3).
var critical = pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: []byte{0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 8}}

// A stamper is a time stamp server.
type stamper struct {
	signer *issuer
	at     time.Time
	beside *x509.Certificate // a certificate that did not sign
	change func(*timestamp.Timestamp)
}

func (s *stamper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	query, err := timestamp.ParseRequest(body)
	if err != nil || r.Header.Get("Content-Type") != "application/timestamp-query" {
		http.Error(w, "no query", http.StatusBadRequest)
		return
	}
	stamp := &timestamp.Timestamp{HashAlgorithm: query.HashAlgorithm, HashedMessage: query.HashedMessage, Time: s.at, Nonce: query.Nonce, SerialNumber: big.NewInt(1),
		Policy: asn1.ObjectIdentifier{1, 2, 3, 4}, AddTSACertificate: true}
	if s.change != nil {
		s.change(stamp)
	}
	response, err := stamp.CreateResponseWithOpts(s.signer.cert, s.signer.key, crypto.SHA256)
	if err != nil {
		panic(err)
	}
	if s.beside != nil {
		if response, err = s.signedAgain(response); err != nil {
			panic(err)
		}
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.Write(response) //nolint:errcheck // the client says what it lacks
}

// signedAgain signs what a response says once more, with another certificate beside
// the signer's.
func (s *stamper) signedAgain(response []byte) ([]byte, error) {
	stamp, err := timestamp.ParseResponse(response)
	if err != nil {
		return nil, err
	}
	token, err := pkcs7.Parse(stamp.RawToken)
	if err != nil {
		return nil, err
	}
	again, err := pkcs7.NewSignedData(token.Content)
	if err != nil {
		return nil, err
	}
	again.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	again.AddCertificate(s.beside)
	if err := again.AddSigner(s.signer.cert, s.signer.key, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, err
	}
	signed, err := again.Finish()
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(struct {
		Status struct{ Status int }
		Token  asn1.RawValue
	}{Token: asn1.RawValue{FullBytes: signed}})
}

// stamping starts a server whose certificate comes from a root.
func stamping(t testing.TB) (s *stamper, root *issuer, server *StampServer) {
	t.Helper()
	root = issue(t, nil, &x509.Certificate{Subject: pkix.Name{CommonName: "test root"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	s = &stamper{at: noon.Add(time.Minute), signer: issue(t, root, &x509.Certificate{Subject: pkix.Name{CommonName: "test stamps"}, KeyUsage: x509.KeyUsageDigitalSignature, ExtraExtensions: []pkix.Extension{critical}})}
	listening := httptest.NewServer(s)
	t.Cleanup(listening.Close)
	return s, root, &StampServer{URL: listening.URL}
}

func poolOf(roots ...*issuer) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, r := range roots {
		pool.AddCert(r.cert)
	}
	return pool
}

func TestStamp(t *testing.T) {
	s, root, server := stamping(t)
	data := packed(t, testKey(t), server)
	r, err := Verify(bytes.NewReader(data), int64(len(data)), poolOf(root))
	if err != nil || len(r.Problems) > 0 || !r.Stamped.Equal(s.at) || r.StampBy != "CN=test stamps" || !r.Anchored {
		t.Fatalf("%+v %v", r, err)
	}
	if r := verified(t, data); r.Anchored || len(r.Problems) > 0 {
		t.Errorf("a root that nobody trusts: %+v", r)
	}
	var d digestDocument
	if err := json.Unmarshal([]byte(unzipped(t, data)[digestFile]), &d); err != nil || strings.Count(d.TimestampCert, "BEGIN CERTIFICATE") != 1 {
		t.Error(d.TimestampCert, err)
	}
}

// TestStrangersCertificate has a stamp signed by anybody, with the certificate of an
// authority that is trusted lying beside it.
func TestStrangersCertificate(t *testing.T) {
	s, root, server := stamping(t)
	s.beside = s.signer.cert
	s.signer = issue(t, nil, &x509.Certificate{Subject: pkix.Name{CommonName: "anybody"}, KeyUsage: x509.KeyUsageDigitalSignature, ExtraExtensions: []pkix.Extension{critical}})
	data := packed(t, testKey(t), server)
	r, err := Verify(bytes.NewReader(data), int64(len(data)), poolOf(root))
	if err != nil || r.Anchored || r.StampBy != "CN=anybody" {
		t.Errorf("%+v %v", r, err)
	}
}

func TestStampsOfNoUse(t *testing.T) {
	s, _, server := stamping(t)
	key := testKey(t)
	for name, change := range map[string]func(*timestamp.Timestamp){
		"something else":  func(stamp *timestamp.Timestamp) { stamp.HashedMessage = make([]byte, 32) },
		"another request": func(stamp *timestamp.Timestamp) { stamp.Nonce = big.NewInt(7) },
		"no certificate":  func(stamp *timestamp.Timestamp) { stamp.AddTSACertificate = false },
	} {
		s.change = change
		if err := Write(t.Context(), io.Discard, &Package{Observation: seen(t), Name: "run", Created: noon}, key, server); err == nil {
			t.Errorf("a stamp of %s is taken", name)
		}
	}
	s.change = nil
	s.at = noon.Add(time.Hour)
	if r := verified(t, packed(t, key, server)); len(r.Problems) != 1 {
		t.Errorf("an hour between signature and stamp: %+v", r)
	}
	if err := Write(t.Context(), io.Discard, &Package{Observation: seen(t), Name: "run", Created: noon}, key, &StampServer{URL: server.URL + "/\x7f"}); err == nil {
		t.Error("an address that is none")
	}
}

func FuzzStamp(f *testing.F) {
	_, _, server := stamping(f)
	response, err := server.stamp(f.Context(), "text")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(response)
	f.Fuzz(func(t *testing.T, data []byte) {
		stamp, err := readStamp(data, "text")
		if err == nil {
			anchored(stamp, x509.NewCertPool())
		}
	})
}

// rootPEM is a certificate as openssl reads it.
func rootPEM(i *issuer) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.cert.Raw})
}

// inDER is a signature as openssl reads it.
func inDER(t *testing.T, signature string) []byte {
	t.Helper()
	both, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		t.Fatal(err)
	}
	der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(both[:48]), new(big.Int).SetBytes(both[48:])})
	if err != nil {
		t.Fatal(err)
	}
	return der
}
