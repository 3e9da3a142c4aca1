package web

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

func gzipped(b []byte) []byte {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	z.Write(b)
	z.Close()
	return buf.Bytes()
}

func zlibbed(b []byte) []byte {
	var buf bytes.Buffer
	z := zlib.NewWriter(&buf)
	z.Write(b)
	z.Close()
	return buf.Bytes()
}

func deflated(b []byte) []byte {
	var buf bytes.Buffer
	z, _ := flate.NewWriter(&buf, 6)
	z.Write(b)
	z.Close()
	return buf.Bytes()
}

func TestBodies(t *testing.T) {
	page := []byte("<html>" + strings.Repeat("京ICP备12345678号 ", 300) + "</html>")
	packed := gzipped(page)
	answer := func(header string, body []byte) string {
		return "HTTP/1.1 200 OK\r\n" + header + "\r\n" + string(body)
	}
	length := func(b []byte) string { return fmt.Sprintf("Content-Length: %d\r\n", len(b)) }
	chunked := func(body []byte, end string) []byte {
		return fmt.Appendf(nil, "%x\r\n%s\r\n%s", len(body), body, end)
	}
	for name, c := range map[string]struct {
		answer string
		want   []byte
		cut    bool
		coding string // Content-Encoding left in Page.Header
	}{
		"with a length":                {answer(length(page), page), page, false, ""},
		"until the connection closes":  {answer("", page), page, false, ""},
		"HTTP/1.0":                     {"HTTP/1.0 200 OK\r\n\r\n" + string(page), page, false, ""},
		"chunked":                      {answer("Transfer-Encoding: chunked\r\n", chunked(page, "0\r\n\r\n")), page, false, ""},
		"chunked with a trailer":       {answer("Transfer-Encoding: chunked\r\n", chunked(page, "0\r\nX: y\r\n\r\n")), page, false, ""},
		"chunked and a length":         {answer("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", chunked(page, "0\r\n\r\n")), page, false, ""},
		"empty":                        {answer("Content-Length: 0\r\n", nil), nil, false, ""},
		"gzip":                         {answer("Content-Encoding: gzip\r\n"+length(packed), packed), page, false, ""},
		"x-gzip, capitals":             {answer("Content-Encoding: X-GZIP\r\n", packed), page, false, ""},
		"gzip, chunked":                {answer("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", chunked(packed, "0\r\n\r\n")), page, false, ""},
		"deflate":                      {answer("Content-Encoding: deflate\r\n", zlibbed(page)), page, false, ""},
		"deflate without its wrapper":  {answer("Content-Encoding: deflate\r\n", deflated(page)), page, false, ""},
		"gzip twice":                   {answer("Content-Encoding: gzip, gzip\r\n", gzipped(packed)), page, false, ""},
		"gzip in two parts":            {answer("Content-Encoding: gzip\r\n", append(gzipped(page[:100]), gzipped(page[100:])...)), page, false, ""},
		"gzip announced, nothing sent": {answer("Content-Encoding: gzip\r\nContent-Length: 0\r\n", nil), nil, false, ""},
		"a coding that is none":        {answer("Content-Encoding: UTF-8\r\n"+length(page), page), page, false, ""},
		"a gzip file is left alone":    {answer("Content-Type: application/gzip\r\n"+length(packed), packed), packed, false, ""},
		"brotli, never asked for":      {answer("Content-Encoding: br\r\n"+length(packed), packed), packed, true, "br"},
		"gzip announced, plain sent":   {answer("Content-Encoding: gzip\r\n"+length(page), page), page, true, "gzip"},
		"gzip four times":              {answer("Content-Encoding: gzip, gzip, gzip, gzip\r\n", gzipped(gzipped(gzipped(packed)))), nil, true, "gzip, gzip, gzip, gzip"},
		"length, ends early":           {answer("Content-Length: 99999\r\n", page), page, true, ""},
		"chunked, ends early":          {answer("Transfer-Encoding: chunked\r\n", chunked(page, "")), page, true, ""},
		"chunked, ends in a chunk":     {answer("Transfer-Encoding: chunked\r\n", fmt.Appendf(nil, "fffff\r\n%s", page)), page, true, ""},
		"chunked, then garbage":        {answer("Transfer-Encoding: chunked\r\n", chunked(page, "zzz\r\n")), page, true, ""},
		"gzip, ends early":             {answer("Content-Encoding: gzip\r\n", gzipStored(page)[:2000]), nil, true, ""},
		"gzip, wrong check sum":        {answer("Content-Encoding: gzip\r\n", append(packed[:len(packed)-5:len(packed)-5], 1, 2, 3, 4, 5)), page, true, ""},
		"an interim answer first":      {"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer(length(page), page), page, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			n.raw("a.cn", 80, text(c.answer))
			v := n.home("a.cn")
			p := v.Last()
			if p == nil {
				t.Fatalf("failure %v", v.Failure)
			}
			if c.want != nil && !bytes.Equal(p.Body, c.want) {
				t.Errorf("body of %d bytes (%.40q), want %d", len(p.Body), p.Body, len(c.want))
			}
			if p.Cut != c.cut || p.Header.Get("Content-Encoding") != c.coding {
				t.Errorf("cut %v, coding %q, want %v, %q", p.Cut, p.Header.Get("Content-Encoding"), c.cut, c.coding)
			}
			if name == "gzip, ends early" && !bytes.HasPrefix(page, p.Body[:1000]) {
				t.Errorf("what came before the end is lost: %d bytes", len(p.Body))
			}
		})
	}
}

// gzipStored packs without compressing, so that any part can be unpacked.
func gzipStored(b []byte) []byte {
	var buf bytes.Buffer
	z, _ := gzip.NewWriterLevel(&buf, gzip.NoCompression)
	z.Write(b)
	z.Close()
	return buf.Bytes()
}

func TestNoBodyByRule(t *testing.T) {
	for _, status := range []int{204, 304} {
		n := newInternet(t)
		n.raw("a.cn", 80, text(fmt.Sprintf("HTTP/1.1 %d X\r\nContent-Length: 5\r\n\r\nhello", status)))
		if v := n.home("a.cn"); v.Last() == nil || len(v.Last().Body) != 0 || v.Last().Cut {
			t.Errorf("%d: %+v, %v", status, v.Hops, v.Failure)
		}
	}
}

// 600 MB in 600 kB, plain or packed twice, cost no more than the limit.
func TestBombs(t *testing.T) {
	var once bytes.Buffer
	z := gzip.NewWriter(&once)
	zeros := make([]byte, 1<<20)
	for range 200 {
		z.Write(zeros)
	}
	z.Close()
	for name, c := range map[string]struct {
		coding string
		body   []byte
	}{
		"gzip": {"gzip", once.Bytes()}, "gzip twice": {"gzip, gzip", gzipped(once.Bytes())},
	} {
		n := newInternet(t)
		n.raw("a.cn", 80, text("HTTP/1.1 200 OK\r\nContent-Encoding: "+c.coding+"\r\n\r\n"+string(c.body)))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		v := n.home("a.cn", func(o *Options) { o.MaxBody = 1 << 20 })
		runtime.ReadMemStats(&after)
		if p := v.Last(); p == nil || len(p.Body) != 1<<20 || !p.Cut {
			t.Errorf("%s: failure %v", name, v.Failure)
		}
		if spent := after.TotalAlloc - before.TotalAlloc; spent > 16<<20 {
			t.Errorf("%s: %d MB allocated for a page of 1 MB", name, spent>>20)
		}
	}
}

func TestLongBodyIsCut(t *testing.T) {
	n := newInternet(t)
	n.site("endless.cn", func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	})
	n.site("exact.cn", func(w http.ResponseWriter, r *http.Request) { w.Write(make([]byte, 5000)) })
	limit := func(o *Options) { o.MaxBody = 5000 }
	if p := n.home("endless.cn", limit).Last(); p == nil || len(p.Body) != 5000 || !p.Cut {
		t.Errorf("endless: %+v", p)
	}
	if p := n.home("exact.cn", limit).Last(); p == nil || len(p.Body) != 5000 || p.Cut {
		t.Errorf("exact: %+v", p)
	}
}

// A body that drips, stalls or breaks off is a page with what came of it.
func TestBodiesThatNeverEnd(t *testing.T) {
	for name, rest := range map[string]func(net.Conn, *Session){
		"stalls": func(c net.Conn, _ *Session) { hang(c) },
		"drips": func(c net.Conn, _ *Session) {
			for {
				if _, err := io.WriteString(c, "x"); err != nil {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
		},
		"resets": func(c net.Conn, s *Session) {
			for came(s) == 0 { // a reset overtakes what is not read yet
				runtime.Gosched()
			}
			reset(c)
		},
	} {
		patiently(func(limit time.Duration) bool {
			n := newInternet(t)
			s := n.client(func(o *Options) {
				if name != "resets" {
					o.Timeout = limit
				}
			}).Session(&crawler.Observation{Domain: "a.cn"})
			defer s.Close()
			n.raw("a.cn", 80, func(c net.Conn) {
				readRequest(c)
				io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nbegin")
				rest(c, s)
			})
			s.Do(t.Context(), crawler.Ask{Kind: crawler.AskHome})
			if came(s) == 0 {
				return false
			}
			v := &s.obs.Visits[0]
			if p := v.Last(); p == nil || !p.Cut || !strings.HasPrefix(string(p.Body), "begin") {
				t.Errorf("%s: failure %v", name, v.Failure)
			}
			return true
		})
	}
}

// Headers that Go's parser refuses and browsers do not.
func TestStrayHeaderLines(t *testing.T) {
	for name, header := range map[string]string{
		"a line without a colon":  "hello world\r\nX-A: b\r\n",
		"a name with a blank":     "Bad Name: x\r\nX-A: b\r\n",
		"a name of raw bytes":     "\xd6\xd0: x\r\nX-A: b\r\n",
		"no name":                 ": x\r\nX-A: b\r\n",
		"blank before the colon":  "X-A : b\r\n",
		"bare line feeds":         "X-A: b\n",
		"a folded stray line":     "no colon\r\n folded: x\r\nX-A: b\r\n",
		"a length that is none":   "Content-Length: abc\r\nX-A: b\r\n",
		"an empty length":         "Content-Length:\r\nX-A: b\r\n",
		"identity":                "Transfer-Encoding: identity\r\nX-A: b\r\n",
		"raw bytes in a value":    "Server: \xd6\xd0\x00\r\nX-A: b\r\n",
		"a very long line":        "X-Long: " + strings.Repeat("x", 20000) + "\r\nX-A: b\r\n",
		"the same length twice":   "Content-Length: 5\r\nContent-Length: 5\r\nX-A: b\r\n",
		"status without a reason": "X-A: b\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			n.raw("a.cn", 80, text("HTTP/1.1 200\r\n"+header+"\r\nhello"))
			v := n.home("a.cn")
			if p := v.Last(); p == nil || string(p.Body) != "hello" || p.Cut || p.Header.Get("X-A") != "b" {
				t.Errorf("failure %v, %+v", v.Failure, v.Hops)
			}
		})
	}
}

// Answers that net/http refuses and Chromium shows.
func TestAnswersThatBrowsersShow(t *testing.T) {
	page := "<!doctype html><title>家</title>hello"
	for name, c := range map[string]struct{ answer, proto string }{
		"a list of equal lengths":       {fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d, %[1]d\r\n\r\n%s", len(page), page), "HTTP/1.1"},
		"a length of 23 digits":         {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n" + page, "HTTP/1.1"},
		"a negative length":             {"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + page, "HTTP/1.1"},
		"no header at all":              {page, "HTTP/0.9"},
		"no header and no markup":       {"hello, this is another service\r\n", ""},
		"the version of HTTP/2":         {"HTTP/2 200\r\nX: y\r\n\r\n" + page, "HTTP/1.0"},
		"no status":                     {"HTTP/1.1 OK\r\n\r\n" + page, "HTTP/1.1"},
		"a blank before the status":     {" HTTP/1.1 200 OK\r\n\r\n" + page, "HTTP/1.1"},
		"empty lines before the status": {"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + page, "HTTP/1.1"},
		"two blanks in the status line": {"HTTP/1.1  200  OK\r\n\r\n" + page, "HTTP/1.1"},
		"the first field is folded":     {"HTTP/1.1 200 OK\r\n Content-Length: 3\r\nX: y\r\n\r\n" + page, "HTTP/1.1"},
		"a tab before the first field":  {"HTTP/1.1 200 OK\r\n\tServer: x\r\n\r\n" + page, "HTTP/1.1"},
		"odd after an interim answer":   {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nodd line\r\n\r\n" + page, "HTTP/1.1"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newInternet(t)
			n.raw("a.cn", 80, text(c.answer))
			obs := look(n.client(), "a.cn", crawler.Ask{Kind: crawler.AskHome})
			p := obs.Visits[0].Last()
			if c.proto == "" {
				if kindOf(&obs.Visits[0]) != crawler.FailProtocol {
					t.Errorf("failure %v", obs.Visits[0].Failure)
				}
				return
			}
			if p == nil || string(p.Body) != page || p.Cut || p.Status != 200 || p.Proto != c.proto || len(obs.Visits[0].Hops) != 1 {
				t.Errorf("failure %v, %+v", obs.Visits[0].Failure, obs.Visits[0].Hops)
			}
		})
	}
}

// The second reading goes to the address of the first, under the same leave,
// over TLS too, and it ends when the hop must be over.
func TestSecondReading(t *testing.T) {
	n := newInternet(t)
	var asked atomic.Int32
	odd := func(c net.Conn) {
		asked.Add(1)
		text("HTTP/2 200\r\nContent-Length: 2\r\n\r\nok")(c)
	}
	n.raw("a.cn", 80, odd)
	n.raw("a.cn", 443, func(c net.Conn) { odd(tls.Server(c, selfSigned(t, "a.cn"))) })
	var leaves atomic.Int32
	client := n.client(func(o *Options) {
		o.Gate = func(context.Context, netip.Addr) (func(), error) { leaves.Add(1); return func() {}, nil }
	})
	for _, kind := range []crawler.AskKind{crawler.AskHome, crawler.AskHTTPS} {
		obs := look(client, "a.cn", crawler.Ask{Kind: kind})
		if p := obs.Visits[0].Last(); p == nil || string(p.Body) != "ok" || (p.TLS != nil) != (kind == crawler.AskHTTPS) {
			t.Errorf("%s: failure %v", kind, obs.Visits[0].Failure)
		}
	}
	if asked.Load() != 4 || leaves.Load() != 2 {
		t.Errorf("%d requests under %d leaves", asked.Load(), leaves.Load())
	}
	n.raw("slow.cn", 80, func(c net.Conn) {
		readRequest(c)
		io.WriteString(c, "HTTP/2 200\r\n")
		if asked.Add(1) == 1 {
			return // refused at once, and then it hangs
		}
		hang(c)
	})
	patiently(func(limit time.Duration) bool {
		asked.Store(0)
		v := n.home("slow.cn", func(o *Options) { o.Timeout = limit })
		if kindOf(v) == crawler.FailTimeout && asked.Load() < 2 {
			return false
		}
		if kindOf(v) != crawler.FailProtocol {
			t.Errorf("failure %v", v.Failure)
		}
		return true
	})
}

// No answer, however it is made, may crash the reader or break a limit.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"HTTP/2 200\r\n a: b\r\nContent-Length: 2, 2\r\n\r\nok", "\n <html>", " HTTP/1.1\r\n\r\n",
		"HTTP/1.0 302\r\nLocation: x\r\n folded\r\nbad\r\n\r\n", "\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + string(gzipped([]byte("hello"))),
		"HTTP/1.1 200 OK\r\nContent-Encoding: deflate, gzip\r\n\r\n" + string(gzipped(zlibbed([]byte("hello")))),
	} {
		f.Add([]byte(s))
	}
	req, _ := http.NewRequest(http.MethodGet, "http://a.cn/", nil)
	f.Fuzz(func(t *testing.T, answer []byte) {
		const limit = 10000
		header, err := readHeader(bufio.NewReader(bytes.NewReader(answer)), limit)
		if len(header) > 2*limit || err != nil && header != nil {
			t.Fatalf("a header of %d bytes, %v", len(header), err)
		}
		resp, err := readAnswer(bufio.NewReader(bytes.NewReader(answer)), req, limit)
		if err != nil {
			return
		}
		p := &crawler.Page{Header: resp.Header, Status: resp.StatusCode}
		readBody(p, resp.Body, limit, newHold(nil, limit))
		if len(p.Body) > limit {
			t.Fatalf("a body of %d bytes", len(p.Body))
		}
		pointer(p)
	})
}
