package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// interimMost is how many 1xx answers may come before the answer.
const interimMost = 5

// exchange makes one request over a link and reads the answer whole. A link
// that was kept may have been closed by the server in the meantime: stale says
// so, and the request is to be made again over a new one.
func (v *visit) exchange(ctx context.Context, l *link, req *http.Request, kept bool) (page *crawler.Page, f *crawler.Failure, stale bool) {
	began := l.began
	if l.to.tls && l.tls == nil {
		if err := v.handshake(l); err != nil {
			l.close()
			return nil, handshakeFailure(ctx, err), false
		}
	}
	resp, err := v.roundTrip(l, req)
	if err != nil {
		l.close()
		var none *noAnswer
		if kept && errors.As(err, &none) && ctx.Err() == nil && !isTimeout(err) {
			return nil, nil, true
		}
		return nil, answerFailure(ctx, err), false
	}
	page = &crawler.Page{
		URL: req.URL.String(), Via: v.via, Addr: l.at, Status: resp.StatusCode, Proto: resp.Proto,
		Header: resp.Header, At: began, TLS: l.tls,
	}
	most := v.c.opt.MaxBody
	switch v.out.Ask.Kind {
	case crawler.AskRobots:
		most = min(most, robotsMost)
	case crawler.AskScript:
		most = min(most, scriptMost)
	}
	if v.c.opt.Heard != nil {
		v.c.opt.Heard(l.at.Addr(), resp.StatusCode, resp.Header, l.heard.Sub(l.sent))
	}
	whole := readBody(page, resp, most)
	page.Took = time.Since(began)
	if v.out.Ask.Kind != crawler.AskNoName {
		v.jar = v.jar.take(req.URL, resp.Header)
	}
	if stopped(ctx) && !whole {
		l.close()
		return page, ours(ctx), false
	}
	if whole && !resp.Close && l.in.Buffered() == 0 && l.body.Buffered() == 0 {
		v.kept = l
	} else {
		l.close()
	}
	return page, nil, false
}

// noAnswer wraps an error that came before the first byte of an answer.
type noAnswer struct{ error }

func (e *noAnswer) Unwrap() error { return e.error }

// roundTrip writes the request and reads the header of the answer.
func (v *visit) roundTrip(l *link, req *http.Request) (*http.Response, error) {
	l.sent = time.Now()
	if err := writeRequest(l, req); err != nil {
		return nil, err
	}
	l.phase(v.c.opt.FirstByte)
	in := l.reader()
	if _, err := in.Peek(1); err != nil {
		return nil, &noAnswer{err}
	}
	l.heard = time.Now()
	l.raw.SetDeadline(l.end)
	if l.body == nil {
		l.body = readers.Get().(*bufio.Reader)
	}
	for range interimMost {
		head, err := readHead(in, v.c.opt.MaxHeader)
		if err != nil {
			return nil, err
		}
		l.body.Reset(io.MultiReader(bytes.NewReader(head), in))
		resp, err := http.ReadResponse(l.body, req)
		if err != nil {
			return nil, &badHead{err.Error()}
		}
		if resp.StatusCode < 100 || resp.StatusCode > 199 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, nil
		}
	}
	return nil, &badHead{"more interim answers than an answer needs"}
}

// writeRequest sends the request in one packet. Its buffer is given back
// before the wait for the answer begins.
func writeRequest(l *link, req *http.Request) error {
	buf := getScratch()
	defer putScratch(buf)
	if err := req.Write(buf); err != nil { // into memory: only a request that cannot be written fails
		return &badHead{err.Error()}
	}
	if _, err := l.conn.Write(buf.Bytes()); err != nil {
		return &noAnswer{err}
	}
	return nil
}

// badHead says that what came is no HTTP answer, or breaks a limit.
type badHead struct{ why string }

func (e *badHead) Error() string { return strings.TrimPrefix(e.why, "net/http: ") }
