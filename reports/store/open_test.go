package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpenExplains(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	newer := filepath.Join(dir, "newer.db")
	s, err := Open(context.Background(), newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Writer().Exec(`INSERT INTO store_version (version_id, is_applied) VALUES (99, 1)`); err != nil {
		t.Fatal(err)
	}
	s.Close()
	foreign := filepath.Join(dir, "foreign.db")
	db, err := sql.Open("sqlite", foreign)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE songs (name TEXT)`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	cases := map[string][2]string{
		"newer":        {newer, "update the program"},
		"not a db":     {write("text.db", []byte(strings.Repeat("domain,owner\n", 500))), "name another file with --db"},
		"foreign":      {foreign, "another program"},
		"a folder":     {dir, "--db"},
		"under a file": {filepath.Join(write("plain", nil), "x.db"), "--db"},
		"no place":     {"/proc/nothing/x.db", "--db"},
		"another kind": {"mysql://user:secret@host/db", "postgres://USER@HOST/DATABASE"},
		"nothing":      {"", "--db"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s, err := Open(context.Background(), c[0])
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c[1]) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v", err)
			}
		})
	}
	odd, err := Open(context.Background(), filepath.Join(dir, "a?b%20c#d", "结果 库.db"))
	if err != nil {
		t.Fatal(err)
	}
	odd.Close()
	if _, err := os.Stat(filepath.Join(dir, "a?b%20c#d", "结果 库.db")); err != nil {
		t.Error(err)
	}
}

func TestReaderCannotWrite(t *testing.T) { forEachEngine(t, testReaderCannotWrite) }

func testReaderCannotWrite(t *testing.T, s *Store) {
	if _, err := s.Reader().Exec(`DELETE FROM run`); err == nil {
		t.Error("the reader wrote")
	}
}

func TestWAL(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, db := range []*sql.DB{s.Reader(), s.Writer()} {
		var mode string
		if err := db.QueryRow(`PRAGMA journal_mode`).Scan(&mode); err != nil || mode != "wal" {
			t.Errorf("journal mode %q, %v", mode, err)
		}
	}
}

// A file that can only be read is read as it stands; nothing is made beside it.
func TestOpenStill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "still.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	still, err := openStill(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := still.FindRun(t.Context(), "latest"); !errors.Is(err, ErrNoRun) {
		t.Errorf("an empty database says %v", err)
	}
	if _, err := still.Writer().Exec(`DELETE FROM run`); !unwritable(err) {
		t.Errorf("writing says %v", err)
	}
	still.Close()
	if beside, _ := filepath.Glob(path + "?*"); len(beside) > 0 {
		t.Errorf("reading made %v", beside)
	}
	if err := os.WriteFile(path+"-wal", []byte("pages"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openStill(t.Context(), path); err == nil {
		t.Error("a log that was not folded in was passed over")
	}
}
