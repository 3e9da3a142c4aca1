package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
)

// A Tx is one transaction for rows of ours and jobs of River. Until it ends,
// only its own methods may touch the database: on SQLite there is one writing
// connection, and the transaction has it.
type Tx struct {
	*sql.Tx
	sealed bool
	pg     pgx.Tx // the same transaction as River's PostgreSQL driver takes it; nil on SQLite
}

// ErrNotMine reports that a job is no longer this attempt's: it was rescued and
// handed out again, finished elsewhere, or deleted. What this attempt saw must
// not be stored.
var ErrNotMine = errors.New("the job was handed to another worker")

// Do runs f in one transaction: all of it is stored, or nothing. f gives ctx to
// every statement: the transaction itself does not end with it.
func (q *Queue) Do(ctx context.Context, f func(*Tx) error) error {
	conn, err := q.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx := &Tx{}
	if q.postgres {
		err := conn.Raw(func(c any) error {
			tx.pg = sameTx{c.(*stdlib.Conn).Conn()}
			return nil
		})
		if err != nil {
			return err
		}
	}
	// A context that ends would make database/sql roll back from a goroutine of
	// its own, on a connection that River's driver may be writing to at that
	// moment. The statements carry ctx; the transaction ends here, and only here.
	alive, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	if tx.Tx, err = conn.BeginTx(alive, nil); err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := f(tx); err != nil {
		return err
	}
	defer context.AfterFunc(ctx, end)() // the driver has nothing to write any more: a commit may not take for ever
	return tx.Commit()
}

// Seal makes Insert do nothing to the end of the transaction.
func (tx *Tx) Seal() { tx.sealed = true }

// Insert puts jobs in with the transaction. Of a job that is unique and already
// there nothing is inserted, and that is no error.
func (q *Queue) Insert(ctx context.Context, tx *Tx, jobs ...Job) error {
	if len(jobs) == 0 || tx.sealed {
		return nil
	}
	params := make([]river.InsertManyParams, len(jobs))
	for i := range jobs {
		params[i] = river.InsertManyParams{Args: jobs[i].Args, InsertOpts: &jobs[i].Opts}
	}
	c, _ := q.inserter()
	return c.insert(ctx, tx, params)
}

// Hold locks the job's own row to the end of the transaction and returns
// [ErrNotMine] if this attempt does not have the job any more. A transaction
// that stores what a job did begins with it.
func (q *Queue) Hold(ctx context.Context, tx *Tx, job *rivertype.JobRow) error {
	query := `SELECT attempt FROM river_job WHERE id = $1 AND state = 'running'`
	if q.postgres {
		query += ` FOR UPDATE`
	}
	var attempt int
	err := tx.QueryRowContext(ctx, query, job.ID).Scan(&attempt)
	if errors.Is(err, sql.ErrNoRows) || err == nil && attempt != job.Attempt {
		return ErrNotMine
	}
	return err
}

// Complete ends a job with the transaction, for the attempt that has it.
// River's own function goes by the id alone and would end another worker's
// attempt; Hold before it and the state that it returns rule that out. ctx must
// be the one that River gave the worker.
func Complete[A river.JobArgs](ctx context.Context, q *Queue, tx *Tx, job *river.Job[A]) error {
	if err := q.Hold(ctx, tx, job.JobRow); err != nil {
		return err
	}
	var after *river.Job[A]
	var err error
	if q.postgres {
		after, err = river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx.pg, job)
	} else {
		after, err = river.JobCompleteTx[*riversqlite.Driver](ctx, tx.Tx, job)
	}
	if err != nil {
		return fmt.Errorf("completing job %d: %w", job.ID, err)
	}
	if after.State != rivertype.JobStateCompleted {
		return ErrNotMine
	}
	return nil
}

// sameTx lets River's driver write inside a transaction that database/sql has
// begun on the same connection, and that database/sql ends.
type sameTx struct{ conn *pgx.Conn }

var errNested = errors.New("this transaction is begun and ended by database/sql")

func (sameTx) Begin(context.Context) (pgx.Tx, error) { return nil, errNested }
func (sameTx) Commit(context.Context) error          { return errNested }
func (sameTx) Rollback(context.Context) error        { return errNested }
func (sameTx) LargeObjects() pgx.LargeObjects        { return pgx.LargeObjects{} }
func (t sameTx) Conn() *pgx.Conn                     { return t.conn }

func (t sameTx) Prepare(ctx context.Context, name, query string) (*pgconn.StatementDescription, error) {
	return t.conn.Prepare(ctx, name, query)
}

func (t sameTx) Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error) {
	return t.conn.Exec(ctx, query, args...)
}

func (t sameTx) Query(ctx context.Context, query string, args ...any) (pgx.Rows, error) {
	return t.conn.Query(ctx, query, args...)
}

func (t sameTx) QueryRow(ctx context.Context, query string, args ...any) pgx.Row {
	return t.conn.QueryRow(ctx, query, args...)
}

func (t sameTx) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, source pgx.CopyFromSource) (int64, error) {
	return t.conn.CopyFrom(ctx, table, columns, source)
}

func (t sameTx) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return t.conn.SendBatch(ctx, b)
}
