package inventory

import (
	"context"
	"hash/maphash"

	"github.com/beianwatch/beianwatch/crawler"
)

// A Summary is what a list says before a run: what was understood of it, what
// was not, and what cannot be checked for want of a column.
type Summary struct {
	Path string
	Counts
	Digest     string      // as Digest returns it
	Duplicates int         // entries whose domain stands in an earlier one
	Clashes    []Message   // those that contradict the earlier one, the first 20
	MoreClash  int         // beyond those
	Rejections []Rejection // the first 20
	Missing    []Missing   // columns that no line fills
	Uncompared bool        // too many domains: duplicates beyond the first were not looked for
}

// A Missing is a column that no line fills, and what is not checked for want of
// it.
type Missing struct {
	Column string   // the contract's word
	ZH     string   // the usual Chinese heading
	Rules  []string // ids of rules that judge less or nothing
	Off    Message  // what is switched off
}

// Bounds of a summary. A domain takes some 40 bytes while duplicates are looked
// for.
const (
	maxCompared = 2_000_000
	maxQuoted   = 20
)

// Summarize reads the inventory at path and sums it up. It reads the file once,
// and once more if lines contradict each other, to quote both.
func Summarize(ctx context.Context, path string) (*Summary, error) {
	s := &Summary{Path: path}
	d := duplicates{seen: map[uint64]seenAt{}, seed: maphash.MakeSeed()}
	filled := map[string]bool{}
	var err error
	s.Counts, err = Read(path, func(t crawler.Target) error {
		for _, column := range filledColumns(&t) {
			filled[column] = true
		}
		d.add(&t)
		return ctx.Err()
	}, func(r Rejection) error {
		if len(s.Rejections) < maxQuoted {
			s.Rejections = append(s.Rejections, r)
		}
		return ctx.Err()
	})
	if err != nil {
		return s, err
	}
	s.Duplicates, s.Uncompared = d.n, d.full
	if len(d.clash) > 0 {
		if err := s.quote(ctx, &d); err != nil {
			return s, err
		}
	}
	for _, m := range offs {
		if !filled[m.Column] {
			m.ZH = byName[m.Column].zh()
			s.Missing = append(s.Missing, m)
		}
	}
	s.Digest, err = Digest(path)
	return s, err
}

// duplicates finds entries whose domain came before, by hashes.
type duplicates struct {
	seen  map[uint64]seenAt
	seed  maphash.Seed
	n     int
	clash map[int]int // Seq of an entry that seems to contradict an earlier one: the earlier Seq
	more  int
	full  bool
}

// A seenAt is where a domain was seen, and a hash of what can be contradicted.
type seenAt struct {
	seq  uint32
	said uint32
}

func (d *duplicates) add(t *crawler.Target) {
	key := maphash.String(d.seed, t.Domain)
	said := uint32(maphash.Comparable(d.seed, [5]string{string(t.Filing.Status), t.Filing.Number, t.Filing.Subject, t.Filing.CreditCode, string(t.Expect)}))
	was, ok := d.seen[key]
	switch {
	case !ok && len(d.seen) >= maxCompared:
		d.full = true
	case !ok:
		d.seen[key] = seenAt{uint32(t.Seq), said}
	case was.said == said:
		d.n++
	default:
		d.n++
		if len(d.clash) >= 10*maxQuoted {
			d.more++
			return
		}
		if d.clash == nil {
			d.clash = map[int]int{}
		}
		d.clash[t.Seq] = int(was.seq)
	}
}

// quote reads the file again to say in what lines contradict each other.
func (s *Summary) quote(ctx context.Context, d *duplicates) error {
	earlier := map[int]*crawler.Target{}
	for _, seq := range d.clash {
		earlier[seq] = nil
	}
	_, err := Read(s.Path, func(t crawler.Target) error {
		if _, wanted := earlier[t.Seq]; wanted {
			earlier[t.Seq] = &t
		}
		was := earlier[d.clash[t.Seq]]
		if was == nil || was.Domain != t.Domain || was.Seq == t.Seq {
			return ctx.Err()
		}
		differ := Disagreement(was, &t)
		switch {
		case differ.EN == "":
		case len(s.Clashes) < maxQuoted:
			s.Clashes = append(s.Clashes, Message{t.Given + "：" + differ.ZH, t.Given + ": " + differ.EN})
		default:
			s.MoreClash++
		}
		return ctx.Err()
	}, func(Rejection) error { return ctx.Err() })
	s.MoreClash += d.more
	return err
}
