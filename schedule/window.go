package schedule

import (
	"context"
	"database/sql"
	"maps"
	"slices"
)

// A named target stands at seq in the plan. Its data are unpacked when its
// turn comes.
type named struct {
	seq    int
	domain string
	line   int
	data   []byte
}

// unresolved lists the names of a task that are still to be resolved.
func (rd *member) unresolved(ctx context.Context, t *task) ([]named, error) {
	var names []named
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		var n named
		err := rows.Scan(&n.seq, &n.domain, &n.line, &n.data)
		names = append(names, n)
		return err
	}, `SELECT seq, domain, line, data FROM target WHERE round = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq`, rd.id, t.from, t.to)
	if err != nil || !t.again {
		return names, err
	}
	return rd.without(ctx, t, names)
}

// without drops the names that an interrupted job has dealt with.
func (rd *member) without(ctx context.Context, t *task, names []named) ([]named, error) {
	dealt := map[int]bool{}
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		var data sql.RawBytes
		if err := rows.Scan(&data); err != nil {
			return err
		}
		waiters, err := unpackWaiters(data)
		for i := range waiters {
			dealt[waiters[i].Seq] = true
		}
		return err
	}, `SELECT names FROM waiting WHERE round = $1 AND most >= $2 AND least <= $3`, rd.id, t.from, t.to)
	if err != nil {
		return nil, err
	}
	domains := make([]string, 0, len(names))
	for _, n := range names {
		domains = append(domains, n.domain)
	}
	settled, err := rd.r.settled(ctx, rd.id, rd.run.ID, domains)
	if err != nil {
		return nil, err
	}
	left := names[:0]
	for _, n := range names {
		if !dealt[n.seq] && !settled[n.domain] {
			left = append(left, n)
		}
	}
	return left, nil
}

// settled tells which of the domains have their verdict or wait to be looked
// at again. The waiting ones are asked for first: a name leaves them only once
// its verdict is stored, so none is missed in between.
func (r *Runner) settled(ctx context.Context, round int64, run string, domains []string) (map[string]bool, error) {
	waits := map[string]bool{}
	for part := range slices.Chunk(domains, 500) {
		among, list := r.cfg.Store.Among(part)
		err := r.db.rows(ctx, func(rows *sql.Rows) error {
			var d string
			err := rows.Scan(&d)
			waits[d] = true
			return err
		}, `SELECT domain FROM pending WHERE round = $1 AND domain `+among, round, list)
		if err != nil {
			return nil, err
		}
	}
	set, err := r.cfg.Store.Stored(ctx, run, domains)
	if err != nil {
		return nil, err
	}
	maps.Copy(set, waits)
	return set, nil
}
