package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

const (
	module = "github.com/beianwatch/beianwatch"
	top    = "../.."
)

// The line of rooms: a room imports only what stands to its left.
var rooms = []string{"crawler", "detect", "reports", "schedule", "cmd"}

// A goFile is one parsed source file of the house.
type goFile struct {
	path  string // relative to the top, with slashes
	lines int
	test  bool
	tree  *ast.File
}

func (f goFile) room() string { return strings.SplitN(f.path, "/", 2)[0] }

// imports lists the import paths of the file.
func (f goFile) imports() []string {
	var paths []string
	for _, spec := range f.tree.Imports {
		paths = append(paths, strings.Trim(spec.Path.Value, `"`))
	}
	return paths
}

func houseFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != top) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, path)
		if err != nil {
			return err
		}
		files = append(files, goFile{filepath.ToSlash(rel), set.File(tree.FileStart).LineCount(), strings.HasSuffix(path, "_test.go"), tree})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("read only %d Go files: the walk is broken", len(files))
	}
	return files
}

func TestRoomsStandInLine(t *testing.T) {
	for _, f := range houseFiles(t) {
		at := slices.Index(rooms, f.room())
		if at < 0 {
			t.Errorf("%s is in no room", f.path)
			continue
		}
		for _, path := range f.imports() {
			room, ok := strings.CutPrefix(path, module+"/")
			if !ok {
				continue
			}
			room = strings.SplitN(room, "/", 2)[0]
			if slices.Index(rooms, room) > at {
				t.Errorf("%s (room %s) imports %s, which stands to its right", f.path, f.room(), path)
			}
		}
	}
}

// impure are the packages through which a rule could reach the world.
var impure = []string{"net", "net/http", "net/http/httputil", "os", "os/exec", "os/signal", "io/ioutil", "syscall", "math/rand", "math/rand/v2", "crypto/rand", "log", "log/slog"}

// clock are the functions of package time that read the clock or wait.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

func TestDetectIsPure(t *testing.T) {
	for _, f := range houseFiles(t) {
		if f.room() != "detect" || f.test || isGenerator(f) {
			continue
		}
		for _, path := range f.imports() {
			if slices.Contains(impure, path) {
				t.Errorf("%s imports %s: detect must be pure", f.path, path)
			}
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, sel.Sel.Name) {
				t.Errorf("%s calls time.%s: the only clock of a rule is Case.At", f.path, sel.Sel.Name)
			}
			return true
		})
	}
}

// The bounds of a file in lines and of a folder in files, tests apart.
const (
	maxLines = 350
	maxFiles = 30
)

func TestHouseStaysReadable(t *testing.T) {
	folders := map[string]int{}
	for _, f := range houseFiles(t) {
		if f.test {
			continue
		}
		folders[path.Dir(f.path)]++
		if n := f.lines; n > maxLines {
			t.Errorf("%s has %d lines, more than %d: give it one subject", f.path, n, maxLines)
		}
	}
	for folder, n := range folders {
		if n > maxFiles {
			t.Errorf("%s has %d Go files, more than %d: give it inner rooms", folder, n, maxFiles)
		}
	}
}

// isGenerator tells whether f is a program that only `go generate` runs.
func isGenerator(f goFile) bool {
	for _, g := range f.tree.Comments {
		if g.Pos() > f.tree.Package {
			break
		}
		if strings.HasPrefix(g.List[0].Text, "//go:build ignore") {
			return true
		}
	}
	return false
}

func TestNoInitAndNoUtils(t *testing.T) {
	for _, f := range houseFiles(t) {
		switch f.tree.Name.Name {
		case "util", "utils", "common", "types", "model", "models", "helpers":
			t.Errorf("%s: package %s says nothing about its subject", f.path, f.tree.Name.Name)
		}
		for _, d := range f.tree.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function", f.path)
			}
		}
	}
}

// TestServersOfTestsStayInTests keeps packages such as pgtest, and testing
// itself, out of the program.
func TestServersOfTestsStayInTests(t *testing.T) {
	for _, f := range houseFiles(t) {
		if f.test || strings.HasSuffix(f.tree.Name.Name, "test") {
			continue
		}
		for _, path := range f.imports() {
			if path == "testing" || strings.HasPrefix(path, "testing/") || strings.HasPrefix(path, module+"/") && strings.HasSuffix(path, "test") {
				t.Errorf("%s imports %s, which is for tests alone", f.path, path)
			}
		}
	}
}

// TestModulesHaveReasons holds the direct modules of go.mod to the table in
// docs/design.md, which gives the reason for each.
func TestModulesHaveReasons(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(top, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	design, err := os.ReadFile(filepath.Join(top, "docs", "design.md"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| \\S.{10,}\\|$").FindAllSubmatch(section(design, "## Modules"), -1) {
		listed = append(listed, string(m[1]))
	}
	var direct []string
	for _, r := range mod.Require {
		if !r.Indirect {
			direct = append(direct, r.Mod.Path)
		}
	}
	for _, path := range direct {
		if !slices.Contains(listed, path) {
			t.Errorf("go.mod requires %s, but docs/design.md gives no reason for it", path)
		}
	}
	for _, path := range listed {
		if !slices.Contains(direct, path) {
			t.Errorf("docs/design.md gives a reason for %s, which go.mod does not require", path)
		}
	}
}

// section returns the part of a Markdown text from heading to the next
// heading of the same level.
func section(text []byte, heading string) []byte {
	_, rest, ok := bytes.Cut(text, []byte("\n"+heading+"\n"))
	if !ok {
		return nil
	}
	body, _, _ := bytes.Cut(rest, []byte("\n## "))
	return body
}

func TestTopLevelIsFixed(t *testing.T) {
	allowed := []string{"cmd", "crawler", "detect", "schedule", "reports", "docs", "go.mod", "go.sum", "README.md", "README.zh-CN.md", "SECURITY.md", "LICENSE", "Containerfile", "compose.yaml", "action.yml", "packaging"}
	entries, err := os.ReadDir(top)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		ignored := strings.HasPrefix(name, ".") || strings.HasPrefix(name, "beianwatch")
		if !ignored && !slices.Contains(allowed, name) {
			t.Errorf("%s does not belong at the top level", name)
		}
	}
}
