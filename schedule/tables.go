package schedule

import (
	"context"
	"database/sql"
	"embed"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/lifecycle"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/packed"
)

//go:embed migrations
var migrations embed.FS

// ours are the tables of this package.
var ours = store.Tables{Scripts: migrations, Version: "schedule_version"}

// tables are our tables in the results database.
type tables struct {
	writer *sql.DB // one connection on SQLite, shared with the store and the queue
	reader *sql.DB
	form   string // of ours and the store's tables
}

// openTables makes the tables or brings them up to date.
func openTables(ctx context.Context, st *store.Store) (*tables, error) {
	if err := st.Migrate(ctx, ours); err != nil {
		return nil, err
	}
	form, err := store.Form(ours, lifecycle.Tables)
	return &tables{writer: st.Writer(), reader: st.Reader(), form: form}, err
}

// An execer is a database or a transaction.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// exec runs one statement.
func (db *tables) exec(ctx context.Context, query string, args ...any) error {
	_, err := db.writer.ExecContext(ctx, query, args...)
	return err
}

// number reads one number.
func (db *tables) number(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = db.reader.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

// rows hands over the rows of a query one by one.
func (db *tables) rows(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := db.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// millis is the stored form of a time; 0 stands for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// A target is a row of the plan: a name to be visited, and what earlier visits
// of the run came to.
type target struct {
	seq      int // from 0, in the order of the inventory
	domain   string
	line     int
	data     []byte // what else the inventory says, see package packed
	held     int    // times in a row that a visit was held back because the trouble may be ours
	attempts []byte // packed earlier visits; empty before the first one that is to be confirmed
}

const targetColumns = `seq, domain, line, data, held, attempts`

// targetRange reads the targets from one place of the plan to another.
func (r *Runner) targetRange(ctx context.Context, run int64, from, to int) ([]target, error) {
	return r.targets(ctx, `WHERE run = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq`, run, from, to)
}

// targetsAt reads the targets at places of the plan.
func (r *Runner) targetsAt(ctx context.Context, run int64, seqs []int) ([]target, error) {
	list := make([]string, len(seqs))
	for i, seq := range seqs {
		list[i] = strconv.Itoa(seq)
	}
	return r.targets(ctx, `WHERE run = $1 AND seq IN (`+strings.Join(list, ",")+`) ORDER BY seq`, run)
}

// targetsNamed reads the targets of domains.
func (r *Runner) targetsNamed(ctx context.Context, run int64, domains []string) ([]target, error) {
	among, list := r.cfg.Store.Among(domains)
	return r.targets(ctx, `WHERE run = $1 AND domain `+among+` ORDER BY seq`, run, list)
}

func (r *Runner) targets(ctx context.Context, where string, args ...any) ([]target, error) {
	var list []target
	err := r.db.rows(ctx, func(rows *sql.Rows) error {
		var t target
		err := rows.Scan(&t.seq, &t.domain, &t.line, &t.data, &t.held, &t.attempts)
		list = append(list, t)
		return err
	}, `SELECT `+targetColumns+` FROM target `+where, args...)
	return list, err
}

// domainsOf is the names of targets.
func domainsOf(list []target) []string {
	domains := make([]string, len(list))
	for i := range list {
		domains[i] = list[i].domain
	}
	return domains
}

// withoutVerdict drops the targets that have their verdict.
func (w *runWorker) withoutVerdict(ctx context.Context, list []target) ([]target, error) {
	have, err := w.r.cfg.Store.Stored(ctx, w.run.ID, domainsOf(list))
	if err != nil {
		return nil, err
	}
	left := list[:0]
	for _, t := range list {
		if !have[t.domain] {
			left = append(left, t)
		}
	}
	return left, nil
}

// unpack returns what the inventory says of the target.
func (t *target) unpack() (*crawler.Target, error) {
	return packed.ReadTarget(t.domain, t.line, t.data)
}

// read returns what the inventory says of the target, and its earlier visits.
func (t *target) read() (*crawler.Target, []detect.Attempt, error) {
	line, err := t.unpack()
	if err != nil {
		return nil, nil, err
	}
	attempts, err := packed.ReadAttempts(t.attempts)
	return line, attempts, err
}
