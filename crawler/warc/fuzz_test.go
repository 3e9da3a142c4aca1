package warc

import (
	"bytes"
	"compress/gzip"
	"hash/maphash"
	"net/http"
	"reflect"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// FuzzRead feeds files to the reader. The seeds are plain records, because
// no fuzzer gets a gzip checksum right; whatever comes out must be written
// and read again the same.
func FuzzRead(f *testing.F) {
	dir := f.TempDir()
	w := newWriter(f, dir, 0)
	for _, obs := range []*crawler.Observation{full(), page("a.cn", "x"), {Domain: "b.cn", At: noon}} {
		place, err := w.Write(obs)
		if err != nil {
			f.Fatal(err)
		}
		file, err := openAt(dir, place)
		if err != nil {
			f.Fatal(err)
		}
		zip, err := gzip.NewReader(file)
		if err != nil {
			f.Fatal(err)
		}
		var plain bytes.Buffer
		if _, err := plain.ReadFrom(zip); err != nil {
			f.Fatal(err)
		}
		f.Add(plain.Bytes())
		file.Seek(place.Offset, 0)
		var zipped bytes.Buffer
		zipped.ReadFrom(file)
		f.Add(zipped.Bytes())
		file.Close()
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a := assembler{src: newSource(bytes.NewReader(data), 0)}
		for {
			before := a.src.offset()
			obs, err := next(&a)
			if err != nil {
				return
			}
			if a.src.offset() <= before {
				t.Fatal("the reader does not move")
			}
			if obs != nil {
				rewrite(t, obs)
			}
		}
	})
}

// repeat packs an observation and reads it from the bytes, without a file,
// whose making would slow the fuzzer down a thousandfold.
func repeat(obs *crawler.Observation) (got *crawler.Observation, packing, reading error) {
	p, err := pack(obs, nil, seed, func(key) *origin { return nil })
	if err != nil {
		return nil, err, nil
	}
	a := assembler{src: newSource(&p.Buffer, 0)}
	got, err = next(&a)
	return got, nil, err
}

var seed = maphash.MakeSeed()

// rewrite checks that an observation that was read comes back when it is
// written by us.
func rewrite(t *testing.T, obs *crawler.Observation) {
	got, packing, reading := repeat(obs)
	if packing != nil {
		return // a year beyond what JSON can say
	}
	if reading != nil {
		t.Fatal(reading)
	}
	if len(got.Visits) != len(obs.Visits) || len(got.Lookups) != len(obs.Lookups) || got.Domain != obs.Domain {
		t.Fatalf("got %+v, want %+v", got, obs)
	}
	for i := range obs.Visits {
		for j := range obs.Visits[i].Hops {
			if !bytes.Equal(got.Visits[i].Hops[j].Body, obs.Visits[i].Hops[j].Body) || got.Visits[i].Hops[j].URL != obs.Visits[i].Hops[j].URL {
				t.Fatalf("hop %d of visit %d differs", j, i)
			}
		}
	}
}

// FuzzRoundTrip writes hostile words in every place that a server can reach.
func FuzzRoundTrip(f *testing.F) {
	f.Add("http://a.cn/", "Server", "nginx", []byte("<html>"), "reset", 200)
	f.Add("\r\n\r\nWARC/1.1", "A:b", "\xff", []byte("WARC/1.1\r\n"), "\x00", -1)
	f.Fuzz(func(t *testing.T, url, name, value string, body []byte, detail string, status int) {
		obs := page("a.cn", string(body))
		p := &obs.Visits[0].Hops[0]
		p.URL, p.Status, p.Header = url, status, http.Header{name: {value}}
		if len(body) == 0 {
			p.Body = nil
		}
		obs.Visits[0].Failed, obs.Visits[0].Failure = url, &crawler.Failure{Kind: crawler.FailReset, Detail: detail}
		got, packing, reading := repeat(obs)
		if packing != nil || reading != nil {
			t.Fatal(packing, reading)
		}
		if !reflect.DeepEqual(got, obs) {
			t.Fatalf("got  %+v\nwant %+v", got, obs)
		}
	})
}
