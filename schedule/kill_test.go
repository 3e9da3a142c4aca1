package schedule

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/polite"
)

// childEnv makes this test program a scanner that can be killed.
const childEnv = "BEIANWATCH_SCHEDULE_CHILD"

// childTask is what the child is told.
type childTask struct {
	Dir, Inventory, DNS string
	DSN                 string // "": a SQLite file in Dir
	Role                Role   // "": all
	Port                uint16
	PerIP               int
	Rate                float64
	Concurrency         int // 4 if not given
}

// child does its part. One that conducts resumes or begins the run and prints
// whether it resumed one; one that only works does so until it is killed or told
// to stop.
func child() {
	var task childTask
	if err := json.Unmarshal([]byte(os.Getenv(childEnv)), &task); err != nil {
		panic(err)
	}
	gate := polite.NewGate(task.PerIP, task.Rate, nil)
	scan, err := scannerAt(task.DNS, task.Port, gate, 500*time.Millisecond, []time.Duration{100 * time.Millisecond})
	if err != nil {
		panic(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	st, err := store.Open(ctx, cmp.Or(task.DSN, filepath.Join(task.Dir, "results.db")))
	for err != nil && task.DSN != "" { // the server is being restarted
		time.Sleep(100 * time.Millisecond)
		st, err = store.Open(ctx, task.DSN)
	}
	if err != nil {
		panic(err)
	}
	cfg := Config{Store: st, Dir: task.Dir, Scanner: scan, Gate: gate, Options: Options{Concurrency: cmp.Or(task.Concurrency, 4), Evidence: EvidenceNone}}
	if task.Role != "" {
		cfg.Roles = []Role{task.Role}
	}
	if os.Getenv("BEIANWATCH_SCHEDULE_LOG") != "" {
		cfg.Log = slog.New(slog.NewTextHandler(os.Stderr, nil)).With("pid", os.Getpid())
	}
	var r *Runner
	err = store.Patiently(ctx, func() (err error) { r, err = Open(ctx, cfg); return err }, func(error) {})
	if err != nil {
		panic(err)
	}
	if task.Role == RoleWorker {
		<-ctx.Done()
	} else {
		rd, err := r.Begin(ctx, Start{Inventory: task.Inventory})
		if err != nil {
			panic(err)
		}
		fmt.Println(rd.ID(), rd.Resumed)
		if _, err := rd.Wait(ctx); err != nil {
			panic(err)
		}
	}
	if err := r.Close(); err != nil {
		panic(err)
	}
	st.Close()
}

// A scanner that is killed at random moments ends with every verdict once.
func TestKilledAndResumed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("kills a process several times")
	}
	b := newBed(t, 3)
	b.delay = 20 * time.Millisecond
	var names []string
	for i := range 300 {
		n := fmt.Sprintf("site%03d.cn", i)
		names = append(names, n)
		switch i % 20 {
		case 17:
		case 18:
			b.name(n, refusedAddr)
		default:
			b.name(n, webAddr(i%3))
		}
	}
	dir := t.TempDir()
	task, err := json.Marshal(childTask{Dir: dir, Inventory: inventoryOf(t, append(names, "site000.cn")...), DNS: b.dns, Port: b.port})
	if err != nil {
		t.Fatal(err)
	}
	killed, id := 0, ""
	for try := 0; ; try++ {
		life := 3 * time.Minute
		if try < 4 {
			life = time.Duration(150+rand.IntN(900)) * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), life) // at its end the child gets SIGKILL
		cmd := exec.CommandContext(ctx, os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+string(task))
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		cancel()
		var run string
		var resumed bool
		fmt.Sscan(string(out), &run, &resumed)
		if run != "" {
			if id != "" && (run != id || !resumed) {
				t.Errorf("try %d began run %s (resumed: %v), not %s", try, run, resumed, id)
			}
			id = run
		}
		if err == nil {
			break
		}
		if killed++; try >= 4 {
			t.Fatalf("the scanner failed: %v", err)
		}
		if id != "" && stateOf(t, dir, id) == reports.RunDone {
			break // it was killed on its way out
		}
	}
	t.Logf("killed %d times", killed)
	st, err := store.Open(context.Background(), filepath.Join(dir, "results.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	run, err := st.Run(context.Background(), id)
	if err != nil || run.State != reports.RunDone || run.Verdicts != 300 || run.Rejected != 1 || run.Lines != 301 {
		t.Errorf("run %+v, %v", run, err)
	}
	got := verdicts(t, st, id)
	if len(got) != 300 {
		t.Errorf("%d verdicts", len(got))
	}
	for i, n := range names {
		want := map[int]string{17: "down dns-nxdomain", 18: "down refused"}[i%20]
		if want == "" {
			want = "serving "
		}
		if got[n] != want {
			t.Errorf("%s: %q, want %q", n, got[n], want)
		}
	}
}

// stateOf reads the state of a run that nobody works at.
func stateOf(t *testing.T, dir, run string) reports.RunState {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(dir, "results.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	r, err := st.Run(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	return r.State
}
