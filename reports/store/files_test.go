//go:build unix

package store

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// TestFilesAreTheOwners looks at what a database makes: results hold personal data.
func TestFilesAreTheOwners(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "data")
	path := filepath.Join(dir, "results.db")
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, filled("run", "a.cn"))
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, f := range append(files, dir) {
		info, err := os.Stat(f)
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v, %v", f, info.Mode(), err)
		}
	}
	s.Close()
	if err := os.Chmod(path, 0o664); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("the file of an older program is %v, %v", info.Mode(), err)
	}
}

// TestOldQueueIsRemoved opens a database of an older program with its job queue
// beside it.
func TestOldQueueIsRemoved(t *testing.T) {
	t.Parallel()
	path := load(t, "testdata/schema-1/sqlite.sql")
	old := filepath.Join(filepath.Dir(path), "queue.db")
	for _, name := range []string{old, old + "-wal"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		s, err := Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
	}
	for _, name := range []string{old, old + "-wal"} {
		if _, err := os.Stat(name); !os.IsNotExist(err) {
			t.Errorf("%s is there: %v", name, err)
		}
	}
}
