package warc

import (
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base32"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The record types that are written.
const (
	typeInfo     = "warcinfo"
	typeMetadata = "metadata"
	typeResponse = "response"
	typeRevisit  = "revisit"
	typeResource = "resource"
)

const (
	version      = "WARC/1.1"
	fieldsType   = "application/warc-fields"
	httpType     = "application/http;msgtype=response"
	wireType     = "application/vnd.beianwatch.observation+json"
	revisitKind  = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
	conformsTo   = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
	maxTargetURI = 8 << 10 // bytes; the metadata keeps longer addresses whole
)

// An id names a record: a random UUID.
type id [16]byte

func newID() id {
	var u id
	rand.Read(u[:]) // never fails
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return u
}

func (u id) String() string {
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// fields are the header of a record, in order.
type fields struct{ b bytes.Buffer }

func (f *fields) add(name, value string) {
	f.b.WriteString(name)
	f.b.WriteString(": ")
	f.b.WriteString(value)
	f.b.WriteString("\r\n")
}

// newFields begins a record.
func newFields(kind string, u id, at time.Time) *fields {
	f := &fields{}
	f.b.WriteString(version + "\r\n")
	f.add("WARC-Type", kind)
	f.add("WARC-Record-ID", u.String())
	f.add("WARC-Date", date(at))
	return f
}

// end closes the header for a block of the given type.
func (f *fields) end(contentType string, block ...[]byte) []byte {
	sum, size := sha1.New(), 0
	for _, part := range block {
		sum.Write(part)
		size += len(part)
	}
	f.add("WARC-Block-Digest", label([sha1.Size]byte(sum.Sum(nil))))
	f.add("Content-Type", contentType)
	f.add("Content-Length", strconv.Itoa(size))
	f.b.WriteString("\r\n")
	return f.b.Bytes()
}

// label is a digest as WARC writes it. SHA-1 is what the usual tools
// read; it guards against decay, not against forgery.
func label(sum [sha1.Size]byte) string {
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

// date is a time as WARC writes it: UTC, whole seconds. The metadata has it
// exactly.
func date(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// targetURI makes an address fit for a header: no byte of it may break the
// line, or stand outside ASCII.
func targetURI(s string) string {
	if len(s) > maxTargetURI {
		s = s[:maxTargetURI]
	}
	clean := true
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
