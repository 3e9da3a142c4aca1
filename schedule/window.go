package schedule

import (
	"context"
	"database/sql"
	"maps"
	"strconv"
	"strings"
)

// A named target stands at seq in the plan. Its data are unpacked when its
// turn comes: a window of targets is large.
type named struct {
	seq    int
	domain string
	line   int
	data   []byte
}

// unresolved lists the names of the window that are still to be resolved.
func (rd *Round) unresolved(ctx context.Context) ([]named, error) {
	rd.mu.Lock()
	from, again := rd.nextWindow*rd.r.window, rd.again
	rd.mu.Unlock()
	var names []named
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		var n named
		err := rows.Scan(&n.seq, &n.domain, &n.line, &n.data)
		names = append(names, n)
		return err
	}, `SELECT seq, domain, line, data FROM target WHERE round = $1 AND seq >= $2 AND seq < $3 ORDER BY seq`, rd.id, from, from+rd.r.window)
	if err != nil || !again {
		return names, err
	}
	return rd.without(ctx, names)
}

// without drops the names that an interrupted job has dealt with.
func (rd *Round) without(ctx context.Context, names []named) ([]named, error) {
	dealt := map[int]bool{}
	err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
		var seq int
		err := rows.Scan(&seq)
		dealt[seq] = true
		return err
	}, `SELECT seq FROM waiting WHERE round = $1`, rd.id)
	if err != nil {
		return nil, err
	}
	domains := make([]string, 0, len(names))
	for _, n := range names {
		domains = append(domains, n.domain)
	}
	settled, err := rd.settled(ctx, domains)
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
func (rd *Round) settled(ctx context.Context, domains []string) (map[string]bool, error) {
	const most = 500 // parameters of a statement
	waits := map[string]bool{}
	for from := 0; from < len(domains); from += most {
		part := domains[from:min(from+most, len(domains))]
		args := []any{rd.id}
		marks := make([]string, len(part))
		for i, d := range part {
			args = append(args, d)
			marks[i] = "$" + strconv.Itoa(i+2)
		}
		err := rd.r.db.rows(ctx, func(rows *sql.Rows) error {
			var d string
			err := rows.Scan(&d)
			waits[d] = true
			return err
		}, `SELECT domain FROM pending WHERE round = $1 AND domain IN (`+strings.Join(marks, ", ")+`)`, args...)
		if err != nil {
			return nil, err
		}
	}
	set, err := rd.r.cfg.Store.Stored(ctx, rd.run.ID, domains)
	if err != nil {
		return nil, err
	}
	maps.Copy(set, waits)
	return set, nil
}
