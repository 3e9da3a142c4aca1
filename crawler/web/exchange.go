package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync/atomic"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// exchange makes one request over a connection and reads the answer whole. It
// keeps the connection for the next request if it can serve one. A connection
// that was idle may have been closed by the server in the meantime: stale says
// so, and the request is to be made again over a new one.
func (v *visit) exchange(ctx context.Context, cn *conn, req *http.Request, idle bool) (page *crawler.Page, f *crawler.Failure, stale bool) {
	var wait atomic.Int64 // from the request to the first byte of the answer
	interim, sent := 0, time.Now()
	trace := &httptrace.ClientTrace{
		GotFirstResponseByte: func() { wait.CompareAndSwap(0, max(1, int64(time.Since(sent)))) },
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			if interim++; interim > maxInterim {
				return errInterim
			}
			return nil
		},
	}
	resp, err := cn.http.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err != nil {
		cn.close()
		if idle && wait.Load() == 0 && !stopped(ctx) && !isTimeout(err) {
			return nil, nil, true
		}
		f := answerFailure(ctx, err)
		f.Begun = f.Kind == crawler.FailTimeout && wait.Load() > 0
		if refusedByUs(f, err, cn) {
			if page := v.lenient(ctx, cn, req); page != nil {
				return page, nil, false
			}
			if v.short {
				return nil, noMemory(), false
			}
		}
		return nil, f, false
	}
	page, whole := v.page(cn, req, resp, time.Duration(wait.Load()))
	if page == nil {
		cn.close()
		return nil, noMemory(), false
	}
	if stopped(ctx) && !whole {
		cn.close()
		return page, ours(ctx), false
	}
	if whole && !resp.Close && cn.http.Err() == nil {
		cn.raw.SetDeadline(time.Time{}) // the wait for leave is not the site's time
		v.idle = cn
	} else {
		cn.close()
	}
	return page, nil, false
}

var errInterim = &headerError{"more interim answers than an answer needs"}

// trimNames takes the blanks off the end of header names, as browsers do.
// net/http lets them stand, and the field would not be found.
func trimNames(h http.Header) {
	for name, values := range h {
		if short := strings.TrimRight(name, " \t"); short != name {
			delete(h, name)
			short = http.CanonicalHeaderKey(short)
			h[short] = append(h[short], values...)
		}
	}
}

// refusedByUs reports whether something answered that net/http could not read
// and a browser might: what is no HTTP to it, an answer without the end of a
// header, and every failure of an HTTP/2 connection.
func refusedByUs(f *crawler.Failure, err error, cn *conn) bool {
	switch f.Kind {
	case crawler.FailProtocol:
		return true
	case crawler.FailReset:
		return errors.Is(err, io.ErrUnexpectedEOF) || cn.proto == "h2"
	}
	return false
}

// noMemory is why an answer was not read: it is no word about the site.
func noMemory() *crawler.Failure {
	return crawler.NewFailure(crawler.FailOurs, message.NoMemory.Fill())
}

// page reads an answer whole, at most as much of it as the ask allows, and
// reports whether it was read to its end. The page is nil, and v.short set, if
// there is no memory for it now.
func (v *visit) page(cn *conn, req *http.Request, resp *http.Response, wait time.Duration) (page *crawler.Page, whole bool) {
	page = &crawler.Page{
		URL: req.URL.String(), Via: v.via, Addr: cn.addr, Status: resp.StatusCode, Proto: resp.Proto,
		Header: resp.Header, At: cn.began, TLS: cn.tls,
	}
	trimNames(page.Header)
	if v.c.opt.Heard != nil {
		v.c.opt.Heard(cn.addr.Addr(), resp.StatusCode, resp.Header, wait)
	}
	if resp.StatusCode == http.StatusSwitchingProtocols { // no body follows, and no HTTP either
		return page, false
	}
	limit := v.c.opt.MaxBody
	switch v.out.Ask.Kind {
	case crawler.AskRobots:
		limit = min(limit, maxRobots)
	case crawler.AskScript:
		limit = min(limit, maxScript)
	}
	if len(page.Header["Content-Encoding"]) == 0 {
		v.short = !v.s.hold.expect(min(resp.ContentLength, int64(limit)))
	}
	if !v.short {
		whole, v.short = readBody(page, resp.Body, limit, v.s.hold)
	}
	if !whole {
		cn.raw.Close() // so that closing the body waits for nothing
	}
	resp.Body.Close()
	if v.short {
		return nil, false
	}
	page.Took = time.Since(cn.began)
	return page, whole
}
