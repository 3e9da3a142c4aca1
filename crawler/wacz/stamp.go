package wacz

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// The bounds of asking a time stamp server.
const (
	stampTime = 30 * time.Second
	maxStamp  = 1 << 20 // bytes; an answer with its certificates has some 6,000
)

// A StampServer dates signatures by RFC 3161.
type StampServer struct {
	URL    string
	Client *http.Client // nil takes the usual one
}

// stamp has a text dated and returns the response as it came.
func (s *StampServer) stamp(ctx context.Context, text string) ([]byte, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(text))
	query := timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: sum[:], Nonce: nonce, Certificates: true}
	body, err := query.Marshal()
	if err != nil {
		return nil, err
	}
	response, err := s.ask(ctx, body)
	if err != nil {
		return nil, message.Errorf("时间戳服务器 %s：%w", "the time stamp server %s: %w", s.URL, err)
	}
	stamp, err := readStamp(response, text)
	if err == nil && (stamp.Nonce == nil || stamp.Nonce.Cmp(nonce) != 0) {
		err = message.Errorf("所答的不是这一次的请求", "it answered another request")
	}
	if err != nil {
		return nil, message.Errorf("时间戳服务器 %s 的回答不可用：%w", "the answer of the time stamp server %s is of no use: %w", s.URL, err)
	}
	return response, nil
}

// ask sends one query.
func (s *StampServer) ask(ctx context.Context, query []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, stampTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(query))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/timestamp-query")
	client := s.Client
	if client == nil {
		client = http.DefaultClient
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, message.Errorf("HTTP %d", "HTTP %d", answer.StatusCode)
	}
	return io.ReadAll(io.LimitReader(answer.Body, maxStamp))
}

// readStamp reads a response and makes sure that it is signed and of the text.
func readStamp(response []byte, text string) (stamp *timestamp.Timestamp, err error) {
	stamp, err = timestamp.ParseResponse(response)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(text))
	switch {
	case len(stamp.Certificates) == 0 || signerOf(stamp) == nil:
		return nil, message.Errorf("时间戳中没有签名证书", "the time stamp does not have the certificate that signed it")
	case stamp.HashAlgorithm != crypto.SHA256 || !bytes.Equal(stamp.HashedMessage, sum[:]):
		return nil, message.Errorf("时间戳不是对该签名作出的", "the time stamp is of something else")
	}
	return stamp, nil
}

// certificatesPEM are the certificates of a stamp.
func certificatesPEM(list []*x509.Certificate) string {
	var b bytes.Buffer
	for _, c := range list {
		_ = pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}) // a buffer does not fail
	}
	return b.String()
}

// signerOf returns the certificate by which a stamp is signed; nil if it has none, or
// is signed by several. Others may stand beside it, and prove nothing.
func signerOf(stamp *timestamp.Timestamp) *x509.Certificate {
	token, err := pkcs7.Parse(stamp.RawToken)
	if err != nil {
		return nil
	}
	return token.GetOnlySigner()
}

// anchored reports whether the signer of a stamp may date things, and can be traced
// to one of the roots, or of the system's if that is nil, at the time that it says.
func anchored(stamp *timestamp.Timestamp, roots *x509.CertPool) bool {
	signer := signerOf(stamp)
	if signer == nil {
		return false
	}
	between := x509.NewCertPool()
	for _, c := range stamp.Certificates {
		between.AddCert(c)
	}
	_, err := signer.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: stamp.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}})
	return err == nil
}

// encode is base64 as the documents have it.
func encode(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
