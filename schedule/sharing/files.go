package sharing

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"os"
	"slices"
	"sort"
)

// A part is the file of the entries whose numbers fall into one partition.
type part struct {
	file *os.File
	out  *bufio.Writer
	buf  []byte
}

// partBuffer is the memory of one part: 256 of them take 4 MB.
const partBuffer = 16 << 10

func newParts(dir string) ([]*part, error) {
	parts := make([]*part, 0, partitions)
	for range partitions {
		f, err := temporary(dir)
		if err != nil {
			for _, p := range parts {
				p.file.Close()
			}
			return nil, err
		}
		parts = append(parts, &part{file: f, out: bufio.NewWriterSize(f, partBuffer)})
	}
	return parts, nil
}

// temporary makes a file that has no name any more where the system allows
// that, so that nothing is left behind even by a process that is killed.
func temporary(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "beianwatch-phones-*")
	if err != nil {
		return nil, fmt.Errorf("making a temporary file for the mobile numbers: %w; free space there, or name another folder with TMPDIR", err)
	}
	os.Remove(f.Name()) //nolint:errcheck // elsewhere than on Unix it stays until the system clears such files
	return f, nil
}

// put writes an entry: number, subject, length of the name, name.
func (p *part) put(e entry) error {
	p.buf = binary.LittleEndian.AppendUint64(p.buf[:0], e.mobile)
	p.buf = binary.LittleEndian.AppendUint64(p.buf, e.subject)
	p.buf = append(p.buf, byte(len(e.name)))
	p.buf = append(p.buf, e.name...)
	_, err := p.out.Write(p.buf)
	return err
}

// groups reads a part back.
func (p *part) groups() (map[uint64]group, error) {
	if err := p.out.Flush(); err != nil {
		return nil, err
	}
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	groups := map[uint64]group{}
	in := bufio.NewReaderSize(p.file, 1<<20)
	var head [17]byte
	name := make([]byte, 255)
	for {
		if _, err := io.ReadFull(in, head[:]); err == io.EOF {
			return groups, nil
		} else if err != nil {
			return nil, err
		}
		n := int(head[16])
		if _, err := io.ReadFull(in, name[:n]); err != nil {
			return nil, err
		}
		add(groups, entry{binary.LittleEndian.Uint64(head[:]), binary.LittleEndian.Uint64(head[8:]), string(name[:n])})
	}
}

// An Index knows the shared numbers. It is safe for concurrent use.
type Index struct {
	seed  maphash.Seed
	small map[uint64]group // of a small inventory; else nil

	file  *os.File // shared numbers in the order of part and number
	marks []mark   // where each block of the file begins
	size  int64
}

// A mark is the first number of a block.
type mark struct {
	mobile uint64
	at     int64
}

// blockNumbers is how many numbers a block holds: five million shared numbers
// make 80,000 marks.
const blockNumbers = 64

// before tells the order of the file: by part, then by number.
func before(a, b uint64) bool {
	if pa, pb := partOf(a), partOf(b); pa != pb {
		return pa < pb
	}
	return a < b
}

// write groups part after part and writes the shared numbers.
func (x *Index) write(dir string, parts []*part) (err error) {
	if x.file, err = temporary(dir); err != nil {
		return err
	}
	out := bufio.NewWriterSize(x.file, 1<<20)
	n := 0
	var buf []byte
	for _, p := range parts {
		groups, err := p.groups()
		if err != nil {
			return fmt.Errorf("reading back the mobile numbers: %w", err)
		}
		for _, m := range slices.Sorted(maps.Keys(groups)) {
			g := groups[m]
			if !g.shared() {
				continue
			}
			if n%blockNumbers == 0 {
				x.marks = append(x.marks, mark{m, x.size})
			}
			n++
			buf = g.append(buf[:0], m)
			x.size += int64(len(buf))
			if _, err := out.Write(buf); err != nil {
				return fmt.Errorf("writing the shared mobile numbers: %w", err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the shared mobile numbers: %w", err)
	}
	return nil
}

// append writes a group: number, flag for more, count, subjects.
func (g group) append(b []byte, mobile uint64) []byte {
	b = binary.LittleEndian.AppendUint64(b, mobile)
	more := byte(0)
	if g.more {
		more = 1
	}
	b = append(b, more, byte(len(g.subjects)))
	for _, s := range g.subjects {
		b = binary.LittleEndian.AppendUint64(b, s.key)
		b = append(b, byte(len(s.name)))
		b = append(b, s.name...)
	}
	return b
}

// find gives the group of a number, an empty one if it is not shared.
func (x *Index) find(mobile uint64) (group, error) {
	if x.small != nil {
		return x.small[mobile], nil
	}
	i := sort.Search(len(x.marks), func(i int) bool { return before(mobile, x.marks[i].mobile) }) - 1
	if i < 0 {
		return group{}, nil
	}
	end := x.size
	if i+1 < len(x.marks) {
		end = x.marks[i+1].at
	}
	block := make([]byte, end-x.marks[i].at)
	if _, err := x.file.ReadAt(block, x.marks[i].at); err != nil {
		return group{}, fmt.Errorf("reading the shared mobile numbers: %w", err)
	}
	return inBlock(block, mobile)
}

var errTorn = errors.New("the temporary file of the mobile numbers is damaged: run the command again")

// inBlock finds a number in a block.
func inBlock(block []byte, mobile uint64) (group, error) {
	for len(block) > 0 {
		if len(block) < 10 {
			return group{}, errTorn
		}
		g, here, n := group{more: block[8] == 1}, binary.LittleEndian.Uint64(block) == mobile, int(block[9])
		block = block[10:]
		for range n {
			if len(block) < 9 || len(block) < 9+int(block[8]) {
				return group{}, errTorn
			}
			end := 9 + int(block[8])
			if here {
				g.subjects = append(g.subjects, subject{binary.LittleEndian.Uint64(block), string(block[9:end])})
			}
			block = block[end:]
		}
		if here {
			return g, nil
		}
	}
	return group{}, nil
}

// Close lets go of the file.
func (x *Index) Close() error {
	if x.file == nil {
		return nil
	}
	return x.file.Close()
}
