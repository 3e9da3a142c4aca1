package web

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/crawler"
)

// readBody fills the page's Body with the answer's bytes after content-coding,
// at most limit of them. It reports whether the answer was read to its end, so
// that the connection can serve again, and whether it was given up because there
// was no memory for it. Page.Cut is set when the body is longer, ends early, or
// cannot be decompressed.
func readBody(page *crawler.Page, body io.Reader, limit int, h *hold) (whole, short bool) {
	// The compressed bytes are bounded like the others: more of them than the
	// page may be long are no page.
	raw := io.LimitReader(body, int64(limit)+1)
	src, coded := raw, false
	if len(page.Header["Content-Encoding"]) > 0 {
		in := bufio.NewReader(raw)
		src, coded = decoder(in, page.Header)
		raw = in
	}
	buf := bodies.Get().(*bytes.Buffer)
	defer release(buf)
	counted := &weighed{Reader: src, h: h}
	_, err := buf.ReadFrom(io.LimitReader(counted, int64(limit)+1))
	if z, ok := src.(io.Closer); ok {
		z.Close()
	}
	if counted.short {
		h.give(counted.n)
		return false, true
	}
	if coded {
		page.Cut = true
	} else {
		page.Header.Del("Content-Encoding")
	}
	if err != nil || buf.Len() > limit {
		page.Cut = true
	}
	if buf.Len() > limit {
		buf.Truncate(limit)
	}
	page.Body = bytes.Clone(buf.Bytes())
	if page.Cut {
		return false, false
	}
	// A decoder may stop before the framing ends (the last, empty chunk).
	var one [1]byte
	n, err := raw.Read(one[:])
	return n == 0 && err == io.EOF, false
}

// bodies are the buffers that bodies grow in. One that a giant page has grown is
// left to the garbage collector.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const maxPooled = 1 << 20

// release gives a buffer back, empty.
func release(b *bytes.Buffer) {
	if b.Cap() <= maxPooled {
		b.Reset()
		bodies.Put(b)
	}
}

// decoder undoes Content-Encoding. If it cannot, the bytes come as they are
// and coded is set.
func decoder(raw *bufio.Reader, h http.Header) (src io.Reader, coded bool) {
	src = raw
	codings := strings.Split(strings.Join(h.Values("Content-Encoding"), ","), ",")
	layers := 0
	for i := len(codings) - 1; i >= 0; i-- { // listed in the order applied
		switch c := strings.ToLower(strings.TrimSpace(codings[i])); c {
		case "gzip", "x-gzip", "deflate":
			in := raw
			if layers++; layers > 1 {
				in = bufio.NewReader(src)
			}
			z := unpack(c, in)
			if z == nil || layers > 2 {
				return raw, true
			}
			src = z
		case "br", "zstd", "compress", "x-compress", "dcb", "dcz":
			return raw, true // never asked for; the bytes are kept as they came
		}
		// Anything else ("utf-8", "none", "identity") is no coding at all, and browsers ignore it.
	}
	return src, false
}

// unpack returns a decompressor if the bytes begin as its format does, else nil.
// An empty body is no fault: some servers announce gzip and send nothing.
func unpack(coding string, in *bufio.Reader) io.Reader {
	b, err := in.Peek(2)
	switch {
	case len(b) == 0 && err == io.EOF:
		return in
	case len(b) < 2:
		return nil
	case coding != "deflate":
		if b[0] != 0x1f || b[1] != 0x8b {
			return nil
		}
		return gunzip(in)
	case b[0]&0x0f == 8 && (int(b[0])<<8|int(b[1]))%31 == 0:
		z, err := zlib.NewReader(in)
		if err != nil {
			return nil
		}
		return z
	}
	return flate.NewReader(in) // deflate without the zlib wrapper, as old IIS sends it
}

// Decompressors are 40 kB each and shared.
var gunzips sync.Pool

type pooledGzip struct{ *gzip.Reader }

func gunzip(in io.Reader) io.Reader {
	if z, ok := gunzips.Get().(*gzip.Reader); ok {
		if z.Reset(in) != nil {
			gunzips.Put(z)
			return nil
		}
		return pooledGzip{z}
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil
	}
	return pooledGzip{z}
}

// Close gives the decompressor back. It must not be read afterwards.
func (p pooledGzip) Close() error {
	gunzips.Put(p.Reader)
	return nil
}
