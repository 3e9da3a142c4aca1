package warc

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/beianwatch/beianwatch/crawler/disktest"
)

// A full disk loses no observation and leaves nothing behind: what was written before is
// read still, and with room the same writer goes on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	d := disktest.New(t, 256)
	w := newWriter(t, filepath.Join(d.Path, "evidence"), 0)
	d.Fill()
	for range 3 {
		if _, err := w.Write(page("a.cn", "body")); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("before the first file: %v", err)
		}
	}
	if left, err := os.ReadDir(w.dir); err != nil || len(left) != 0 {
		t.Errorf("%v are left, %v", left, err)
	}
	d.MakeRoom()
	places := map[string]Place{}
	write := func(domain string) (err error) {
		body := make([]byte, 8<<10) // nothing that packs
		rand.Read(body)
		places[domain], err = w.Write(page(domain, string(body)))
		return err
	}
	if err := write("b.cn"); err != nil {
		t.Fatal(err)
	}
	d.Fill()
	for range 3 {
		if err := write("c.cn"); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("with a file: %v", err)
		}
	}
	d.MakeRoom()
	if err := write("c.cn"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for domain, place := range places {
		obs, _, err := ReadWith(w.dir, place)
		if err != nil || obs.Domain != domain {
			t.Errorf("%s: %v", domain, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err == nil {
		_, err = Entries(bytes.NewReader(data), int64(len(data)))
	}
	if err != nil {
		t.Errorf("the file is not whole: %v", err)
	}
}
