package listing

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
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

// Page returns up to limit rows behind the domain after, in the order of domains,
// and whether there are more.
func (k *Keeper) Page(ctx context.Context, run *reports.Run, f Filter, after string, limit int) (list []Row, more bool, err error) {
	if err := k.Make(ctx, run); err != nil {
		return nil, false, err
	}
	p, err := k.plan(ctx, run.ID, f, after)
	if err != nil {
		return nil, false, err
	}
	names, err := k.names(ctx, p, after, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("reading the listing of run %s: %w", run.ID, err)
	}
	p = &plan{args: []any{run.ID}}
	p.among(k, names)
	rows, err := k.store.Finder().QueryContext(ctx, `SELECT `+columns+` FROM `+p.from+` WHERE `+p.where+` ORDER BY l.domain`, p.args...)
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

// names returns the first domains of a plan: most of them are found in an index alone, and
// only these rows are read whole.
func (k *Keeper) names(ctx context.Context, p *plan, after string, limit int) (list []string, err error) {
	if p.found != nil {
		return p.found.behind(after, limit), nil
	}
	rows, err := k.store.Finder().QueryContext(ctx, `SELECT `+p.order+` FROM `+p.from+` WHERE `+p.where+` ORDER BY `+p.order+` LIMIT `+p.param(limit), p.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, rows.Err()
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

// MaxCount is up to how many domains are counted one by one.
const MaxCount = 10_000

// Count returns how many domains the filter picks. They are counted up to [MaxCount], but
// where the figures of the run have the number that is told; more says that there are others.
func (k *Keeper) Count(ctx context.Context, run *reports.Run, f Filter) (n int, more bool, err error) {
	if err := k.Make(ctx, run); err != nil {
		return 0, false, err
	}
	p, err := k.plan(ctx, run.ID, f, "")
	switch {
	case err != nil:
		return 0, false, err
	case p.known >= 0:
		return p.known, p.over, nil
	case p.found != nil:
		return len(p.found.names), p.found.more, nil
	}
	query := `SELECT COUNT(*) FROM (SELECT 1 FROM ` + p.from + ` WHERE ` + p.where + ` LIMIT ` + p.param(MaxCount+1) + `) x`
	if err = k.store.Finder().QueryRowContext(ctx, query, p.args...).Scan(&n); err != nil {
		return 0, false, fmt.Errorf("counting in the listing of run %s: %w", run.ID, err)
	}
	return min(n, MaxCount), n > MaxCount, nil
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
