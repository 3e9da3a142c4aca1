package store

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler/warc"
	"github.com/beianwatch/beianwatch/reports"
)

// TestSweepEvidence lays down files of several runs; after thinning only those are
// left that a result names, those of a run under way, and what is not ours.
func TestSweepEvidence(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *Store) {
		ctx, root := context.Background(), t.TempDir()
		for _, name := range []string{"n0/a.gz", "n0/b.gz", "n0/c.gz", "n1/a.gz", "n2/a.gz", "n2/b.gz", "n3/a.gz", "n3/stray.gz", "strange/a.gz", "n4/x.gz"} {
			path := filepath.Join(root, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		result := func(run, domain, packed, file string) Result {
			r := plainResult(run, domain, packed)
			r.Evidence = warc.Place{File: file}
			if strings.Contains(file, "/") { // of an earlier run
				r.Evidence.Offset = 7
			}
			return r
		}
		for _, id := range []string{"n0", "n1", "n2", "n3"} {
			if err := s.CreateRun(ctx, runOf(id, reports.RunDone)); err != nil {
				t.Fatal(err)
			}
		}
		begin(t, s, "n4")
		put(t, s,
			result("n0", "a.cn", "V", "a.gz"), result("n0", "b.cn", "V", "b.gz"), result("n0", "c.cn", "W", "c.gz"),
			result("n1", "a.cn", "V", "a.gz"), result("n1", "b.cn", "V", "n0/b.gz"), result("n1", "c.cn", ".", ""),
			result("n2", "a.cn", "V", "a.gz"), result("n2", "b.cn", "V", "n0/b.gz"), result("n2", "c.cn", ".", "b.gz"),
			result("n3", "a.cn", "V", "a.gz"), result("n3", "b.cn", "V", "n0/b.gz"), result("n3", "c.cn", ".", ""))
		sweep := func() {
			t.Helper()
			for steps := 0; ; steps++ {
				more, err := s.SweepEvidence(ctx, root, 2)
				if err != nil || steps > 100 {
					t.Fatal(steps, err)
				}
				if !more {
					return
				}
			}
		}
		left := func() (names []string) {
			t.Helper()
			err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					name, _ := filepath.Rel(root, path)
					names = append(names, filepath.ToSlash(name))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return names
		}
		ends, err := s.EvidenceEnds(ctx)
		if want := map[string]int64{"n0/a.gz": 0, "n0/b.gz": 7, "n0/c.gz": 0, "n1/a.gz": 0, "n2/a.gz": 0, "n2/b.gz": 0, "n3/a.gz": 0}; err != nil || !maps.Equal(ends, want) {
			t.Errorf("the results name %v, %v, want %v", ends, err, want)
		}
		sweep()
		if got, want := left(), []string{"n0/a.gz", "n0/b.gz", "n0/c.gz", "n1/a.gz", "n2/a.gz", "n2/b.gz", "n3/a.gz", "n4/x.gz", "strange/a.gz"}; !slices.Equal(got, want) {
			t.Errorf("before thinning %v, want %v", got, want)
		}
		thinAll(t, s, 1, 100)
		sweep()
		if got, want := left(), []string{"n0/b.gz", "n0/c.gz", "n3/a.gz", "n4/x.gz", "strange/a.gz"}; !slices.Equal(got, want) {
			t.Errorf("after thinning %v, want %v", got, want)
		}
		if _, err := os.Stat(filepath.Join(root, "n1")); !os.IsNotExist(err) {
			t.Errorf("an empty folder was left: %v", err)
		}
	})
}

// TestSweepKeepsReferredBodies lays down two files of an earlier version, of which
// the second takes a body from the first, and sweeps while a result names the second
// alone, while that one is damaged, and when none names it any more.
func TestSweepKeepsReferredBodies(t *testing.T) {
	const first, second = "run-00001-59472ddc.warc.gz", "run-00002-e8c8bdf6.warc.gz"
	from := filepath.Join("..", "..", "crawler", "warc", "testdata", "version1-revisits")
	forEachEngine(t, func(t *testing.T, s *Store) {
		ctx, root := context.Background(), t.TempDir()
		dir := filepath.Join(root, "n0")
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "run-00003-00.warc.gz"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"n0", "n1"} {
			if err := s.CreateRun(ctx, runOf(id, reports.RunDone)); err != nil {
				t.Fatal(err)
			}
		}
		place := warc.Place{File: second, Offset: 352}
		named := plainResult("n0", "b.cn", "V")
		named.Evidence = place
		put(t, s, named, plainResult("n1", "b.cn", "V"))
		sweep := func(want ...string) {
			t.Helper()
			for more := true; more; {
				var err error
				if more, err = s.SweepEvidence(ctx, root, 100); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			files, _ := os.ReadDir(dir)
			for _, f := range files {
				got = append(got, f.Name())
			}
			if !slices.Equal(got, want) {
				t.Errorf("left %v, want %v", got, want)
			}
		}
		sweep(first, second)
		if obs, _, err := warc.ReadWith(dir, place); err != nil || obs.Domain != "b.cn" {
			t.Errorf("after the sweep: %v", err)
		}
		whole, err := os.ReadFile(filepath.Join(dir, second))
		if err != nil {
			t.Fatal(err)
		}
		whole[500] ^= 0x10
		if err := os.WriteFile(filepath.Join(dir, second), whole, 0o600); err != nil {
			t.Fatal(err)
		}
		sweep(first, second)
		thinAll(t, s, 1, 100)
		sweep()
	})
}
