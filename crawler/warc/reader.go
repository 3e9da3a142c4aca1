package warc

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// ErrCut says that a file ends in the middle of an observation: its writer
// was killed, or the disk was full. All observations before are whole.
var ErrCut = errors.New("the evidence file ends in the middle of a record")

const (
	maxLine   = 64 << 10 // bytes of one header line
	maxFields = 100      // header lines of a record
	maxSlack  = 64 << 10 // bytes that may follow a block within its gzip member
)

// A record is one WARC record, read.
type record struct {
	kind   string
	fields map[string]string // by lower-case name; of repeated ones the last
	block  []byte
}

// A source reads records from a stream, each a gzip member of its own or
// plain.
type source struct {
	count counter
	in    *bufio.Reader
	zip   *gzip.Reader
	text  *bufio.Reader // over zip
}

// counter counts what was read from the file.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// newSource begins at offset start of the file that r reads on from there.
func newSource(r io.Reader, start int64) *source {
	s := &source{count: counter{r: r, n: start}}
	s.in = bufio.NewReaderSize(&s.count, 64<<10)
	return s
}

// offset is where the next record begins.
func (s *source) offset() int64 { return s.count.n - int64(s.in.Buffered()) }

// next reads a record. io.EOF means a clean end, [ErrCut] an end within a
// record.
func (s *source) next() (*record, error) {
	at := s.offset()
	magic, err := s.in.Peek(2)
	if len(magic) == 0 && err == io.EOF {
		return nil, io.EOF
	}
	var rec *record
	if len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		rec, err = s.member()
	} else {
		rec, err = readRecord(s.in)
		skipEmpty(s.in)
	}
	switch {
	case err == nil:
		return rec, nil
	case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("record at byte %d: %w", at, ErrCut)
	}
	return nil, fmt.Errorf("record at byte %d: %w", at, err)
}

// member reads a record that is a gzip member, to the end of the member, so
// that its checksum is looked at.
func (s *source) member() (*record, error) {
	if s.zip == nil {
		s.zip = new(gzip.Reader)
		s.text = bufio.NewReaderSize(nil, 16<<10)
	}
	if err := s.zip.Reset(s.in); err != nil {
		return nil, err
	}
	s.zip.Multistream(false)
	s.text.Reset(s.zip)
	rec, err := readRecord(s.text)
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(io.Discard, io.LimitReader(s.text, maxSlack))
	if err == nil && n == maxSlack {
		err = errors.New("more than one record in a gzip member")
	}
	return rec, err
}

// skipEmpty takes the empty lines behind a plain record; the file may end
// there.
func skipEmpty(in *bufio.Reader) {
	for range len("\r\n\r\n") {
		b, err := in.Peek(1)
		if err != nil || b[0] != '\r' && b[0] != '\n' {
			return
		}
		in.Discard(1)
	}
}

// readRecord reads header and block and checks the block's digest.
func readRecord(in *bufio.Reader) (*record, error) {
	line, err := readLine(in)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(line, "WARC/1.") {
		return nil, errors.New("no WARC record")
	}
	rec := &record{fields: map[string]string{}}
	for n := 0; ; n++ {
		if line, err = readLine(in); err != nil {
			return nil, err
		}
		if line == "" {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || n == maxFields {
			return nil, errors.New("the header of the record is malformed")
		}
		rec.fields[strings.ToLower(name)] = strings.TrimSpace(value)
	}
	rec.kind = rec.fields["warc-type"]
	length, err := strconv.ParseInt(rec.fields["content-length"], 10, 64)
	if err != nil || length < 0 || length > maxBlock {
		return nil, fmt.Errorf("the record says it has %q bytes; it may have %d", rec.fields["content-length"], maxBlock)
	}
	var block bytes.Buffer // grows with what is there, not with what is claimed
	n, err := io.Copy(&block, io.LimitReader(in, length))
	if err != nil {
		return nil, err
	}
	if n < length {
		return nil, io.ErrUnexpectedEOF
	}
	if rec.block = block.Bytes(); !rec.intact() {
		return nil, errors.New("the record does not have the digest that it claims: the file is damaged")
	}
	return rec, nil
}

// intact compares the block with its digest, if it has one that we know.
func (r *record) intact() bool {
	want := r.fields["warc-block-digest"]
	return !strings.HasPrefix(want, "sha1:") || want == label(sha1.Sum(r.block))
}

// readLine reads a header line without its end.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxLine:
			return "", errors.New("a header line of the record is too long")
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF:
			return "", io.ErrUnexpectedEOF
		case err != nil:
			return "", err
		}
		return strings.TrimRight(string(line), "\r\n"), nil
	}
}
