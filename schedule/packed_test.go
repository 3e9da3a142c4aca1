package schedule

import (
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
	data, err := packTarget(&target)
	if err != nil {
		t.Fatal(err)
	}
	back, err := unpackTarget(target.Domain, target.Line, data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&target, back, sameAddr); diff != "" {
		t.Error(diff)
	}
	var waiters []waiter
	fillValue(reflect.ValueOf(&waiters).Elem(), &n)
	again, err := unpackWaiters(packWaiters(waiters))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(waiters, again, sameAddr); diff != "" {
		t.Error(diff)
	}
	var attempts []detect.Attempt
	fillValue(reflect.ValueOf(&attempts).Elem(), &n)
	if data, err = packAttempts(attempts); err != nil {
		t.Fatal(err)
	}
	tries, err := unpackAttempts(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(attempts, tries); diff != "" {
		t.Error(diff)
	}
}

// Most targets say little; what they pack to is in the database a million
// times.
func TestEmptyFieldsTakeNoRoom(t *testing.T) {
	data, err := packTarget(&crawler.Target{Line: 3, Domain: "a.cn", Given: "a.cn", Filing: crawler.Filing{Status: crawler.FilingFiled, Source: "inventory"}})
	if err != nil || len(data) > 40 {
		t.Errorf("%d bytes: %s, %v", len(data), data, err)
	}
}
