package phone

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"sort"
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/region"
)

// Segments say which province the first seven digits of a mobile number belong
// to. They are read from a file of the widely copied form phone.dat, which a
// user supplies: the data change every month and are nobody's to ship.
type Segments struct {
	entries []byte                     // nine bytes each, sorted by segment
	records map[uint32]region.Province // by their offset
	sum     string
}

// The form of phone.dat: 4 bytes of version; 4 bytes, little endian, offset of
// the first entry; records "province|city|postcode|area code\0"; entries of 4
// bytes segment, 4 bytes offset of the record, 1 byte sort of card.
const (
	headSize   = 8
	entrySize  = 9
	maxRecord  = 200
	maxRecords = 100_000
)

var errForm = message.Errorf("这不是 phone.dat：请使用解压后的完整数据文件", "this is no phone.dat: take the file of a phone.dat data set unpacked and whole")

// ReadSegments reads the bytes of a phone.dat, which must not be changed
// afterwards.
func ReadSegments(data []byte) (*Segments, error) {
	if len(data) < headSize+entrySize || uint64(len(data)) > 1<<31 {
		return nil, errForm
	}
	first := binary.LittleEndian.Uint32(data[4:])
	if first < headSize || uint64(first) >= uint64(len(data)) || (uint64(len(data))-uint64(first))%entrySize != 0 {
		return nil, errForm
	}
	s := &Segments{entries: data[first:], records: map[uint32]region.Province{}}
	last, known := uint32(0), 0
	for i := range s.len() {
		segment, at := s.entry(i)
		if segment <= last || segment < 1_000_000 || segment > 1_999_999 {
			return nil, message.Errorf("%w（第 %d 项 %d 顺序不对）", "%w (entry %d is %d, out of order)", errForm, i, segment)
		}
		last = segment
		if _, ok := s.records[at]; ok {
			continue
		}
		p, err := record(data[:first], at)
		if err != nil {
			return nil, message.Errorf("%w（第 %d 项：%v）", "%w (entry %d: %v)", errForm, i, err)
		}
		if s.records[at] = p; p != region.None {
			known++
		}
		if len(s.records) > maxRecords {
			return nil, errForm
		}
	}
	if known == 0 {
		return nil, message.Errorf("%w（没有一条记录写明省份）", "%w (no record names a province)", errForm)
	}
	sum := sha256.Sum256(data)
	s.sum = hex.EncodeToString(sum[:6])
	return s, nil
}

// record reads the province of the record at offset at.
func record(data []byte, at uint32) (region.Province, error) {
	if at < headSize || uint64(at) >= uint64(len(data)) {
		return region.None, message.Errorf("指向记录之外", "it points outside the records")
	}
	text := string(data[at:min(uint64(at)+maxRecord, uint64(len(data)))])
	text, _, ended := strings.Cut(text, "\x00")
	name, _, parted := strings.Cut(text, "|")
	if !ended || !parted {
		return region.None, message.Errorf("记录没有结尾", "the record does not end")
	}
	return region.ByWord(name), nil
}

func (s *Segments) len() int { return len(s.entries) / entrySize }

func (s *Segments) entry(i int) (segment, record uint32) {
	e := s.entries[i*entrySize:]
	return binary.LittleEndian.Uint32(e), binary.LittleEndian.Uint32(e[4:])
}

// Sum names the data, so that verdicts can be told apart by them; "" for nil.
func (s *Segments) Sum() string {
	if s == nil {
		return ""
	}
	return s.sum
}

// Of gives the province of a mobile number; None for a segment that the data do
// not have, for a reseller's or a machine's number, and if s is nil.
func (s *Segments) Of(n Number) region.Province {
	if s == nil || n.Kind != Mobile || !proves(n.Digits) {
		return region.None
	}
	v, err := strconv.ParseUint(n.Digits[:7], 10, 32)
	if err != nil {
		return region.None
	}
	want := uint32(v)
	i := sort.Search(s.len(), func(i int) bool { got, _ := s.entry(i); return got >= want })
	if i == s.len() {
		return region.None
	}
	got, at := s.entry(i)
	if got != want || reseller(s.entries[i*entrySize+entrySize-1]) {
		return region.None
	}
	return s.records[at]
}

// reseller tells the sorts of card that are given out without regard to place.
func reseller(card byte) bool { return card >= 4 && card != 7 }
