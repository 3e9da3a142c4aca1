package warc

import (
	"fmt"
	"net/http"
	"net/netip"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// TestNoFieldIsForgotten fills every field of an observation with a value of
// its own, so that a field which is added to package crawler and not kept
// here fails the test.
func TestNoFieldIsForgotten(t *testing.T) {
	obs := &crawler.Observation{}
	n := 0
	fill(t, reflect.ValueOf(obs).Elem(), &n)
	obs.Drawing.Sources = nil // by which the next run asks, and no evidence
	got, _ := back(t, newWriter(t, t.TempDir(), 0), obs)
	if !reflect.DeepEqual(got, obs) {
		t.Errorf("got  %+v\nwant %+v", got, obs)
	}
}

// fill gives v and everything in it a value that is not zero; lists get two
// elements.
func fill(t *testing.T, v reflect.Value, n *int) {
	*n++
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		*p = noon.Add(time.Duration(*n))
		return
	case *netip.Addr:
		*p = netip.AddrFrom4([4]byte{203, 0, 113, byte(*n)})
		return
	case *netip.AddrPort:
		*p = netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, byte(*n)}), uint16(*n))
		return
	case *http.Header:
		*p = http.Header{"X-Test": {fmt.Sprint(*n), "two"}, "Content-Encoding": {"br"}}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("s%d", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) + 0.5)
	case reflect.Uint8:
		v.SetUint(uint64(*n))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(t, v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
	default:
		t.Fatalf("a field of type %v: teach fill and the metadata about it", v.Type())
	}
}

// TestOldEvidence reads a file that was written by the first version of the
// format. It must be readable for ever; -update is not offered.
func TestOldEvidence(t *testing.T) {
	var got []*crawler.Observation
	err := each(filepath.Join("testdata", "version1", "run-00001-2bea65a1.warc.gz"), func(_ Place, obs *crawler.Observation) error {
		got = append(got, obs)
		return nil
	})
	if err != nil || len(got) != 2 || !reflect.DeepEqual(got[0], full()) || !reflect.DeepEqual(got[1], full()) {
		t.Errorf("%d observations, %v", len(got), err)
	}
}
