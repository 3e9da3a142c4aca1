package listing

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// batchRows is how many rows are stored in a transaction: SQLite logs every page of every
// index that they touch, so that few large ones write far less than many small ones, and
// its only writer is held for some tenths of a second. statementRows is how many go into
// one statement.
const (
	batchRows     = 4000
	statementRows = 500
)

// columns are those of a row, in the order of Row.args.
const columns = `domain, tone, liveness, cause, owner, team, province, network, title, rules, since, due, at`

func (r *Row) args() []any {
	return []any{r.Domain, r.Tone, string(r.Liveness), r.Cause, r.Owner, r.Team, r.Province, r.Network, r.Title, strings.Join(r.Rules, " "),
		millis(r.Since), millis(r.Due), millis(r.At)}
}

// A filling is a statement that puts rows into a table: they stand between head and tail.
type filling struct {
	head, tail string
	columns    int
}

// The statements that store a row and what was found of it. With other waivers a row is
// stored again.
var (
	fillRows = filling{`INSERT INTO listing (run, ` + columns + `) VALUES `,
		` ON CONFLICT (run, domain) DO UPDATE SET tone = excluded.tone, rules = excluded.rules, since = excluded.since, due = excluded.due`, 14}
	fillRules = filling{`INSERT INTO listing_rule (run, rule, domain, tone) VALUES `, ` ON CONFLICT (run, rule, domain) DO UPDATE SET tone = excluded.tone`, 4}
)

// put stores rows and what was found of each, in one transaction.
func (k *Keeper) put(ctx context.Context, run string, rows []*Row) error {
	var args, found []any
	waived := map[string][]string{} // domains by rule
	for _, r := range rows {
		args = append(append(args, run), r.args()...)
		for _, rule := range r.Rules {
			found = append(found, run, rule, r.Domain, r.Tone)
		}
		for _, rule := range r.waived {
			waived[rule] = append(waived[rule], r.Domain)
		}
	}
	tx, err := k.store.Writer().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	err = k.insert(ctx, tx, &fillRows, args)
	if err == nil {
		err = k.insert(ctx, tx, &fillRules, found)
	}
	for rule, domains := range waived {
		if err != nil {
			break
		}
		among, list := k.store.Among(domains) // its list is the second parameter
		_, err = tx.ExecContext(ctx, `DELETE FROM listing_rule WHERE run = $1 AND domain `+among+` AND rule = $3`, run, list, rule)
	}
	if err != nil {
		return fmt.Errorf("storing the listing of run %s: %w", run, err)
	}
	return tx.Commit()
}

// insert puts rows into a table. PostgreSQL is given many at once,
// because it waits for each statement; SQLite takes longer to read a long one than to
// carry out short ones.
func (k *Keeper) insert(ctx context.Context, tx *sql.Tx, f *filling, args []any) error {
	rows := 1
	if k.store.Postgres() {
		rows = statementRows
	}
	var prepared *sql.Stmt
	for len(args) > 0 {
		part := args[:min(len(args), rows*f.columns)]
		args = args[len(part):]
		if rows > 1 {
			if _, err := tx.ExecContext(ctx, f.head+marks(len(part)/f.columns, f.columns)+f.tail, part...); err != nil {
				return err
			}
			continue
		}
		if prepared == nil {
			var err error
			if prepared, err = tx.PrepareContext(ctx, f.head+marks(1, f.columns)+f.tail); err != nil {
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
