package schedule

import (
	"context"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"github.com/beianwatch/beianwatch/reports/store"
)

// openQueue opens the job queue that belongs to the database: a file of its
// own beside a SQLite file, tables in the same database on PostgreSQL.
func openQueue(ctx context.Context, st *store.Store, dir string) (queue, error) {
	if st.Postgres() {
		return openPostgresQueue(ctx, st.Pool())
	}
	return openSQLiteQueue(ctx, filepath.Join(dir, "queue.db"))
}

// connConfig is how to reach the database for a connection of one's own; nil
// if it is a file that this process has to itself.
func connConfig(st *store.Store) *pgx.ConnConfig {
	if !st.Postgres() {
		return nil
	}
	return st.Pool().Config().ConnConfig.Copy()
}
