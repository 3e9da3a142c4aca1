package schedule

import (
	"context"
	"database/sql"
)

// Watch returns a run to read the progress of, which others may be watching too.
func (r *Runner) Watch(ctx context.Context, id string) (*Run, error) {
	info, err := r.run(ctx, id)
	if err != nil {
		return nil, err
	}
	return r.newRun(info), nil
}

// Waiting returns how many jobs are not finished, by kind.
func (r *Runner) Waiting(ctx context.Context) (map[string]int, error) {
	jobs := map[string]int{}
	err := r.db.rows(ctx, func(rows *sql.Rows) error {
		var kind string
		var n int
		err := rows.Scan(&kind, &n)
		jobs[kind] = n
		return err
	}, `SELECT kind, COUNT(*) FROM river_job WHERE state NOT IN ('completed', 'cancelled', 'discarded') GROUP BY kind`)
	return jobs, err
}
