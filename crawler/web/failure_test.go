package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// reset closes a connection so that the peer sees ECONNRESET.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		t.SetLinger(0)
	}
	c.Close()
}

// hang never answers, and ends when the peer does.
func hang(c net.Conn) { io.Copy(io.Discard, c) }

func TestHowServersFail(t *testing.T) {
	flood := func(c net.Conn) {
		readRequest(c)
		io.WriteString(c, "HTTP/1.1 200 OK\r\n")
		for i := 0; ; i++ {
			if _, err := fmt.Fprintf(c, "X-Flood-%d: %s\r\n", i, strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	}
	oneLine := func(c net.Conn) {
		readRequest(c)
		io.WriteString(c, "HTTP/1.1 200 OK\r\nX: ")
		for {
			if _, err := io.WriteString(c, strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	}
	interim := func(c net.Conn) {
		readRequest(c)
		for {
			if _, err := io.WriteString(c, "HTTP/1.1 102 Processing\r\n\r\n"); err != nil {
				return
			}
		}
	}
	slowHead := func(c net.Conn) {
		readRequest(c)
		for _, b := range []byte("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 500)) {
			if _, err := c.Write([]byte{b}); err != nil {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	for name, c := range map[string]struct {
		serve func(net.Conn)
		kind  crawler.FailureKind
		says  string
	}{
		"reset on accept":              {reset, crawler.FailReset, "reset"},
		"reset after the request":      {func(c net.Conn) { readRequest(c); reset(c) }, crawler.FailReset, "reset"},
		"closed after the request":     {func(c net.Conn) { readRequest(c) }, crawler.FailReset, "closed before an answer"},
		"closed within the status":     {text("HTTP/1."), crawler.FailProtocol, "malformed"},
		"closed within the header":     {text("HTTP/1.1 200 OK\r\nContent-"), crawler.FailProtocol, "malformed"},
		"never answers":                {hang, crawler.FailTimeout, "timeout"},
		"answers in drops":             {slowHead, crawler.FailTimeout, "timeout"},
		"SSH":                          {text("SSH-2.0-OpenSSH_9.2\r\n"), crawler.FailProtocol, "SSH-2.0"},
		"SMTP":                         {text("220 mail.example.cn ESMTP\r\n"), crawler.FailProtocol, "malformed"},
		"binary garbage":               {text("\x00\x01\x02\x1b[2J\xff\xfe\n"), crawler.FailProtocol, "malformed"},
		"TLS on port 80":               {text("\x15\x03\x01\x00\x02\x02\x28\n"), crawler.FailProtocol, "malformed"},
		"a status of two digits":       {text("HTTP/1.1 20 OK\r\n\r\n"), crawler.FailProtocol, "malformed"},
		"two lengths":                  {text("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), crawler.FailProtocol, "Content-Length"},
		"a flood of header lines":      {flood, crawler.FailProtocol, "exceeded 262144 bytes"},
		"one endless header line":      {oneLine, crawler.FailProtocol, "exceeded 262144 bytes"},
		"interim answers without end":  {interim, crawler.FailProtocol, "interim"},
		"empty lines and nothing else": {text(strings.Repeat("\r\n", 20)), crawler.FailProtocol, "malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			n.raw("a.cn", 80, c.serve)
			obs := look(n.client(func(o *Options) {
				if c.kind == crawler.FailTimeout {
					o.Timeout = 300 * time.Millisecond
				}
			}), "a.cn", crawler.Ask{Kind: crawler.AskHome})
			v := &obs.Visits[0]
			if kindOf(v) != c.kind || !strings.Contains(v.Failure.Detail, c.says) || v.Failed != "http://a.cn/" {
				t.Errorf("failure %v at %q, want %s: …%s…", v.Failure, v.Failed, c.kind, c.says)
			}
			if v.Failure != nil && (strings.ContainsAny(v.Failure.Detail, "\x00\x1b\r\n") || len(v.Failure.Detail) > 200) {
				t.Errorf("the detail is not fit to be shown: %q", v.Failure.Detail)
			}
			if obs.Trouble != "" {
				t.Errorf("the site's failure became our trouble: %s", obs.Trouble)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	n := newInternet(t)
	n.shut("a.cn", 80)
	if v := n.home("a.cn"); kindOf(v) != crawler.FailRefused || v.Failed != "http://a.cn/" || len(v.Hops) != 0 {
		t.Errorf("failure %v at %s", v.Failure, v.Failed)
	}
}

// full opens a port whose queue of waiting connections is full, so that the
// next SYN gets no answer: what a firewall that drops looks like.
func full(t *testing.T) string {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := errors.Join(syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}), syscall.Listen(fd, 0)); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(name.(*syscall.SockaddrInet4).Port)).String()
	for range 10 {
		c, err := net.DialTimeout("tcp", addr, 100*time.Millisecond)
		if err != nil {
			return addr
		}
		t.Cleanup(func() { c.Close() })
	}
	t.Skip("the queue of a listening socket cannot be filled here")
	return ""
}

func TestConnectTimeout(t *testing.T) {
	n := newInternet(t)
	n.lead(n.name("a.cn"), 80, full(t))
	v := n.home("a.cn", func(o *Options) { o.Connect = 100 * time.Millisecond })
	if kindOf(v) != crawler.FailTimeout || !strings.Contains(v.Failure.Detail, "i/o timeout") { // the system's own is told otherwise
		t.Errorf("failure %v", v.Failure)
	}
}

func TestNamesWithoutAnAddress(t *testing.T) {
	n := newInternet(t)
	for name, want := range map[string]crawler.FailureKind{
		"nowhere.cn": crawler.FailDNSNoName, "empty.cn": crawler.FailDNSNoAddr,
		"servfail.cn": crawler.FailDNSServer, "silent.cn": crawler.FailDNSTimeout,
	} {
		obs := look(n.client(), name, crawler.Ask{Kind: crawler.AskHome})
		if v := &obs.Visits[0]; kindOf(v) != want || obs.Trouble != "" || len(obs.Lookups) == 0 {
			t.Errorf("%s: failure %v, trouble %q, %d lookups", name, v.Failure, obs.Trouble, len(obs.Lookups))
		}
	}
}

// Nothing but us ends these visits.
func TestStoppedByUs(t *testing.T) {
	n := newInternet(t)
	n.raw("hang.cn", 80, hang)
	n.raw("tls.cn", 443, hang)
	n.raw("body.cn", 80, func(c net.Conn) {
		readRequest(c)
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin")
		hang(c)
	})
	n.lead(n.name("drop.cn"), 80, full(t))
	names, err := dns.New(dns.Options{Upstreams: []string{n.dns}, Timeout: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer names.Close()
	client := n.client(func(o *Options) { o.Resolver = names })
	for name, ask := range map[string]crawler.Ask{
		"hang.cn": {Kind: crawler.AskHome}, "tls.cn": {Kind: crawler.AskHTTPS}, "body.cn": {Kind: crawler.AskHome},
		"drop.cn": {Kind: crawler.AskHome}, "silent.cn": {Kind: crawler.AskHome},
	} {
		for how, begin := range map[string]func(time.Duration) (context.Context, context.CancelFunc){
			"deadline": func(limit time.Duration) (context.Context, context.CancelFunc) {
				return context.WithTimeout(context.Background(), limit)
			},
			"cancelled": func(limit time.Duration) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(context.Background())
				time.AfterFunc(limit, cancel)
				return ctx, cancel
			},
		} {
			t.Run(name+" "+how, func(t *testing.T) {
				patiently(func(limit time.Duration) bool {
					ctx, cancel := begin(limit)
					defer cancel()
					return endsWith(ctx, t, client.Session(&crawler.Observation{Domain: name}), ask)
				})
			})
		}
	}
}

// endsWith holds a visit to ending with ctx; false if what was to come before had not.
func endsWith(ctx context.Context, t *testing.T, s *Session, ask crawler.Ask) (inTime bool) {
	t.Helper()
	defer s.Close()
	s.Do(ctx, ask)
	v := &s.obs.Visits[0]
	if kindOf(v) != crawler.FailOurs || s.obs.Trouble == "" {
		t.Errorf("failure %v, trouble %q", v.Failure, s.obs.Trouble)
	}
	if s.obs.Domain != "body.cn" {
		return true
	}
	if came(s) == 0 {
		return t.Failed()
	}
	if len(v.Hops) != 1 || string(v.Hops[0].Body) != "begin" || !v.Hops[0].Cut || v.Last() != nil {
		t.Errorf("what had come is not kept: %+v", v.Hops)
	}
	return true
}

func TestNoFileHandlesIsOurTrouble(t *testing.T) {
	n := newInternet(t)
	n.site("a.cn", func(w http.ResponseWriter, r *http.Request) {})
	obs := &crawler.Observation{Domain: "a.cn"}
	obs.Pin("a.cn", netip.MustParseAddr(n.name("a.cn")), time.Now())
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &was); err != nil {
		t.Skip("no limits here")
	}
	none := was
	none.Cur = 3
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &none); err != nil {
		t.Skip("limits cannot be set here")
	}
	do(context.Background(), n.client(), obs, crawler.Ask{Kind: crawler.AskHome})
	syscall.Setrlimit(syscall.RLIMIT_NOFILE, &was)
	if v := &obs.Visits[0]; kindOf(v) != crawler.FailOurs || !strings.Contains(obs.Trouble, "too many open files") {
		t.Errorf("failure %v, trouble %q", v.Failure, obs.Trouble)
	}
}

// Errors that no server on loopback can be made to cause.
func TestErrorsAreSorted(t *testing.T) {
	op := func(no syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", no)}
	}
	v4, v6 := netip.MustParseAddr("1.2.3.4"), netip.MustParseAddr("2400::1")
	ctx := context.Background()
	for _, c := range []struct {
		got  *crawler.Failure
		want crawler.FailureKind
	}{
		{connectFailure(ctx, v4, op(syscall.EHOSTUNREACH)), crawler.FailUnreachable},
		{connectFailure(ctx, v4, op(syscall.ENETUNREACH)), crawler.FailUnreachable},
		{connectFailure(ctx, v6, op(syscall.EHOSTUNREACH)), crawler.FailUnreachable},
		{connectFailure(ctx, v6, op(syscall.ENETUNREACH)), crawler.FailOurs},
		{connectFailure(ctx, v6, op(syscall.EAFNOSUPPORT)), crawler.FailOurs},
		{connectFailure(ctx, v4, op(syscall.ETIMEDOUT)), crawler.FailTimeout},
		{connectFailure(ctx, v4, op(syscall.EADDRNOTAVAIL)), crawler.FailOurs},
		{connectFailure(ctx, v4, op(syscall.ENOBUFS)), crawler.FailOurs},
		{connectFailure(ctx, v4, op(syscall.ENOMEM)), crawler.FailOurs},
		{connectFailure(ctx, v4, op(syscall.ENFILE)), crawler.FailOurs},
		{connectFailure(ctx, v4, op(syscall.EPERM)), crawler.FailOurs},
		{connectFailure(ctx, v4, op(syscall.ECONNRESET)), crawler.FailReset},
		{connectFailure(ctx, v4, errors.New("something new")), crawler.FailUnreachable},
		{connectFailure(ctx, v4, fmt.Errorf("%w: x", guard.ErrForbidden)), crawler.FailGuard},
		{connectFailure(ctx, v4, fmt.Errorf("%w: %w", guard.ErrForbidden, guard.ErrPort)), crawler.FailScheme},
		{answerFailure(ctx, op(syscall.EPIPE)), crawler.FailReset},
		{answerFailure(ctx, errors.New("something new")), crawler.FailProtocol},
		{handshakeFailure(ctx, &tls.RecordHeaderError{Msg: "x"}), crawler.FailTLS},
		{handshakeFailure(ctx, tls.AlertError(40)), crawler.FailTLS},
		{handshakeFailure(ctx, errors.New("tls: failed to parse certificate from server: x509: negative serial number")), crawler.FailOurs},
	} {
		if c.got.Kind != c.want {
			t.Errorf("%v, want %s", c.got, c.want)
		}
	}
}
