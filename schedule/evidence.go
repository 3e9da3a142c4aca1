package schedule

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/warc"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/store"
)

// evidence keeps the bytes of a round's findings and changes.
type evidence struct {
	rd   *member
	once sync.Once
	out  *warc.Writer // nil until something is kept
	err  error
}

func newEvidence(rd *member) *evidence { return &evidence{rd: rd} }

// EvidenceDir is where the evidence of a run lies below the data folder.
func EvidenceDir(dir, run string) string { return filepath.Join(dir, "evidence", run) }

// ReadEvidence reads an observation that a result of the run names. A result
// that was kept names the evidence of an earlier run, RUN/FILE.
func ReadEvidence(dir, run string, place warc.Place) (*crawler.Observation, error) {
	if earlier, file, ok := strings.Cut(place.File, "/"); ok {
		run, place.File = earlier, file
	}
	if run != filepath.Base(run) || !filepath.IsLocal(run) {
		return nil, fmt.Errorf("reading evidence: %q names no run", run)
	}
	return warc.Read(EvidenceDir(dir, run), place)
}

// keep writes the observation to the evidence if it is worth keeping, and
// notes in the result where it stands.
func (s *sink) keep(c *detect.Case, outs []detect.Outcome, st standing, res *store.Result) {
	if len(c.Obs.Visits) == 0 && len(c.Obs.Lookups) == 0 || !s.worth(c, outs, st, res.BodyDigest) {
		return
	}
	place, err := s.evidence.write(c)
	if err != nil {
		s.rd.fail(err)
		return
	}
	res.Evidence = place
}

// worth tells whether the observation is kept. What was found must be shown;
// what has changed since the last run may be asked about.
func (s *sink) worth(c *detect.Case, outs []detect.Outcome, st standing, digest string) bool {
	switch s.rd.opt.Evidence {
	case EvidenceNone:
		return false
	case EvidenceAll:
		return true
	}
	for i := range outs {
		if outs[i].Verdict == detect.Found {
			return true
		}
	}
	if s.rd.before == "" || digest == "" {
		return false
	}
	was := ""
	switch {
	case st.last != nil:
		was = st.last.BodyDigest
	case !st.asked:
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		var err error
		if was, err = s.rd.r.cfg.Store.BodyDigest(ctx, s.rd.before, c.Target.Domain); err != nil {
			s.rd.fail(err)
			return false
		}
	}
	return was != "" && was != digest // a name that is new has not changed
}

func (e *evidence) write(c *detect.Case) (warc.Place, error) {
	e.once.Do(func() {
		e.out, e.err = warc.NewWriter(EvidenceDir(e.rd.r.cfg.Dir, e.rd.run.ID), e.rd.run.ID, 0)
	})
	if e.err != nil {
		return warc.Place{}, e.err
	}
	return e.out.Write(c.Obs)
}

// close ends the files. No one may write any more.
func (e *evidence) close() error {
	if e.out == nil {
		return nil
	}
	return e.out.Close()
}
