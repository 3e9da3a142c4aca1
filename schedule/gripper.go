package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// A gripper keeps a grip for as long as the process works, a new one after
// each loss.
type gripper struct {
	conf  *pgx.ConnConfig // nil: the process is alone
	grace time.Duration   // one request's time: after a loss no lane is taken for so long
	log   *slog.Logger

	stop context.CancelFunc
	done sync.WaitGroup

	mu   sync.Mutex
	now  *grip         // nil: there is none just now
	next chan struct{} // closed when there is one
}

// newGripper makes the gripper and its first grip.
func newGripper(ctx context.Context, conf *pgx.ConnConfig, grace time.Duration, log *slog.Logger) (*gripper, error) {
	k := &gripper{conf: conf, grace: grace, log: log, next: make(chan struct{})}
	if conf == nil {
		k.now = aloneGrip()
		k.stop = func() {}
		return k, nil
	}
	// The server ends our session when we say nothing, so that a machine that
	// vanished without a word holds nothing for long.
	k.conf = conf.Copy()
	k.conf.RuntimeParams["idle_session_timeout"] = "15000"
	k.conf.RuntimeParams["application_name"] = "beianwatch"
	first, err := k.connect(ctx)
	if err != nil {
		return nil, err
	}
	k.now = first
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	k.stop = stop
	k.done.Go(func() { k.keep(base, first) })
	return k, nil
}

// grip gives the present grip; it waits for one while there is none.
func (k *gripper) grip(ctx context.Context) (*grip, error) {
	for {
		k.mu.Lock()
		g, next := k.now, k.next
		k.mu.Unlock()
		if g != nil && !g.lost() {
			return g, nil
		}
		select {
		case <-next:
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// shared tells whether others may work on the same database.
func (k *gripper) shared() bool { return k.conf != nil }

// connect makes a new grip.
func (k *gripper) connect(ctx context.Context) (*grip, error) {
	ctx, cancel := context.WithTimeout(ctx, gripTime)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, k.conf)
	if err != nil {
		return nil, fmt.Errorf("connecting to the database for locks: %w", err)
	}
	g := &grip{gone: make(chan struct{}), wake: make(chan struct{}, 1), conn: conn}
	var up float64
	err = conn.QueryRow(ctx, `SELECT EXTRACT(EPOCH FROM now() - pg_postmaster_start_time())::float8`).Scan(&up)
	for mine := false; err == nil && !mine; {
		g.id = 1 + int64(rand.Int32N(1<<31-1))
		err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, $2)`, presence, int32(g.id)).Scan(&mine)
	}
	if err != nil {
		conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the first error says more
		return nil, fmt.Errorf("taking this process' number: %w", err)
	}
	// A server that has just started has forgotten who held which lane.
	if left := k.grace - time.Duration(up*float64(time.Second)); left > 0 {
		g.lanesFrom = time.Now().Add(left)
	}
	return g, nil
}

// keep watches over the grip and makes a new one after each loss.
func (k *gripper) keep(ctx context.Context, g *grip) {
	for {
		k.watch(ctx, g)
		if ctx.Err() != nil {
			g.asking.Lock()
			g.lose()
			g.asking.Unlock()
			return
		}
		lost := time.Now()
		k.set(nil)
		k.log.Warn("the connection that holds this process' locks was lost; work goes on when it stands again")
		for wait := 250 * time.Millisecond; ; wait = min(2*wait, 10*time.Second) {
			next, err := k.connect(ctx)
			if err == nil {
				g = next
				break
			}
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return
			}
		}
		if from := lost.Add(k.grace); from.After(g.lanesFrom) {
			g.lanesFrom = from
		}
		k.set(g)
		k.log.Info("the connection stands again")
	}
}

// watch gives back what is to be given back, and asks the database now and
// then, until the grip is lost.
func (k *gripper) watch(ctx context.Context, g *grip) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for g.beat() == nil || !g.lost() {
		select {
		case <-ctx.Done():
			return
		case <-g.gone:
			return
		case <-ticker.C:
		case <-g.wake:
			time.Sleep(giveBackAfter)
		}
	}
}

// giveBackAfter gathers what is given back in one moment.
const giveBackAfter = 5 * time.Millisecond

func (k *gripper) set(g *grip) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = g
	if g != nil {
		close(k.next)
		k.next = make(chan struct{})
	}
}

// close gives everything back.
func (k *gripper) close() {
	k.stop()
	k.done.Wait()
}
