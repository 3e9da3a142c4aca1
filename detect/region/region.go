// Package region knows China's provinces and what stands directly below them:
// the province that a word, a character of a filing number, a division code or
// an address names.
//
// Where a text leaves a doubt there is no answer: an address that begins like
// two provinces names none.
package region

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect/asof"
	"github.com/beianwatch/beianwatch/detect/fold"
)

//go:embed divisions.txt
var divisions string

// AsOf is the month of the table of divisions.
func AsOf() string { return asof.In(divisions) }

// A Province is one of the 31 provinces, municipalities and autonomous regions
// of the mainland; the zero value is none of them.
type Province int8

// None is no province that is known.
const None Province = 0

// A row is what the table says of a province.
type row struct{ code, char, name, full, english string }

// An entry is a name with which an address may begin.
type entry struct {
	name     string
	province Province
}

// A table is what divisions.txt says, made to be looked up.
type table struct {
	rows   []row               // by province; the first is None's
	words  map[string]Province // names, characters and codes of provinces
	starts map[string][]entry  // full names of all, the longest first, by their first two characters
	below  map[entry]bool      // short names of what stands below a province
	places map[string][]string // short names of prefectures, by their first two characters
}

// everyday are characters that stand for a province beside the official one of
// filing numbers.
var everyday = map[string]string{"川": "蜀", "贵": "黔", "云": "滇", "甘": "陇", "秦": "陕"}

var tables = sync.OnceValue(func() *table {
	t := &table{rows: make([]row, 1), words: map[string]Province{}, starts: map[string][]entry{}, below: map[entry]bool{}, places: map[string][]string{}}
	for line := range strings.Lines(divisions) {
		switch f := strings.Fields(line); {
		case line[0] == '#':
		case line[0] == '\t':
			for _, word := range f {
				t.addBelow(word)
			}
		default:
			t.addProvince(row{f[0], f[1], f[2], f[3], f[4]})
		}
	}
	for alias, char := range everyday {
		t.words[alias] = t.words[char]
	}
	for _, list := range t.starts {
		slices.SortStableFunc(list, func(a, b entry) int { return len(b.name) - len(a.name) })
	}
	return t
})

func (t *table) addProvince(r row) {
	p := Province(len(t.rows))
	t.rows = append(t.rows, r)
	for _, word := range []string{r.code, r.char, r.name, r.full} {
		t.words[word] = p
	}
	t.start(r.full, p)
	// 内蒙古自治区, 广西自治区: what people write.
	t.start(r.name+"自治区", p)
	t.start(r.name+"省", p)
}

// addBelow adds what stands below the province added last.
func (t *table) addBelow(word string) {
	p := Province(len(t.rows) - 1)
	full, short, given := strings.Cut(word, "/")
	if !given {
		short = full
		for _, suffix := range []string{"地区", "新区", "市", "盟"} {
			if cut, ok := strings.CutSuffix(full, suffix); ok && len(cut) >= twoHan {
				short = cut
				break
			}
		}
	} else {
		t.start(short+"州", p)
		t.start(short+"市", p)
	}
	// Districts of the four municipalities have names that others have too.
	if municipal := strings.HasSuffix(t.rows[p].full, "市"); !municipal {
		t.start(full, p)
		if short != full {
			t.places[short[:twoHan]] = append(t.places[short[:twoHan]], short)
		}
	}
	t.below[entry{full, p}], t.below[entry{short, p}] = true, true
}

// twoHan is the bytes of two Han characters.
const twoHan = 6

func (t *table) start(name string, p Province) {
	t.starts[name[:twoHan]] = append(t.starts[name[:twoHan]], entry{name, p})
}

// All lists the provinces in the order of their codes.
func All() []Province {
	list := make([]Province, len(tables().rows)-1)
	for i := range list {
		list[i] = Province(i + 1)
	}
	return list
}

// Name is the short name, 广东; "" for none.
func (p Province) Name() string { return tables().rows[p].name }

// English is the name in English, Guangdong; "" for none.
func (p Province) English() string { return tables().rows[p].english }

// Char is the character of filing numbers, 粤; "" for none.
func (p Province) Char() string { return tables().rows[p].char }

// Code is the two digits with which division codes begin, 44; "" for none.
func (p Province) Code() string { return tables().rows[p].code }

// ByCode gives the province of a division code (GB/T 2260) of two digits or
// more. 100000, which stands for no province, gives None.
func ByCode(code string) Province {
	if len(code) < 2 {
		return None
	}
	return tables().words[code[:2]]
}

// ByWord gives the province that a short text means: 广东, 广东省, 粤, 广东省
// 通信管理局, 44, or an address.
func ByWord(s string) Province {
	s = plain(s)
	t := tables()
	if p, ok := t.words[s]; ok {
		return p
	}
	for _, suffix := range []string{"通信管理局", "管局", "省", "市", "自治区"} {
		s = strings.TrimSuffix(s, suffix)
	}
	if p, ok := t.words[s]; ok {
		return p
	}
	if len(s) == 6 && strings.Trim(s, "0123456789") == "" {
		return ByCode(s)
	}
	return InAddress(s)
}

// plain folds a text and drops its spaces.
func plain(s string) string {
	s = fold.String(s)
	if strings.ContainsAny(s, " \t") {
		s = strings.Join(strings.Fields(s), "")
	}
	return s
}
