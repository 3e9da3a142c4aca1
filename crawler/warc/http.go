package warc

import (
	"bytes"
	"errors"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
)

// httpHead writes the status line and the headers of an answer as HTTP, with
// the empty line, and returns the headers that could not be written so. The
// body is kept decoded: headers that speak of its transport would be untrue
// of it.
func httpHead(b *bytes.Buffer, p *crawler.Page) (kept []header) {
	proto := p.Proto
	if !validProto(proto) {
		proto = "HTTP/1.1"
	}
	b.WriteString(proto)
	b.WriteByte(' ')
	b.WriteString(status(p.Status))
	b.WriteString("\r\n")
	names := make([]string, 0, len(p.Header))
	for name := range p.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		values := p.Header[name]
		if untrue(name, values, p) || !expressible(name, values) {
			kept = append(kept, header{Name: text(name), Values: texts(values)})
			continue
		}
		for _, v := range values {
			b.WriteString(name)
			b.WriteString(": ")
			b.WriteString(v)
			b.WriteString("\r\n")
		}
	}
	b.WriteString("\r\n")
	return kept
}

// validProto reports whether s is of the form HTTP/1.1.
func validProto(s string) bool {
	return len(s) == 8 && s[:5] == "HTTP/" && digit(s[5]) && s[6] == '.' && digit(s[7])
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// status is a status with its reason, as on a status line.
func status(code int) string {
	if code < 100 || code > 999 {
		return "000 "
	}
	return strconv.Itoa(code) + " " + http.StatusText(code)
}

// untrue reports whether a header speaks of the body as it was on the wire. A
// body that could not be decompressed is kept as it came, and its coding is
// true of it.
func untrue(name string, values []string, p *crawler.Page) bool {
	switch name {
	case "Content-Encoding":
		return !p.Cut
	case "Transfer-Encoding":
		return true
	case "Content-Length":
		return len(values) != 1 || values[0] != strconv.Itoa(len(p.Body))
	}
	return false
}

// expressible reports whether a header comes back from its written form as it
// is.
func expressible(name string, values []string) bool {
	if name == "" || len(values) == 0 || textproto.CanonicalMIMEHeaderKey(name) != name {
		return false
	}
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7f || c == ':' {
			return false
		}
	}
	for _, v := range values {
		if strings.TrimSpace(v) != v || strings.ContainsAny(v, "\r\n\x00") {
			return false
		}
	}
	return true
}

var errHTTP = errors.New("the record holds no HTTP answer")

// splitHTTP takes an HTTP block apart again.
func splitHTTP(block []byte) (http.Header, []byte, error) {
	line, rest, ok := bytes.Cut(block, []byte("\r\n"))
	if !ok || !bytes.HasPrefix(line, []byte("HTTP/")) {
		return nil, nil, errHTTP
	}
	var h http.Header
	for {
		if line, rest, ok = bytes.Cut(rest, []byte("\r\n")); !ok {
			return nil, nil, errHTTP
		}
		if len(line) == 0 {
			break
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || len(name) == 0 {
			return nil, nil, errHTTP
		}
		if h == nil {
			h = http.Header{}
		}
		h[string(name)] = append(h[string(name)], string(bytes.TrimPrefix(value, []byte(" "))))
	}
	if len(rest) == 0 {
		rest = nil
	}
	return h, rest, nil
}
