package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/warc"
	"github.com/beianwatch/beianwatch/reports"
)

// SweepEvidence deletes the files of evidence that no result needs any more: those
// that none names, and that no file which is named takes a body from. root
// is the folder that has a folder for each run; what belongs to no run of this
// database, or to one that is not finished, is left alone. A machine that shares
// the database with others sweeps what lies on its own disk.
//
// First it lists which files the results of finished runs name, once for each run
// and again when the run was thinned: one call reads no more than limit results
// and reports whether there is more to do.
func (s *Store) SweepEvidence(ctx context.Context, root string, limit int) (more bool, err error) {
	run := ""
	err = s.reader.QueryRowContext(ctx, `SELECT id FROM run WHERE state IN ($1, $2) AND NOT EXISTS (
		SELECT 1 FROM run_step WHERE run_step.run = run.id AND step = '`+stepEvidence+`' AND done = 1) ORDER BY id LIMIT 1`,
		string(reports.RunDone), string(reports.RunFailed)).Scan(&run)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, s.sweepFolders(ctx, root)
	case err != nil:
		return false, s.Explain("reading", err)
	}
	return true, s.listEvidence(ctx, run, max(limit, 1))
}

// EvidenceEnds returns the last place that results, of whichever run, name in each
// evidence file, by RUN/FILE. It looks through all results.
func (s *Store) EvidenceEnds(ctx context.Context) (map[string]int64, error) {
	ends := map[string]int64{}
	err := s.each(ctx, `SELECT CASE WHEN evidence_file LIKE '%/%' THEN evidence_file ELSE run || '/' || evidence_file END AS file, MAX(evidence_offset)
		FROM result WHERE evidence_file <> '' GROUP BY file`, nil, func(rows *sql.Rows) error {
		var file string
		var offset int64
		err := rows.Scan(&file, &offset)
		ends[file] = offset
		return err
	})
	return ends, err
}

// listEvidence notes the files that the next results of a run name.
func (s *Store) listEvidence(ctx context.Context, run string, limit int) error {
	at, err := s.Step(ctx, run, stepEvidence)
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sql.Tx) error {
		to, err := nextPlace(ctx, tx, `result`, run, at.Place, limit)
		if err != nil {
			return err
		}
		if to == "" {
			return s.SetStepTx(ctx, tx, run, stepEvidence, Step{Place: at.Place, Done: true})
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO run_evidence (run, file) SELECT DISTINCT run, CASE WHEN evidence_file LIKE '%/%' THEN evidence_file ELSE run || '/' || evidence_file END
			FROM result WHERE run = $1 AND domain > $2 AND domain <= $3 AND evidence_file <> '' ON CONFLICT DO NOTHING`, run, at.Place, to)
		if err != nil {
			return err
		}
		return s.SetStepTx(ctx, tx, run, stepEvidence, Step{Place: to})
	})
}

// sweepFolders deletes what no run names, folder by folder.
func (s *Store) sweepFolders(ctx context.Context, root string) error {
	folders, err := os.ReadDir(root)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sweeping the evidence: %w", err)
	}
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		run, err := s.Run(ctx, f.Name())
		if errors.Is(err, ErrNoRun) || err == nil && run.State != reports.RunDone && run.State != reports.RunFailed {
			continue
		}
		if err == nil {
			err = s.sweepFolder(ctx, filepath.Join(root, f.Name()), run.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sweepFolder deletes the files of a run that no run needs, and the folder if none
// is left.
func (s *Store) sweepFolder(ctx context.Context, dir, run string) error {
	named := map[string]bool{}
	err := s.each(ctx, `SELECT DISTINCT file FROM run_evidence WHERE file > $1 AND file < $2`, []any{run + "/", run + "0"}, func(rows *sql.Rows) error {
		var file string
		err := rows.Scan(&file)
		named[strings.TrimPrefix(file, run+"/")] = true
		return err
	})
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("sweeping the evidence: %w", err)
	}
	var kept, rest []string
	for _, e := range entries {
		if e.IsDir() || named[e.Name()] {
			kept = append(kept, e.Name())
		} else {
			rest = append(rest, e.Name())
		}
	}
	if len(rest) == 0 {
		return nil
	}
	needed, err := s.referred(ctx, dir, kept, named)
	if err != nil {
		return err
	}
	for _, name := range rest {
		if needed(name) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("sweeping the evidence: %w; delete the file, no result names it", err)
		}
	}
	if len(kept) == 0 {
		return os.Remove(dir)
	}
	return nil
}

// referred reports of a file whether one that is kept takes bodies from it, as files
// of earlier versions do. Where that cannot be read, every file may be needed. What was
// read is remembered: a file of an earlier version is read once by a process, though a
// sweep that is interrupted begins again.
func (s *Store) referred(ctx context.Context, dir string, kept []string, named map[string]bool) (func(string) bool, error) {
	needed := map[string]bool{}
	for _, name := range kept {
		if !named[name] { // a folder
			continue
		}
		path := filepath.Join(dir, name)
		known, ok := s.refers.Load(path)
		if !ok {
			files, err := warc.Refers(ctx, path)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				return func(string) bool { return true }, nil
			}
			known = files
			s.refers.Store(path, files)
		}
		for _, f := range known.([]string) { //nolint:errcheck // what was stored above
			needed[f] = true
		}
	}
	return func(name string) bool { return needed[name] }, nil
}
