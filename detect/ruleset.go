package detect

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"strings"
	"sync"
)

// sources are the files that verdicts follow from: the code of the rules and of
// the packages that read pages, and their data. They are embedded so that no
// one can change a rule and forget to say so.
//
//go:embed *.go *.txt */*.go
var sources embed.FS

// Ruleset names the version of rules, data and default policy: the same name
// means the same verdicts from the same evidence. It changes whenever a file
// of this package or its sub-packages does (their tests aside).
func Ruleset() string { return ruleset() }

var ruleset = sync.OnceValue(func() string {
	sum := sha256.New()
	err := fs.WalkDir(sources, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := sources.ReadFile(path)
		if err != nil {
			return err
		}
		sum.Write([]byte(path))
		sum.Write(data)
		return nil
	})
	if err != nil {
		panic(err) // an embedded file can always be read
	}
	return DefaultPolicy().Version + "-" + hex.EncodeToString(sum.Sum(nil)[:6])
})
