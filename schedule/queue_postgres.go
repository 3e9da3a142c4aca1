package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// openPostgresQueue makes River's tables in the database that the processes
// share.
func openPostgresQueue(ctx context.Context, pool *pgxpool.Pool) (queue, error) {
	driver := riverpgxv5.New(pool)
	if err := migrateRiver(ctx, pool, driver); err != nil {
		return nil, fmt.Errorf("making the job queue's tables: %w", err)
	}
	return &riverQueue[pgx.Tx]{driver: driver, adapt: sharedListens, free: func() error { return nil }}, nil
}

// migrateRiver brings River's tables up to date, one process at a time.
func migrateRiver(ctx context.Context, pool *pgxpool.Pool, driver *riverpgxv5.Driver) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	k := key("river")
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, k); err != nil {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, k) //nolint:errcheck // the lock ends with the connection too
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	return err
}

// sharedListens: jobs come from other processes, which PostgreSQL tells us of;
// what we do not hear of is found a second later.
func sharedListens(conf *river.Config) { conf.FetchPollInterval = time.Second }
