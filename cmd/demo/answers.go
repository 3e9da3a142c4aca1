package demo

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"path"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// charsets are the encodings that sites use other than UTF-8, in which the
// files are kept.
var charsets = map[string]encoding.Encoding{
	"gbk":     simplifiedchinese.GBK,
	"gb18030": simplifiedchinese.GB18030,
	"utf-16":  unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
}

// load reads a file of the folder sites in an encoding; "" is UTF-8. The files
// are part of the program, so a missing one is a mistake in it.
func load(file, charset string) []byte {
	body, err := files.ReadFile(path.Join("sites", file))
	if err != nil {
		panic("demo: " + err.Error())
	}
	if charset == "" {
		return body
	}
	out, err := charsets[charset].NewEncoder().Bytes(body)
	if err != nil {
		panic(fmt.Sprintf("demo: %s in %s: %v", file, charset, err))
	}
	return out
}

// page answers with a page of the site's own and says utf-8 in the header.
func page(file string) http.HandlerFunc {
	return written(load(file, ""), "text/html; charset=utf-8")
}

// pageIn answers with a page in another encoding; header is the Content-Type.
func pageIn(charset, header, file string) http.HandlerFunc {
	return written(load(file, charset), header)
}

// written answers with these bytes, compressed if the client takes that.
func written(body []byte, kind string) http.HandlerFunc {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(body) // a bytes.Buffer takes everything
	_ = z.Close()
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		send := body
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
			send = packed.Bytes()
		}
		_, _ = w.Write(send) // a client that leaves is no trouble of ours
	}
}

// home answers / alone. Other paths are not there, so that nothing else is
// taken for a home page.
func home(h http.HandlerFunc) http.Handler { return routes(paths{"/": h}) }

// paths are what a site answers at each of its paths.
type paths map[string]http.HandlerFunc

// routes answers these paths alone.
func routes(p paths) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h := p[r.URL.Path]; h != nil {
			h(w, r)
			return
		}
		http.NotFound(w, r)
	})
}

// status answers with a status, the server's name and a page of the server.
func status(code int, server, file string) http.HandlerFunc {
	body := load(path.Join("server", file), "")
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Server", server)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(code)
		_, _ = w.Write(body)
	}
}

// toBrowsers answers browsers with h and programs that say what they are with
// other.
func toBrowsers(h, other http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.UserAgent(), "Chrome/") {
			home(h).ServeHTTP(w, r)
			return
		}
		other(w, r)
	})
}

// moved redirects to a fixed address.
func moved(code int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, code) }
}

// upgrade redirects plain requests to the same name over TLS.
func upgrade(then http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil {
			http.Redirect(w, r, "https://"+hostName(r.Host)+r.URL.RequestURI(), http.StatusMovedPermanently)
			return
		}
		then(w, r)
	}
}

// markup answers with a short page that is written in the code.
func markup(html string) http.HandlerFunc { return written([]byte(html), "text/html; charset=utf-8") }

// script answers with a script of the folder sites.
func script(file string) http.HandlerFunc {
	return written(load(file, ""), "application/javascript; charset=utf-8")
}

// broken promises the whole page and ends the connection after share percent.
func broken(file string, share int) http.HandlerFunc {
	body := load(file, "")
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = w.Write(body[:len(body)*share/100])
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		panic(http.ErrAbortHandler)
	}
}

// strangers answers a request without a known name, as a hosting panel does.
func strangers(w http.ResponseWriter, r *http.Request) {
	status(http.StatusOK, "nginx", "address.html")(w, r)
}

// reset breaks the connection off without a word.
func reset(w http.ResponseWriter, _ *http.Request) {
	hj, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	c, _, err := hj.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if t, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = t.NetConn()
	}
	abort(c)
}

// abort closes a connection so that the other side sees a reset.
func abort(c net.Conn) {
	if t, ok := c.(interface{ SetLinger(int) error }); ok {
		_ = t.SetLinger(0) // if it cannot be set, the close below is a plain one
	}
	c.Close()
}
