package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler/pace"
	"github.com/beianwatch/beianwatch/reports"
)

// A mishap is something that may befall one job of a run at any time, as SQL for
// each engine. "?" stands for the job.
type mishap struct {
	of               string // the states of jobs that it befalls
	kinds            string // and their kinds; "" for all
	sqlite, postgres string
}

// working are the kinds of job whose loss the job that ends a run makes good.
const working = `'resolve', 'visit', 'confirm'`

var mishaps = map[string]mishap{
	// The worker is rescued from, and goes on: it is late with its completion.
	"rescued while at work": {of: `'running'`, sqlite: `UPDATE river_job SET state = 'available' WHERE id = ?`},
	// Another worker has the next attempt, and is lost.
	"taken from its worker": {of: `'running'`,
		sqlite:   `UPDATE river_job SET attempt = attempt + 1, attempted_at = datetime('now', '-10 minutes') WHERE id = ?`,
		postgres: `UPDATE river_job SET attempt = attempt + 1, attempted_at = now() - interval '10 minutes' WHERE id = ?`},
	// A process took the job and was killed: nobody works it, and it waits for its rescue.
	"killed with its worker": {of: `'available', 'retryable', 'scheduled'`,
		sqlite:   `UPDATE river_job SET state = 'running', attempt = attempt + 1, attempted_at = datetime('now', '-10 minutes') WHERE id = ?`,
		postgres: `UPDATE river_job SET state = 'running', attempt = attempt + 1, attempted_at = now() - interval '10 minutes' WHERE id = ?`},
	"snoozed": {of: `'available'`,
		sqlite:   `UPDATE river_job SET state = 'scheduled', scheduled_at = datetime('now', '+1 second') WHERE id = ?`,
		postgres: `UPDATE river_job SET state = 'scheduled', scheduled_at = now() + interval '1 second' WHERE id = ?`},
	"discarded":         {of: `'available', 'retryable'`, kinds: working, sqlite: `UPDATE river_job SET state = 'discarded', finalized_at = CURRENT_TIMESTAMP WHERE id = ?`},
	"discarded at work": {of: `'running'`, kinds: working, sqlite: `UPDATE river_job SET state = 'discarded', finalized_at = CURRENT_TIMESTAMP WHERE id = ?`},
	"deleted":           {of: `'available', 'scheduled'`, kinds: working, sqlite: `DELETE FROM river_job WHERE id = ?`},
}

// Whatever befalls the jobs of a run, in any order, every name has one verdict in
// the end, the right one, and nothing is left behind. No job is lost twice here,
// so none of its names is suspected: that is TestPoison's.
func TestAnyOrderOfMishaps(t *testing.T) {
	t.Parallel()
	seeds := uint64(2)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			onBoth(t, func(t *testing.T, in func(*Config)) { testMishaps(t, in, seed) })
		})
	}
}

func testMishaps(t *testing.T, in func(*Config), seed uint64) {
	b := newBed(t, 2)
	b.delay = 5 * time.Millisecond
	names, want := b.mixed(640, 2, 8, 3, 5)
	r := runnerIn(t, t.TempDir(), b.scanner(t, nil, time.Second, 50*time.Millisecond), nil, Options{Concurrency: 4}, in)
	rn := begin(t, r, Start{Inventory: inventoryOf(t, names...)})
	ctx, stop := context.WithCancel(t.Context())
	befell := make(chan map[string]int)
	go func() { befell <- befall(ctx, t, r, seed) }()
	run := wait(t, rn)
	stop()
	happened := <-befell
	t.Log(happened)
	if len(happened) < 4 {
		t.Error("too little happened: the test tests nothing")
	}
	if run.State != reports.RunDone || run.Verdicts != len(names) {
		t.Errorf("%+v", run)
	}
	got := verdicts(t, r.cfg.Store, run.ID)
	for n, w := range want {
		if got[n] != w {
			t.Errorf("%s: %q, want %q", n, got[n], w)
		}
	}
	if len(got) != len(names) {
		t.Errorf("%d verdicts of %d", len(got), len(names))
	}
	leftOver(t, r)
}

// befall lets mishaps befall jobs of the run until there were enough, or ctx ends.
func befall(ctx context.Context, t *testing.T, r *Runner, seed uint64) map[string]int {
	const most = 28
	// As often as names without a job are put in again before they are given up.
	const maxFinals = maxSweeps
	finals := 0
	random := rand.New(rand.NewPCG(seed, 7))
	happened := map[string]int{}
	lost := map[int64]bool{} // jobs of which an attempt is lost
	kinds := slices.Sorted(maps.Keys(mishaps))
	for n := 0; n < most && pace.Wait(ctx, time.Duration(2+random.IntN(20))*time.Millisecond) == nil; {
		name := kinds[random.IntN(len(kinds))]
		m := mishaps[name]
		query := m.sqlite
		if r.queue.Postgres() && m.postgres != "" {
			query = m.postgres
		}
		where := `state IN (` + m.of + `)`
		if m.kinds != "" {
			where += ` AND kind IN (` + m.kinds + `)`
		}
		var id int64
		err := r.db.reader.QueryRowContext(ctx, fmt.Sprintf(`SELECT id FROM river_job WHERE %s AND kind IN (%s, 'plan', 'finish') ORDER BY id LIMIT 1 OFFSET %d`, where, working, random.IntN(8))).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) || err == nil && lost[id] {
			continue
		}
		var done sql.Result
		if err == nil {
			done, err = r.db.writer.ExecContext(ctx, fmt.Sprintf(`%s%d AND state IN (%s)`, query[:len(query)-1], id, m.of))
		}
		if err != nil {
			if ctx.Err() == nil {
				t.Error(err)
			}
			break
		}
		if changed, err := done.RowsAffected(); err == nil && changed > 0 {
			n++
			happened[name]++
			lost[id] = name != "snoozed"
			if m.kinds != "" {
				if finals++; finals == maxFinals {
					kinds = slices.DeleteFunc(kinds, func(k string) bool { return mishaps[k].kinds != "" })
				}
			}
		}
	}
	for pace.Wait(ctx, time.Second) == nil { // the next leader looks for lost attempts at once
		if n, err := r.db.number(ctx, `SELECT COUNT(*) FROM river_job WHERE state = 'running' AND attempted_at < '`+
			time.Now().UTC().Add(-5*time.Minute).Format("2006-01-02 15:04:05")+`'`); err == nil && n > 0 {
			if err := r.db.exec(ctx, `DELETE FROM river_leader`); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
			if pace.Wait(ctx, 12*time.Second) != nil {
				break
			}
		}
	}
	return happened
}
