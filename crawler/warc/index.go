package warc

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// An Entry is what an index tells of one record.
type Entry struct {
	Type   string    // WARC-Type
	URI    string    // WARC-Target-URI
	Date   time.Time // WARC-Date
	Mime   string    // of the payload, without parameters; "warc/revisit" for a revisit
	Status int       // of an HTTP answer; 0 for none
	Digest string    // WARC-Payload-Digest, "sha1:…"
	Offset int64     // of the record in the file
	Length int64     // of the record as it stands there
	Sum    [sha256.Size]byte
}

// Begins reports whether an observation of ours begins with the record.
func (e *Entry) Begins() bool { return e.Type == typeMetadata && e.Mime == wireType }

// Entries lists the records of an evidence file in order; see [EachEntry] for how it
// ends.
func Entries(file io.ReaderAt, size int64) ([]Entry, error) {
	var list []Entry
	err := EachEntry(file, size, func(e Entry) error {
		list = append(list, e)
		return nil
	})
	return list, err
}

// EachEntry hands over the records of an evidence file in order. It reads every record
// whole, so one that is damaged, or whose block or payload is not what its header
// says, ends it with an error; a cut end with [ErrCut]. An error of each ends it, too.
func EachEntry(file io.ReaderAt, size int64, each func(Entry) error) error {
	src := newSource(io.NewSectionReader(file, 0, size), 0)
	for {
		at := src.offset()
		rec, err := src.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		e, err := rec.entry()
		if err != nil {
			return fmt.Errorf("record at byte %d: %w", at, err)
		}
		e.Offset, e.Length = at, src.offset()-at
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(file, e.Offset, e.Length)); err != nil {
			return err
		}
		h.Sum(e.Sum[:0])
		if err := each(e); err != nil {
			return err
		}
	}
}

// entry is what an index tells of the record, its place aside.
func (r *record) entry() (Entry, error) {
	e := Entry{Type: r.kind, URI: r.fields["warc-target-uri"], Digest: r.fields["warc-payload-digest"]}
	var err error
	if e.Date, err = time.Parse(time.RFC3339, r.fields["warc-date"]); err != nil {
		return e, errors.New("it has no date")
	}
	payload := r.block
	e.Mime = r.fields["content-type"]
	if r.kind == typeResponse || r.kind == typeRevisit {
		var head http.Header
		if head, payload, err = splitHTTP(r.block); err != nil {
			return e, err
		}
		e.Mime, e.Status = head.Get("Content-Type"), statusOf(r.block)
	}
	if r.kind == typeRevisit {
		e.Mime = "warc/revisit"
	} else if strings.HasPrefix(e.Digest, "sha1:") && e.Digest != label(sha1.Sum(payload)) {
		return e, errors.New("the record does not have the payload that it claims: the file is damaged")
	}
	e.Mime, _, _ = strings.Cut(e.Mime, ";")
	e.Mime = strings.TrimSpace(e.Mime)
	return e, nil
}

// statusOf is the status on the first line of an HTTP block; 0 if there is none.
func statusOf(block []byte) int {
	line, _, _ := strings.Cut(string(block[:min(len(block), 64)]), "\r\n")
	words := strings.Fields(line)
	if len(words) < 2 {
		return 0
	}
	n, err := strconv.Atoi(words[1])
	if err != nil || n < 100 || n > 999 {
		return 0
	}
	return n
}

// Describe returns the metadata record of an observation as JSON with indents: every
// question to DNS, every request, TLS facts and failures, without headers and bodies.
func Describe(obs *crawler.Observation) ([]byte, error) {
	return json.MarshalIndent(wireOf(obs), "", "  ")
}
