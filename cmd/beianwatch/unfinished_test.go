package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A stopper ends a command when it says a word.
type stopper struct {
	word string
	stop func()
	mu   sync.Mutex
	said bytes.Buffer
}

func (s *stopper) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes.Contains(b, []byte(s.word)) {
		s.stop()
	}
	return s.said.Write(b)
}

// TestReportUnfinished: a run that was stopped is told of with its counts, by the list
// of runs too, and resuming it counts apart what was there before.
func TestReportUnfinished(t *testing.T) {
	dir := t.TempDir()
	list, db := filepath.Join(dir, "list.csv"), filepath.Join(dir, "results.db")
	// Nothing listens there: the name waits for its next visit.
	if err := os.WriteFile(list, []byte("域名,备案状态\n127.0.0.254,已备案\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	progress := &stopper{word: `"phase":"confirm"`, stop: cancel}
	code := run(ctx, []string{"scan", list, "--db", db, "--allow-net", "127.0.0.0/8", "--render", "never", "--progress", "json", "--lang", "zh"}, strings.NewReader(""), &bytes.Buffer{}, progress)
	if code != exitTrouble || !strings.Contains(progress.said.String(), "重新执行同一命令即可继续") {
		t.Fatalf("exit code %d: %s", code, progress.said.String())
	}
	var out, said bytes.Buffer
	code = run(context.Background(), []string{"report", "last", "--db", db, "--lang", "zh"}, strings.NewReader(""), &out, &said)
	if code != exitUsage || !strings.Contains(said.String(), "已检查 0/1 个域名") {
		t.Errorf("exit code %d: %s", code, said.String())
	}
	out.Reset()
	if code := run(context.Background(), []string{"report", "--db", db, "--lang", "zh"}, strings.NewReader(""), &out, &said); code != exitClean || !strings.Contains(out.String(), "0/1") || !strings.Contains(out.String(), "进行中") {
		t.Errorf("exit code %d: %s", code, out.String())
	}
}
