package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/beianwatch/beianwatch/reports/store"
)

// dueArgs are the arguments of a job that waits for a time.
type dueArgs struct {
	Run string `json:"run"`
	Due int64  `json:"due"`
}

func (dueArgs) Kind() string { return "due" }

// A clock was set back by five hours while jobs were stored: they wait as long as they were
// to, and those that came after it are left alone.
func TestRewind(t *testing.T) {
	for name, dsn := range dsns {
		t.Run(name, func(t *testing.T) { t.Parallel(); testRewind(t, dsn(t)) })
	}
}

func testRewind(t *testing.T, dsn string) {
	q := openQueue(t, dsn, func(context.Context, *Queue, *river.Job[noteArgs]) error { return nil })
	later := func(run string) Job {
		at := time.Now().Add(time.Hour)
		return Job{Args: dueArgs{run, at.UnixMilli()}, Opts: river.InsertOpts{Queue: "nobody", ScheduledAt: at}}
	}
	insert(t, q, append(notes("nobody", "before", 1), later("before"))...)
	moved, ms := `datetime(%s, 'subsec', '5 hours')`, `CAST((julianday(%s) - julianday('now')) * 86400000 AS INTEGER)`
	due := `jsonb_set(args, '$.due', (args ->> 'due') + 18000000)`
	if q.postgres {
		moved, ms = `%s + interval '5 hours'`, `(EXTRACT(EPOCH FROM %s - now()) * 1000)::bigint`
		due = `jsonb_set(args, '{due}', to_jsonb((args ->> 'due')::bigint + 18000000))`
	}
	for _, query := range []string{
		`UPDATE river_job SET created_at = ` + fmt.Sprintf(moved, "created_at") + `, scheduled_at = ` + fmt.Sprintf(moved, "scheduled_at"),
		`UPDATE river_job SET args = ` + due + ` WHERE kind = 'due'`,
	} {
		if _, err := q.db.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	insert(t, q, append(notes("nobody", "after", 1), later("after"))...)
	back, err := q.Rewind(t.Context(), false)
	if err != nil || back < 5*time.Hour-time.Minute || back > 5*time.Hour {
		t.Errorf("set back by %v, %v", back, err)
	}
	const (
		near = 60_000    // this machine may be slow
		hour = 3_600_001 // the database keeps a part of a millisecond that the job does not
	)
	for _, run := range []string{"before", "after"} {
		if n := number(t, q, `SELECT `+fmt.Sprintf(ms, "scheduled_at")+` FROM river_job WHERE kind = 'note' AND args ->> 'run' = $1`, run); n > 0 || n < -near {
			t.Errorf("%s: a job that waits for nothing is handed out in %d ms", run, n)
		}
		if n := number(t, q, `SELECT `+fmt.Sprintf(ms, "scheduled_at")+` FROM river_job WHERE kind = 'due' AND args ->> 'run' = $1`, run); n > hour || n < hour-near {
			t.Errorf("%s: a job that waits for an hour is handed out in %d ms", run, n)
		}
		if n := number(t, q, `SELECT CAST(args ->> 'due' AS BIGINT) FROM river_job WHERE kind = 'due' AND args ->> 'run' = $1`, run); int64(n)-time.Now().UnixMilli() > hour || int64(n)-time.Now().UnixMilli() < hour-near {
			t.Errorf("%s: and is due in %d ms", run, int64(n)-time.Now().UnixMilli())
		}
	}
	if back, err := q.Rewind(t.Context(), true); back != 0 || err != nil {
		t.Errorf("once more: set back by %v, %v", back, err)
	}
}

// A process that comes to work the queue only later looks back then, whether the clock was
// set back while none was there.
func TestLooksBackOnceItWorks(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	st, err := store.Open(ctx, filepath.Join(dir, "results.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	first, err := Open(ctx, st, dir)
	if err != nil {
		t.Fatal(err)
	}
	q, err := Open(ctx, st, dir)
	if !errors.Is(err, ErrHeld) {
		t.Fatal(err)
	}
	defer q.Close()
	if err := q.Start(ctx, st, Options{Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	insert(t, q, notes("nobody", "before", 1)...)
	if _, err := st.Writer().ExecContext(ctx, `UPDATE river_job SET created_at = datetime(created_at, 'subsec', '5 hours'), scheduled_at = datetime(scheduled_at, 'subsec', '5 hours')`); err != nil {
		t.Fatal(err)
	}
	ahead := func() int {
		return number(t, q, `SELECT COUNT(*) FROM river_job WHERE created_at > datetime('now', 'subsec', '1 hour')`)
	}
	looks := make(chan bool)
	var looking sync.WaitGroup
	watched, stop := context.WithCancel(ctx)
	defer looking.Wait()
	defer stop()
	looking.Go(func() {
		q.KeepTime(watched, func() time.Time {
			select {
			case looks <- true:
			case <-watched.Done():
			}
			return time.Now()
		}, slog.New(slog.DiscardHandler))
	})
	<-looks
	<-looks // the first look is over
	if n := ahead(); n != 1 {
		t.Errorf("%d jobs wait for the old time, want 1", n)
	}
	first.Close()
	if err := q.Take(ctx); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		<-looks
	}
	if n := ahead(); n != 0 {
		t.Errorf("%d jobs wait for the old time", n)
	}
}

func TestSetBack(t *testing.T) {
	at := time.Now()
	read := func(shown, count time.Duration) reading {
		return reading{at.Add(shown).Round(0), at.Add(count), at.Add(count + time.Second)}
	}
	for _, c := range []struct {
		shown, count time.Duration
		want         bool
	}{
		{time.Minute, time.Minute, false},
		{5 * time.Hour, time.Minute, false},               // forward, or this machine slept
		{58 * time.Second, time.Minute, false},            // it runs a little slow
		{-time.Hour, time.Minute, true},                   // back
		{10 * time.Second, time.Minute, true},             // back by less than has passed
		{time.Minute - time.Second, time.Minute, false},   // the answer came late
		{time.Minute - 10*time.Second, time.Minute, true}, // or it did not
	} {
		if got := read(0, 0).setBack(read(c.shown, c.count)); got != c.want {
			t.Errorf("%v after %v: %v", c.shown, c.count, got)
		}
	}
}
