package warc

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 123456789, time.UTC)

// full is an observation that uses every field: a redirect, a page in GBK
// whose address holds GBK bytes, a failure, a browser.
func full() *crawler.Observation {
	addr := netip.MustParseAddrPort("203.0.113.7:443")
	return &crawler.Observation{
		Domain: "example.cn", At: noon, Vantage: "cn-east",
		Lookups: []crawler.Lookup{{
			Name: "example.cn", Type: "A", Server: "192.0.2.1:53", At: noon, Took: 3 * time.Millisecond, RCode: "NOERROR",
			Chain: []string{"cdn.example.net"}, Addrs: []netip.Addr{addr.Addr()}, TTL: 10 * time.Minute,
			Answers: []string{"example.cn.\t600\tIN\tCNAME\tcdn.example.net."}, TCP: true, Tries: 2,
		}, {
			Name: "example.cn", Type: "AAAA", Server: "192.0.2.1:53", At: noon, RCode: "SERVFAIL", Tries: 4,
			Failure: &crawler.Failure{Kind: crawler.FailDNSServer, Detail: "every upstream refused"},
		}},
		Visits: []crawler.Visit{{
			Ask: crawler.Ask{Kind: crawler.AskHome}, At: noon, Took: time.Second,
			Hops: []crawler.Page{{
				URL: "http://example.cn/", Addr: addr, Status: 301, Proto: "HTTP/1.1", At: noon, Took: time.Millisecond,
				Header: http.Header{"Location": {"https://example.cn/"}, "Content-Length": {"0"}},
			}, {
				URL: "https://example.cn/?q=\xb1\xb8\xb0\xb8", Via: crawler.ViaHTTP, Addr: addr, Status: 200, Proto: "HTTP/2.0", At: noon, Took: time.Millisecond, Cut: true,
				Header: http.Header{"Content-Type": {"text/html; charset=gbk"}, "Content-Encoding": {"gzip"}, "Content-Length": {"17"}, "Set-Cookie": {"a=1", "b=2"},
					"X-Odd": {" padded "}, "x-lower": {"kept"}, "X-Bytes": {"\xff\xfe"}, "X-Empty": {""}},
				Body: []byte("<html>\xb1\xb8\xb0\xb8\r\n\r\nWARC/1.1\r\n</html>"),
				TLS: &crawler.TLSFacts{Version: "TLS 1.3", Subject: "CN=\xff", Issuer: "CN=Test", Names: []string{"example.cn"},
					NotBefore: noon.Add(-time.Hour), NotAfter: noon.Add(time.Hour), Fault: "unknown authority"},
			}},
		}, {
			Ask: crawler.Ask{Kind: crawler.AskNoName, Addr: addr.Addr()}, At: noon, Took: time.Second,
			Failure: &crawler.Failure{Kind: crawler.FailReset, Detail: "read: connection reset"}, Failed: "http://203.0.113.7/",
		}},
		Rendered: &crawler.Page{URL: "https://example.cn/", Via: crawler.ViaRendered, Status: 200, At: noon,
			Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte("<html>备案</html>")},
		Screenshot: []byte("\xff\xd8\xff\xe0 no real picture"),
		Trouble:    "the deadline of the run passed",
	}
}

func newWriter(t testing.TB, dir string, max int64) *Writer {
	t.Helper()
	w, err := NewWriter(dir, "run", max)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// back writes an observation and reads it again.
func back(t *testing.T, w *Writer, obs *crawler.Observation) (*crawler.Observation, Place) {
	t.Helper()
	place, err := w.Write(obs)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(w.dir, place)
	if err != nil {
		t.Fatal(err)
	}
	return got, place
}

func TestReadGivesBackWhatWasWritten(t *testing.T) {
	cases := map[string]*crawler.Observation{
		"every field": full(),
		"nothing":     {Domain: "example.cn", At: noon},
		"no name": {Domain: "nosuch.cn", At: noon, Lookups: []crawler.Lookup{{Name: "nosuch.cn", Type: "A", At: noon, RCode: "NXDOMAIN",
			Failure: &crawler.Failure{Kind: crawler.FailDNSNoName}}}},
		"odd answers": {Domain: "odd.cn", At: noon, Visits: []crawler.Visit{{At: noon, Hops: []crawler.Page{
			{URL: "http://odd.cn/\r\nWARC-Type: warcinfo", Status: 7, Proto: "ICY", At: noon},
			{URL: strings.Repeat("u", 100<<10), Status: 200, At: noon, Header: http.Header{"": {"v"}, "No": {}, "Bad Name": {"v"}, "Split": {"a\r\nb"}}},
		}}}},
		"zone": {Domain: "zone.cn", At: noon.In(time.FixedZone("", 8*3600)), Visits: []crawler.Visit{{At: noon, Hops: []crawler.Page{
			{URL: "http://zone.cn/", Addr: netip.MustParseAddrPort("[fe80::1%eth0]:80"), Status: 200, At: noon}}}}},
	}
	for name, obs := range cases {
		t.Run(name, func(t *testing.T) {
			got, _ := back(t, newWriter(t, t.TempDir(), 0), obs)
			same := *got
			if !got.At.Equal(obs.At) {
				t.Errorf("At is %v, want %v", got.At, obs.At)
			}
			same.At = obs.At // equal, with a zone of its own
			if !reflect.DeepEqual(&same, normal(obs)) {
				t.Errorf("got  %+v\nwant %+v", &same, obs)
			}
		})
	}
}

// normal has nil for what is empty: the two are not told apart on disk.
func normal(obs *crawler.Observation) *crawler.Observation {
	for _, v := range obs.Visits {
		for i := range v.Hops {
			for name, values := range v.Hops[i].Header {
				if len(values) == 0 {
					v.Hops[i].Header[name] = nil
				}
			}
		}
	}
	return obs
}

// page is an observation of one answer.
func page(domain, body string) *crawler.Observation {
	return &crawler.Observation{Domain: domain, At: noon, Visits: []crawler.Visit{{Ask: crawler.Ask{Kind: crawler.AskHome}, At: noon, Hops: []crawler.Page{{
		URL: "http://" + domain + "/", Status: 200, Proto: "HTTP/1.1", At: noon, Header: http.Header{"Server": {"nginx"}}, Body: []byte(body)}}}}}
}

func TestSameBodyIsARevisit(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, 0)
	body := strings.Repeat("<p>the same page</p>", 500)
	back(t, w, page("a.cn", body))
	twice := page("b.cn", body)
	twice.Visits = append(twice.Visits, page("b.cn", "other").Visits...)
	twice.Visits = append(twice.Visits, page("b.cn", "other").Visits...)
	got, place := back(t, w, twice)
	if !reflect.DeepEqual(got, twice) {
		t.Errorf("got %+v", got)
	}
	kinds := kindsOf(t, dir, place)
	if want := "metadata revisit response revisit"; kinds != want {
		t.Errorf("records are %q, want %q", kinds, want)
	}
}

// kindsOf lists the types of the records from place to the end of the file.
func kindsOf(t *testing.T, dir string, place Place) string {
	t.Helper()
	f, err := openAt(dir, place)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	src := newSource(f, place.Offset)
	var kinds []string
	for {
		rec, err := src.next()
		if err == io.EOF {
			return strings.Join(kinds, " ")
		}
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, rec.kind)
	}
}

func TestCutFileIsReadUpToTheCut(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, 0)
	var ends []int64
	for i := range 3 {
		if _, err := w.Write(page(fmt.Sprintf("d%d.cn", i), strings.Repeat(fmt.Sprint(i), 300))); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, w.size)
	}
	whole, err := os.ReadFile(filepath.Join(dir, w.name))
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.warc.gz")
	for n := range whole {
		if err := os.WriteFile(cut, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		got := 0
		err := each(cut, func(Place, *crawler.Observation) error { got++; return nil })
		want := 0
		for _, end := range ends {
			if int64(n) >= end {
				want++
			}
		}
		if got != want {
			t.Fatalf("cut at %d: %d observations, want %d", n, got, want)
		}
		if err != nil && !errors.Is(err, ErrCut) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
}

func TestFlippedByteIsNoticed(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, 0)
	_, place := back(t, w, page("a.cn", strings.Repeat("body ", 100)))
	path := filepath.Join(dir, place.File)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := int(place.Offset) + 20; at < len(whole); at += 7 {
		bad := append([]byte{}, whole...)
		bad[at] ^= 0x10
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := read(dir, place); err == nil && !reflect.DeepEqual(got, page("a.cn", strings.Repeat("body ", 100))) {
			t.Fatalf("byte %d flipped: other evidence was read without an error", at)
		}
	}
}

func TestManyGoroutinesRotation(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, 20<<10)
	var wg sync.WaitGroup
	var mu sync.Mutex
	places := map[string]Place{}
	for g := range 8 {
		wg.Go(func() {
			for i := range 50 {
				domain := fmt.Sprintf("g%d-%d.cn", g, i)
				place, err := w.Write(page(domain, strings.Repeat(fmt.Sprint(i), 200)))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				places[domain] = place
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for domain, place := range places {
		obs, err := read(dir, place)
		if err != nil || obs.Domain != domain {
			t.Fatalf("%s at %v: %v %v", domain, place, obs, err)
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	seen := 0
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil || info.Size() > 20<<10 {
			t.Errorf("%s: %v, %v", f, info, err)
		}
		if err := each(f, func(p Place, obs *crawler.Observation) error {
			seen++
			if places[obs.Domain] != p {
				return fmt.Errorf("%s stands at %v, was told %v", obs.Domain, p, places[obs.Domain])
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
	if len(files) < 3 || seen != len(places) {
		t.Errorf("%d files, %d observations, want several and %d", len(files), seen, len(places))
	}
}

func TestWriterRefuses(t *testing.T) {
	for _, prefix := range []string{"", "a/b", "..", ".x", "a b"} {
		if _, err := NewWriter(t.TempDir(), prefix, 0); err == nil {
			t.Errorf("prefix %q was taken", prefix)
		}
	}
	w := newWriter(t, t.TempDir(), 0)
	if _, err := w.Write(page("a.cn", strings.Repeat("x", maxBlock+1))); err == nil {
		t.Error("a body beyond the limit was taken")
	}
	w.Close()
	if _, err := w.Write(page("a.cn", "x")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if files, _ := filepath.Glob(filepath.Join(w.dir, "*")); len(files) != 0 {
		t.Errorf("files without an observation: %v", files)
	}
}

func TestReadStaysInItsFolder(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, filepath.Join(dir, "in"), 0)
	_, place := back(t, w, page("a.cn", "x"))
	for _, file := range []string{"", "../in/" + place.File, "..", "/etc/passwd", "."} {
		if _, err := read(w.dir, Place{File: file}); err == nil {
			t.Errorf("%q was read", file)
		}
	}
	for _, at := range []int64{-1, 1, place.Offset - 1, place.Offset + 1, 1 << 40} {
		if _, err := read(w.dir, Place{File: place.File, Offset: at}); err == nil {
			t.Errorf("an observation was read at byte %d", at)
		}
	}
}

// Evidence whose folder is removed is not lost without a word.
func TestFolderRemoved(t *testing.T) {
	for name, remove := range map[string]func(w *Writer) error{
		"the folder": func(w *Writer) error { return os.RemoveAll(w.dir) },
		"the folder, and another one made": func(w *Writer) error {
			return errors.Join(os.RemoveAll(w.dir), os.MkdirAll(w.dir, 0o700), os.WriteFile(filepath.Join(w.dir, w.name), nil, 0o600))
		},
		"the file": func(w *Writer) error { return os.Remove(filepath.Join(w.dir, w.name)) },
	} {
		w := newWriter(t, filepath.Join(t.TempDir(), "evidence"), 0)
		if _, err := w.Write(page("a.cn", "body")); err != nil {
			t.Fatal(err)
		}
		if err := remove(w); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := w.Write(page("b.cn", "body")); !errors.Is(err, errRemoved) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
