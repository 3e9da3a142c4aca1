package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"
)

// waits gives what stands in the database of a round: the names of each visit
// task, as its chunks hold them. The number that the task says must be theirs.
func waits(t *testing.T, m *member) map[int64][]int {
	t.Helper()
	ctx, got, says := context.Background(), map[int64][]int{}, map[int64]int{}
	var tasks []task
	err := m.r.db.rows(ctx, func(rows *sql.Rows) error {
		k := task{round: m.id}
		err := rows.Scan(&k.id, &k.part, &k.from, &k.to, &k.names)
		tasks = append(tasks, k)
		return err
	}, `SELECT id, part, from_seq, to_seq, names FROM task WHERE round = $1 AND kind = 'visit'`, m.id)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range tasks {
		says[k.id] = k.names
		err := m.r.db.rows(ctx, func(rows *sql.Rows) error {
			var data []byte
			if err := rows.Scan(&data); err != nil {
				return err
			}
			waiters, err := unpackWaiters(data)
			for _, w := range waiters {
				got[k.id] = append(got[k.id], w.Seq)
			}
			return err
		}, `SELECT names FROM waiting WHERE round = $1 AND part = $2 AND chunk >= $3 AND chunk <= $4 ORDER BY chunk`, m.id, k.part, k.from, k.to)
		if err != nil {
			t.Fatal(err)
		}
		if len(got[k.id]) != says[k.id] {
			t.Errorf("task %d says %d names and has %d", k.id, says[k.id], len(got[k.id]))
		}
	}
	return got
}

// held stores names, n on each of the lanes, as one part, and gives its tasks as
// somebody holds them who works at them.
func held(t *testing.T, m *member, lanes, n int, whole bool) []task {
	t.Helper()
	var names []waiter
	for lane := range lanes {
		for range n {
			names = append(names, waiter{Lane: fmt.Sprintf("192.0.2.%03d", lane), Seq: len(names), Domain: fmt.Sprintf("n%d.cn", len(names)), Data: []byte("{}")})
		}
	}
	shards, chunks := cut(names, whole)
	err := m.r.db.tx(context.Background(), func(tx *sql.Tx) error { return m.addPart(context.Background(), tx, shards, chunks) })
	if err != nil {
		t.Fatal(err)
	}
	return shards
}

func numbers(from, to int) (list []int) {
	for n := from; n < to; n++ {
		list = append(list, n)
	}
	return list
}

// shardBed begins a run that nobody works at.
func shardBed(t *testing.T, gate *Gate, in func(*Config)) *member {
	t.Helper()
	r := runnerIn(t, t.TempDir(), newBed(t, 1).looker(t, nil, time.Second), gate, Options{}, in)
	rd, err := r.Begin(context.Background(), Start{Inventory: inventoryOf(t, "a.cn")})
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.member(context.Background(), rd.id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A task that is shared is two tasks afterwards that have each name once, and
// no lane is torn where addresses are limited.
func TestShareATask(t *testing.T) { onBoth(t, testShareATask) }

func testShareATask(t *testing.T, in func(*Config)) {
	ctx := context.Background()
	for _, c := range []struct {
		gate *Gate
		own  int
	}{
		{NewGate(0, 0, nil), thinNames},
		{NewGate(2, 0, nil), 60},
	} {
		m := shardBed(t, c.gate, in)
		k := held(t, m, 9, 20, c.gate.Limited())[0]
		visits, whole, err := m.load(ctx, &k)
		if err != nil || !whole || len(visits) != 180 {
			t.Fatalf("%d names, whole %v, %v", len(visits), whole, err)
		}
		visits[c.own+1].done = true // settled before an interruption
		own, err := m.share(ctx, &k, visits)
		if err != nil || len(own) != c.own {
			t.Fatalf("%d names are kept, want %d, %v", len(own), c.own, err)
		}
		got, rest := waits(t, m), append(numbers(c.own, c.own+1), numbers(c.own+2, 180)...)
		if len(got) != 2 || !slices.Equal(got[k.id], numbers(0, c.own)) || !slices.Equal(got[k.id+1], rest) {
			t.Errorf("shared as %v", got)
		}
		for i := range own {
			own[i].done = true
		}
		if err := m.forget(ctx, &k, own, whole, 0); err != nil {
			t.Fatal(err)
		}
		if got := waits(t, m); len(got) != 1 || !slices.Equal(got[k.id+1], rest) {
			t.Errorf("when the first was done: %v", got)
		}
	}
}

// One lane with many names is worked turn by turn; names that a turn does not
// get to are there in the next.
func TestTurnsOfALongLane(t *testing.T) { onBoth(t, testTurnsOfALongLane) }

func testTurnsOfALongLane(t *testing.T, in func(*Config)) {
	ctx := context.Background()
	m := shardBed(t, NewGate(2, 0, nil), in)
	k := held(t, m, 1, 3*shardNames+10, true)[0]
	left := numbers(0, 3*shardNames+10)
	for turn := 0; len(left) > 0; turn++ {
		visits, whole, err := m.load(ctx, &k)
		if err != nil || len(visits) == 0 || turn > 20 {
			t.Fatalf("turn %d: %d names, %v", turn, len(visits), err)
		}
		if whole != (len(visits) == len(left)) {
			t.Errorf("turn %d: %d names of %d, whole %v", turn, len(visits), len(left), whole)
		}
		kept, err := m.share(ctx, &k, visits)
		if err != nil || len(kept) != len(visits) {
			t.Errorf("turn %d: a lane was torn, %d of %d, %v", turn, len(kept), len(visits), err)
		}
		for i := range visits {
			if visits[i].done = i < 150; visits[i].done {
				left = slices.DeleteFunc(left, func(n int) bool { return n == visits[i].Seq })
			}
		}
		if err := m.forget(ctx, &k, visits, whole, 0); err != nil {
			t.Fatal(err)
		}
		got := waits(t, m)[k.id]
		if !slices.Equal(got, left) {
			t.Fatalf("turn %d leaves %v, want %v", turn, got, left)
		}
		k.names = len(got) // as the next claim reads it
	}
}
