package browser

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// silent makes a program that begins and says nothing, and returns a file to which each
// that begins adds a line.
func silent(t *testing.T) (program, begun string) {
	t.Helper()
	folder := t.TempDir()
	program, begun = filepath.Join(folder, "browser"), filepath.Join(folder, "begun")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho >>'"+begun+"'\nexec sleep 1000\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return program, begun
}

// TestStartUnderContext: who waits for a browser that does not start leaves when their
// time is over, the others are not kept from asking, one program is started for all,
// and none is left when the pool is closed.
func TestStartUnderContext(t *testing.T) {
	program, begun := silent(t)
	p := New(Options{Path: program, Tabs: 2})
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	list := make([]*crawler.Observation, 2)
	for i := range list {
		list[i] = &crawler.Observation{Domain: "spa.example"}
		all.Go(func() { p.Do(ctx, list[i], crawler.Ask{Kind: crawler.AskRender, URL: "http://spa.example/"}, nil) })
	}
	for wrote := []byte(nil); len(wrote) == 0; time.Sleep(10 * time.Millisecond) {
		wrote, _ = os.ReadFile(begun)
	}
	if p.unable() {
		t.Error("a pool whose browser starts is not able")
	}
	cancel()
	all.Wait()
	for _, obs := range list {
		if f := obs.Visits[0].Failure; f == nil || f.Kind != crawler.FailOurs || !strings.Contains(f.Detail, context.Canceled.Error()) {
			t.Errorf("failure %v", f)
		}
	}
	p.Close()
	if wrote, err := os.ReadFile(begun); err != nil || bytes.Count(wrote, []byte("\n")) != 1 {
		t.Errorf("%d programs were started, %v", bytes.Count(wrote, []byte("\n")), err)
	}
	if p.now != nil || p.starting != nil || p.broken == nil {
		t.Errorf("after Close: %v %v %v", p.now, p.starting, p.broken)
	}
}

// TestStartIsBoundedAsAWhole: no further way is tried when the time for all is over.
func TestStartIsBoundedAsAWhole(t *testing.T) {
	program, begun := silent(t)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if in, err := start(over, program, func(error) { t.Error("another network is tried") }); err == nil {
		in.stop()
		t.Error("started")
	}
	if wrote, _ := os.ReadFile(begun); bytes.Count(wrote, []byte("\n")) > 1 {
		t.Errorf("%d ways were tried", bytes.Count(wrote, []byte("\n")))
	}
}

// TestTabThatDoesNotOpen: a browser that ends while a tab is opened is an error of that
// tab.
func TestTabThatDoesNotOpen(t *testing.T) {
	in := newInstance(&process{in: io.NopCloser(strings.NewReader("")), out: &transcript{}})
	<-in.conn.ended
	if _, err := in.tab(t.Context()); !errors.Is(err, errGone) {
		t.Errorf("error %v", err)
	}
}
