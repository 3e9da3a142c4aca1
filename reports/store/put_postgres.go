package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The statements of put: one for all rows of a batch, which come as an array for
// each column. Rows are in the order of keys, so that two workers that store the
// same domains do not wait for each other in a circle.
var (
	putResults = `INSERT INTO result (` + resultStored + `) SELECT * FROM ` + arrays(resultTypes) + `
		ON CONFLICT (run, domain) DO UPDATE SET ` + replaced(columns(resultStored)[2:]) + ` WHERE excluded.at >= result.at RETURNING domain`
	putFindings = `INSERT INTO finding (` + findingStored + `) SELECT * FROM ` + arrays(findingTypes)
	oldFindings = `DELETE FROM finding WHERE run = $1 AND domain = ANY($2)`
)

// The types of the columns, in the order of resultStored and findingStored.
var (
	resultTypes = strings.Fields(`text text bigint bigint text bigint text text text text text text text
		text text text bigint bytea text text bigint bigint bigint`)
	findingTypes = strings.Fields(`text text bigint text text text`)
	keptTypes    = strings.Fields(`text bigint bigint text text bigint text bigint`)
)

// put stores the rows of one run. Only what is stored brings its findings: a row
// that a later visit has is left out.
func (postgresEngine) put(ctx context.Context, tx *sql.Tx, rows []row) error {
	rows = inKeyOrder(rows)
	args := make([][]any, len(rows))
	for i := range rows {
		args[i] = rows[i].args
	}
	stored, err := domainsOf(ctx, tx, putResults, transposed(args)...)
	if err != nil || len(stored) == 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, oldFindings, rows[0].run(), stored); err != nil {
		return err
	}
	fresh := make(map[string]bool, len(stored))
	for _, d := range stored {
		fresh[d] = true
	}
	var findings [][]any
	for i := range rows {
		if fresh[rows[i].domain()] {
			findings = append(findings, rows[i].findings...)
		}
	}
	if len(findings) == 0 {
		return nil
	}
	_, err = tx.ExecContext(ctx, putFindings, transposed(findings)...)
	return err
}

// copyKept copies many results in one statement; $4 and on are the values of the
// new visits, an array for each.
var copyKept = copyResult([8]string{"k.domain", "k.line", "k.at", "k.etag", "k.modified", "k.fetched", "k.file", "k.position"},
	arraysFrom(keptTypes, 4)+` AS k (domain, line, at, etag, modified, fetched, file, position), result r`) + `
	ON CONFLICT (run, domain) DO UPDATE SET ` + replaced(columns(resultCopied)[2:]) + ` WHERE excluded.at >= result.at RETURNING domain`

func (postgresEngine) keep(ctx context.Context, tx *sql.Tx, run, before string, kept []Kept) error {
	kept = slices.SortedStableFunc(slices.Values(kept), func(a, b Kept) int { return strings.Compare(a.Domain, b.Domain) })
	kept = slices.CompactFunc(kept, func(a, b Kept) bool { return a.Domain == b.Domain })
	args := make([][]any, len(kept))
	domains := make([]string, len(kept))
	for i := range kept {
		args[i], domains[i] = kept[i].args(), kept[i].Domain
	}
	copied, err := domainsOf(ctx, tx, copyKept, append([]any{run, before, before + "/"}, transposed(args)...)...)
	if err != nil {
		return err
	}
	if len(copied) < len(kept) {
		there, err := domainsOf(ctx, tx, `SELECT domain FROM result WHERE run = $1 AND domain = ANY($2)`, run, domains)
		if err != nil {
			return err
		}
		if len(there) < len(kept) {
			return fmt.Errorf("run %s has not all of %d results to keep", before, len(kept))
		}
	}
	if len(copied) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, oldFindings, run, copied); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, copyFindings+`= ANY($3)`, run, before, copied)
	return err
}

// domainsOf runs a statement that returns domains.
func domainsOf(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var d string
		if err := rows.Scan(&d); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// arrays is a table of one row for each element of parameters that are arrays.
func arrays(types []string) string { return arraysFrom(types, 1) }

// arraysFrom is arrays for parameters from the number first on.
func arraysFrom(types []string, first int) string {
	var list []string
	for i, t := range types {
		list = append(list, "$"+strconv.Itoa(first+i)+"::"+t+"[]")
	}
	return "unnest(" + strings.Join(list, ", ") + ")"
}

// transposed makes an array of each column of rows, which have text, numbers and
// bytes.
func transposed(rows [][]any) []any {
	out := make([]any, len(rows[0]))
	for c := range rows[0] {
		switch rows[0][c].(type) {
		case string:
			out[c] = columnOf[string](rows, c)
		case int64:
			out[c] = columnOf[int64](rows, c)
		default:
			out[c] = columnOf[[]byte](rows, c)
		}
	}
	return out
}

func columnOf[T any](rows [][]any, c int) []T {
	list := make([]T, len(rows))
	for i := range rows {
		list[i] = rows[i][c].(T)
	}
	return list
}

// inKeyOrder sorts the rows of a run by domain; of several rows for one domain the
// one of the latest visit stays.
func inKeyOrder(rows []row) []row {
	rows = slices.Clone(rows)
	slices.Reverse(rows)
	slices.SortStableFunc(rows, func(a, b row) int {
		if c := strings.Compare(a.domain(), b.domain()); c != 0 {
			return c
		}
		return int(min(max(b.at()-a.at(), -1), 1))
	})
	return slices.CompactFunc(rows, func(a, b row) bool { return a.domain() == b.domain() })
}

func columns(list string) []string {
	names := strings.Split(list, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// replaced is the SET clause that takes columns from the new row.
func replaced(names []string) string {
	var sets []string
	for _, n := range names {
		sets = append(sets, n+" = excluded."+n)
	}
	return strings.Join(sets, ", ")
}
