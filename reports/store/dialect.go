package store

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// A dialect is what the statements of the two databases differ in.
type dialect struct {
	folder string // of the migrations
	goose  goose.Dialect
	tables string // counts the tables called $1, and all of ours
	state  string // reads the state of run $1; on PostgreSQL it also keeps the run from being changed until the transaction ends
	anyOf  string // the condition that what stands before it is one of the texts of parameter $2
	list   func(texts []string) any
}

// An engine is what the two databases do each in a way of its own.
type engine interface {
	// hint returns what a person can do about an error; "" if there is nothing
	// to add to the error itself.
	hint(err error) message.Text
	// transient reports whether making the tables failed because another
	// process was at it too; opened says that it failed before anything was
	// changed.
	transient(err error, opened bool) bool
	// lock keeps other processes from changing tables until unlock.
	lock(ctx context.Context) (unlock func(), err error)
	// makeRoom makes place for the results of a new run over an inventory;
	// occupied reports whether it failed because the run has results.
	makeRoom(ctx context.Context, tx *sql.Tx, run string) error
	occupied(err error) bool
	// put stores rows of one run, each unless a later visit is there.
	put(ctx context.Context, tx *sql.Tx, rows []row) error
	// keep copies results of domains with their findings from one run to
	// another, each unless a later visit is there.
	keep(ctx context.Context, tx *sql.Tx, run, before string, kept []Kept) error
	// thin goes on with deleting the results of a run that the next one
	// repeats, and looks at up to limit of them. The last step marks the run as
	// thinned.
	thin(ctx context.Context, p pair, limit int) (done bool, err error)
}
