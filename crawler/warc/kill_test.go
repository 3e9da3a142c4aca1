package warc

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// killEnv names the folder that the child of TestKilledWriter writes to.
const killEnv = "BEIANWATCH_TEST_WARC_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killEnv); dir != "" {
		writeUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// writeUntilKilled writes without end and says on standard output what is
// kept.
func writeUntilKilled(dir string) {
	w, err := NewWriter(dir, "run", 1<<20)
	if err != nil {
		panic(err)
	}
	var out sync.Mutex
	for g := range 4 {
		go func() {
			for i := 0; ; i++ {
				domain := fmt.Sprintf("p%d-g%d-%d.cn", os.Getpid(), g, i)
				place, err := w.Write(page(domain, strings.Repeat(domain, 100+i%1000)))
				if err != nil {
					panic(err)
				}
				out.Lock()
				fmt.Println(domain, place.File, place.Offset)
				out.Unlock()
			}
		}()
	}
	select {}
}

func TestKilledWriter(t *testing.T) {
	dir := t.TempDir()
	told := map[string]Place{}
	for round := range 5 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), killEnv+"="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			var domain string
			var place Place
			if k, _ := fmt.Sscan(lines.Text(), &domain, &place.File, &place.Offset); k == 3 {
				told[domain] = place
			}
			if n == 150+37*round {
				child.Process.Kill()
			}
		}
		child.Wait()
	}
	for domain, place := range told {
		if obs, err := read(dir, place); err != nil || obs.Domain != domain {
			t.Fatalf("%s was told to be kept at %v: %v", domain, place, err)
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	found := map[string]int{}
	for _, f := range files {
		err := each(f, func(_ Place, obs *crawler.Observation) error { found[obs.Domain]++; return nil })
		if err != nil && !errors.Is(err, ErrCut) {
			t.Error(err)
		}
	}
	for domain := range told {
		if found[domain] != 1 {
			t.Errorf("%s stands %d times in the files", domain, found[domain])
		}
	}
	if len(files) < 5 || len(told) < 1000 {
		t.Errorf("%d files and %d observations: the test tests nothing", len(files), len(told))
	}
}

func TestNextFileAfterAFailedWrite(t *testing.T) {
	w := newWriter(t, t.TempDir(), 0)
	back(t, w, page("a.cn", "x"))
	old, err := os.Open(filepath.Join(w.dir, w.name)) // cannot be written, nor truncated
	if err != nil {
		t.Fatal(err)
	}
	w.file.Close()
	w.file = old
	if _, err := w.Write(page("b.cn", "y")); err == nil {
		t.Fatal("a write to a file that cannot be written went through")
	}
	got, place := back(t, w, page("c.cn", "z"))
	if got.Domain != "c.cn" || place.File == filepath.Base(old.Name()) {
		t.Errorf("after a failed write: %s in %s", got.Domain, place.File)
	}
}
