package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/cmd/settings"
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/browser"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// builtSite is a site built with Vite; its README says what is in it.
const builtSite = "../../crawler/browser/testdata/spa/dist"

// serveBuilt serves the built pages, http://NAME.cn/ for the folder NAME, on a
// loopback port: with nginx where there is one, as such sites are served.
func serveBuilt(t *testing.T) (port string) {
	t.Helper()
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		if os.Getenv("BEIANWATCH_SERVERS") == "1" {
			t.Fatal("nginx is not on PATH and BEIANWATCH_SERVERS=1 demands it")
		}
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/assets/") {
				http.FileServer(http.Dir(builtSite)).ServeHTTP(w, r)
				return
			}
			host, _, _ := strings.Cut(r.Host, ".cn")
			http.ServeFile(w, r, filepath.Join(builtSite, filepath.Base(host), "index.html"))
		}))
		t.Cleanup(s.Close)
		return s.Listener.Addr().String()[len("127.0.0.1:"):]
	}
	return startNginx(t, nginx)
}

func startNginx(t *testing.T, nginx string) (port string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir+"/www", os.DirFS(builtSite)); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	conf := fmt.Sprintf(`daemon off; worker_processes 1; pid %[1]s/pid; error_log %[1]s/error.log;
events { worker_connections 256; }
http {
  types { text/html html; text/javascript js; }
  access_log off; charset utf-8; charset_types text/html text/javascript; gzip on; gzip_types text/javascript;
  client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  server { listen %[2]s; server_name "~^(?<page>[a-z]+)\.cn$"; root %[1]s/www;
    location /assets/ { try_files $uri =404; }
    location / { try_files /$page/index.html =404; } }
}`, dir, addr)
	if err := os.WriteFile(dir+"/nginx.conf", []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	for d := dir; len(d) > len(os.TempDir()); d = filepath.Dir(d) {
		os.Chmod(d, 0o755) // nginx's workers give up root
	}
	cmd := exec.Command(nginx, "-c", dir+"/nginx.conf", "-e", dir+"/error.log", "-p", dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	})
	for range 100 {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return addr[len("127.0.0.1:"):]
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := os.ReadFile(dir + "/error.log")
	t.Fatalf("nginx did not start: %s", text)
	return ""
}

// lookAtBuilt checks NAME.cn as `check` does and gives the case with its
// outcomes by rule, and what was said on the way.
func lookAtBuilt(t *testing.T, port, render string, names ...string) (cases []*detect.Case, outs []map[string]detect.Outcome, said string) {
	t.Helper()
	var errs bytes.Buffer
	p := &program{Settings: settings.Defaults(), errOut: &errs}
	p.Lang, p.Render, p.Resolvers = "en", render, []string{"127.0.0.1:1"}
	p.AllowNet, p.MainlandNet, p.MapPort = []string{"127.0.0.0/8"}, []string{"127.0.0.0/8"}, []string{"80:" + port}
	p.PerIPRate = 0
	p.Fill(checkUsual)
	l, err := p.looking(false)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	for _, name := range names {
		c := l.looker.Check(t.Context(), &crawler.Target{Domain: name + ".cn", Address: netip.MustParseAddr("127.0.0.1"),
			Filing: crawler.Filing{Status: crawler.FilingFiled, Number: "浙ICP备20031415号-1", Source: "inventory"}}, nil)
		by := map[string]detect.Outcome{}
		for _, o := range detect.Judge(c, rules.All) {
			by[o.Rule] = o
		}
		cases, outs = append(cases, c), append(outs, by)
	}
	return cases, outs, errs.String()
}

func TestBuiltSiteWithBrowser(t *testing.T) {
	if _, err := browser.Find(""); err != nil {
		if os.Getenv("BEIANWATCH_SERVERS") == "1" {
			t.Fatal(err)
		}
		t.Skipf("%v; the pages drawn by script are not tested", err)
	}
	want := map[string]map[string]detect.Verdict{
		"linked":   {"footer-number-missing": detect.Pass, "footer-number-wrong": detect.Pass, "footer-number-hidden": detect.Pass, "footer-link-missing": detect.Pass},
		"unlinked": {"footer-number-missing": detect.Pass, "footer-number-hidden": detect.Pass, "footer-link-missing": detect.Found},
		"hidden":   {"footer-number-missing": detect.Exempt, "footer-number-hidden": detect.Found, "footer-link-missing": detect.Exempt},
	}
	names := []string{"linked", "unlinked", "hidden"}
	cases, outs, _ := lookAtBuilt(t, serveBuilt(t), "auto", names...)
	for i, name := range names {
		c := cases[i]
		if !c.Rendered || c.Liveness != detect.Serving {
			t.Fatalf("%s: rendered %v, %s; visits %+v", name, c.Rendered, c.Liveness, c.Obs.Visits[len(c.Obs.Visits)-1].Failure)
		}
		for rule, verdict := range want[name] {
			if o := outs[i][rule]; o.Verdict != verdict {
				t.Errorf("%s: %s is %s %s, want %s", name, rule, o.Verdict, o.Reason, verdict)
			}
		}
		if len(c.Shown.ICP) != 1 || c.Shown.ICP[0].Number != "浙ICP备20031415号-1" {
			t.Fatalf("%s: numbers %+v", name, c.Shown.ICP)
		}
		if pictured := len(c.Obs.Screenshot) > 0; pictured != (name != "linked") {
			t.Errorf("%s: pictured %v; a picture is taken of what breaks a rule", name, pictured)
		}
	}
	if n := cases[0].Shown.ICP[0]; n.Place != number.Footer || n.Kind != number.LinkCurrent {
		t.Errorf("the number stands in %s with a link %s", n.Place, n.Kind)
	}
	if n := cases[2].Shown.ICP[0]; n.Place != number.Script {
		t.Errorf("a number that is never shown stands in %s", n.Place)
	}
}

// TestBuiltSiteWithoutBrowser: what only a browser can see is unknown, and a
// person is told so once.
func TestBuiltSiteWithoutBrowser(t *testing.T) {
	port := serveBuilt(t)
	t.Setenv("PATH", "")
	for _, render := range []string{"auto", "never"} {
		cases, outs, said := lookAtBuilt(t, port, render, "linked", "hidden")
		for i, c := range cases {
			for _, rule := range []string{"footer-number-missing", "footer-link-missing", "footer-number-wrong"} {
				if o := outs[i][rule]; o.Verdict != detect.Unknown || o.Reason != detect.ReasonDrawnByScript {
					t.Errorf("%s: %s is %s %s", c.Target.Domain, rule, o.Verdict, o.Reason)
				}
			}
			if o := outs[i]["footer-number-hidden"]; o.Reason != detect.ReasonOnlyInScript {
				t.Errorf("%s: footer-number-hidden is %s %s", c.Target.Domain, o.Verdict, o.Reason)
			}
			if len(c.Shown.ICP) != 1 || c.Shown.ICP[0].Place != number.Script || c.Shown.ICP[0].Kind != number.LinkCurrent {
				t.Errorf("%s: numbers %+v", c.Target.Domain, c.Shown.ICP)
			}
		}
		if n := strings.Count(said, "no Chromium"); render == "auto" && n != 1 || render == "never" && n != 0 {
			t.Errorf("--render %s says %q", render, said)
		}
	}
}
