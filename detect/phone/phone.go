// Package phone reads Chinese telephone numbers as people write them in lists,
// and says which province a number is of where the number itself tells.
//
// What cannot be read for certain is Other: only a number that nobody can call
// is Invalid.
package phone

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"github.com/beianwatch/beianwatch/detect/asof"
	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/region"
)

//go:embed areas.txt
var areasText string

//go:embed unproving.txt
var unprovingText string

// AsOf is the month of the embedded area codes and ranges of mobiles.
func AsOf() string { return asof.In(areasText) }

// A Kind says what a number is.
type Kind int

// The kinds.
const (
	Other   Kind = iota // no area code, masked, a placeholder, from abroad, or not understood
	Mobile              // 11 digits
	Land                // area code and 7 or 8 digits
	Service             // 400, 800, 95…, 96…: of no place
	Invalid             // a number that nobody can call
)

// A Number is one telephone number.
type Number struct {
	Raw      string // as written
	Digits   string // without country code, separators and extension
	Kind     Kind
	Province region.Province // of a land line; None otherwise
}

// maxNumbers bounds the numbers of one cell.
const maxNumbers = 20

// Read gives the numbers in a cell, which may hold several.
func Read(cell string) []Number {
	if cell == "" {
		return nil
	}
	var list []Number
	parts := strings.FieldsFunc(fold.String(cell), func(r rune) bool { return strings.ContainsRune(",;、/|\n\r或", r) })
	for _, part := range parts {
		if len(list) == maxNumbers {
			break
		}
		if n, ok := read(part); ok {
			list = append(list, n)
		}
	}
	return list
}

// read reads one number; false if there is no digit.
func read(s string) (Number, bool) {
	n := Number{Raw: strings.TrimSpace(s)}
	s = n.Raw
	for _, word := range []string{"转", "分机", "ext", "EXT", "#"} {
		s, _, _ = strings.Cut(s, word)
	}
	s = strings.TrimSuffix(s, ".0") // what a spreadsheet makes of a number
	abroad, masked := false, strings.ContainsAny(s, "*xX?") || strings.Contains(s, "E+")
	if rest, ok := strings.CutPrefix(s, "+"); ok {
		s, ok = strings.CutPrefix(rest, "86")
		abroad = !ok
	}
	groups := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	n.Digits = strings.Join(groups, "")
	if n.Digits == "" {
		return Number{}, false
	}
	if !abroad && !masked {
		n.classify(groups, strings.ContainsFunc(s, unicode.IsLetter))
	}
	return n, true
}

// classify finds the kind. groups are the runs of digits as written; named is
// set if there are letters beside them.
func (n *Number) classify(groups []string, named bool) {
	d := n.Digits
	for _, country := range []string{"0086", "86"} {
		if rest, ok := strings.CutPrefix(d, country); ok && rest != "" && (mobile(rest) || country == "0086" || len(rest) > 1 && rest[0] == '0') {
			d = rest
			if groups[0] == country {
				groups = groups[1:]
			}
			break
		}
	}
	if mobile(strings.TrimPrefix(d, "0")) {
		d = d[len(d)-mobileLength:]
	}
	n.Digits = d
	switch {
	case mobile(d):
		if !placeholder(d) {
			n.Kind = Mobile
		}
	case service(d):
		n.Kind = Service
	case strings.HasPrefix(d, "0"):
		n.land(groups)
	case !named && len(groups) == 1 && d[0] == '1' && (len(d) == 10 || len(d) == 12 || len(d) == mobileLength):
		n.Kind = Invalid // a mobile with a digit too few or too many, or of a range that does not exist
	case !named && len(groups) == 1 && len(d) < 5:
		n.Kind = Invalid
	}
}

// mobileLength is the digits of a mobile number.
const mobileLength = 11

func mobile(d string) bool { return len(d) == mobileLength && d[0] == '1' && d[1] >= '3' }

// placeholder tells a number that people type where they have none.
func placeholder(d string) bool {
	tail := d[3:]
	return tail == strings.Repeat(tail[:1], len(tail)) || tail == "12345678" || tail == "00138000"
}

// service tells the numbers that are of no place.
func service(d string) bool {
	switch {
	case len(d) == 10:
		return strings.HasPrefix(d, "400") || strings.HasPrefix(d, "800")
	case len(d) >= 5 && len(d) <= 8:
		return strings.HasPrefix(d, "95") || strings.HasPrefix(d, "96") || len(d) <= 6 && (strings.HasPrefix(d, "12") || strings.HasPrefix(d, "10"))
	}
	return false
}

// land reads a number with an area code; a third group is an extension.
func (n *Number) land(groups []string) {
	area, p := areaOf(n.Digits)
	if p == region.None {
		return
	}
	if len(groups) > 2 && groups[0] == area && len(groups[1]) >= 7 {
		n.Digits = area + groups[1]
	}
	switch rest := len(n.Digits) - len(area); {
	case rest == 7 || rest == 8:
		n.Kind, n.Province = Land, p
	case rest < 7:
		n.Kind = Invalid
	}
}

// areas maps area codes to provinces.
var areas = sync.OnceValue(func() map[string]region.Province {
	m := map[string]region.Province{}
	for line := range strings.Lines(areasText) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		p := region.ByWord(f[0])
		for _, code := range f[1:] {
			m[code] = p
		}
	}
	return m
})

// areaOf gives the area code with which digits begin, and its province.
func areaOf(digits string) (string, region.Province) {
	for _, size := range [...]int{4, 3} {
		if len(digits) > size {
			if p, ok := areas()[digits[:size]]; ok {
				return digits[:size], p
			}
		}
	}
	return "", region.None
}

// unproving are the beginnings of mobile numbers that prove no province.
var unproving = sync.OnceValue(func() []string {
	var list []string
	for line := range strings.Lines(unprovingText) {
		if line[0] != '#' {
			list = append(list, strings.Fields(line)...)
		}
	}
	return list
})

// proves tells whether a mobile's range is given out by province.
func proves(digits string) bool {
	for _, start := range unproving() {
		if strings.HasPrefix(digits, start) {
			return false
		}
	}
	return true
}
