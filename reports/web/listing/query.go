package listing

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/store"
)

// A Filter picks domains of a run; a field that is empty picks all.
type Filter struct {
	Tone, Liveness                 string
	Rule                           string
	Owner, Team, Province, Network string
	Search                         string    // part of the domain
	DueFrom, DueBefore             time.Time // first due date within [DueFrom, DueBefore)
}

// conditions are the filter's for a WHERE, and their parameters; the run is $1 and
// the domain after which rows are wanted $2.
func (f *Filter) conditions(run, after string) (string, []any) {
	where, args := `l.run = $1 AND l.domain > $2`, []any{run, after}
	and := func(condition string, value any) {
		args = append(args, value)
		where += ` AND ` + strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args)))
	}
	for _, e := range []struct{ column, value string }{{"tone", f.Tone}, {"liveness", f.Liveness}, {"owner", f.Owner}, {"team", f.Team}, {"province", f.Province}, {"network", f.Network}} {
		if e.value != "" {
			and(`l.`+e.column+` = ?`, cut(e.value))
		}
	}
	if f.Rule != "" {
		and(`EXISTS (SELECT 1 FROM listing_rule r WHERE r.run = l.run AND r.rule = ? AND r.domain = l.domain)`, cut(f.Rule))
	}
	if f.Search != "" {
		escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(cut(f.Search)))
		and(`l.domain LIKE ? ESCAPE '\'`, "%"+escaped+"%")
	}
	if !f.DueBefore.IsZero() {
		and(`l.due >= ?`, max(millis(f.DueFrom), 1))
		and(`l.due < ?`, millis(f.DueBefore))
	}
	return where, args
}

// Page returns up to limit rows behind the domain after, in the order of domains,
// and whether there are more.
func (k *Keeper) Page(ctx context.Context, run *reports.Run, f Filter, after string, limit int) (list []Row, more bool, err error) {
	if err := k.Make(ctx, run); err != nil {
		return nil, false, err
	}
	where, args := f.conditions(run.ID, after)
	args = append(args, limit+1)
	rows, err := k.store.Reader().QueryContext(ctx, `SELECT `+columns+` FROM listing l WHERE `+where+` ORDER BY l.domain LIMIT $`+strconv.Itoa(len(args)), args...)
	if err != nil {
		return nil, false, fmt.Errorf("reading the listing of run %s: %w", run.ID, err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return nil, false, fmt.Errorf("reading the listing of run %s: %w", run.ID, err)
		}
		list = append(list, *r)
	}
	if len(list) > limit {
		list, more = list[:limit], true
	}
	return list, more, rows.Err()
}

func scanRow(rows *sql.Rows) (*Row, error) {
	var r Row
	var liveness, rules string
	var since, due, at int64
	err := rows.Scan(&r.Domain, &r.Tone, &liveness, &r.Cause, &r.Owner, &r.Team, &r.Province, &r.Network, &r.Title, &rules, &since, &due, &at)
	r.Liveness, r.Rules = detect.Liveness(liveness), strings.Fields(rules)
	r.Since, r.Due, r.At = moment(since), moment(due), moment(at)
	return &r, err
}

// Count returns how many domains the filter picks, counted up to limit.
func (k *Keeper) Count(ctx context.Context, run *reports.Run, f Filter, limit int) (n int, err error) {
	if err := k.Make(ctx, run); err != nil {
		return 0, err
	}
	where, args := f.conditions(run.ID, "")
	args = append(args, limit)
	err = k.store.Reader().QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM listing l WHERE `+where+` LIMIT $`+strconv.Itoa(len(args))+`) x`, args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting in the listing of run %s: %w", run.ID, err)
	}
	return n, nil
}

// exportStep is how many records are read at once for an export.
const exportStep = 500

// Records returns the whole records of the domains that the filter picks, in the
// order of domains.
func (k *Keeper) Records(ctx context.Context, run *reports.Run, f Filter) iter.Seq2[*reports.Record, error] {
	return func(yield func(*reports.Record, error) bool) {
		after := ""
		for more := true; more; {
			var rows []Row
			var err error
			if rows, more, err = k.Page(ctx, run, f, after, exportStep); err != nil {
				yield(nil, err)
				return
			}
			list, err := k.lookup(ctx, run.ID, rows)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range list {
				if !yield(r, nil) {
					return
				}
			}
			if len(rows) > 0 {
				after = rows[len(rows)-1].Domain
			}
		}
	}
}

// lookup reads the records of rows, in their order.
func (k *Keeper) lookup(ctx context.Context, run string, rows []Row) ([]*reports.Record, error) {
	domains := make([]string, len(rows))
	for i := range rows {
		domains[i] = rows[i].Domain
	}
	var list []*reports.Record
	err := k.store.Lookup(ctx, run, domains, func(r store.Result) error {
		list = append(list, r.Record)
		return nil
	})
	slices.SortFunc(list, func(a, b *reports.Record) int { return strings.Compare(a.Domain, b.Domain) })
	return list, err
}
