package web

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// A headerError reports that what came is no HTTP answer, or breaks a limit.
type headerError struct{ why string }

func (e *headerError) Error() string { return e.why }

// maxJunk is how many bytes may come before the word HTTP of the status line:
// as many as Chromium passes over (net/http/http_util.cc, LocateStartOfStatusLine).
const maxJunk = 4

// readHeader reads the header of an answer, from the status line to the empty
// line, at most limit bytes, and makes it fit for http.ReadResponse as browsers
// do: lines that are no header fields, and framing fields that say nothing, are
// left out. The error is a *headerError if what came is no HTTP.
func readHeader(in *bufio.Reader, limit int) ([]byte, error) {
	h := header{limit: limit, dropped: true} // nothing can be continued before the first field
	if err := skipJunk(in); err != nil {
		return nil, err
	}
	line, err := h.line(in)
	if err != nil {
		return nil, err
	}
	if h.out, err = statusLine(bytes.TrimRight(line, "\r\n")); err != nil {
		return nil, err
	}
	for {
		line, err := h.line(in)
		if err != nil {
			return nil, err
		}
		text := bytes.TrimRight(line, "\r\n")
		if len(text) == 0 {
			return append(h.out, "\r\n"...), nil
		}
		h.field(text)
	}
}

// skipJunk passes over what may stand before the status line.
func skipJunk(in *bufio.Reader) error {
	for skipped := 0; ; skipped++ {
		b, err := in.Peek(4)
		switch {
		case bytes.EqualFold(b, []byte("HTTP")):
			return nil
		case len(b) == 0:
			return err
		case skipped == maxJunk || err != nil:
			start, _ := in.Peek(min(in.Buffered(), 40))
			return &headerError{fmt.Sprintf("the answer is not HTTP: it begins with %q", start)}
		}
		in.Discard(1)
	}
}

// statusLine makes a status line one that http.ReadResponse takes. Browsers
// read a version that is none as 1.0 and a status that is missing as 200
// (Chromium, net/http/http_response_headers.cc, ParseStatusLine).
func statusLine(text []byte) ([]byte, error) {
	version, rest, _ := bytes.Cut(text, []byte(" "))
	rest = bytes.TrimLeft(rest, " ")
	if !bytes.Equal(version, []byte("HTTP/1.1")) {
		version = []byte("HTTP/1.0")
	}
	digits := len(rest) - len(bytes.TrimLeft(rest, "0123456789"))
	status, reason := rest[:digits], rest[digits:]
	switch {
	case digits == 0:
		status = []byte("200")
	case digits != 3 || status[0] == '0':
		return nil, &headerError{"a status of " + strconv.Itoa(digits) + " digits"}
	}
	out := make([]byte, 0, 1024)
	out = append(append(append(out, version...), ' '), status...)
	out = append(out, ' ')
	return append(clean(out, bytes.TrimLeft(reason, " ")), "\r\n"...), nil
}

// A header is a header being read.
type header struct {
	out     []byte // what is kept
	long    []byte // a line longer than the reader's buffer
	read    int    // bytes so far
	limit   int
	dropped bool   // the last field was left out, so are its continuation lines
	chunked bool   // "Transfer-Encoding: chunked" has been written
	length  []byte // the value of Content-Length, once it has been written
}

// line reads to the next line feed, within the limit for the whole header.
func (h *header) line(in *bufio.Reader) ([]byte, error) {
	h.long = h.long[:0]
	for {
		part, err := in.ReadSlice('\n')
		if h.read += len(part); h.read > h.limit {
			return nil, &headerError{fmt.Sprintf("the header is larger than %d bytes", h.limit)}
		}
		switch {
		case err == nil && len(h.long) == 0:
			return part, nil
		case err == nil:
			return append(h.long, part...), nil
		case errors.Is(err, bufio.ErrBufferFull):
			h.long = append(h.long, part...)
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("within the header: %w", io.ErrUnexpectedEOF)
		default:
			return nil, err
		}
	}
}

// field keeps one header line, or leaves it out.
func (h *header) field(text []byte) {
	if text[0] == ' ' || text[0] == '\t' {
		if !h.dropped {
			h.keep(text)
		}
		return
	}
	name, value, ok := bytes.Cut(text, []byte(":"))
	if name = bytes.TrimRight(name, " \t"); !ok || !token(name) {
		h.dropped = true
		return
	}
	value = bytes.TrimSpace(value)
	h.dropped = false
	switch {
	case bytes.EqualFold(name, []byte("Content-Length")):
		if value = contentLength(value); value == nil || bytes.Equal(value, h.length) {
			h.dropped = true
			return
		}
		h.length = bytes.Clone(value) // two that differ are left for http.ReadResponse to refuse, as browsers do
	case bytes.EqualFold(name, []byte("Transfer-Encoding")):
		// Only chunked frames a body; "identity" and its like say nothing.
		h.dropped = h.chunked || !bytes.Contains(bytes.ToLower(value), []byte("chunked"))
		if h.dropped {
			return
		}
		h.chunked, value = true, []byte("chunked")
	}
	h.out = append(append(h.out, name...), ": "...)
	h.keep(value)
}

// contentLength is a length as http.ReadResponse takes it: "N, N" is N, and nil
// stands for what browsers take for no length at all (no number, or one that no
// integer holds).
func contentLength(value []byte) []byte {
	first, rest, several := bytes.Cut(value, []byte(","))
	first = bytes.TrimSpace(first)
	if _, err := strconv.ParseUint(string(first), 10, 63); err != nil {
		return nil
	}
	for several {
		var next []byte
		next, rest, several = bytes.Cut(rest, []byte(","))
		if !bytes.Equal(bytes.TrimSpace(next), first) {
			return value // refused by http.ReadResponse
		}
	}
	return first
}

// keep writes a value and ends its line.
func (h *header) keep(value []byte) {
	h.out = append(clean(h.out, value), "\r\n"...)
}

// clean appends a value without control bytes: they have no place in a header,
// and http.ReadResponse would refuse the whole answer for them.
func clean(out, value []byte) []byte {
	start := len(out)
	out = append(out, value...)
	for i, c := range out[start:] {
		if c < ' ' && c != '\t' || c == 0x7f {
			out[start+i] = ' '
		}
	}
	return out
}

// token reports whether a header name is one (RFC 9110, section 5.6.2).
func token(name []byte) bool {
	for _, c := range name {
		if c <= ' ' || c >= 0x7f || bytes.IndexByte([]byte(`"(),/:;<=>?@[\]{}`), c) >= 0 {
			return false
		}
	}
	return len(name) > 0
}
