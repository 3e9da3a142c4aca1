package settings

import (
	"crypto/x509"
	"net/url"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/wacz"
)

// BindStamp binds the flag that says who dates exported evidence.
func (s *Settings) BindStamp(fs *pflag.FlagSet) {
	fs.StringVar(&s.StampServer, "timestamp-server", s.StampServer, s.tr("为导出的证据加盖可信时间戳的服务器（RFC 3161）的网址", "URL of an RFC 3161 server that dates exported evidence"))
}

// BindStampRoots binds the flag that says by which roots time stamps are trusted.
func (s *Settings) BindStampRoots(fs *pflag.FlagSet) {
	fs.StringVar(&s.StampRoots, "timestamp-roots", s.StampRoots, s.tr("信任的时间戳根证书，PEM 文件（默认用系统的）", "PEM file of the roots by which time stamps are trusted (default: the system's)"))
}

// checkStamp finds what is wrong with these settings.
func (s *Settings) checkStamp() error {
	if s.StampServer == "" {
		return nil
	}
	u, err := url.Parse(s.StampServer)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return Usage("--timestamp-server %q：请写时间戳服务器的网址，如 https://tsa.example.cn/tsr", "--timestamp-server %q: give the URL of a time stamp server, such as https://tsa.example.cn/tsr", s.StampServer)
	}
	return nil
}

// Stamp is who dates exported evidence; nil if no one does.
func (s *Settings) Stamp() *wacz.StampServer {
	if s.StampServer == "" {
		return nil
	}
	return &wacz.StampServer{URL: s.StampServer}
}

// StampPool are the roots by which time stamps are trusted; nil: the system's.
func (s *Settings) StampPool() (*x509.CertPool, error) {
	if s.StampRoots == "" {
		return nil, nil
	}
	data, err := os.ReadFile(s.StampRoots)
	if err != nil {
		return nil, Usage("--timestamp-roots：%v", "--timestamp-roots: %v", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, Usage("--timestamp-roots %s：文件中没有 PEM 格式的证书", "--timestamp-roots %s: there is no certificate in PEM in it", s.StampRoots)
	}
	return pool, nil
}

// SigningKey is the key of this vantage, by which exported evidence is signed; it is
// made where there is none.
func (s *Settings) SigningKey() (*wacz.Key, error) {
	return wacz.OpenKey(filepath.Join(s.DataDir(), "keys", "evidence.pem"))
}
