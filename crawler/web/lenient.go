package web

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// maxInterim is how many 1xx answers may come before the answer.
const maxInterim = 5

// lenient makes a request once more to the address that was just dialled, over
// HTTP/1.1, and reads an answer that net/http refused as browsers read it: with
// stray header lines, an odd status line, or no header at all. The page is nil
// if browsers would not show it either. What every visitor sees must not be
// called broken because our parser is stricter than theirs.
func (v *visit) lenient(ctx context.Context, refused *conn, req *http.Request) *crawler.Page {
	cn := &conn{c: v.c, to: refused.to, addr: refused.addr, curves: refused.curves, protos: alpnHTTP1, began: refused.began, end: refused.end}
	raw, err := cn.dial(ctx)
	if cn.raw != nil {
		defer cn.raw.Close()
		defer context.AfterFunc(ctx, func() { cn.raw.Close() })()
	}
	if err != nil {
		return nil
	}
	out, in := bufio.NewWriter(raw), bufio.NewReader(raw)
	if req.Write(out) != nil || out.Flush() != nil {
		return nil
	}
	sent := time.Now()
	resp, err := readAnswer(in, req, v.c.opt.MaxHeader)
	if err != nil {
		return nil
	}
	page, whole := v.page(cn, req, resp, time.Since(sent))
	if page == nil || stopped(ctx) && !whole {
		return nil
	}
	return page
}

// readAnswer reads the header of an answer, and lets http.ReadResponse frame
// the body.
func readAnswer(in *bufio.Reader, req *http.Request, limit int) (*http.Response, error) {
	if req.URL.Scheme == "http" && looksHTML(in) {
		return bareAnswer(in, req)
	}
	for range maxInterim {
		header, err := readHeader(in, limit)
		if err != nil {
			return nil, err
		}
		resp, err := http.ReadResponse(bufio.NewReader(io.MultiReader(bytes.NewReader(header), in)), req)
		if err != nil {
			return nil, err
		}
		if resp.StatusCode < 100 || resp.StatusCode > 199 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, nil
		}
	}
	return nil, errInterim
}

// looksHTML reports whether what comes next is markup. Browsers show an answer
// without any header (HTTP/0.9) over plain HTTP whatever it is; we take only what
// is a page, not the greeting of another service.
func looksHTML(in *bufio.Reader) bool {
	in.Peek(1) // waits for the first packet
	b, _ := in.Peek(min(in.Buffered(), 64))
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n")
	return len(b) > 1 && b[0] == '<' && (b[1] == '!' || b[1] == '?' || b[1]|0x20 >= 'a' && b[1]|0x20 <= 'z')
}

// bareAnswer is an answer of HTTP/0.9: all that comes is the body.
func bareAnswer(in *bufio.Reader, req *http.Request) (*http.Response, error) {
	resp, err := http.ReadResponse(bufio.NewReader(io.MultiReader(bytes.NewReader([]byte("HTTP/1.0 200 OK\r\n\r\n")), in)), req)
	if resp != nil {
		resp.Proto = "HTTP/0.9"
	}
	return resp, err
}
