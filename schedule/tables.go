package schedule

import (
	"context"
	"database/sql"
	"embed"
	"time"

	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
)

//go:embed migrations
var migrations embed.FS

// ours are the tables of this package.
var ours = store.Tables{Scripts: migrations, Version: "schedule_version"}

// tables are our tables in the results database.
type tables struct {
	writer *sql.DB // one connection on SQLite, shared with the store and the queue
	reader *sql.DB
	form   string // of ours and the store's tables
}

// openTables makes the tables or brings them up to date.
func openTables(ctx context.Context, st *store.Store) (*tables, error) {
	if err := st.Migrate(ctx, ours); err != nil {
		return nil, err
	}
	form, err := store.Form(ours, lifecycle.Tables)
	return &tables{writer: st.Writer(), reader: st.Reader(), form: form}, err
}

// An execer is a database or a transaction.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// exec runs one statement.
func (db *tables) exec(ctx context.Context, query string, args ...any) error {
	_, err := db.writer.ExecContext(ctx, query, args...)
	return err
}

// number reads one number.
func (db *tables) number(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = db.reader.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

// rows hands over the rows of a query one by one.
func (db *tables) rows(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := db.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// millis is the stored form of a time; 0 stands for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
