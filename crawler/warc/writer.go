package warc

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// DefaultMaxBytes is the size at which a new file is begun: what the
// standard advises (ISO 28500, annex on file size).
const DefaultMaxBytes = 1 << 30

// A Writer appends observations to files of its own in one folder. It is
// safe for many goroutines; several processes may write to the same folder.
type Writer struct {
	dir    string
	prefix string
	max    int64
	seed   maphash.Seed

	mu     sync.Mutex
	file   *os.File // nil before the first write, and after a rotation
	name   string
	size   int64
	head   int64 // of size: the record that the file begins with
	count  int   // files begun
	closed bool
	bodies bodies // that stand in the file
}

var prefixForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// NewWriter writes below dir, which is made if it is not there. prefix (the
// id of the run) begins the name of each file; maxBytes is the size at which
// a new file is begun, [DefaultMaxBytes] if it is not positive. No file is
// made before the first observation.
func NewWriter(dir, prefix string, maxBytes int64) (*Writer, error) {
	if !prefixForm.MatchString(prefix) {
		return nil, fmt.Errorf("evidence files cannot be named %q: use letters, digits, dot, dash and underscore", prefix)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the evidence folder: %w; name a folder that can be written", err)
	}
	if maxBytes <= 0 {
		maxBytes = DefaultMaxBytes
	}
	return &Writer{dir: dir, prefix: prefix, max: maxBytes, seed: maphash.MakeSeed()}, nil
}

// Write keeps an observation and tells where. When it returns, a killed
// process no longer loses it; a power cut may, until [Writer.Close].
func (w *Writer) Write(obs *crawler.Observation) (Place, error) { return w.WriteWith(obs, nil) }

// WriteWith is Write with what else a verdict followed from, as JSON of the
// caller's own that [ReadWith] gives back; nil for nothing.
func (w *Writer) WriteWith(obs *crawler.Observation, inputs json.RawMessage) (Place, error) {
	p, err := pack(obs, inputs, w.seed, w.known)
	if err != nil {
		return Place{}, fmt.Errorf("keeping evidence of %s: %w", obs.Domain, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return Place{}, fmt.Errorf("keeping evidence of %s: %w", obs.Domain, os.ErrClosed)
	}
	if p, err = w.fit(p, obs, inputs); err != nil {
		return Place{}, fmt.Errorf("keeping evidence of %s: %w", obs.Domain, err)
	}
	defer p.free()
	if w.removed() {
		return Place{}, fmt.Errorf("keeping evidence of %s: %w", obs.Domain, errRemoved)
	}
	place := Place{File: w.name, Offset: w.size}
	if err := w.append(p.Bytes()); err != nil {
		return Place{}, fmt.Errorf("keeping evidence of %s: %w; make room on the disk, or choose another folder", obs.Domain, err)
	}
	for _, f := range p.fresh {
		f.origin.place = Place{File: place.File, Offset: place.Offset + f.at}
		w.bodies.put(f.key, f.origin)
	}
	return place, nil
}

var errRemoved = message.Errorf("证据文件在检查过程中被删除，或其文件夹被删除；请重新执行该命令，未保存的域名会重新检查", "the evidence file, or its folder, was removed while it was written; run the same command again: what was not stored is visited anew")

// removed reports whether the file is not in its folder any more: what is written
// to it would be lost without a word. It stays so until the file is full: what comes
// later may point at bodies in it.
func (w *Writer) removed() bool {
	there, err := os.Stat(filepath.Join(w.dir, w.name))
	if err == nil {
		open, err := w.file.Stat()
		return err == nil && !os.SameFile(there, open)
	}
	return errors.Is(err, os.ErrNotExist)
}

// Close makes what was written safe from a power cut. The Writer is of no use
// afterwards.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	return w.finish()
}

func (w *Writer) known(k key) *origin {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bodies.get(k)
}

// fit makes sure that a file is open with room for a packed observation, and packs
// it again where it refers to a body in another file, which may be deleted before
// this one: each file is whole by itself.
func (w *Writer) fit(p *packed, obs *crawler.Observation, inputs json.RawMessage) (*packed, error) {
	for {
		if err := w.room(int64(p.Len())); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(p.refers, func(file string) bool { return file != w.name }) {
			return p, nil
		}
		p.free()
		var err error
		if p, err = pack(obs, inputs, w.seed, w.bodies.get); err != nil {
			return nil, err
		}
	}
}

// room makes sure that a file is open with room for n bytes; an observation
// larger than a whole file gets one of its own.
func (w *Writer) room(n int64) error {
	if w.file != nil && w.size > w.head && w.size+n > w.max {
		if err := w.finish(); err != nil {
			return err
		}
	}
	if w.file != nil {
		return nil
	}
	var salt [4]byte
	rand.Read(salt[:])
	w.count++
	name := fmt.Sprintf("%s-%05d-%x.warc.gz", w.prefix, w.count, salt)
	f, err := os.OpenFile(filepath.Join(w.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w.file, w.name, w.size, w.head = f, name, 0, 0
	w.bodies = bodies{}
	var p packed
	info := []byte("software: beianwatch\r\nformat: WARC File Format 1.1\r\nconformsTo: " + conformsTo + "\r\nisPartOf: " + w.prefix + "\r\n" + selfContained + "\r\n")
	h := newFields(typeInfo, newID(), time.Now())
	h.add("WARC-Filename", name)
	if err := p.member(h.end(fieldsType, info), info); err != nil {
		return err
	}
	err = w.append(p.Bytes())
	w.head = w.size
	if err != nil { // nothing can stand in it: each try would leave another one
		os.Remove(f.Name()) //nolint:errcheck // the first error says more
	}
	return err
}

// append writes b at the end of the file. A part of it that got there before
// an error (a full disk) is taken back; if even that does not work, the file
// is left, cut, and the next observation begins a new one.
func (w *Writer) append(b []byte) error {
	n, err := w.file.Write(b)
	if err == nil {
		w.size += int64(n)
		return nil
	}
	if w.size == 0 || w.file.Truncate(w.size) != nil {
		w.file.Close()
		w.file = nil
		return err
	}
	if _, seek := w.file.Seek(w.size, 0); seek != nil {
		w.file.Close()
		w.file = nil
	}
	return err
}

func (w *Writer) finish() error {
	if w.file == nil {
		return nil
	}
	f := w.file
	w.file = nil
	return errors.Join(f.Sync(), f.Close())
}

// maxBodies is how many bodies a half of the memory holds; both halves
// together take about 15 MB.
const maxBodies = 32768

// bodies remembers what was written lately: when the younger half is full,
// the older one is forgotten.
type bodies struct{ young, old map[key]origin }

func (b *bodies) get(k key) *origin {
	if o, ok := b.young[k]; ok {
		return &o
	}
	if o, ok := b.old[k]; ok {
		return &o
	}
	return nil
}

func (b *bodies) put(k key, o origin) {
	if b.young == nil || len(b.young) >= maxBodies {
		b.young, b.old = make(map[key]origin), b.young
	}
	b.young[k] = o
}
