//go:build linux

package schedule

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports/store"
)

// scaleEnv is the number of names of TestScale; 1000000 takes some minutes for
// each hundred thousand.
const scaleEnv = "BEIANWATCH_SCALE"

// A cost is what a run took, measured from outside.
type cost struct {
	memory int64 // at its peak, in bytes
	cpu    time.Duration
	wall   time.Duration
}

// TestScale runs a scan in a process of its own, over names of which most do
// not exist, some refuse and one in fifty is visited: neither memory nor the
// cost of a name may grow with the inventory.
func TestScale(t *testing.T) {
	names := 3000
	if s := os.Getenv(scaleEnv); s != "" {
		var err error
		if names, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	base := min(names, 100_000)
	b := newBed(t, 8)
	small := scan(t, b, base)
	t.Logf("%d names: %d MB, %v CPU a name, %.0f names/s", base, small.memory>>20, small.cpu/time.Duration(base), float64(base)/small.wall.Seconds())
	if names == base {
		return
	}
	large := scan(t, b, names)
	t.Logf("%d names: %d MB, %v CPU a name, %.0f names/s", names, large.memory>>20, large.cpu/time.Duration(names), float64(names)/large.wall.Seconds())
	if large.memory > 512<<20 || float64(large.memory) > 1.2*float64(small.memory) {
		t.Errorf("%d MB at %d names, %d MB at %d: at most 512 MB and a fifth more are allowed", large.memory>>20, names, small.memory>>20, base)
	}
	if float64(large.cpu)/float64(names) > 1.2*float64(small.cpu)/float64(base) {
		t.Errorf("a name takes %v of CPU at %d names, %v at %d", large.cpu/time.Duration(names), names, small.cpu/time.Duration(base), base)
	}
}

// scan runs a scan over so many names and checks that each has its verdict.
func scan(t *testing.T, b *bed, names int) cost {
	t.Helper()
	dir := t.TempDir()
	inventory := filepath.Join(dir, "inventory.csv")
	f, err := os.Create(inventory)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "domain,filing_status,filing_number,expect")
	for i := range names {
		name, expect := fmt.Sprintf("scale%08d.cn", i), "closed" // silence is expected, so nothing is confirmed
		switch i % 50 {
		case 0:
			b.name(name, webAddr(i/50%8))
			expect = ""
		case 1:
			b.name(name, refusedAddr)
		}
		fmt.Fprintf(w, "%s,filed,京ICP备20000001号-1,%s\n", name, expect)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	task, err := json.Marshal(childTask{Dir: dir, Inventory: inventory, DNS: b.dns, Port: b.port, Concurrency: 256, PerIP: 2})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(task))
	cmd.Stderr = os.Stderr
	began := time.Now()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var id string
	fmt.Sscan(string(out), &id)
	st, err := store.Open(context.Background(), filepath.Join(dir, "results.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if n, err := st.Count(context.Background(), id); err != nil || n != names {
		t.Fatalf("%d verdicts for %d names, %v", n, names, err)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{memory: int64(usage.Maxrss) << 10, cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), wall: time.Since(began)}
}
