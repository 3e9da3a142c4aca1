package web

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// readHead reads the header of an answer, from the status line to the empty
// line, and makes it fit for http.ReadResponse: lines that are no header
// fields, and framing fields that say nothing, are left out, as browsers do.
// Without that a stray line would make a site that every visitor sees look broken.
func readHead(in *bufio.Reader, most int) ([]byte, error) {
	h := head{most: most}
	for {
		line, err := h.line(in)
		if err != nil {
			return nil, err
		}
		text := bytes.TrimRight(line, "\r\n")
		switch {
		case h.out == nil && len(text) == 0 && h.read <= 8:
			continue // an empty line or two before the status line
		case h.out == nil:
			if !bytes.HasPrefix(text, []byte("HTTP/")) {
				return nil, &badHead{fmt.Sprintf("the answer is not HTTP: it begins with %q", text[:min(len(text), 40)])}
			}
			h.out = append(make([]byte, 0, 1024), text...)
			h.out = append(h.out, "\r\n"...)
		case len(text) == 0:
			return append(h.out, "\r\n"...), nil
		default:
			h.field(text)
		}
	}
}

// A head is a header being read.
type head struct {
	out     []byte // what is kept
	long    []byte // a line longer than the reader's buffer
	read    int    // bytes so far
	most    int
	dropped bool // the last field was left out, so are its continuation lines
	chunked bool // "Transfer-Encoding: chunked" has been written
}

// line reads to the next line feed, within the limit for the whole header.
func (h *head) line(in *bufio.Reader) ([]byte, error) {
	h.long = h.long[:0]
	for {
		part, err := in.ReadSlice('\n')
		if h.read += len(part); h.read > h.most {
			return nil, &badHead{fmt.Sprintf("the header is larger than %d bytes", h.most)}
		}
		switch {
		case err == nil && len(h.long) == 0:
			return part, nil
		case err == nil:
			return append(h.long, part...), nil
		case errors.Is(err, bufio.ErrBufferFull):
			h.long = append(h.long, part...)
		case errors.Is(err, io.EOF) && h.read > 0:
			return nil, fmt.Errorf("within the header: %w", io.ErrUnexpectedEOF)
		default:
			return nil, err
		}
	}
}

// field keeps one header line, or leaves it out.
func (h *head) field(text []byte) {
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
		// Browsers take a length that is no number for no length.
		if len(value) == 0 || len(bytes.Trim(value, "0123456789, ")) > 0 {
			h.dropped = true
			return
		}
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

// keep writes a value. Control bytes have no place in one; http.ReadResponse
// would refuse the whole answer for them.
func (h *head) keep(value []byte) {
	start := len(h.out)
	h.out = append(h.out, value...)
	for i, c := range h.out[start:] {
		if c < ' ' && c != '\t' || c == 0x7f {
			h.out[start+i] = ' '
		}
	}
	h.out = append(h.out, "\r\n"...)
}

// token tells whether a header name is one (RFC 9110, section 5.6.2).
func token(name []byte) bool {
	for _, c := range name {
		if c <= ' ' || c >= 0x7f || bytes.IndexByte([]byte(`"(),/:;<=>?@[\]{}`), c) >= 0 {
			return false
		}
	}
	return len(name) > 0
}
