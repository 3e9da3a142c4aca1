package packed

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// A Resolved name waits for its visit. It has with it what the plan says of it,
// which is not read again.
type Resolved struct {
	Key     string // politeness key of the address that is dialled first; "" where no address is limited
	Seq     int
	Domain  string
	Line    int
	Data    []byte // packed, see [Target]
	Lookups []crawler.Lookup
}

// Nearly every name of a run is packed and unpacked as a resolved name, which is why
// it is done by hand: numbers as varints, texts and lists after their length,
// field by field: 0.5 µs a name for both. Gob takes four times as long, JSON nine times.

// Form is the first byte of what is packed: the order of the fields.
const Form = 2

// ErrUnreadable reports that names cannot be unpacked.
var ErrUnreadable = errors.New("names that wait cannot be read: another version of beianwatch wrote them, or the database is damaged; --fresh begins the run anew")

// Names packs names that wait for their visit.
func Names(names []Resolved) []byte {
	p := packer{b: make([]byte, 0, 200*len(names))}
	p.b = append(p.b, Form)
	p.number(int64(len(names)))
	for i := range names {
		w, from := &names[i], len(p.b)
		p.b = append(p.b, 0, 0, 0, 0) // for the length of what follows
		p.text(w.Key)
		p.number(int64(w.Seq))
		p.text(w.Domain)
		p.number(int64(w.Line))
		p.text(string(w.Data))
		p.number(int64(len(w.Lookups)))
		for j := range w.Lookups {
			p.lookup(&w.Lookups[j])
		}
		binary.LittleEndian.PutUint32(p.b[from:], uint32(len(p.b)-from-4)) //nolint:gosec // answers are bounded
	}
	return p.b
}

// ReadNames is the way back from [Names]; [ErrUnreadable] if data is not whole.
func ReadNames(data []byte) ([]Resolved, error) {
	if len(data) == 0 || data[0] != Form {
		return nil, ErrUnreadable
	}
	n, size := binary.Varint(data[1:])
	if size <= 0 || n < 0 || n > int64(len(data)) {
		return nil, ErrUnreadable
	}
	data = data[1+size:]
	names := make([]Resolved, n)
	for i := range names {
		if len(data) < 4 || uint64(binary.LittleEndian.Uint32(data)) > uint64(len(data)-4) {
			return nil, ErrUnreadable
		}
		end := 4 + int(binary.LittleEndian.Uint32(data))
		u := unpacker{s: string(data[4:end])} // a copy for each, so that a name that is waited for keeps no other in memory
		u.resolved(&names[i])
		if u.short || u.s != "" {
			return nil, ErrUnreadable
		}
		data = data[end:]
	}
	if len(data) > 0 {
		return nil, ErrUnreadable
	}
	return names, nil
}

// bit is 1 for true.
func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

type packer struct{ b []byte }

func (p *packer) number(n int64) { p.b = binary.AppendVarint(p.b, n) }

func (p *packer) text(s string) {
	p.number(int64(len(s)))
	p.b = append(p.b, s...)
}

func (p *packer) texts(list []string) {
	p.number(int64(len(list)))
	for _, s := range list {
		p.text(s)
	}
}

func (p *packer) lookup(l *crawler.Lookup) {
	p.text(l.Name)
	p.text(l.Type)
	p.text(l.Server)
	p.number(l.At.UnixNano())
	p.number(int64(l.Took))
	p.text(l.RCode)
	p.texts(l.Chain)
	p.number(int64(len(l.Addrs)))
	for _, a := range l.Addrs {
		var room [32]byte
		bytes, _ := a.AppendBinary(room[:0]) // it never fails
		p.text(string(bytes))
	}
	p.number(int64(l.TTL))
	p.texts(l.Answers)
	p.number(int64(bit(l.TCP)))
	p.number(int64(l.Tries))
	p.number(int64(bit(l.Unchecked)))
	p.number(int64(l.Resolvers))
	p.number(int64(bit(l.Failure != nil) + bit(l.Failure != nil && l.Failure.Begun)))
	if f := l.Failure; f != nil {
		p.text(string(f.Kind))
		p.text(f.Detail)
	}
}

// An unpacker takes values off the front of s; short says that it ended too
// soon, and all values from there on are zero.
type unpacker struct {
	s     string
	short bool
}

func (u *unpacker) number() int64 {
	var n uint64
	for i := 0; i < len(u.s) && i < binary.MaxVarintLen64; i++ {
		c := u.s[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			u.s = u.s[i+1:]
			return int64(n>>1) ^ -int64(n&1) // as binary.Varint does
		}
	}
	u.s, u.short = "", true
	return 0
}

// length is that of what follows: every byte of a text and every value of a
// list takes one byte at least.
func (u *unpacker) length() int {
	n := u.number()
	if n < 0 || n > int64(len(u.s)) {
		u.s, u.short = "", true
		return 0
	}
	return int(n)
}

func (u *unpacker) text() (s string) {
	n := u.length()
	s, u.s = u.s[:n], u.s[n:]
	return s
}

func (u *unpacker) texts() (list []string) {
	for range u.length() {
		list = append(list, u.text())
	}
	return list
}

func (u *unpacker) resolved(w *Resolved) {
	w.Key = u.text()
	w.Seq = int(u.number())
	w.Domain = u.text()
	w.Line = int(u.number())
	w.Data = []byte(u.text())
	w.Lookups = make([]crawler.Lookup, u.length())
	for i := range w.Lookups {
		u.lookup(&w.Lookups[i])
	}
}

func (u *unpacker) lookup(l *crawler.Lookup) {
	l.Name = u.text()
	l.Type = u.text()
	l.Server = u.text()
	l.At = time.Unix(0, u.number())
	l.Took = time.Duration(u.number())
	l.RCode = u.text()
	l.Chain = u.texts()
	for range u.length() {
		var a netip.Addr
		u.short = a.UnmarshalBinary([]byte(u.text())) != nil || u.short
		l.Addrs = append(l.Addrs, a)
	}
	l.TTL = time.Duration(u.number())
	l.Answers = u.texts()
	l.TCP = u.number() != 0
	l.Tries = int(u.number())
	l.Unchecked = u.number() != 0
	l.Resolvers = int(u.number())
	if is := u.number(); is != 0 { // 2: begun
		l.Failure = &crawler.Failure{Kind: crawler.FailureKind(u.text()), Detail: u.text(), Begun: is == 2}
	}
}
