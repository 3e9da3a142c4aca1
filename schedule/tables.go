package schedule

import (
	"context"
	"database/sql"
	"embed"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/reports/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// tables are our tables in the results database.
type tables struct {
	writer  *sql.DB // one connection on SQLite, shared with the store
	reader  *sql.DB
	abreast int // rows that one statement stores
}

// openTables makes the tables or brings them up to date.
func openTables(ctx context.Context, st *store.Store) (*tables, error) {
	if err := st.Migrate(ctx, store.Tables{Scripts: migrations, Version: "schedule_version"}); err != nil {
		return nil, err
	}
	db := &tables{writer: st.Writer(), reader: st.Reader(), abreast: 1}
	if st.Postgres() {
		db.abreast = 100
	}
	return db, nil
}

// tx runs f in one transaction: all of it or nothing.
func (db *tables) tx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// exec runs one statement.
func (db *tables) exec(ctx context.Context, query string, args ...any) error {
	_, err := db.writer.ExecContext(ctx, query, args...)
	return err
}

// insert stores rows: shared are the values of the first columns, the same in
// all rows, row gives a row's own. PostgreSQL is asked for many rows at once,
// because each statement is a way to the server and back. SQLite is not: for a
// statement of many rows it keeps a journal of its own, and one row costs
// a third more than alone.
func (db *tables) insert(ctx context.Context, tx *sql.Tx, into string, shared []any, rows int, row func(i int) []any) error {
	var stmt *sql.Stmt
	var args []any
	// A context that can end costs a goroutine for each row.
	alone := context.WithoutCancel(ctx)
	for at, holds := 0, 0; at < rows; at += holds {
		args = append(args[:0], shared...)
		n := min(db.abreast, rows-at)
		for i := range n {
			args = append(args, row(at+i)...)
		}
		if n != holds {
			var err error
			if stmt, err = tx.PrepareContext(ctx, into+" VALUES "+marks(n, len(shared), (len(args)-len(shared))/n)); err != nil {
				return err
			}
			holds = n
		}
		if _, err := stmt.ExecContext(alone, args...); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// marks are the parameters of rows that share the first ones.
func marks(rows, shared, own int) string {
	var s strings.Builder
	for i := range rows {
		for c := range shared + own {
			at := c + 1
			if c >= shared {
				at += i * own
			}
			s.WriteString([]string{", $", "($"}[flag(c == 0)])
			s.WriteString(strconv.Itoa(at))
		}
		s.WriteString([]string{"), ", ")"}[flag(i == rows-1)])
	}
	return s.String()
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
