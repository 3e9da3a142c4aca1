package wacz

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"
)

// hostile is a package with further parts.
func hostile(t *testing.T, add func(z *zip.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range unzipped(t, packed(t, testKey(t), nil)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add(z)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A package that is made to fill memory does not: neither with parts, nor with what is
// wrong with it, nor with what one of them unpacks to.
func TestHostilePackages(t *testing.T) {
	if testing.Short() {
		t.Skip("it unpacks gigabytes, one after the other")
	}
	create := func(z *zip.Writer, name string) io.Writer {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	for name, c := range map[string]struct {
		add     func(z *zip.Writer)
		refused bool
	}{
		"folders": {func(z *zip.Writer) {
			for i := range maxParts {
				create(z, fmt.Sprintf("f%d/", i))
			}
		}, true},
		"one name": {func(z *zip.Writer) {
			for range maxParts {
				create(z, "evidence/dns.txt")
			}
		}, true},
		"a directory": {func(z *zip.Writer) {
			for i := range 60_000 {
				create(z, fmt.Sprintf("%0100d", i))
			}
		}, true},
		"an index": {func(z *zip.Writer) {
			w := create(z, "indexes/more.cdxj")
			for i := range 100_000 {
				fmt.Fprintf(w, "x 2026 {\"url\":\"u%d\",\"offset\":%d}\n", i, i)
			}
		}, false},
		"an archive": {func(z *zip.Writer) {
			w := create(z, "archive/more.warc.gz")
			zeros := make([]byte, 1<<20)
			for range 256 {
				w.Write(zeros)
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			data := hostile(t, c.add)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r, err := Verify(bytes.NewReader(data), int64(len(data)), nil)
			runtime.ReadMemStats(&after)
			if c.refused != (err != nil) {
				t.Fatalf("%+v, %v", r, err)
			}
			if err == nil && (len(r.Problems) == 0 || len(r.Problems) > maxProblems) {
				t.Errorf("%d problems", len(r.Problems))
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20 {
				t.Errorf("%d MiB allocated", n>>20)
			}
		})
	}
}
