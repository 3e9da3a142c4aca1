package listing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/beianwatch/beianwatch/reports"
)

// digests are those that were read last: their text is long, and pages ask for the same
// ones again and again.
type digests struct {
	mu   sync.Mutex
	list []keptDigest // the newest last
}

// A keptDigest is one that was made with some waivers.
type keptDigest struct {
	*Digest
	waived string
}

// keptDigests bounds what is remembered.
const keptDigests = 8

func (k *digests) get(run, waived string) *Digest {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, x := range k.list {
		if x.Run == run && x.waived == waived {
			return x.Digest
		}
	}
	return nil
}

func (k *digests) put(d *Digest, waived string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.list) == keptDigests {
		k.list = append(k.list[:0], k.list[1:]...)
	}
	k.list = append(k.list, keptDigest{d, waived})
}

func (k *digests) forget(run string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = slices.DeleteFunc(k.list, func(x keptDigest) bool { return x.Run == run })
}

// Stored returns the figures of a run if they have been made, else nil: a page
// over many runs does not wait for those that it lacks, and tells of older ones as they
// were. They are others' to read as well, not to change.
func (k *Keeper) Stored(ctx context.Context, run string) (*Digest, error) {
	made, _, waived, err := k.status(ctx, run)
	if err != nil || !made {
		return nil, err
	}
	if d := k.digests.get(run, waived); d != nil {
		return d, nil
	}
	var text string
	err = k.store.Finder().QueryRowContext(ctx, `SELECT digest, waived FROM listing_run WHERE run = $1 AND form = $2`, run, form).Scan(&text, &waived)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	d := &Digest{}
	if err == nil {
		err = json.Unmarshal([]byte(text), d)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the figures of run %s: %w", run, err)
	}
	k.digests.put(d, waived)
	return d, nil
}

// Points returns what lists of runs tell of those whose figures have been made, by run.
func (k *Keeper) Points(ctx context.Context, runs []string) (map[string]*reports.Point, error) {
	among, list := k.store.Among(runs)
	rows, err := k.store.Finder().QueryContext(ctx, `SELECT run, points FROM listing_run WHERE form = $1 AND run `+among, form, list)
	if err != nil {
		return nil, fmt.Errorf("reading the figures of runs: %w", err)
	}
	defer rows.Close()
	points := map[string]*reports.Point{}
	for rows.Next() {
		var run, text string
		p := &reports.Point{}
		if err := rows.Scan(&run, &text); err != nil {
			return nil, fmt.Errorf("reading the figures of runs: %w", err)
		}
		if err := json.Unmarshal([]byte(text), p); err != nil {
			return nil, fmt.Errorf("reading the figures of run %s: %w", run, err)
		}
		points[run] = p
	}
	return points, rows.Err()
}

// keptOwners is how many owners the figures hold themselves.
const keptOwners = 20

// putOwners stores the owners of a run in their order, and leaves the first of them in its
// figures.
func (k *Keeper) putOwners(ctx context.Context, run string, d *Digest) error {
	tx, err := k.store.Writer().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	var args []any
	for i, o := range d.Owners {
		args = append(args, run, i+1, cut(o.Owner.Name), cut(o.Owner.Team), o.Domains, o.Violations, o.Warnings, o.Notices, o.Unknown)
	}
	if _, err = tx.ExecContext(ctx, `DELETE FROM owner_listing WHERE run = $1`, run); err == nil {
		err = k.insert(ctx, tx, &fillOwners, args)
	}
	if err != nil {
		return fmt.Errorf("storing the owners of run %s: %w", run, err)
	}
	d.Owners = d.Owners[:min(len(d.Owners), keptOwners)]
	return tx.Commit()
}

var fillOwners = filling{`INSERT INTO owner_listing (run, place, owner, team, domains, violations, warnings, notices, unknown) VALUES `,
	` ON CONFLICT (run, place) DO UPDATE SET owner = excluded.owner, team = excluded.team, domains = excluded.domains, violations = excluded.violations,
		warnings = excluded.warnings, notices = excluded.notices, unknown = excluded.unknown`, 9}

// Owners returns up to limit owners of a finished run behind a place in the list, those with
// the most violations first, and whether there are more.
func (k *Keeper) Owners(ctx context.Context, run *reports.Run, after, limit int) (list []reports.OwnerCount, more bool, err error) {
	if err := k.Make(ctx, run); err != nil {
		return nil, false, err
	}
	rows, err := k.store.Finder().QueryContext(ctx, `SELECT owner, team, domains, violations, warnings, notices, unknown FROM owner_listing
		WHERE run = $1 AND place > $2 ORDER BY place LIMIT $3`, run.ID, after, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("reading the owners of run %s: %w", run.ID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var o reports.OwnerCount
		if err := rows.Scan(&o.Owner.Name, &o.Owner.Team, &o.Domains, &o.Violations, &o.Warnings, &o.Notices, &o.Unknown); err != nil {
			return nil, false, fmt.Errorf("reading the owners of run %s: %w", run.ID, err)
		}
		list = append(list, o)
	}
	if len(list) > limit {
		list, more = list[:limit], true
	}
	return list, more, rows.Err()
}
