package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/beianwatch/beianwatch/cmd/cli"
)

// bound is what the process of TestBombs may take, in bytes.
const bound = 512 << 20

// TestBombs scans sites whose home page is 25 kB of gzip that unpack to 8 MiB, in
// a cgroup of 512 MB where this process may make one: all of them are judged.
// They are 24, or as many as BEIANWATCH_BOMBS says.
func TestBombs(t *testing.T) {
	if raceDetector() {
		t.Skip("the race detector takes several times the memory of what it watches, which would be measured instead")
	}
	sites := 24
	if n, err := strconv.Atoi(os.Getenv("BEIANWATCH_BOMBS")); err == nil {
		sites = n
	}
	page := bomb(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(page) //nolint:errcheck // the client may go
	}))
	defer server.Close()
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")

	dir := t.TempDir()
	var list strings.Builder
	list.WriteString("domain,filing_status,filing_number\n")
	for i := range sites {
		fmt.Fprintf(&list, "bomb%d.example.cn,filed,京ICP备12345678号-1\n", i)
	}
	inventory := filepath.Join(dir, "inventory.csv")
	if err := os.WriteFile(inventory, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := bounded(t, "scan", inventory, "--quiet", "--lang", "en", "--format", "jsonl", "--db", filepath.Join(dir, "results.db"),
		"--resolver", oneAddress(t, "bomb"), "--allow-net", "127.0.0.0/8", "--mainland-net", "127.0.0.0/8", "--map-port", "80:"+port,
		"--per-ip", "0", "--per-ip-rate", "0", "--render", "never", "--confirm", "1s", "--control", "bomb0.example.cn")
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code == 1 || code == 2 || code < 0 {
		t.Fatalf("ended by %v: %s", err, said.String())
	}
	if n := strings.Count(out.String(), `"liveness":"serving"`); n != sites {
		t.Errorf("%d of %d sites were read", n, sites)
	}
	peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	t.Logf("%v of CPU, at most %d MB", cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime(), peak>>20)
	if peak > bound {
		t.Errorf("the process took %d MB, more than %d", peak>>20, bound>>20)
	}
}

// raceDetector says whether this binary was built with it.
func raceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// bomb is a home page with its footer behind 8 MB of links, packed.
func bomb(t *testing.T) []byte {
	const foot = `<footer><a href="https://beian.miit.gov.cn/">京ICP备12345678号-1</a></footer></html>`
	const link = `<a href="/x">京ICP备</a>`
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	text := `<!doctype html><html><head><meta charset=utf-8><title>公司</title></head><body><p>公司产品服务介绍，这里是一个正常的网站首页。</p>`
	fmt.Fprint(z, text, strings.Repeat(link, (8<<20-len(text)-len(foot))/len(link)), foot)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// oneAddress serves a zone in which every name that begins with prefix is at 127.0.0.1, and
// no other exists.
func oneAddress(t *testing.T, prefix string) string {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		name := q.Question[0].Name
		if !strings.HasPrefix(name, prefix) {
			m.Rcode = dns.RcodeNameError
		} else if q.Question[0].Qtype == dns.TypeA {
			m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 60}, A: net.IPv4(127, 0, 0, 1)}}
		}
		w.WriteMsg(m) //nolint:errcheck // the client may go
	})}
	go server.ActivateAndServe() //nolint:errcheck // ends with the test
	t.Cleanup(func() { server.Shutdown() })
	return conn.LocalAddr().String()
}

// bounded is the command line in a process that may take no more than bound: by a
// cgroup if one can be made, else by its own limit.
func bounded(t *testing.T, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 8*time.Minute)
	t.Cleanup(stop)
	run := append([]string{self, "-test.run=^TestBounded$", "--"}, args...)
	env := append(os.Environ(), "BEIANWATCH_BOUNDED=1")
	tasks := cgroup(t)
	if tasks == "" {
		t.Logf("no cgroup can be made here: GOMEMLIMIT it is")
		env = append(env, "GOMEMLIMIT="+strconv.Itoa(bound*9/10))
	} else {
		run = append([]string{"/bin/sh", "-c", `echo $$ >"$0" && exec "$@"`, tasks}, run...)
	}
	cmd := exec.CommandContext(ctx, run[0], run[1:]...)
	cmd.Env = env
	return cmd
}

// cgroup makes a cgroup with the bound and returns the file that processes join
// it by, "" if it cannot be made.
func cgroup(t *testing.T) string {
	for _, v := range []struct{ root, limit, tasks string }{
		{"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "tasks"},
		{"/sys/fs/cgroup", "memory.max", "cgroup.procs"},
	} {
		dir := filepath.Join(v.root, fmt.Sprintf("beianwatch-test-%d", os.Getpid()))
		if os.Mkdir(dir, 0o755) != nil {
			continue
		}
		if os.WriteFile(filepath.Join(dir, v.limit), []byte(strconv.Itoa(bound)), 0o644) == nil {
			t.Cleanup(func() { os.Remove(dir) })
			return filepath.Join(dir, v.tasks)
		}
		os.Remove(dir)
	}
	return ""
}

// TestBounded is the command line of bounded, in a process of its own.
func TestBounded(t *testing.T) {
	if os.Getenv("BEIANWATCH_BOUNDED") == "" {
		t.Skip("runs in a process of its own")
	}
	for i, arg := range os.Args {
		if arg == "--" {
			cli.LimitMemory()
			os.Args = append(os.Args[:1], os.Args[i+1:]...)
			os.Exit(interruptible())
		}
	}
	t.Fatal("nothing to run")
}
