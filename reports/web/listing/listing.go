// Package listing keeps what the dashboard's pages read of finished runs: a row a
// domain with the columns that lists are filtered by, and a digest of the figures
// of each run. Both are made once, when a run finishes or when they are first asked
// for, so that a page reads some rows by an index and never a whole run.
package listing

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/singleflight"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

//go:embed migrations
var migrations embed.FS

// A Keeper makes and reads listings. It is safe for many goroutines, and for
// many processes on one database.
type Keeper struct {
	store  *store.Store
	rules  []*detect.Rule
	once   singleflight.Group
	recent comparisons
}

// Open makes the tables or brings them up to date. The rules set the order in which
// figures are told, as in [reports.NewSummary].
func Open(ctx context.Context, s *store.Store, rules []*detect.Rule) (*Keeper, error) {
	if err := s.Migrate(ctx, store.Tables{Scripts: migrations, Version: "listing_version"}); err != nil {
		return nil, err
	}
	return &Keeper{store: s, rules: rules}, nil
}

// Digest returns the figures of a finished run, which are made if they are not
// there.
func (k *Keeper) Digest(ctx context.Context, run *reports.Run) (*Digest, error) {
	d, _, err := k.stored(ctx, run.ID)
	if d != nil || err != nil {
		return d, err
	}
	return k.build(ctx, run)
}

// Stored returns the figures of a run if they have been made, else nil: a page
// over many runs does not wait for those that it lacks.
func (k *Keeper) Stored(ctx context.Context, run string) (*Digest, error) {
	d, _, err := k.stored(ctx, run)
	return d, err
}

// Finish makes the listing and figures of a run whose results are whole, before it counts
// as done.
func (k *Keeper) Finish(ctx context.Context, run *reports.Run) error {
	_, err, _ := k.once.Do(run.ID, func() (any, error) { return k.make(ctx, run) })
	return err
}

// Make makes the listing and figures of a finished run, unless they are there.
func (k *Keeper) Make(ctx context.Context, run *reports.Run) error {
	d, listed, err := k.stored(ctx, run.ID)
	if err == nil && (d == nil || !listed) {
		_, err = k.build(ctx, run)
	}
	return err
}

func (k *Keeper) stored(ctx context.Context, run string) (d *Digest, listed bool, err error) {
	var text string
	var is, was int64
	err = k.store.Reader().QueryRowContext(ctx, `SELECT listed, form, digest FROM listing_run WHERE run = $1`, run).Scan(&is, &was, &text)
	if errors.Is(err, sql.ErrNoRows) || err == nil && was != form {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("reading the figures of run %s: %w", run, err)
	}
	d = &Digest{}
	if err := json.Unmarshal([]byte(text), d); err != nil {
		return nil, false, fmt.Errorf("reading the figures of run %s: %w", run, err)
	}
	return d, is != 0, nil
}

// build makes both; callers at the same time share one making.
func (k *Keeper) build(ctx context.Context, run *reports.Run) (*Digest, error) {
	if run.State != reports.RunDone {
		return nil, fmt.Errorf("run %s is not finished: it has no figures yet", run.ID)
	}
	v, err, _ := k.once.Do(run.ID, func() (any, error) {
		return k.make(context.WithoutCancel(ctx), run) // others may wait for it
	})
	if err != nil {
		return nil, err
	}
	return v.(*Digest), nil
}

// batchRows is how many rows are stored at once: a short hold of the only writer that
// SQLite has.
const batchRows = 500

func (k *Keeper) make(ctx context.Context, run *reports.Run) (*Digest, error) {
	d := newDigesting(run, k.rules)
	var rows []*Row
	for r, err := range k.store.Records(ctx, run.ID) {
		if err != nil {
			return nil, err
		}
		row := rowOf(r)
		d.add(r, row)
		if rows = append(rows, row); len(rows) == batchRows {
			if err := k.put(ctx, run.ID, rows); err != nil {
				return nil, err
			}
			rows = rows[:0]
		}
	}
	if err := k.put(ctx, run.ID, rows); err != nil {
		return nil, err
	}
	digest := d.end()
	var err error
	if digest.Changes, err = k.sinceLast(ctx, run); err != nil {
		return nil, err
	}
	text, err := json.Marshal(digest)
	if err != nil {
		return nil, err
	}
	_, err = k.store.Writer().ExecContext(ctx, `INSERT INTO listing_run (run, listed, form, digest) VALUES ($1, 1, $2, $3)
		ON CONFLICT (run) DO UPDATE SET listed = 1, form = excluded.form, digest = excluded.digest`, run.ID, form, string(text))
	if err != nil {
		return nil, fmt.Errorf("storing the figures of run %s: %w", run.ID, err)
	}
	return digest, k.sweep(ctx, run)
}

// sinceLast compares a run with the finished one before; nil if there is none.
func (k *Keeper) sinceLast(ctx context.Context, run *reports.Run) (*Changes, error) {
	last, err := k.store.LastDone(ctx, run.Inventory, run.ID)
	if errors.Is(err, store.ErrNoRun) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return k.Compare(ctx, last, run)
}

// columns are those of a row, in the order of Row.args.
const columns = `domain, tone, liveness, cause, owner, team, province, network, title, rules, since, due, at`

func (r *Row) args() []any {
	return []any{r.Domain, r.Tone, string(r.Liveness), r.Cause, r.Owner, r.Team, r.Province, r.Network, r.Title, strings.Join(r.Rules, " "),
		millis(r.Since), millis(r.Due), millis(r.At)}
}

// The statements that store a row and what was found of it; rows are put behind them.
const (
	insertRow  = `INSERT INTO listing (run, ` + columns + `) VALUES `
	insertRule = `INSERT INTO listing_rule (run, rule, domain) VALUES `
	rowArgs    = 14
	ruleArgs   = 3
)

// put stores rows and what was found of each, in one transaction.
func (k *Keeper) put(ctx context.Context, run string, rows []*Row) error {
	var args, found []any
	for _, r := range rows {
		args = append(append(args, run), r.args()...)
		for _, rule := range r.Rules {
			found = append(found, run, rule, r.Domain)
		}
	}
	tx, err := k.store.Writer().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	err = k.insert(ctx, tx, insertRow, rowArgs, args)
	if err == nil {
		err = k.insert(ctx, tx, insertRule, ruleArgs, found)
	}
	if err != nil {
		return fmt.Errorf("storing the listing of run %s: %w", run, err)
	}
	return tx.Commit()
}

// insert puts rows of so many columns into a table. PostgreSQL is given many at once,
// because it waits for each statement; SQLite takes longer to read a long one than to
// carry out short ones.
func (k *Keeper) insert(ctx context.Context, tx *sql.Tx, into string, columns int, args []any) error {
	const done = ` ON CONFLICT DO NOTHING`
	rows := 1
	if k.store.Postgres() {
		rows = batchRows
	}
	var prepared *sql.Stmt
	for len(args) > 0 {
		part := args[:min(len(args), rows*columns)]
		args = args[len(part):]
		if rows > 1 {
			if _, err := tx.ExecContext(ctx, into+marks(len(part)/columns, columns)+done, part...); err != nil {
				return err
			}
			continue
		}
		if prepared == nil {
			var err error
			if prepared, err = tx.PrepareContext(ctx, into+marks(1, columns)+done); err != nil {
				return err
			}
			defer prepared.Close()
		}
		if _, err := prepared.ExecContext(ctx, part...); err != nil {
			return err
		}
	}
	return nil
}

// marks are the parameters of n rows of so many columns.
func marks(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	return b.String() + ")"
}

// keptListings is how many runs of an inventory keep their rows: the newest, and
// the one before, which may be open in a browser when a run finishes.
const keptListings = 2

// sweepStep bounds what one statement deletes.
const sweepStep = 2000

// sweep deletes the rows of older runs of the inventory; their figures stay.
func (k *Keeper) sweep(ctx context.Context, run *reports.Run) error {
	rows, err := k.store.Reader().QueryContext(ctx, `SELECT l.run FROM listing_run l JOIN run n ON n.id = l.run WHERE l.listed = 1 AND n.inventory = $1 ORDER BY l.run DESC`, run.Inventory)
	if err != nil {
		return err
	}
	defer rows.Close()
	var old []string
	for n := 0; rows.Next(); n++ {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if n >= keptListings && id != run.ID {
			old = append(old, id)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, id := range old {
		if err := k.drop(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keeper) drop(ctx context.Context, run string) error {
	if _, err := k.store.Writer().ExecContext(ctx, `UPDATE listing_run SET listed = 0 WHERE run = $1`, run); err != nil {
		return err
	}
	for _, s := range []string{
		`DELETE FROM listing WHERE run = $1 AND domain IN (SELECT domain FROM listing WHERE run = $1 ORDER BY domain LIMIT $2)`,
		`DELETE FROM listing_rule WHERE run = $1 AND domain IN (SELECT domain FROM listing_rule WHERE run = $1 LIMIT $2)`,
	} {
		for {
			res, err := k.store.Writer().ExecContext(ctx, s, run, sweepStep)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				return err
			}
		}
	}
	return nil
}

// cut shortens a stranger's text to what a column keeps, and makes it text that
// every database takes.
func cut(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
		for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
		s = strings.ToValidUTF8(s, "")
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// millis is the stored form of a time; 0 stands for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
