package warc

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/beianwatch/beianwatch/crawler"
)

// Limits of one observation, the same for writing and reading. They lie far
// above what the crawler keeps (a body of 8 MiB, ten hops a visit) and bound
// what a damaged or hostile file can make a reader hold.
const (
	maxBlock = 64 << 20  // bytes of one record's block
	maxTotal = 512 << 20 // bytes of all bodies of an observation
	maxHops  = 4096
)

// A key tells bodies apart. SHA-1 alone could be collided on purpose, to make
// one page's evidence stand for another's; the seed of the second hash is
// known to no one.
type key struct {
	sum  [sha1.Size]byte
	hash uint64
	size int
}

// An origin is a record whose body later ones may refer to.
type origin struct {
	place Place
	id    id
	uri   string
	at    time.Time
}

// A packed is an observation as bytes, ready to be appended to a file.
type packed struct {
	bytes.Buffer
	fresh  []freshBody
	refers []string // the files of the bodies that it refers to
}

var packs = sync.Pool{New: func() any { return new(packed) }}

// maxPack is how many bytes a pack may have that is kept for the next
// observation; few have more.
const maxPack = 256 << 10

// free gives a pack back that has been written.
func (p *packed) free() {
	if p.Cap() <= maxPack {
		packs.Put(p)
	}
}

// freshBody is a body that stands in full at offset at of the packed bytes.
type freshBody struct {
	key    key
	origin origin
	at     int64
}

// level of compression: over real home pages level 1 takes half the time of
// level 6 for a sixth more bytes, and nothing faster is worth its size. This
// compressor takes 0.56 of the CPU of the standard library's for as many bytes;
// BenchmarkLevel repeats it on a made-up page.
const level = gzip.BestSpeed

var zippers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, level)
	if err != nil {
		panic(err) // the level is a constant
	}
	return z
}}

// member appends one record as a gzip member of its own.
func (p *packed) member(head []byte, block ...[]byte) error {
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(&p.Buffer)
	if _, err := z.Write(head); err != nil {
		return err
	}
	for _, part := range block {
		if _, err := z.Write(part); err != nil {
			return err
		}
	}
	if _, err := z.Write([]byte("\r\n\r\n")); err != nil {
		return err
	}
	return z.Close()
}

// A pendingHop is a hop on its way into a record.
type pendingHop struct {
	page *crawler.Page
	head []byte // of the answer; the body follows unless it is a revisit
	key  key
	from *origin // set for a revisit
}

// pack makes the records of an observation. known gives the origin of a body
// that stands in the evidence already, or nil.
func pack(obs *crawler.Observation, inputs json.RawMessage, seed maphash.Seed, known func(key) *origin) (*packed, error) {
	w := wireOf(obs)
	w.Inputs = inputs
	var hops []*pendingHop
	local := map[key]int{} // place in hops, from 1
	for i := range obs.Visits {
		for j := range obs.Visits[i].Hops {
			h := newHop(&obs.Visits[i].Hops[j], &w.Visits[i].Hops[j], seed)
			hops = append(hops, h)
			if len(h.page.Body) == 0 {
				continue
			}
			if first, ok := local[h.key]; ok {
				w.Visits[i].Hops[j].Same = &same{Hop: first}
				h.from = &origin{uri: hops[first-1].page.URL, at: hops[first-1].page.At}
			} else if o := known(h.key); o != nil {
				w.Visits[i].Hops[j].Same = &same{File: o.place.File, Offset: o.place.Offset}
				h.from = o
			} else {
				local[h.key] = len(hops)
			}
		}
	}
	if err := check(hops, obs); err != nil {
		return nil, err
	}
	if obs.Rendered != nil {
		w.Rendered.Headers = allHeaders(obs.Rendered)
	}
	block, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	if len(block) > maxBlock {
		return nil, fmt.Errorf("what was asked and answered takes %d bytes, more than the %d that a record may have", len(block), maxBlock)
	}
	p := packs.Get().(*packed)
	p.Reset()
	p.fresh, p.refers = p.fresh[:0], p.refers[:0]
	for _, h := range hops {
		if h.from != nil && h.from.place.File != "" {
			p.refers = append(p.refers, h.from.place.File)
		}
	}
	u := newID()
	f := newFields(typeMetadata, u, obs.At)
	f.add("WARC-Target-URI", targetURI("urn:x-beianwatch:"+obs.Domain)) // not the page's: who replays the file shall not find this in its place
	if err := p.member(f.end(wireType, block), block); err != nil {
		return nil, err
	}
	ids := make([]id, len(hops))
	for i, h := range hops {
		ids[i] = newID()
		if h.from != nil && h.from.id == (id{}) { // a hop of this observation
			h.from.id = ids[local[h.key]-1]
		}
		if err := p.hop(h, ids[i], u); err != nil {
			return nil, err
		}
	}
	return p, p.drawn(obs, u)
}

func newHop(page *crawler.Page, h *hop, seed maphash.Seed) *pendingHop {
	var b bytes.Buffer
	h.Headers = httpHead(&b, page)
	return &pendingHop{page: page, head: b.Bytes(),
		key: key{sum: sha1.Sum(page.Body), hash: maphash.Bytes(seed, page.Body), size: len(page.Body)}}
}

// check refuses what a reader would refuse.
func check(hops []*pendingHop, obs *crawler.Observation) error {
	if len(hops) > maxHops {
		return fmt.Errorf("%d answers, more than the %d that an observation may have", len(hops), maxHops)
	}
	total := 0
	size := func(n int) error {
		if n > maxBlock {
			return fmt.Errorf("a page of %d bytes, more than the %d that a record may have", n, maxBlock)
		}
		if total += n; total > maxTotal {
			return fmt.Errorf("pages of more than %d bytes together", maxTotal)
		}
		return nil
	}
	for _, h := range hops {
		if err := size(len(h.head) + len(h.page.Body)); err != nil {
			return err
		}
	}
	if obs.Rendered != nil {
		if err := size(len(obs.Rendered.Body)); err != nil {
			return err
		}
	}
	return size(len(obs.Screenshot))
}

// hop appends the record of one answer.
func (p *packed) hop(h *pendingHop, u, metadata id) error {
	kind, body := typeResponse, h.page.Body
	if h.from != nil {
		kind, body = typeRevisit, nil
	}
	f := newFields(kind, u, h.page.At)
	f.add("WARC-Target-URI", targetURI(h.page.URL))
	if a := h.page.Addr.Addr(); a.IsValid() {
		f.add("WARC-IP-Address", a.Unmap().WithZone("").String())
	}
	f.add("WARC-Concurrent-To", metadata.String())
	f.add("WARC-Payload-Digest", label(h.key.sum))
	if h.from != nil {
		f.add("WARC-Profile", revisitKind)
		f.add("WARC-Refers-To", h.from.id.String())
		f.add("WARC-Refers-To-Target-URI", targetURI(h.from.uri))
		f.add("WARC-Refers-To-Date", date(h.from.at))
	} else if h.page.Cut {
		f.add("WARC-Truncated", "unspecified")
	}
	if h.from == nil && len(h.page.Body) > 0 {
		o := origin{id: u, uri: h.page.URL, at: h.page.At}
		p.fresh = append(p.fresh, freshBody{key: h.key, origin: o, at: int64(p.Len())})
	}
	return p.member(f.end(httpType, h.head, body), h.head, body)
}

// drawn appends what a browser made: no answers of a server, so their records
// are resources.
func (p *packed) drawn(obs *crawler.Observation, metadata id) error {
	uri, at := "http://"+obs.Domain+"/", obs.At
	if obs.Rendered != nil {
		uri, at = obs.Rendered.URL, obs.Rendered.At
		if err := p.resource(targetURI(uri), at, "text/html", obs.Rendered.Body, metadata); err != nil {
			return err
		}
	}
	if len(obs.Screenshot) > 0 {
		return p.resource("screenshot:"+targetURI(uri), at, "image/jpeg", obs.Screenshot, metadata)
	}
	return nil
}

func (p *packed) resource(uri string, at time.Time, contentType string, block []byte, metadata id) error {
	f := newFields(typeResource, newID(), at)
	f.add("WARC-Target-URI", uri)
	f.add("WARC-Concurrent-To", metadata.String())
	f.add("WARC-Payload-Digest", label(sha1.Sum(block)))
	return p.member(f.end(contentType, block), block)
}

// allHeaders lists the headers of a page whose record has no place for them.
func allHeaders(p *crawler.Page) []header {
	var list []header
	for _, name := range slices.Sorted(maps.Keys(p.Header)) {
		list = append(list, header{Name: text(name), Values: texts(p.Header[name])})
	}
	return list
}
