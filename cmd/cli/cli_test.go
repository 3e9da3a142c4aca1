package cli

import (
	"bytes"
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// TestLog: a line for people is in their language and zone, its causes in words; what
// is for developers stands as it is.
func TestLog(t *testing.T) {
	var out bytes.Buffer
	log := NewLog(&out, "zh", slog.LevelInfo).With("run", "r1")
	r := slog.NewRecord(time.Date(2026, 11, 28, 4, 7, 0, 0, time.UTC), slog.LevelWarn, "waiting for the database", 0)
	r.Add("err", error(&fs.PathError{Op: "open", Path: "a.db", Err: syscall.EACCES}))
	if err := log.Handler().Handle(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "2026-11-28 12:07:00  警告  等待数据库  批次：r1  原因：a.db：没有权限\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	out.Reset()
	log.Debug("producer: counts")
	log.Info("something\x1b[31m else", "n", 3)
	if got := out.String(); strings.Contains(got, "producer") || strings.Contains(got, "\x1b") || !strings.Contains(got, "  n：3") {
		t.Errorf("got %q", got)
	}
}

// TestLibraryLog: what a library says, which may quote a stranger's answer, is for
// developers, and cleaned.
func TestLibraryLog(t *testing.T) {
	defer log.SetOutput(os.Stderr)
	for level, want := range map[slog.Level]bool{slog.LevelWarn: false, slog.LevelDebug: true} {
		var out bytes.Buffer
		TakeLibraryLog(NewLog(&out, "en", level))
		log.Print("unsolicited response \x1b[31m\u202e\u200b")
		if got := out.String(); strings.Contains(got, "unsolicited") != want || strings.ContainsAny(got, "\x1b\u202e\u200b") {
			t.Errorf("%s: %q", level, got)
		}
	}
}

// TestLogTexts: each line that the rooms log for people, at info or above, is in the
// table, and nothing else.
func TestLogTexts(t *testing.T) {
	seen := map[string]bool{}
	levels := map[string]bool{"Info": true, "Warn": true, "Error": true}
	for _, room := range []string{"../../crawler", "../../reports", "../../schedule", ".."} {
		err := filepath.WalkDir(room, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			tree, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 {
					return true
				}
				sel, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || !levels[sel.Sel.Name] {
					return true
				}
				lit, ok := call.Args[0].(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					return true
				}
				seen[text] = true
				if _, ok := LogTexts[text]; !ok {
					t.Errorf("%s logs %q, which has no words for people", path, text)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for text := range LogTexts {
		if !seen[text] {
			t.Errorf("nobody logs %q", text)
		}
	}
}

// TestManuals: a page of each command, in either language, that begins as man wants it.
func TestManuals(t *testing.T) {
	root := &cobra.Command{Use: "tool", Short: "s", Run: func(*cobra.Command, []string) {}}
	sub := &cobra.Command{Use: "go PLACE", Short: "-s.", Long: ".first\nback\\slash", Run: func(*cobra.Command, []string) {}}
	sub.Flags().Int("how-far", 3, "distance")
	root.AddCommand(sub)
	s := Speaker{Lang: "zh"}
	s.Speak(root)
	dir := t.TempDir()
	paths, err := s.WriteManuals(root, dir, "1")
	if err != nil || len(paths) != 2 {
		t.Fatalf("%v, %v", paths, err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "tool-go.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{".TH TOOL-GO 1", ".SH 名称", "\\&.first", "back\\eslash", ".B \\-\\-how\\-far", "（默认 3）", "tool(1)"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page has no %s:\n%s", want, page)
		}
	}
	if _, err := s.WriteManuals(root, filepath.Join(dir, "tool.1", "x"), "1"); err == nil || !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("into a file: %v", err)
	}
}

// TestEndIsNoInterrupt ends commands that nobody interrupted: nothing is said of it.
func TestEndIsNoInterrupt(t *testing.T) {
	var out safeBuffer
	for range 200 {
		ctx, stop := Interruptible(t.Context(), &out, "en")
		stop()
		if ctx.Err() == nil {
			t.Fatal("the context goes on")
		}
	}
	if said := out.String(); said != "" {
		t.Errorf("said %q", said)
	}
}

// A safeBuffer may be written to from several goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
