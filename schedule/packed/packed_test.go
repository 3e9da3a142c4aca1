package packed

import (
	"bytes"
	"fmt"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// fillValue sets every field of a value, so that a field which packing forgets is
// missed.
func fillValue(v reflect.Value, n *int) {
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 1, *n%28+1, 3, 4, 5, 0, time.UTC)))
		return
	case netip.Addr:
		v.Set(reflect.ValueOf(netip.AddrFrom4([4]byte{192, 0, 2, byte(*n)})))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		v.SetUint(uint64(*n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fillValue(v.Index(0), n)
		fillValue(v.Index(1), n)
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(v.Field(i), n)
		}
	default:
		panic(v.Kind().String() + " is not known to this test")
	}
}

var sameAddr = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

func TestNothingIsLostInPacking(t *testing.T) {
	n := 0
	var target crawler.Target
	fillValue(reflect.ValueOf(&target).Elem(), &n)
	data, err := Target(&target)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := ReadTarget(target.Domain, target.Line, data); err != nil || !cmp.Equal(&target, back, sameAddr) {
		t.Error(err, cmp.Diff(&target, back, sameAddr))
	}
	if !Pinned(data) {
		t.Error("an address is overlooked")
	}
	var names []Resolved
	fillValue(reflect.ValueOf(&names).Elem(), &n)
	if again, err := ReadNames(Names(names)); err != nil || !cmp.Equal(names, again, sameAddr) {
		t.Error(err, cmp.Diff(names, again, sameAddr))
	}
	var attempts []detect.Attempt
	fillValue(reflect.ValueOf(&attempts).Elem(), &n)
	if data, err = Attempts(attempts); err != nil {
		t.Fatal(err)
	}
	if tries, err := ReadAttempts(data); err != nil || !cmp.Equal(attempts, tries) {
		t.Error(err, cmp.Diff(attempts, tries))
	}
}

// Most targets say little; what they pack to is in the database a million times.
func TestEmptyFieldsTakeNoRoom(t *testing.T) {
	data, err := Target(&crawler.Target{Line: 3, Domain: "a.cn", Given: "a.cn", Filing: crawler.Filing{Status: crawler.FilingFiled, Source: "inventory"}})
	if err != nil || len(data) > 40 || Pinned(data) {
		t.Errorf("%d bytes: %s, %v", len(data), data, err)
	}
}

// Whatever bytes stand in the database, they are read or refused, and what is read
// is what was written.
func FuzzReadNames(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{Form})
	f.Add([]byte{Form + 1, 0})
	f.Add(Names(nil))
	f.Add(Names([]Resolved{{}, {Key: "192.0.2.1", Seq: 7, Domain: "a.cn", Line: 9, Data: []byte("{}"), Lookups: []crawler.Lookup{
		{Name: "a.cn", Type: "A", At: time.Unix(1, 2), Chain: []string{"b.cn"}, TTL: time.Minute, TCP: true,
			Addrs: []netip.Addr{{}, netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("fe80::1%eth0")}},
		{Failure: crawler.NewFailure(crawler.FailDNSNoName, "none")},
	}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		names, err := ReadNames(data)
		if err != nil {
			return
		}
		again, err := ReadNames(Names(names))
		if err != nil || !bytes.Equal(Names(again), Names(names)) {
			t.Errorf("%+v came back as %+v, %v", names, again, err)
		}
	})
}

// What was cut short anywhere is refused, not read in part.
func TestCutNamesAreRefused(t *testing.T) {
	whole := Names([]Resolved{{Key: "192.0.2.1", Domain: "a.cn", Lookups: []crawler.Lookup{{Name: "a.cn", Answers: []string{"x"}}}}})
	for n := range whole {
		if w, err := ReadNames(whole[:n]); err == nil {
			t.Errorf("%d bytes of %d were read as %+v", n, len(whole), w)
		}
	}
	if _, err := ReadNames(append(whole, 0)); err == nil {
		t.Error("a byte too many was passed over")
	}
}
