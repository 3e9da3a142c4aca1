package phone

import (
	"encoding/binary"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	for cell, want := range map[string]struct {
		kind     Kind
		digits   string
		province string
	}{
		"13912345679":       {Mobile, "13912345679", ""},
		"+86 139-1234-5679": {Mobile, "13912345679", ""},
		"0086-13912345679":  {Mobile, "13912345679", ""},
		"8613912345679":     {Mobile, "13912345679", ""},
		"013912345679":      {Mobile, "13912345679", ""},
		"１３９１２３４５６７９":       {Mobile, "13912345679", ""},
		"13912345679.0":     {Mobile, "13912345679", ""},
		"张三 13912345679":    {Mobile, "13912345679", ""},
		"010-62341234":      {Land, "01062341234", "北京"},
		"(0755)8234 1234":   {Land, "075582341234", "广东"},
		"0534-2345678":      {Land, "05342345678", "山东"},
		"+86-755-82341234":  {Other, "75582341234", ""},
		"86-0755-82341234":  {Land, "075582341234", "广东"},
		"0755-82341234-801": {Land, "075582341234", "广东"},
		"0755-82341234转801": {Land, "075582341234", "广东"},
		"021－62341234":      {Land, "02162341234", "上海"},
		"400-820-1234":      {Service, "4008201234", ""},
		"95588":             {Service, "95588", ""},
		"82341234":          {Other, "82341234", ""},
		"139****5679":       {Other, "1395679", ""},
		"1.39E+10":          {Other, "13910", ""},
		"+852 2123 4567":    {Other, "85221234567", ""},
		"1391234567":        {Invalid, "1391234567", ""},
		"139123456790":      {Invalid, "139123456790", ""},
		"12012345679":       {Invalid, "12012345679", ""},
		"0755-8234":         {Invalid, "07558234", ""},
		"0999-9999999":      {Land, "09999999999", "新疆"},
		"0600-8234123":      {Other, "06008234123", ""},
		"13800138000":       {Other, "13800138000", ""},
		"13888888888":       {Other, "13888888888", ""},
		"13812345678":       {Other, "13812345678", ""},
		"110":               {Invalid, "110", ""},
		"Room 3":            {Other, "3", ""},
	} {
		list := Read(cell)
		if len(list) != 1 {
			t.Errorf("Read(%q) is %v, want one number", cell, list)
			continue
		}
		if n := list[0]; n.Kind != want.kind || n.Digits != want.digits || n.Province.Name() != want.province {
			t.Errorf("Read(%q) is kind %d %s %q, want kind %d %s %q", cell, n.Kind, n.Digits, n.Province.Name(), want.kind, want.digits, want.province)
		}
	}
	if n := len(Read("010-62341234/62341235；13912345679")); n != 3 {
		t.Errorf("%d numbers in a list of three", n)
	}
	if Read("") != nil || Read("无") != nil {
		t.Error("a cell without digits has numbers")
	}
	if n := len(areas()); n != 335 {
		t.Errorf("%d area codes, want 335", n)
	}
}

// dat makes a phone.dat of segments and their records.
func dat(segments []uint32, records []string, cards []byte) []byte {
	b := []byte("2601\x00\x00\x00\x00")
	var at []uint32
	for _, r := range records {
		at = append(at, uint32(len(b)))
		b = append(b, r+"\x00"...)
	}
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)))
	for i, s := range segments {
		b = binary.LittleEndian.AppendUint32(b, s)
		b = binary.LittleEndian.AppendUint32(b, at[i%len(at)])
		b = append(b, cards[i%len(cards)])
	}
	return b
}

func TestSegments(t *testing.T) {
	s, err := ReadSegments(dat([]uint32{1391234, 1391235, 1391236, 1701234}, []string{"广东|深圳|518000|0755", "内蒙古|包头|014000|0472", "火星|甲|0|0", "广东|深圳|518000|0755"}, []byte{1, 1, 1, 2}))
	if err != nil {
		t.Fatal(err)
	}
	for mobile, want := range map[string]string{
		"13912345679": "广东", "13912355679": "内蒙古", "13912365679": "", "13912375679": "", "17012345679": "", "19912345679": "", "010-62341234": "",
	} {
		if got := s.Of(Read(mobile)[0]).Name(); got != want {
			t.Errorf("%s is of %q, want %q", mobile, got, want)
		}
	}
	var none *Segments
	if none.Of(Read("13912345679")[0]).Name() != "" || none.Sum() != "" || s.Sum() == "" {
		t.Error("no data say something, or data have no name")
	}
}

func TestSegmentsOfGarbage(t *testing.T) {
	good := dat([]uint32{1391234, 1391235}, []string{"广东|深圳|518000|0755"}, []byte{1})
	for name, data := range map[string][]byte{
		"empty": nil, "cut": good[:len(good)-1], "text": []byte(strings.Repeat("hello ", 100)), "head alone": good[:8],
		"out of order": dat([]uint32{1391235, 1391234}, []string{"广东|深圳|518000|0755"}, []byte{1}),
		"no province":  dat([]uint32{1391234}, []string{"火星|甲|0|0"}, []byte{1}),
		"no bars":      dat([]uint32{1391234}, []string{"广东"}, []byte{1}),
		"not a mobile": dat([]uint32{755}, []string{"广东|深圳|518000|0755"}, []byte{1}),
	} {
		if _, err := ReadSegments(data); err == nil {
			t.Errorf("%s is taken for a phone.dat", name)
		}
	}
}

func TestResellersProveNothing(t *testing.T) {
	s, err := ReadSegments(dat([]uint32{1651234, 1912345, 1923456}, []string{"广东|深圳|518000|0755"}, []byte{2, 4, 7}))
	if err != nil {
		t.Fatal(err)
	}
	for mobile, want := range map[string]string{"16512345679": "", "19123455679": "", "19234565679": "广东"} {
		if got := s.Of(Read(mobile)[0]).Name(); got != want {
			t.Errorf("%s is of %q, want %q", mobile, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"+86 139-1234-5679", "0755-82341234转801", "86", "0086", "+", "1.39E+10", "\xff１３９"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, n := range Read(s) {
			if n.Kind == Mobile && len(n.Digits) != mobileLength {
				t.Errorf("Read(%q) has the mobile %q", s, n.Digits)
			}
		}
	})
}

func FuzzSegments(f *testing.F) {
	f.Add(dat([]uint32{1391234, 1391235}, []string{"广东|深圳|518000|0755"}, []byte{1}))
	f.Add([]byte("2601\x08\x00\x00\x00123456789"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := ReadSegments(data); err == nil {
			s.Of(Number{Kind: Mobile, Digits: "13912345679"})
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		Read("0755-82341234")
		Read("13912345679")
	}
}
