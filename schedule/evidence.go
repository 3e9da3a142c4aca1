package schedule

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/warc"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/schedule/packed"
)

// evidence keeps the bytes of a run's findings and changes in files of this
// process.
type evidence struct {
	dir, run string
	once     sync.Once
	out      *warc.Writer // nil until something is kept
	err      error
}

func newEvidence(dir, run string) *evidence { return &evidence{dir: dir, run: run} }

// evidenceRoot is the folder of the evidence of all runs.
func evidenceRoot(dir string) string { return filepath.Join(dir, "evidence") }

// EvidenceDir is where the evidence of a run lies below the data folder.
func EvidenceDir(dir, run string) string { return filepath.Join(evidenceRoot(dir), run) }

// ReadEvidence reads an observation that a result of the run names. A result
// that was kept names the evidence of an earlier run, RUN/FILE.
func ReadEvidence(dir, run string, place warc.Place) (*crawler.Observation, error) {
	obs, _, err := ReadJudged(dir, run, place)
	return obs, err
}

// ReadJudged is [ReadEvidence] with what the verdict followed from beside the
// observation, for [packed.ReadJudged]; nil in evidence of older versions.
func ReadJudged(dir, run string, place warc.Place) (*crawler.Observation, json.RawMessage, error) {
	if earlier, file, ok := strings.Cut(place.File, "/"); ok {
		run, place.File = earlier, file
	}
	if run != filepath.Base(run) || !filepath.IsLocal(run) {
		return nil, nil, fmt.Errorf("reading evidence: %q names no run", run)
	}
	return warc.ReadWith(EvidenceDir(dir, run), place)
}

// keepEvidence writes the observation to the evidence if it is worth keeping,
// and notes in the result where it stands.
func (w *runWorker) keepEvidence(ctx context.Context, c *detect.Case, outs []detect.Outcome, h history, res *store.Result) error {
	if len(c.Obs.Visits) == 0 && len(c.Obs.Lookups) == 0 {
		return nil
	}
	worth, err := w.worthKeeping(ctx, c, outs, h, res.BodyDigest)
	if err != nil || !worth {
		return err
	}
	res.Evidence, err = w.writing.write(c)
	return err
}

// worthKeeping reports whether the observation is kept. What was found must be
// shown; what has changed since the last run may be asked about.
func (w *runWorker) worthKeeping(ctx context.Context, c *detect.Case, outs []detect.Outcome, h history, digest string) (bool, error) {
	switch w.opt.Evidence {
	case EvidenceNone:
		return false, nil
	case EvidenceAll:
		return true, nil
	}
	for i := range outs {
		if outs[i].Verdict == detect.Found {
			return true, nil
		}
	}
	if w.before == "" || digest == "" {
		return false, nil
	}
	was := ""
	switch {
	case h.last != nil:
		was = h.last.BodyDigest
	case !h.asked:
		var err error
		if was, err = w.r.cfg.Store.BodyDigest(ctx, w.before, c.Target.Domain); err != nil {
			return false, err
		}
	}
	return was != "" && was != digest, nil // a name that is new has not changed
}

func (e *evidence) write(c *detect.Case) (warc.Place, error) {
	e.once.Do(func() { e.out, e.err = warc.NewWriter(EvidenceDir(e.dir, e.run), e.run, 0) })
	if e.err != nil {
		return warc.Place{}, e.err
	}
	judged, err := packed.Judged(c)
	if err != nil {
		return warc.Place{}, err
	}
	return e.out.WriteWith(c.Obs, judged)
}

// close ends the files. No one may write any more.
func (e *evidence) close() error {
	if e.out == nil {
		return nil
	}
	return e.out.Close()
}
