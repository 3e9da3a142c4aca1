package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

// killEnv names the database that the child of TestKilledWriter writes to.
const killEnv = "BEIANWATCH_TEST_STORE"

func TestMain(m *testing.M) {
	if path := os.Getenv(killEnv); path != "" {
		writeUntilKilled(path)
	}
	os.Exit(pgtest.Main(m))
}

// writeUntilKilled stores batches that overlap, as shards that come back do,
// and says on standard output which are stored.
func writeUntilKilled(path string) {
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		panic(err)
	}
	if err := s.CreateRun(ctx, &reports.Run{ID: "run", State: reports.RunActive}); err != nil && !errors.Is(err, ErrTaken) {
		panic(err)
	}
	start, err := s.Count(ctx, "run")
	if err != nil {
		panic(err)
	}
	for at := max(0, start-20); ; at += 40 {
		var batch []Result
		for i := range 60 {
			batch = append(batch, filled("run", fmt.Sprintf("d%06d.cn", at+i)))
		}
		if err := storeResults(ctx, s, batch); err != nil {
			panic(err)
		}
		fmt.Println(at + 60)
	}
}

func TestKilledWriter(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) { t.Parallel(); testKilledWriter(t, e.dsn(t)) })
	}
}

func testKilledWriter(t *testing.T, path string) {
	ctx := context.Background()
	told := 0
	for round := range 5 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), killEnv+"="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			fmt.Sscan(lines.Text(), &told)
			if n == 5+round {
				child.Process.Kill()
			}
		}
		child.Wait()
		check(t, ctx, path, told)
	}
	if told < 1000 {
		t.Errorf("%d results: the test tests nothing", told)
	}
}

// check opens the database and looks for damage, loss and doubles.
func check(t *testing.T, ctx context.Context, path string, told int) {
	t.Helper()
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !s.Postgres() {
		var health string
		if err := s.Writer().QueryRow(`PRAGMA integrity_check`).Scan(&health); err != nil || health != "ok" {
			t.Fatalf("integrity: %s, %v", health, err)
		}
	}
	next := 0
	for rec, err := range s.Records(ctx, "run") {
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("d%06d.cn", next); rec.Domain != want {
			t.Fatalf("%s stands where %s should", rec.Domain, want)
		}
		if n := len(rec.Findings()); n != 3 {
			t.Fatalf("%s has %d findings, want 3", rec.Domain, n)
		}
		next++
	}
	if next < told {
		t.Fatalf("%d results are left of the %d that were stored", next, told)
	}
}
