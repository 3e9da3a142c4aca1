package inventory

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// maxLine bounds one line of a text file. A real one has a few hundred bytes;
// what is longer is cut, so that a file without line ends cannot fill memory.
const maxLine = 1 << 20

// lines reads a text file line by line as UTF-8, whatever it is written in.
type lines struct {
	in     *bufio.Reader
	number int               // of the line returned last, from 1
	gbk    *encoding.Decoder // decodes lines that are not UTF-8
	latch  bool              // the first line that was not ASCII was GBK: take lines for GBK that are not surely UTF-8
	seen   bool              // a line that was not ASCII has been read
	again  []line            // lines put back
	// wideCommas is set where cells are parted by full-width commas.
	wideCommas bool
}

// A line is one line without its line end.
type line struct {
	number int
	text   string
	long   bool // cut at maxLine
}

// newLines reads from in, whose first bytes are head.
func newLines(in *bufio.Reader, head []byte) *lines {
	l := &lines{in: in, gbk: simplifiedchinese.GB18030.NewDecoder()}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		l.in = bufio.NewReaderSize(macEnds{in}, sniffed)
		in = l.in
	}
	switch {
	case wide(head) == 'l':
		l.in = bufio.NewReaderSize(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(in), sniffed)
	case wide(head) == 'b':
		l.in = bufio.NewReaderSize(unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder().Reader(in), sniffed)
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		in.Discard(3) //nolint:errcheck // the three bytes have just been peeked
		l.seen = true
	default:
		// A short GBK line can happen to be valid UTF-8 (联通 is the known
		// joke), so the whole head decides, not the first line.
		if i := bytes.LastIndexByte(head, '\n'); i > 0 {
			head = head[:i]
		}
		if !ascii(head) {
			l.seen, l.latch = true, !utf8.Valid(head)
		}
	}
	return l
}

// macEnds turns CR into LF: what Excel calls "CSV (Macintosh)" ends its lines
// with CR alone.
type macEnds struct{ in io.Reader }

func (m macEnds) Read(p []byte) (int, error) {
	n, err := m.in.Read(p)
	for i := range p[:n] {
		if p[i] == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// next returns the next line, or io.EOF.
func (l *lines) next() (line, error) {
	if n := len(l.again); n > 0 {
		out := l.again[0]
		l.again = l.again[1:]
		return out, nil
	}
	raw, long, err := l.read()
	if err != nil {
		return line{}, err
	}
	l.number++
	return line{l.number, l.commas(l.decode(bytes.TrimSuffix(raw, []byte("\r")))), long}, nil
}

// commas makes plain commas of full-width ones where these part the cells.
func (l *lines) commas(s string) string {
	if l.wideCommas {
		return strings.ReplaceAll(s, "，", ",")
	}
	return s
}

// back puts lines back so that next returns them again, in their order.
func (l *lines) back(taken []line) { l.again = append(taken, l.again...) }

// read returns the bytes up to the next line end; they are good until the
// next call.
func (l *lines) read() (raw []byte, long bool, err error) {
	var whole []byte
	for {
		part, err := l.in.ReadSlice('\n')
		if len(whole)+len(part) > maxLine {
			part, long = part[:max(0, maxLine-len(whole))], true
		}
		if err == nil && whole == nil {
			return bytes.TrimSuffix(part, []byte("\n")), long, nil
		}
		whole = append(whole, part...)
		switch {
		case err == nil:
			return bytes.TrimSuffix(whole, []byte("\n")), long, nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && len(whole) > 0:
			return whole, long, nil
		default:
			return nil, false, err
		}
	}
}

// decode makes UTF-8 of a line.
func (l *lines) decode(raw []byte) string {
	if ascii(raw) {
		return string(raw)
	}
	valid := utf8.Valid(raw)
	if !l.seen {
		l.seen, l.latch = true, !valid
	}
	if valid && (!l.latch || surelyUTF8(raw)) {
		return string(raw)
	}
	if out, err := l.gbk.Bytes(raw); err == nil {
		return string(out)
	}
	return string(bytes.ToValidUTF8(raw, []byte("\uFFFD")))
}

// surelyUTF8 reports whether all characters of a valid line beyond ASCII have
// three bytes or more, as Chinese has in UTF-8. A line of GBK is hardly ever so
// by chance: lists are pasted together from files in both.
func surelyUTF8(raw []byte) bool {
	for len(raw) > 0 {
		r, n := utf8.DecodeRune(raw)
		if r >= utf8.RuneSelf && n < 3 {
			return false
		}
		raw = raw[n:]
	}
	return true
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
