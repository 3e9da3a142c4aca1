package web

import (
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crypto/ecdsa"
	"crypto/x509"

	"github.com/beianwatch/beianwatch/crawler"
)

// program returns the path of a server that a test needs. Without it the test is
// skipped, unless BEIANWATCH_SERVERS=1 says that it has to be there.
func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("BEIANWATCH_SERVERS") == "1" {
			t.Fatalf("%s is not on PATH and BEIANWATCH_SERVERS=1 demands it", name)
		}
		t.Skipf("%s is not on PATH: install it to run this test", name)
	}
	return path
}

const nginxPage = "<html><body>你好<footer>京ICP备12345678号-1</footer></body></html>"

// startNginx serves, for the hosts of n: http://site.cn redirecting to https,
// gzip on, 444 (close without an answer) on dead.cn, a plain page on fast.cn.
func startNginx(t testing.TB, n *internet, path string, page string) {
	t.Helper()
	dir := t.TempDir()
	plain, secure := free(t), free(t)
	for _, host := range []string{"site.cn", "dead.cn", "fast.cn"} {
		n.lead(n.name(host), 80, plain)
		n.lead(n.name(host), 443, secure)
	}
	key, cert := nginxCertificate(t)
	conf := fmt.Sprintf(`daemon off; worker_processes 1; pid %[1]s/pid; error_log %[1]s/error.log;
events { worker_connections 512; }
http {
  access_log off; default_type text/html; charset utf-8;
  client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  port_in_redirect off; gzip on; gzip_min_length 1; gzip_comp_level 1;
  server { listen %[2]s; server_name site.cn; return 301 https://$host$request_uri; }
  server { listen %[3]s ssl; server_name site.cn; ssl_certificate %[1]s/cert.pem; ssl_certificate_key %[1]s/key.pem;
    root %[1]s/www; location = / { return 302 /index.html; } location = /robots.txt { return 200 "User-agent: *\nDisallow: /admin\n"; } }
  server { listen %[2]s; server_name dead.cn; return 444; }
  server { listen %[2]s; server_name fast.cn; root %[1]s/www; gzip off; }
}`, dir, plain, secure)
	os.Mkdir(dir+"/www", 0o755)
	for name, text := range map[string]string{"nginx.conf": conf, "key.pem": key, "cert.pem": cert, "www/index.html": page} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for d := dir; len(d) > len(os.TempDir()); d = filepath.Dir(d) {
		os.Chmod(d, 0o755) // nginx's workers give up root
	}
	cmd := exec.Command(path, "-c", dir+"/nginx.conf", "-e", dir+"/error.log", "-p", dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	})
	for range 100 {
		if c, err := net.Dial("tcp", secure); err == nil {
			c.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := os.ReadFile(dir + "/error.log")
	t.Fatalf("nginx did not start: %s", text)
}

// free returns an address whose port no one listens on.
func free(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func nginxCertificate(t testing.TB) (key, cert string) {
	t.Helper()
	conf := selfSigned(t, "site.cn").Certificates[0]
	der, err := x509.MarshalECPrivateKey(conf.PrivateKey.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: conf.Certificate[0]}))
}

// A server of the sort that most sites run on: redirect to https, gzip in
// chunks, keep-alive, robots.txt, and nginx's own way of hanging up.
func TestNginx(t *testing.T) {
	path := program(t, "nginx")
	n := newInternet(t)
	startNginx(t, n, path, strings.Repeat(nginxPage, 50))
	obs := look(n.client(), "site.cn", crawler.Ask{Kind: crawler.AskHome},
		crawler.Ask{Kind: crawler.AskInner, URL: "https://site.cn/admin/x"}, crawler.Ask{Kind: crawler.AskInner, URL: "https://site.cn/index.html"})
	v := &obs.Visits[0]
	if want := []string{"http://site.cn/", "https://site.cn/", "https://site.cn/index.html"}; fmt.Sprint(urls(v)) != fmt.Sprint(want) {
		t.Fatalf("hops %q, failure %v", urls(v), v.Failure)
	}
	p := v.Last()
	if string(p.Body) != strings.Repeat(nginxPage, 50) || p.Cut || p.Status != 200 || p.TLS == nil || p.TLS.Fault != "self-signed" ||
		p.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(p.Header.Get("Server"), "nginx/") {
		t.Errorf("status %d, %d bytes, cut %v, %v, %v", p.Status, len(p.Body), p.Cut, p.TLS, p.Header)
	}
	if obs.Visits[1].Ask.Kind != crawler.AskRobots || kindOf(&obs.Visits[2]) != crawler.FailRobots || obs.Visits[3].Last() == nil {
		t.Errorf("robots.txt: %v, then %v", obs.Visits[2].Failure, obs.Visits[3].Failure)
	}
	if v := n.home("dead.cn"); kindOf(v) != crawler.FailReset {
		t.Errorf("closed without an answer: %v", v.Failure)
	}
}
