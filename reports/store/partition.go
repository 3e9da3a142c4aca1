package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// parted are the tables that are cut by run, in the order in which everybody
// locks them.
var parted = []string{"result", "finding"}

// few is how many results of a thinned run are too few for a partition: they
// go to the rest, so that a calendar of short runs does not fill the database
// with tables. Making a partition reads the rest once, so it must stay small.
const few = 1000

// partitionOf names the partition of a run; the digest keeps ids apart that
// look alike.
func partitionOf(table, run string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(run))
	sum := sha256.Sum256([]byte(run))
	return fmt.Sprintf("%s_%.32s_%x", table, plain, sum[:4])
}

// literal quotes text for statements that take no parameters.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// createRun stores the run and makes its partitions, both or neither.
func (e postgresEngine) createRun(ctx context.Context, run string, ofInventory bool, args []any) (fresh bool, err error) {
	err = pgx.BeginFunc(ctx, e.s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, insertRun, args...)
		if fresh = err == nil && tag.RowsAffected() == 1; !fresh || !ofInventory {
			return err
		}
		if err := alone(ctx, tx); err != nil {
			return err
		}
		for _, table := range parted {
			if err := makePart(ctx, tx, table, run); err != nil {
				return err
			}
			if err := attach(ctx, tx, table, run); err != nil {
				return err
			}
		}
		return nil
	})
	var violated *pgconn.PgError
	if ofInventory && errors.As(err, &violated) && violated.Code == "23514" {
		// The run had results before it was created: they stay where they are.
		return e.createRun(ctx, run, false, args)
	}
	return fresh, err
}

// alone makes the transaction the only one that makes or drops partitions. A
// statement that would wait long behind a reader gives up instead, because
// everybody else would wait behind it.
func alone(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, $2)`, lockSpace, lockPartitions); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '3s'`)
	return err
}

// makePart makes an empty table for a run. It is attached later: making it as
// a partition at once would wait for every reader of the whole table.
func makePart(ctx context.Context, tx pgx.Tx, table, run string) error {
	part := pgx.Identifier{partitionOf(table, run)}.Sanitize()
	_, err := tx.Exec(ctx, `CREATE TABLE `+part+` (LIKE `+table+` INCLUDING ALL, CHECK (run = `+literal(run)+`))`)
	return err
}

// attach makes the table of a run a part of the whole.
func attach(ctx context.Context, tx pgx.Tx, table, run string) error {
	part := pgx.Identifier{partitionOf(table, run)}.Sanitize()
	_, err := tx.Exec(ctx, `ALTER TABLE `+table+` ATTACH PARTITION `+part+` FOR VALUES IN (`+literal(run)+`)`)
	return err
}

// thin puts a small table in the place of the run's partitions, with those
// results alone that the next run did not repeat, and drops the partitions:
// the disk gets its room back at once.
func (e postgresEngine) thin(ctx context.Context, p pair) (deleted int, err error) {
	var own bool
	err = e.s.pool.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL`, pgx.Identifier{partitionOf(parted[0], p.run)}.Sanitize()).Scan(&own)
	if err != nil {
		return 0, err
	}
	if !own {
		return e.s.thinInSteps(ctx, p)
	}
	err = pgx.BeginFunc(ctx, e.s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, $2)`, lockSpace, lockPruning); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `UPDATE run SET thinned = 1 WHERE id = $1 AND thinned = 0`, p.run)
		if err != nil || tag.RowsAffected() == 0 {
			return err // another process was first
		}
		left, all, err := copyLeft(ctx, tx, p)
		if err != nil {
			return err
		}
		deleted = all - left
		return replaceParts(ctx, tx, p.run, left <= few)
	})
	return deleted, err
}

// copyLeft copies what stays of a run to tables of its own. Nobody waits for
// this, however long it takes.
func copyLeft(ctx context.Context, tx pgx.Tx, p pair) (left, all int, err error) {
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM result WHERE run = $1`, p.run).Scan(&all); err != nil {
		return 0, 0, err
	}
	for _, table := range parted {
		if _, err := tx.Exec(ctx, `CREATE TABLE left_`+table+` (LIKE `+table+` INCLUDING ALL, CHECK (run = `+literal(p.run)+`))`); err != nil {
			return 0, 0, err
		}
	}
	tag, err := tx.Exec(ctx, `INSERT INTO left_result SELECT * FROM result WHERE run = $1 AND NOT `+repeatedBy, p.run, p.next)
	if err != nil {
		return 0, 0, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO left_finding SELECT * FROM finding WHERE run = $1 AND EXISTS (
		SELECT 1 FROM left_result WHERE left_result.domain = finding.domain)`, p.run)
	return int(tag.RowsAffected()), all, err
}

// replaceParts puts what copyLeft copied in the place of the partitions; with
// rest, into the rest.
func replaceParts(ctx context.Context, tx pgx.Tx, run string, rest bool) error {
	if err := alone(ctx, tx); err != nil {
		return err
	}
	if err := lockAll(ctx, tx); err != nil {
		return err
	}
	for _, table := range parted {
		part := pgx.Identifier{partitionOf(table, run)}.Sanitize()
		steps := []string{`ALTER TABLE ` + table + ` DETACH PARTITION ` + part, `DROP TABLE ` + part}
		if rest {
			steps = append(steps, `INSERT INTO `+table+` SELECT * FROM left_`+table, `DROP TABLE left_`+table)
		} else {
			steps = append(steps, `ALTER TABLE left_`+table+` RENAME TO `+part)
		}
		for _, step := range steps {
			if _, err := tx.Exec(ctx, step); err != nil {
				return err
			}
		}
		if rest {
			continue
		}
		if err := attach(ctx, tx, table, run); err != nil {
			return err
		}
	}
	return nil
}

// lockAll waits until nobody reads or writes, a few seconds at a time: whoever
// comes while we wait would wait too.
func lockAll(ctx context.Context, tx pgx.Tx) error {
	const tries = 20
	for try := 1; ; try++ {
		err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `LOCK TABLE `+strings.Join(parted, ", ")+` IN ACCESS EXCLUSIVE MODE`)
			return err
		})
		var e *pgconn.PgError
		if err == nil || try == tries || !errors.As(err, &e) || e.Code != "55P03" {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(3 * time.Second):
		}
	}
}
