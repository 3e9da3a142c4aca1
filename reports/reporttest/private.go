package reporttest

import (
	"io/fs"
	"path/filepath"
	"runtime"
	"testing"
)

// Private fails if anybody but the owner may read a file or folder below dir.
// Windows, which has no such permissions, passes.
func Private(t *testing.T, dir string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		return
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
