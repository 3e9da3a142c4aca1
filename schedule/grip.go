package schedule

import (
	"context"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// errLost says that what this process held against others is gone.
var errLost = errors.New("the connection that held this process' locks was lost")

// A grip is what this process holds against others that work on the same
// database, over one connection: its number, the runs that it conducts, the
// lanes that it works. When the connection ends, all of it is gone at once,
// and PostgreSQL knows it as soon as the process does, however the process
// ends.
//
// On SQLite the data folder belongs to this process alone, so everything can
// be had.
type grip struct {
	id   int64         // this process' number; another one after a loss
	gone chan struct{} // closed when all is lost
	wake chan struct{} // there is something to be given back

	lanesFrom time.Time  // no lane is taken before: requests under an older lock may be under way
	asking    sync.Mutex // one question at a time
	conn      *pgx.Conn  // nil: alone

	mu   sync.Mutex
	free []int64 // locks to be given back with the next question
}

// presence is the first half of the lock that says that a process is alive;
// the second half is its number.
const presence = 0x62656977

// gripTime bounds a question on the grip's connection: later it counts as
// lost.
const gripTime = 5 * time.Second

func aloneGrip() *grip {
	return &grip{id: 1 + int64(rand.Int32N(1<<31-1)), gone: make(chan struct{})}
}

// key is the lock of something that has a name.
func key(name string) int64 {
	h := fnv.New64a()
	h.Write([]byte("beianwatch " + name)) //nolint:errcheck // it never fails
	return int64(h.Sum64())
}

// try takes those of the locks that nobody has and tells which.
func (g *grip) try(keys ...int64) (map[int64]bool, error) {
	got := make(map[int64]bool, len(keys))
	if g.alone() {
		for _, k := range keys {
			got[k] = true
		}
		return got, nil
	}
	g.asking.Lock()
	defer g.asking.Unlock()
	err := g.giveBack()
	if err == nil {
		err = g.ask(func(rows pgx.Rows) error {
			var k int64
			err := rows.Scan(&k)
			got[k] = true
			return err
		}, `SELECT k FROM unnest($1::bigint[]) AS k WHERE pg_try_advisory_lock(k)`, keys)
	}
	if err != nil {
		// The server's table of locks may be full. What was locked before it was
		// is held although the statement failed.
		g.mu.Lock()
		g.free = append(g.free, keys...)
		g.mu.Unlock()
		return nil, err
	}
	return got, nil
}

// release gives locks back, with the next question or after a moment.
func (g *grip) release(keys ...int64) {
	if g.alone() {
		return
	}
	g.mu.Lock()
	g.free = append(g.free, keys...)
	g.mu.Unlock()
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

// beat gives back what is to be given back and finds out whether the
// connection still stands.
func (g *grip) beat() error {
	g.asking.Lock()
	defer g.asking.Unlock()
	return g.giveBack()
}

// giveBack gives locks back. The caller holds g.asking.
func (g *grip) giveBack() error {
	g.mu.Lock()
	keys := g.free
	g.free = nil
	g.mu.Unlock()
	return g.ask(func(pgx.Rows) error { return nil }, `SELECT pg_advisory_unlock(k) FROM unnest($1::bigint[]) AS k`, keys)
}

// alive lists the numbers of the processes that work on the database.
func (g *grip) alive() (map[int64]bool, error) {
	set := map[int64]bool{g.id: true}
	if g.alone() {
		return set, nil
	}
	g.asking.Lock()
	defer g.asking.Unlock()
	err := g.ask(func(rows pgx.Rows) error {
		var id int64
		err := rows.Scan(&id)
		set[id] = true
		return err
	}, `SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, presence)
	return set, err
}

func (g *grip) alone() bool { return g.conn == nil }

// lost tells whether the grip is gone.
func (g *grip) lost() bool {
	select {
	case <-g.gone:
		return true
	default:
		return false
	}
}

// ask puts one question. It does not end with anybody's context: a question
// that is broken off breaks the connection. The caller holds g.mu.
func (g *grip) ask(scan func(pgx.Rows) error, query string, args ...any) error {
	if g.lost() {
		return errLost
	}
	ctx, cancel := context.WithTimeout(context.Background(), gripTime)
	defer cancel()
	rows, err := g.conn.Query(ctx, query, args...)
	if err == nil {
		defer rows.Close()
		for err == nil && rows.Next() {
			err = scan(rows)
		}
		rows.Close()
		err = errors.Join(err, rows.Err())
	}
	if err != nil && (g.conn.IsClosed() || outage(err)) {
		g.lose()
	}
	return err
}

// lose ends the connection. The caller holds g.asking.
func (g *grip) lose() {
	if !g.lost() {
		close(g.gone)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	g.conn.Close(ctx) //nolint:errcheck // it may be broken already
}
