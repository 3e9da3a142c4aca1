package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

var shanghai = time.FixedZone("CST", 8*60*60)

// A planningBed is a calendar with a clock that the test sets and starts that
// are only noted.
type planningBed struct {
	*Runner
	now     time.Time
	started []Start
	refuse  error
}

func newPlanningBed(t *testing.T) *planningBed {
	t.Helper()
	ctx := context.Background()
	st, err := store.Open(ctx, filepath.Join(t.TempDir(), "results.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	db, err := openTables(ctx, st)
	if err != nil {
		t.Fatal(err)
	}
	grips, err := newGripper(ctx, nil, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &planningBed{now: time.Date(2026, 11, 20, 12, 0, 0, 0, shanghai)}
	b.Runner = &Runner{cfg: Config{Store: st, Now: func() time.Time { return b.now }}, db: db, grips: grips}
	b.calendar = calendar{r: b.Runner, launch: func(s Start) error {
		if b.refuse == nil {
			b.started = append(b.started, s)
		}
		return b.refuse
	}}
	return b
}

func (b *planningBed) entries(t *testing.T, entries ...Entry) {
	t.Helper()
	list, err := parseEntries(entries)
	if err != nil {
		t.Fatal(err)
	}
	b.calendar.entries = list
}

// plan lets the planner run at each minute from now to until.
func (b *planningBed) plan(t *testing.T, until time.Time) {
	t.Helper()
	for ; !b.now.After(until); b.now = b.now.Add(time.Minute) {
		if err := b.calendar.plan(context.Background()); err != nil && b.refuse == nil {
			t.Fatal(err)
		}
	}
}

func (b *planningBed) ticks(t *testing.T) string {
	t.Helper()
	var list []string
	err := b.db.rows(context.Background(), func(rows *sql.Rows) error {
		var at int64
		var state string
		err := rows.Scan(&at, &state)
		list = append(list, time.UnixMilli(at).In(shanghai).Format("02T15:04")+" "+state)
		return err
	}, `SELECT at, state FROM tick ORDER BY at`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, ", ")
}

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, shanghai)
}

var nightly = Entry{Name: "all", Cron: "CRON_TZ=Asia/Shanghai 0 2 * * *", Inventory: "all.csv"}

func TestTicks(t *testing.T) {
	b := newPlanningBed(t)
	b.entries(t, nightly)
	b.plan(t, at(22, 12, 0)) // from the 20th at noon
	if len(b.started) != 2 || !b.started[0].Tick.Equal(at(21, 2, 0)) || !b.started[1].Tick.Equal(at(22, 2, 0)) {
		t.Errorf("started %+v", b.started)
	}
	if b.started[0].ID == "" || b.started[0].Entry != "all" || b.started[0].Inventory != "all.csv" {
		t.Errorf("started %+v", b.started[0])
	}
}

func TestTickInAnOutage(t *testing.T) {
	b := newPlanningBed(t)
	b.entries(t, nightly)
	b.plan(t, at(20, 12, 5))
	b.now = at(24, 9, 0) // four nights later
	b.plan(t, at(24, 9, 5))
	if len(b.started) != 1 || !b.started[0].Tick.Equal(at(24, 2, 0)) {
		t.Errorf("started %+v", b.started)
	}
	if got, want := b.ticks(t), "21T02:00 skipped, 22T02:00 skipped, 23T02:00 skipped, 24T02:00 started"; got != want {
		t.Errorf("ticks %s, want %s", got, want)
	}
}

// An entry, or a new cron of an old one, counts from when it is first seen.
func TestEntryCountsFromFirstSight(t *testing.T) {
	b := newPlanningBed(t)
	b.entries(t, nightly)
	b.plan(t, at(21, 12, 0))
	changed := nightly
	changed.Cron = "CRON_TZ=Asia/Shanghai 0 9 * * *"
	b.entries(t, changed)
	b.plan(t, at(21, 23, 0))
	if len(b.started) != 1 {
		t.Errorf("started %+v", b.started)
	}
	b.plan(t, at(22, 10, 0))
	if len(b.started) != 2 || !b.started[1].Tick.Equal(at(22, 9, 0)) {
		t.Errorf("started %+v", b.started)
	}
}

func TestTickThatCannotStart(t *testing.T) {
	b := newPlanningBed(t)
	b.entries(t, nightly)
	b.refuse = os.ErrNotExist
	b.plan(t, at(21, 3, 0))
	if got := b.ticks(t); got != "21T02:00 due" {
		t.Errorf("ticks %s", got)
	}
	b.refuse = nil
	b.plan(t, at(21, 3, 5))
	if len(b.started) != 1 || b.ticks(t) != "21T02:00 started" {
		t.Errorf("started %+v, ticks %s", b.started, b.ticks(t))
	}
	b.refuse = fmt.Errorf("%w: all.csv", errUnderWay)
	b.plan(t, at(22, 3, 0))
	if got := b.ticks(t); got != "21T02:00 started, 22T02:00 skipped" {
		t.Errorf("ticks %s", got)
	}
}

func TestEntryThatWentAway(t *testing.T) {
	b := newPlanningBed(t)
	b.entries(t, nightly)
	b.refuse = os.ErrNotExist
	b.plan(t, at(21, 3, 0))
	b.entries(t)
	b.refuse = nil
	b.plan(t, at(21, 3, 5))
	if len(b.started) != 0 || b.ticks(t) != "21T02:00 skipped" {
		t.Errorf("started %+v, ticks %s", b.started, b.ticks(t))
	}
}

func TestParseEntries(t *testing.T) {
	for says, entries := range map[string][]Entry{
		"no name":      {{Cron: "0 2 * * *", Inventory: "a"}},
		"twice":        {{"a", "0 2 * * *", "a"}, {"a", "0 3 * * *", "a"}},
		"no inventory": {{Name: "a", Cron: "0 2 * * *"}},
		"five fields":  {{"a", "at two", "a"}},
	} {
		if err := ParseEntries(entries); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want it to say %q", err, says)
		}
	}
}

// The whole way: an entry whose tick fell in an outage is scanned by Serve.
func TestServeCatchesUp(t *testing.T) {
	b := newBed(t, 1)
	b.name("a.cn", webAddr(0))
	path := inventoryOf(t, "a.cn")
	dir := t.TempDir()
	now := at(20, 12, 0)
	done := make(chan *reports.Run, 10)
	serve := func(now time.Time, until func() bool) {
		t.Helper()
		look := b.looker(t, nil, time.Second)
		r := runnerIn(t, dir, look, nil, Options{}, func(c *Config) {
			c.Now = func() time.Time { return now }
			c.Finished = func(_ context.Context, run *reports.Run) error { done <- run; return nil }
		})
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		go func() { ended <- r.Serve(ctx, []Entry{{"all", nightly.Cron, path}}) }()
		for range 2000 {
			if until() {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	known := func() bool {
		st, err := store.Open(context.Background(), filepath.Join(dir, "results.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		var n int
		st.Reader().QueryRow(`SELECT COUNT(*) FROM calendar`).Scan(&n) //nolint:errcheck // the table may not be there yet
		return n == 1
	}
	serve(now, known)
	if len(done) != 0 {
		t.Fatal("an entry was scanned at first sight")
	}
	serve(at(21, 12, 0), func() bool { return len(done) == 1 })
	if len(done) != 1 {
		t.Fatal("the tick that fell in the outage was lost")
	}
	if run := <-done; run.Entry != "all" || !run.Tick.Equal(at(21, 2, 0)) || run.Verdicts != 1 {
		t.Errorf("%+v", run)
	}
}
