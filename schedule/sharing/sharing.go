// Package sharing finds the mobile numbers that stand under several subjects in
// a whole inventory, however large: what it reads is parted by number into
// temporary files, each of which fits in memory, and what it found is looked up
// on disk. A small inventory never leaves memory.
//
// It says who shares a number, not whether that is wrong.
package sharing

import (
	"hash/maphash"
	"strconv"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/rules"
)

// Bounds of what is held in memory and told.
const (
	inMemory    = 100_000 // entries before they are parted into files
	partitions  = 256     // at ten million lines, 40,000 numbers in each
	maxSubjects = 6       // subjects kept of one number: a line's own and five others
	maxName     = 200     // bytes of a subject's name
)

// An entry says that a mobile stands under a subject.
type entry struct {
	mobile  uint64
	subject uint64 // hash of the name as it is compared
	name    string // as written
}

// A Book takes in the lines of an inventory, one by one. It is not for
// concurrent use.
type Book struct {
	dir   string
	seed  maphash.Seed
	held  []entry
	parts []*part // nil while everything is held
}

// New begins a book whose temporary files, if it needs any, lie in dir; empty:
// where the system keeps such files.
func New(dir string) *Book { return &Book{dir: dir, seed: maphash.MakeSeed()} }

// Add takes in a line. Lines without a mobile or a subject say nothing, and a
// cancelled filing holds no number any more.
func (b *Book) Add(t *crawler.Target) error {
	list := asked(t)
	if len(list) == 0 {
		return nil
	}
	key := rules.SubjectKey(t.Filing.Subject)
	if key == "" {
		return nil
	}
	name := t.Filing.Subject
	if len(name) > maxName {
		name = crawler.Detail(name[:maxName])
	}
	for _, m := range list {
		if err := b.put(entry{numberOf(m), maphash.String(b.seed, key), name}); err != nil {
			return err
		}
	}
	return nil
}

// asked are the mobiles of a line that count.
func asked(t *crawler.Target) []string {
	if t.Filing.Status == crawler.FilingCancelled || t.Holder.Mobile == "" && t.Holder.Phone == "" {
		return nil
	}
	return rules.MobilesOf(t.Holder.Mobile, t.Holder.Phone)
}

// numberOf is a mobile as a number: eleven digits, so it never fails.
func numberOf(mobile string) uint64 {
	n, _ := strconv.ParseUint(mobile, 10, 64)
	return n
}

func (b *Book) put(e entry) (err error) {
	if b.parts != nil {
		return b.parts[partOf(e.mobile)].put(e)
	}
	if b.held = append(b.held, e); len(b.held) < inMemory {
		return nil
	}
	if b.parts, err = newParts(b.dir); err != nil {
		return err
	}
	for _, e := range b.held {
		if err := b.parts[partOf(e.mobile)].put(e); err != nil {
			return err
		}
	}
	b.held = nil
	return nil
}

// partOf spreads numbers over the parts: neighbours come from one range and are
// many, so the bits are mixed first.
func partOf(mobile uint64) int { return int(mobile * 0x9E3779B97F4A7C15 >> 56) }

// Index ends the taking in and gives what is found. The book is empty then and
// its files are gone.
func (b *Book) Index() (*Index, error) {
	defer b.Close()
	x := &Index{seed: b.seed}
	if b.parts == nil {
		x.small = map[uint64]group{}
		for _, e := range b.held {
			add(x.small, e)
		}
		for m, g := range x.small {
			if !g.shared() {
				delete(x.small, m)
			}
		}
		return x, nil
	}
	if err := x.write(b.dir, b.parts); err != nil {
		x.Close()
		return nil, err
	}
	return x, nil
}

// Close lets go of the files of a book that is given up.
func (b *Book) Close() {
	for _, p := range b.parts {
		p.file.Close()
	}
	b.parts, b.held = nil, nil
}

// A group is the subjects of one number, in the order of the inventory.
type group struct {
	subjects []subject
	more     bool
}

type subject struct {
	key  uint64
	name string
}

func (g group) shared() bool { return len(g.subjects) > 1 }

// add counts an entry with its number.
func add(groups map[uint64]group, e entry) {
	g := groups[e.mobile]
	for _, s := range g.subjects {
		if s.key == e.subject {
			return
		}
	}
	if len(g.subjects) == maxSubjects {
		g.more = true
	} else {
		g.subjects = append(g.subjects, subject{e.subject, e.name})
	}
	groups[e.mobile] = g
}

// Of says who else has the mobile of a line; nil if the line has none that
// counts. Of several mobiles it is one that is shared, if there is one.
func (x *Index) Of(t *crawler.Target) (*crawler.Sharing, error) {
	list := asked(t)
	if len(list) == 0 {
		return nil, nil
	}
	own := maphash.String(x.seed, rules.SubjectKey(t.Filing.Subject))
	for _, m := range list {
		g, err := x.find(numberOf(m))
		if err != nil {
			return nil, err
		}
		if !g.shared() {
			continue
		}
		s := &crawler.Sharing{Mobile: m, More: g.more}
		for _, other := range g.subjects {
			if other.key != own {
				s.Others = append(s.Others, other.name)
			}
		}
		if len(s.Others) == maxSubjects {
			s.Others, s.More = s.Others[:maxSubjects-1], true
		}
		return s, nil
	}
	return &crawler.Sharing{Mobile: list[0]}, nil
}
