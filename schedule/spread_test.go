package schedule

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// crew are processes that work on one PostgreSQL.
type crew struct {
	t    *testing.T
	task childTask
	dir  string

	mu      sync.Mutex
	made    int
	workers []*exec.Cmd
	over    bool
}

// process starts one more process with a role.
func (c *crew) process(role Role) *exec.Cmd {
	c.t.Helper()
	task := c.task
	c.made++
	task.Role, task.Dir = role, filepath.Join(c.dir, fmt.Sprint(role, c.made))
	data, err := json.Marshal(task)
	if err != nil {
		c.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(data))
	cmd.Stderr = os.Stderr
	return cmd
}

// hire starts one more worker.
func (c *crew) hire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return
	}
	cmd := c.process(RoleWorker)
	if err := cmd.Start(); err != nil {
		c.t.Error(err)
		return
	}
	c.workers = append(c.workers, cmd)
}

// kill kills a random worker as a power cut would.
func (c *crew) kill() {
	c.mu.Lock()
	if len(c.workers) == 0 {
		c.mu.Unlock()
		return
	}
	i := rand.IntN(len(c.workers))
	cmd := c.workers[i]
	c.workers = append(c.workers[:i], c.workers[i+1:]...)
	c.mu.Unlock()
	cmd.Process.Kill() //nolint:errcheck // it may be gone already
	cmd.Wait()         //nolint:errcheck // it was killed
}

// dismiss ends all workers.
func (c *crew) dismiss() {
	c.mu.Lock()
	c.over = true
	c.mu.Unlock()
	for len(c.workers) > 0 {
		c.kill()
	}
}

// Many processes share a run. Workers are killed all the time, the conductor
// once, and the database server is restarted: every name has its verdict, once.
func TestKilledWorkers(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("kills processes for some tens of seconds")
	}
	server := pgtest.New(t)
	b := newBed(t, 3)
	b.delay = 20 * time.Millisecond
	names, want := b.mixed(2000, 3, 40, 17, 18)
	c := &crew{t: t, dir: t.TempDir(), task: childTask{DSN: server.DSN("test"), Inventory: inventoryOf(t, names...), DNS: b.dns, Port: b.port}}
	t.Cleanup(c.dismiss)
	expire(t, server.DSN("test"))
	for range 3 {
		c.hire()
	}
	stop := make(chan struct{})
	var villain sync.WaitGroup
	villain.Go(func() {
		for i := range 15 { // then they may get on with it, however slow this machine is
			select {
			case <-stop:
				return
			case <-time.After(time.Second):
			}
			c.kill()
			c.hire()
			if i == 4 {
				restart(t, server)
			}
		}
	})
	func() {
		defer villain.Wait()
		defer close(stop)
		conduct(t, c)
	}()
	c.dismiss()
	checkVerdicts(t, server.DSN("test"), want)
}

// expire lets the time of lost attempts pass until the test ends. River hands a
// job out again 90 s after its attempt began, when its leader next looks: every
// 30 s, and as soon as it is elected. So attempts that are some seconds old are
// made as old as that, and the leader's term is ended.
func expire(t *testing.T, dsn string) {
	ctx, stop := context.WithCancel(context.Background())
	var over sync.WaitGroup
	t.Cleanup(func() { stop(); over.Wait() })
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	over.Go(func() {
		defer pool.Close()
		for pace.Wait(ctx, time.Second) == nil {
			aged, err := pool.Exec(ctx, `UPDATE river_job SET attempted_at = attempted_at - interval '5 minutes'
				WHERE state = 'running' AND attempted_at BETWEEN now() - interval '1 minute' AND now() - interval '12 seconds'`)
			if err == nil && aged.RowsAffected() > 0 {
				_, err = pool.Exec(ctx, `DELETE FROM river_leader`)
			}
			if err != nil && ctx.Err() == nil {
				t.Log("the server is away:", err)
			}
		}
	})
}

func restart(t *testing.T, server *pgtest.Server) {
	if err := server.Halt(); err != nil {
		t.Error(err)
	}
	time.Sleep(500 * time.Millisecond)
	if err := server.Start(); err != nil {
		t.Error(err)
	}
}

// conduct lets processes conduct the run until it is done. The first is killed.
func conduct(t *testing.T, c *crew) {
	t.Helper()
	for try := range 2 {
		life := 3 * time.Minute
		if try == 0 {
			life = 3 * time.Second
		}
		ctx, cancel := context.WithTimeout(t.Context(), life) // at its end the child gets SIGKILL
		c.mu.Lock()
		again := c.process(RoleScheduler)
		c.mu.Unlock()
		cmd := exec.CommandContext(ctx, again.Path)
		cmd.Env, cmd.Stderr = again.Env, os.Stderr
		began := time.Now()
		err := cmd.Run()
		cancel()
		t.Logf("conductor %d: %v after %v", try, err, time.Since(began).Round(time.Millisecond))
		if err == nil {
			return
		}
		if try > 0 {
			t.Fatal("the run did not come to its end")
		}
	}
}

// checkVerdicts compares the verdicts of the one run.
func checkVerdicts(t *testing.T, dsn string, want map[string]string) {
	t.Helper()
	ctx := context.Background()
	st, err := store.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	runs, err := st.Runs(ctx, 0)
	if err != nil || len(runs) != 1 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	if run := runs[0]; run.State != reports.RunDone || run.Verdicts != len(want) {
		t.Errorf("run %+v", run)
	}
	got := verdicts(t, st, runs[0].ID)
	if len(got) != len(want) {
		t.Errorf("%d verdicts, want %d", len(got), len(want))
	}
	wrong := 0
	for n, w := range want {
		if got[n] != w {
			if wrong++; wrong < 10 {
				why := ""
				if res, err := st.Result(ctx, runs[0].ID, n); err == nil {
					why = res.Record.Detail.Trouble
				}
				t.Errorf("%s: %q, want %q (%s)", n, got[n], w, why)
			}
		}
	}
}
