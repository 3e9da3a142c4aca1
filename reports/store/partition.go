package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
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

// makeRoom makes the partitions of a run.
func (postgresEngine) makeRoom(ctx context.Context, tx *sql.Tx, run string) error {
	if err := alone(ctx, tx); err != nil {
		return err
	}
	for _, table := range parted {
		part := ident(partitionOf(table, run))
		if err := makePart(ctx, tx, table, part, run); err != nil {
			return err
		}
		if err := attach(ctx, tx, table, part, run); err != nil {
			return err
		}
	}
	return nil
}

// occupied: the rest holds results of the run, which a partition for them excludes.
func (postgresEngine) occupied(err error) bool {
	var violated *pgconn.PgError
	return errors.As(err, &violated) && violated.Code == "23514"
}

// alone makes the transaction the only one that makes or drops partitions. A
// statement that would wait long behind a reader gives up instead, because
// everybody else would wait behind it.
func alone(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1, $2)`, lockSpace, lockPartitions); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `SET LOCAL lock_timeout = '3s'`)
	return err
}

// makePart makes an empty table for a run. It is attached later: making it as a
// partition at once would wait for every reader of the whole table.
func makePart(ctx context.Context, tx *sql.Tx, table, part, run string) error {
	return execAll(ctx, tx, `CREATE TABLE `+part+` (LIKE `+table+` INCLUDING ALL, CHECK (run = `+literal(run)+`))`)
}

// attach makes the table of a run a part of the whole.
func attach(ctx context.Context, tx *sql.Tx, table, part, run string) error {
	return execAll(ctx, tx, `ALTER TABLE `+table+` ATTACH PARTITION `+part+` FOR VALUES IN (`+literal(run)+`)`)
}

func execAll(ctx context.Context, tx *sql.Tx, statements ...string) error {
	for _, q := range statements {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// ident quotes a name.
func ident(name string) string { return pgx.Identifier{name}.Sanitize() }

// leftOf is the table that gathers what stays of a run.
func leftOf(table, run string) string { return ident("left_" + partitionOf(table, run)) }

// thin gathers what the next run did not repeat in small tables, piece by piece,
// and puts them in the place of the run's partitions at the end: the disk gets its
// room back at once. A run without partitions is thinned as on SQLite.
func (e postgresEngine) thin(ctx context.Context, p pair, limit int) (done bool, err error) {
	var own bool
	err = e.s.writer.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, ident(partitionOf(parted[0], p.run))).Scan(&own)
	if err != nil {
		return false, err
	}
	if !own {
		return e.s.thinBatches(ctx, p, limit)
	}
	err = e.s.once(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1, $2)`, lockSpace, lockPruning); err != nil {
			return err
		}
		done, err = e.thinPart(ctx, tx, p, limit)
		return err
	})
	return done, err
}

// thinPart gathers the next piece, or ends the thinning behind the last one.
func (e postgresEngine) thinPart(ctx context.Context, tx *sql.Tx, p pair, limit int) (done bool, err error) {
	var was int
	err = tx.QueryRowContext(ctx, `SELECT thinned FROM run WHERE id = $1 FOR UPDATE`, p.run).Scan(&was)
	if err != nil || was == 1 {
		return true, err // another process was first
	}
	from := ""
	err = tx.QueryRowContext(ctx, `SELECT place FROM run_step WHERE run = $1 AND step = $2`, p.run, stepThin).Scan(&from)
	if errors.Is(err, sql.ErrNoRows) {
		for _, table := range parted {
			if err := makePart(ctx, tx, table, leftOf(table, p.run), p.run); err != nil {
				return false, err
			}
		}
	} else if err != nil {
		return false, err
	}
	to, err := nextPlace(ctx, tx, `result`, p.run, from, limit)
	if err != nil {
		return false, err
	}
	if to == "" {
		if err := replaceParts(ctx, tx, p.run); err != nil {
			return false, err
		}
		return true, thinned(ctx, tx, p.run)
	}
	if err := gather(ctx, tx, p, from, to); err != nil {
		return false, err
	}
	return false, e.s.SetStepTx(ctx, tx, p.run, stepThin, Step{Place: to})
}

// gather copies what stays of the domains behind from, up to the domain to.
func gather(ctx context.Context, tx *sql.Tx, p pair, from, to string) error {
	result, finding := leftOf("result", p.run), leftOf("finding", p.run)
	_, err := tx.ExecContext(ctx, `INSERT INTO `+result+` SELECT * FROM result WHERE run = $1 AND domain > $3 AND domain <= $4 AND NOT `+repeatedBy, p.run, p.next, from, to)
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO `+finding+` SELECT * FROM finding WHERE run = $1 AND domain > $2 AND domain <= $3 AND EXISTS (
			SELECT 1 FROM `+result+` l WHERE l.domain = finding.domain)`, p.run, from, to)
	}
	return err
}

// replaceParts puts what was gathered in the place of the partitions; into the rest
// if it is too little for a partition.
func replaceParts(ctx context.Context, tx *sql.Tx, run string) error {
	left := 0
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM `+leftOf("result", run)+` LIMIT $1) AS l`, few+1).Scan(&left)
	if err != nil {
		return err
	}
	if err := alone(ctx, tx); err != nil {
		return err
	}
	if err := lockAll(ctx, tx); err != nil {
		return err
	}
	for _, table := range parted {
		part, gathered := ident(partitionOf(table, run)), leftOf(table, run)
		err := execAll(ctx, tx, `ALTER TABLE `+table+` DETACH PARTITION `+part, `DROP TABLE `+part)
		switch {
		case err != nil:
		case left <= few:
			err = execAll(ctx, tx, `INSERT INTO `+table+` SELECT * FROM `+gathered, `DROP TABLE `+gathered)
		default:
			if err = execAll(ctx, tx, `ALTER TABLE `+gathered+` RENAME TO `+part); err == nil {
				err = attach(ctx, tx, table, part, run)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lockAll waits until no one reads or writes, a few seconds at a time: who
// comes while we wait would wait too.
func lockAll(ctx context.Context, tx *sql.Tx) error {
	const tries = 20
	for try := 1; ; try++ {
		err := execAll(ctx, tx, `SAVEPOINT locking`, `LOCK TABLE `+strings.Join(parted, ", ")+` IN ACCESS EXCLUSIVE MODE`)
		var e *pgconn.PgError
		if err == nil || try == tries || !errors.As(err, &e) || e.Code != "55P03" {
			return err
		}
		if err := execAll(ctx, tx, `ROLLBACK TO SAVEPOINT locking`); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(3 * time.Second):
		}
	}
}
