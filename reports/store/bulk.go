package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// put stores the rows, once more if the connection turns out to have been
// broken: after a restart of the server all those in the pool are.
func (e postgresEngine) put(ctx context.Context, sets []*ruleset, rows []row) error {
	rows = inKeyOrder(rows)
	err := e.putOnce(ctx, sets, rows)
	if err != nil && broken(err) && ctx.Err() == nil {
		e.s.pool.Reset()
		err = e.putOnce(ctx, sets, rows)
	}
	return err
}

// putOnce copies the rows to a table of the connection's own and from there to the
// results in one statement. The order of keys keeps two workers that store
// the same domains from waiting for each other in a circle; a result that is
// there already is locked by being replaced, so that its findings can be.
func (e postgresEngine) putOnce(ctx context.Context, sets []*ruleset, rows []row) error {
	conn, err := e.s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if err := ready(ctx, conn); err != nil {
		return err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // after a commit there is nothing to roll back
	if err := e.putRulesets(ctx, tx, sets); err != nil {
		return err
	}
	if err := putRows(ctx, tx, rows); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// putRulesets stores the rule sets that are not known to be stored.
func (e postgresEngine) putRulesets(ctx context.Context, tx pgx.Tx, sets []*ruleset) error {
	sets = slices.SortedFunc(slices.Values(sets), func(a, b *ruleset) int { return cmp.Compare(a.id, b.id) })
	for _, rs := range sets {
		if e.s.rules.isStored(rs) {
			continue
		}
		if _, err := tx.Exec(ctx, insertRuleset, rs.args()...); err != nil {
			return err
		}
	}
	return nil
}

// The statements of putRows; the temporary table has the columns that are
// filled, and no others.
var (
	makeIncoming  = `CREATE TEMPORARY TABLE incoming ON COMMIT DELETE ROWS AS SELECT ` + resultStored + ` FROM result WITH NO DATA`
	resultColumn  = columns(resultStored)
	findingColumn = columns(findingStored)
	fromIncoming  = `INSERT INTO result (` + resultStored + `) SELECT ` + resultStored + ` FROM incoming ORDER BY run, domain
		ON CONFLICT (run, domain) DO UPDATE SET ` + replaced(resultColumn[2:])
	oldFindings = `DELETE FROM finding WHERE run = $1 AND domain = ANY($2)`
)

// ready makes the connection's table, once in its life. The server truncates
// it after each transaction.
func ready(ctx context.Context, conn *pgxpool.Conn) error {
	const made = "beianwatch incoming"
	known := conn.Conn().PgConn().CustomData()
	if known[made] != nil {
		return nil
	}
	if _, err := conn.Exec(ctx, makeIncoming); err != nil {
		return err
	}
	known[made] = true
	return nil
}

func putRows(ctx context.Context, tx pgx.Tx, rows []row) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"incoming"}, resultColumn, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) { return rows[i].args, nil }))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, fromIncoming); err != nil {
		return err
	}
	var findings [][]any
	for part := range byRun(rows) {
		domains := make([]string, len(part))
		for i := range part {
			domains[i] = part[i].key(1)
			findings = append(findings, part[i].findings...)
		}
		if _, err := tx.Exec(ctx, oldFindings, part[0].key(0), domains); err != nil {
			return err
		}
	}
	if len(findings) == 0 {
		return nil
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"finding"}, findingColumn, pgx.CopyFromRows(findings))
	return err
}

// key is run (0) or domain (1).
func (w *row) key(i int) string { return w.args[i].(string) }

func compareKeys(a, b row) int {
	if c := strings.Compare(a.key(0), b.key(0)); c != 0 {
		return c
	}
	return strings.Compare(a.key(1), b.key(1))
}

// inKeyOrder sorts rows by run and domain; of several rows for one domain the
// last stays, as if they had been stored one after the other.
func inKeyOrder(rows []row) []row {
	rows = slices.Clone(rows)
	slices.Reverse(rows)
	slices.SortStableFunc(rows, compareKeys)
	return slices.CompactFunc(rows, func(a, b row) bool { return compareKeys(a, b) == 0 })
}

// byRun cuts sorted rows where the run changes.
func byRun(rows []row) func(yield func([]row) bool) {
	return func(yield func([]row) bool) {
		for len(rows) > 0 {
			n := slices.IndexFunc(rows, func(w row) bool { return w.key(0) != rows[0].key(0) })
			if n < 0 {
				n = len(rows)
			}
			if !yield(rows[:n]) {
				return
			}
			rows = rows[n:]
		}
	}
}

func columns(list string) []string {
	names := strings.Split(list, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// replaced is the SET clause that takes all columns from the new row.
func replaced(names []string) string {
	var sets []string
	for _, n := range names {
		sets = append(sets, n+" = excluded."+n)
	}
	return strings.Join(sets, ", ")
}
