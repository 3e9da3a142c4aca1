package warc

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Each file is whole by itself: what a new one says again stands there in full, also
// where it was packed while the file before was open.
func TestNoRevisitLeavesItsFile(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, 1) // a file for each observation
	body := strings.Repeat("<p>the same page</p>", 500)
	_, first := back(t, w, page("a.cn", body))
	_, second := back(t, w, page("b.cn", body))
	if first.File == second.File || w.count != 2 {
		t.Fatalf("the file was not changed at its size: %v, %v, %d files", first, second, w.count)
	}
	if err := os.Remove(filepath.Join(dir, first.File)); err != nil {
		t.Fatal(err)
	}
	if got, err := read(dir, second); err != nil || string(got.Visits[0].Hops[0].Body) != body {
		t.Errorf("with the other file gone: %v", err)
	}
	if files, err := Refers(t.Context(), filepath.Join(dir, second.File)); err != nil || len(files) > 0 {
		t.Errorf("refers to %v, %v", files, err)
	}
}

// Many write the same pages side by side while files change: whatever file is taken
// away, the others are whole.
func TestFilesAreWholeWhenManyWrite(t *testing.T) {
	dir := t.TempDir()
	w := newWriter(t, dir, 4<<10)
	var mu sync.Mutex
	places := map[string]Place{}
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 60 {
				domain := fmt.Sprintf("g%d-%d.cn", g, i)
				place, err := w.Write(page(domain, strings.Repeat(fmt.Sprintf("<p>page %d</p>", i%5), 200)))
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
	all.Wait()
	alone := t.TempDir()
	for domain, place := range places {
		path := filepath.Join(alone, place.File)
		if err := os.Link(filepath.Join(dir, place.File), path); err != nil {
			t.Fatal(err)
		}
		if obs, err := read(alone, place); err != nil || obs.Domain != domain {
			t.Fatalf("%s, its file alone: %v", domain, err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	if w.count < 5 {
		t.Errorf("%d files: the test tests nothing", w.count)
	}
}

// Files of earlier versions refer to one another; they are read, and say so.
func TestRevisitAcrossFilesOfOld(t *testing.T) {
	const first, second = "run-00001-59472ddc.warc.gz", "run-00002-e8c8bdf6.warc.gz"
	dir := filepath.Join("testdata", "version1-revisits")
	obs, err := read(dir, Place{File: second, Offset: 352})
	if err != nil || string(obs.Visits[0].Hops[0].Body) != strings.Repeat("<p>the same page</p>", 500) {
		t.Errorf("%v", err)
	}
	for file, want := range map[string][]string{first: nil, second: {first}} {
		if got, err := Refers(t.Context(), filepath.Join(dir, file)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s refers to %v, %v, want %v", file, got, err, want)
		}
	}
	alone := t.TempDir()
	if err := os.Symlink(mustAbs(t, filepath.Join(dir, second)), filepath.Join(alone, second)); err != nil {
		t.Fatal(err)
	}
	if _, err := read(alone, Place{File: second, Offset: 352}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("with the other file gone: %v", err)
	}
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
