package polite

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/beianwatch/beianwatch/reports/store"
)

// ErrLost says that the session ended under which this process held locks.
var ErrLost = errors.New("the connection that held this process' locks was lost")

// A Session is one database session of this process, with the advisory locks
// that it holds over one connection. When the connection ends, all of them are
// gone at once, and PostgreSQL knows it as soon as the process does, however the
// process ends. What was begun under a session that is lost must be dropped.
//
// The session of a process that is alone has no connection and is never lost.
type Session struct {
	id   int64
	done chan struct{}
	from time.Time // no address is locked before: requests under an older lock may be under way
	conn *pgx.Conn // used by run alone; nil: this process is alone

	mu        sync.Mutex
	todo      work
	interrupt context.CancelFunc // ends the wait for messages; nil: there is none
	over      bool
}

// work is what waits to be done with the next round trip, in this order.
type work struct {
	unlock []int64
	notify []string
	try    []attempt
	query  []query
}

// An attempt is a lock that is to be had if no session has it.
type attempt struct {
	lock int64
	ask  string                    // the message that is sent if one has; "" for none
	told func(got bool, err error) // called without any lock of this package held
}

// A query is anything else.
type query struct {
	do   func(context.Context, *pgx.Conn) error
	told func(error)
}

// presence is the first half of the lock that says that a session is alive; the
// second half is its number.
const presence = 0x62656977

// maxQuestion bounds a round trip: after that the session counts as lost.
const maxQuestion = 5 * time.Second

// beatEvery is how often the server is asked whether the connection stands;
// maxSilence is how long it keeps a session that says nothing, so that a machine
// that vanished without a word holds nothing for long.
const (
	beatEvery  = time.Second
	maxSilence = 15 * time.Second
)

// channel carries the messages between processes about addresses.
const channel = "beianwatch_address"

// newID is a number for a session.
func newID() int64 { return 1 + int64(rand.Int32N(1<<31-1)) }

// LockID is the advisory lock of something that has a name, for those who take
// it on a connection of their own.
func LockID(name string) int64 {
	h := fnv.New64a()
	h.Write([]byte("beianwatch " + name)) //nolint:errcheck // it never fails
	return int64(h.Sum64())
}

// connect opens a session. heard is called for each message of another process,
// without any lock of this package held. grace is how long the server must have
// been up before an address is locked: one that has just started has forgotten
// who held which.
func connect(ctx context.Context, conf *pgx.ConnConfig, grace time.Duration, heard func(string)) (*Session, error) {
	conf = conf.Copy()
	if conf.ConnectTimeout == 0 || conf.ConnectTimeout > maxQuestion {
		conf.ConnectTimeout = maxQuestion
	}
	// Each server that the address names has that time: one that is dead takes none of the next one's.
	ctx, cancel := context.WithTimeout(ctx, time.Duration(1+len(conf.Fallbacks))*conf.ConnectTimeout+maxQuestion)
	defer cancel()
	conf.RuntimeParams["idle_session_timeout"] = fmt.Sprint(maxSilence.Milliseconds())
	conf.RuntimeParams["application_name"] = "beianwatch"
	conf.OnNotification = func(_ *pgconn.PgConn, n *pgconn.Notification) { heard(n.Payload) }
	conn, err := pgx.ConnectConfig(ctx, conf)
	if err != nil {
		return nil, fmt.Errorf("connecting to the database for locks: %w", err)
	}
	s := &Session{done: make(chan struct{}), conn: conn}
	var up float64
	// A standby that was promoted is up for long and knows as little: what it heard last is of
	// the time of the server before it.
	err = conn.QueryRow(ctx, `SELECT EXTRACT(EPOCH FROM now() - GREATEST(pg_postmaster_start_time(), pg_last_xact_replay_timestamp()))::float8`).Scan(&up)
	for mine := false; err == nil && !mine; {
		s.id = newID()
		err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, $2)`, presence, int32(s.id)).Scan(&mine)
	}
	if err == nil {
		_, err = conn.Exec(ctx, `LISTEN `+channel)
	}
	if err != nil {
		conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the first error says more
		return nil, fmt.Errorf("opening the session for locks: %w", err)
	}
	if left := grace - time.Duration(up*float64(time.Second)); left > 0 {
		s.from = time.Now().Add(min(left, grace)) // the clocks of two servers differ
	}
	return s, nil
}

// ID tells the session from all others that live; a new one after a loss.
func (s *Session) ID() int64 { return s.id }

// Done is closed when the session is lost.
func (s *Session) Done() <-chan struct{} { return s.done }

// lost reports whether the session is lost.
func (s *Session) lost() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// add gives the session something to do. What comes after its end is told so.
func (s *Session) add(f func(*work)) {
	s.mu.Lock()
	f(&s.todo)
	if s.interrupt != nil {
		s.interrupt()
	}
	if s.over {
		late := s.todo
		s.todo = work{}
		go late.fail(ErrLost) // the caller may hold locks
	}
	s.mu.Unlock()
}

// take takes what is to be done.
func (s *Session) take() work {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.todo
	s.todo = work{}
	return w
}

func (w *work) empty() bool {
	return len(w.unlock)+len(w.notify)+len(w.try)+len(w.query) == 0
}

// fail tells all who wait for an answer that there is none.
func (w *work) fail(err error) {
	for _, a := range w.try {
		a.told(false, err)
	}
	for _, q := range w.query {
		q.told(err)
	}
}

// run does what is to be done and hears messages, until ctx ends or the session
// is lost; then it closes the connection.
func (s *Session) run(ctx context.Context) {
	for beat := time.Now().Add(beatEvery); ctx.Err() == nil; {
		w := s.take()
		if w.empty() && time.Now().Before(beat) {
			if s.listen(ctx, beat) != nil {
				break
			}
			continue
		}
		if s.do(&w) != nil {
			break
		}
		beat = time.Now().Add(beatEvery)
	}
	s.mu.Lock()
	s.over = true
	rest := s.todo
	s.todo = work{}
	s.mu.Unlock()
	close(s.done)
	rest.fail(ErrLost)
	end, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s.conn.Close(end) //nolint:errcheck // it may be broken already
}

// listen waits for a message until the beat or until there is something to do.
// It returns an error if the connection is lost.
func (s *Session) listen(ctx context.Context, until time.Time) error {
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	s.mu.Lock()
	if !s.todo.empty() {
		s.mu.Unlock()
		return nil
	}
	s.interrupt = cancel
	s.mu.Unlock()
	err := s.conn.PgConn().WaitForNotification(ctx)
	s.mu.Lock()
	s.interrupt = nil
	s.mu.Unlock()
	if err != nil && !s.conn.IsClosed() && ctx.Err() != nil {
		return nil // interrupted, which leaves the connection as it was
	}
	return err
}

// do makes one round trip. It does not end with the context of any caller: a
// statement that is broken off breaks the connection. It returns an error if the
// session is lost.
func (s *Session) do(w *work) error {
	ctx, cancel := context.WithTimeout(context.Background(), maxQuestion)
	defer cancel()
	got, err := s.locks(ctx, w)
	for i, q := range w.query {
		if err != nil && s.broken(err) {
			(&work{query: w.query[i:]}).fail(err)
			break
		}
		asked := q.do(ctx, s.conn)
		q.told(asked)
		if asked != nil && s.broken(asked) {
			err = asked
		}
	}
	if err != nil && !s.broken(err) {
		// The server's table of locks may be full. What was locked before it was
		// is held although the statement failed.
		s.add(func(todo *work) {
			for _, a := range w.try {
				todo.unlock = append(todo.unlock, a.lock)
			}
		})
	}
	for i, a := range w.try {
		a.told(err == nil && got[i], err)
	}
	if err != nil && s.broken(err) {
		return err
	}
	return nil
}

// broken reports whether an error means that the session is lost.
func (s *Session) broken(err error) bool { return s.conn.IsClosed() || store.Unavailable(err) }

// locks unlocks, sends messages and tries locks, in one round trip; got is by
// the index of the attempt.
func (s *Session) locks(ctx context.Context, w *work) (got map[int]bool, err error) {
	got = make(map[int]bool, len(w.try))
	var b pgx.Batch
	b.Queue(`SELECT count(pg_advisory_unlock(k)) FROM unnest($1::bigint[]) AS k`, w.unlock)
	if len(w.notify) > 0 {
		b.Queue(`SELECT count(pg_notify($1, m)::text) FROM unnest($2::text[]) AS m`, channel, w.notify)
	}
	if len(w.try) > 0 {
		ids, asks := make([]int64, len(w.try)), make([]string, len(w.try))
		for i, a := range w.try {
			ids[i], asks[i] = a.lock, a.ask
		}
		b.Queue(`SELECT i::int - 1 FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS t(k, m, i)
			WHERE CASE WHEN pg_try_advisory_lock(k) THEN true WHEN m = '' THEN false ELSE pg_notify($3, m)::text IS NULL END`, ids, asks, channel).Query(func(rows pgx.Rows) error {
			var i int
			_, err := pgx.ForEachRow(rows, []any{&i}, func() error { got[i] = true; return nil })
			return err
		})
	}
	return got, s.conn.SendBatch(ctx, &b).Close()
}
