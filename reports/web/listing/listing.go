// Package listing keeps what the dashboard's pages read of finished runs: a row a
// domain with the columns that lists are filtered by, and a digest of the figures
// of each run. Both are made once, when a run finishes or when they are first asked
// for, so that a page reads some rows by an index and never a whole run.
package listing

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/singleflight"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
)

//go:embed migrations
var migrations embed.FS

// A Keeper makes and reads listings. It is safe for many goroutines, and for
// many processes on one database.
type Keeper struct {
	store    *store.Store
	life     *lifecycle.Store
	rules    []*detect.Rule
	once     singleflight.Group
	recent   comparisons
	searched searches
	digests  digests
}

// Open makes the tables or brings them up to date. life knows what is waived, which
// counts for nothing. The rules set the order in which figures are told, as in
// [reports.NewSummary].
func Open(ctx context.Context, s *store.Store, life *lifecycle.Store, rules []*detect.Rule) (*Keeper, error) {
	if err := s.Migrate(ctx, store.Tables{Scripts: migrations, Version: "listing_version"}); err != nil {
		return nil, err
	}
	return &Keeper{store: s, life: life, rules: rules}, nil
}

// ErrThinned says that only the changes of a run are left: there are no figures of it, and
// nothing can be compared with it.
var ErrThinned = errors.New("only the changes of this run are kept")

// Digest returns the figures of a finished run, which are made if they are not
// there.
func (k *Keeper) Digest(ctx context.Context, run *reports.Run) (*Digest, error) {
	if err := k.ready(ctx, run, false); err != nil {
		return nil, err
	}
	return k.Stored(ctx, run.ID)
}

// Finish makes the listing and figures of a run whose results are whole, before it counts
// as done, and returns the figures.
func (k *Keeper) Finish(ctx context.Context, run *reports.Run) (*Digest, error) {
	v, err, _ := k.once.Do(run.ID, func() (any, error) { return k.make(ctx, run) })
	if err != nil {
		return nil, err
	}
	return v.(*Digest), nil
}

// Make makes the listing and figures of a finished run, unless they are there.
func (k *Keeper) Make(ctx context.Context, run *reports.Run) error { return k.ready(ctx, run, true) }

// Figures that are there already but were made before a waiver was given or ended are made
// again: a reader waits for those of up to quickRun domains, for patience at most. Those of
// a million domains take minutes, and pages tell what was until then.
const (
	patience = 3 * time.Second
	quickRun = 50_000
)

// ready has the figures of a finished run made, with its rows if they are asked for,
// unless they are there; they are made again where other waivers hold than then.
func (k *Keeper) ready(ctx context.Context, run *reports.Run, rows bool) error {
	made, listed, waived, err := k.status(ctx, run.ID)
	if err != nil {
		return err
	}
	there := made && (listed || !rows)
	mark, err := k.waived(ctx, run)
	switch {
	case err != nil:
		return err
	case there && (waived == mark || run.Thinned):
		return nil
	case run.State != reports.RunDone:
		return fmt.Errorf("run %s is not finished: it has no figures yet", run.ID)
	case run.Thinned && !made:
		return ErrThinned
	}
	var late <-chan time.Time
	if there {
		wait := patience
		if run.Verdicts > quickRun {
			wait = 0
		}
		late = time.After(wait)
	}
	making := k.once.DoChan(run.ID, func() (any, error) {
		return k.make(context.WithoutCancel(ctx), run) // others may wait for it
	})
	select {
	case v := <-making:
		return v.Err
	case <-late:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// status says what has been made of a run, and for which waivers.
func (k *Keeper) status(ctx context.Context, run string) (made, listed bool, waived string, err error) {
	err = k.store.Finder().QueryRowContext(ctx, `SELECT listed = 1, waived FROM listing_run WHERE run = $1 AND form = $2`, run, form).Scan(&listed, &waived)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, false, "", nil
	case err != nil:
		return false, false, "", fmt.Errorf("reading the figures of run %s: %w", run, err)
	}
	return true, listed, waived, nil
}

// waived marks the waivers that hold on the day of a run: with others, the figures are
// others.
func (k *Keeper) waived(ctx context.Context, run *reports.Run) (string, error) {
	list, err := k.life.ListWaivers(ctx)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, w := range list {
		if w.InForce(run.StartedAt) {
			fmt.Fprintf(sum, "%q %q\n", w.Domain, w.Rule)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func (k *Keeper) make(ctx context.Context, run *reports.Run) (*Digest, error) {
	mark, err := k.waived(ctx, run)
	if err != nil {
		return nil, err
	}
	d := newDigesting(run, k.rules)
	var rows []*Row
	var names naming
	for r, err := range k.life.Annotate(ctx, run, k.store.RecordsInParts(ctx, run.ID)) {
		if err != nil {
			return nil, err
		}
		row := rowOf(r)
		d.add(r, row)
		names.add(row.Domain)
		if err := k.putNames(ctx, run.ID, &names, false); err != nil {
			return nil, err
		}
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
	if err := k.putNames(ctx, run.ID, &names, true); err != nil {
		return nil, err
	}
	k.searched.forget(run.ID)
	figures := d.end()
	k.analyze(ctx, figures)
	if err := k.putOwners(ctx, run.ID, figures); err != nil {
		return nil, err
	}
	digest, err := k.keep(ctx, run, figures, mark)
	if err != nil {
		return nil, err
	}
	return digest, k.sweep(ctx, run)
}

// analyze lets PostgreSQL count what was put, where its plans matter: of a run that it has
// not counted it knows no more than that the others are all there is. That it fails costs
// readers time and nothing else: PostgreSQL counts by itself some minutes later.
func (k *Keeper) analyze(ctx context.Context, d *Digest) {
	if k.store.Postgres() && d.Points.Domains > quickRun {
		_, _ = k.store.Writer().ExecContext(ctx, `ANALYZE listing, listing_rule, listing_name`)
	}
}

// keep stores the figures of a run whose rows have been put. Of a run of which only
// changes are left, those stay that were made while it was whole.
func (k *Keeper) keep(ctx context.Context, run *reports.Run, digest *Digest, mark string) (*Digest, error) {
	k.digests.forget(run.ID)
	if run.Thinned {
		if _, err := k.store.Writer().ExecContext(ctx, `UPDATE listing_run SET listed = 1 WHERE run = $1`, run.ID); err != nil {
			return nil, fmt.Errorf("storing the figures of run %s: %w", run.ID, err)
		}
		return k.Stored(ctx, run.ID)
	}
	var err error
	if digest.Changes, err = k.sinceLast(ctx, run, mark); err != nil {
		return nil, err
	}
	text, err := json.Marshal(digest)
	if err != nil {
		return nil, err
	}
	points, err := json.Marshal(digest.Points)
	if err != nil {
		return nil, err
	}
	_, err = k.store.Writer().ExecContext(ctx, `INSERT INTO listing_run (run, listed, form, waived, digest, points) VALUES ($1, 1, $2, $3, $4, $5)
		ON CONFLICT (run) DO UPDATE SET listed = 1, form = excluded.form, waived = excluded.waived, digest = excluded.digest, points = excluded.points`,
		run.ID, form, mark, string(text), string(points))
	if err != nil {
		return nil, fmt.Errorf("storing the figures of run %s: %w", run.ID, err)
	}
	return digest, nil
}

// sinceLast compares a run with the finished one before; nil if there is none, or no more
// than its changes.
func (k *Keeper) sinceLast(ctx context.Context, run *reports.Run, mark string) (*Changes, error) {
	last, err := k.store.LastDone(ctx, run.Inventory, run.ID)
	if errors.Is(err, store.ErrNoRun) {
		return nil, nil
	}
	if err != nil || last.Thinned {
		return nil, err
	}
	return k.compare(ctx, last, run, mark)
}

// keptListings is how many runs of an inventory keep their rows: the newest, and
// the one before, which may be open in a browser when a run finishes.
const keptListings = 2

// sweepStep bounds what one statement deletes.
const sweepStep = 2000

// sweep deletes the rows of older runs of the inventory; their figures stay.
func (k *Keeper) sweep(ctx context.Context, run *reports.Run) error {
	rows, err := k.store.Finder().QueryContext(ctx, `SELECT l.run, l.listed = 2 FROM listing_run l JOIN run n ON n.id = l.run WHERE l.listed <> 0 AND n.inventory = $1 ORDER BY l.run DESC`, run.Inventory)
	if err != nil {
		return err
	}
	defer rows.Close()
	var old []string
	for n := 0; rows.Next(); n++ {
		var id string
		var going bool
		if err := rows.Scan(&id, &going); err != nil {
			return err
		}
		if (going || n >= keptListings) && id != run.ID {
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
	// 2 stands for rows that are going: where this is cut short, the next sweep goes on.
	if _, err := k.store.Writer().ExecContext(ctx, `UPDATE listing_run SET listed = 2 WHERE run = $1`, run); err != nil {
		return err
	}
	for _, s := range []string{
		`DELETE FROM listing WHERE run = $1 AND domain IN (SELECT domain FROM listing WHERE run = $1 ORDER BY domain LIMIT $2)`,
		`DELETE FROM listing_rule WHERE run = $1 AND domain IN (SELECT domain FROM listing_rule WHERE run = $1 LIMIT $2)`,
		`DELETE FROM listing_name WHERE run = $1 AND last IN (SELECT last FROM listing_name WHERE run = $1 LIMIT $2)`,
		`DELETE FROM owner_listing WHERE run = $1 AND place IN (SELECT place FROM owner_listing WHERE run = $1 LIMIT $2)`,
	} {
		for {
			res, err := k.store.Writer().ExecContext(ctx, s, run, sweepStep)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
	}
	_, err := k.store.Writer().ExecContext(ctx, `UPDATE listing_run SET listed = 0 WHERE run = $1 AND listed = 2`, run)
	return err
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
