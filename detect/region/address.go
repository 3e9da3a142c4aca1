package region

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// InAddress gives the province in which an address lies: the one with which it
// begins, written out (广东省深圳市…), short with a place of that province behind
// it (广东深圳…), or by a prefecture alone (深圳市…). An address that begins
// otherwise, or that names another province further on, gives None.
func InAddress(s string) Province {
	s = plain(s)
	for _, lead := range []string{"中华人民共和国", "中国"} {
		s = strings.TrimPrefix(s, lead)
	}
	s = strings.TrimLeft(s, "0123456789,.:;-()") // a postcode
	t := tables()
	p, rest := t.begins(s)
	if p == None || t.another(rest, p) {
		return None
	}
	return p
}

// begins gives the province that stands at the beginning, and what follows.
func (t *table) begins(s string) (Province, string) {
	if len(s) < twoHan {
		return None, s
	}
	for _, e := range t.starts[s[:twoHan]] {
		if rest, ok := strings.CutPrefix(s, e.name); ok {
			return e.province, rest
		}
	}
	for _, size := range [...]int{twoHan, twoHan + 3} { // 内蒙古, 黑龙江
		if len(s) <= size {
			return None, s
		}
		if p, ok := t.words[s[:size]]; ok && t.placeOf(s[size:], p) {
			return p, s[size:]
		}
	}
	return None, s
}

// placeOf tells whether s begins with a place of p: one of the table, or a
// short name that ends in 市, 县 or 旗 (浙江义乌市). A street (南京路) is none.
func (t *table) placeOf(s string, p Province) bool {
	n := 0
	for i, r := range s {
		if n == 13 {
			return false
		}
		if n > 0 && t.below[entry{s[:i], p}] {
			return true
		}
		if n >= 2 && n <= 3 && (r == '市' || r == '县' || r == '旗') {
			return !strings.ContainsAny(s[:i], "路街道镇村号楼厦园区")
		}
		n++
	}
	return t.below[entry{s, p}]
}

// another tells whether a text names a province other than p in full.
func (t *table) another(s string, p Province) bool {
	for i := range t.rows {
		if q := Province(i); q != None && q != p && strings.Contains(s, t.rows[i].full) {
			return true
		}
	}
	return false
}

// PlaceIn gives the first name of a province or a prefecture in a text, short
// or in full; "" if there is none.
func PlaceIn(s string) string {
	s = plain(s)
	t := tables()
	for i := range s {
		if len(s)-i < twoHan || s[i] < utf8.RuneSelf {
			continue
		}
		head := s[i : i+twoHan]
		if !utf8.ValidString(head) {
			continue
		}
		for _, size := range [...]int{twoHan, twoHan + 3} {
			if p, ok := t.words[s[i:min(len(s), i+size)]]; ok {
				return t.rows[p].name
			}
		}
		if at := slices.IndexFunc(t.places[head], func(name string) bool { return strings.HasPrefix(s[i:], name) }); at >= 0 {
			return t.places[head][at]
		}
	}
	return ""
}
