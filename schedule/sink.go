package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/reports/store"
)

// Results are stored in batches: a transaction for each name would cost more
// than its visit.
const (
	sinkBatch = 200
	sinkTime  = 200 * time.Millisecond
)

// A sink stores what the looks of one round come to.
type sink struct {
	rd       *member
	in       chan entry
	done     chan struct{}
	evidence *evidence
	err      error // the first error, read after done is closed
}

// An entry is one name's verdict, or its note to be looked at later.
type entry struct {
	stored *receipts
	result *store.Result
	kept   *store.Kept // instead of a result: that of the run before holds
	again  bool        // the verdict ends a wait
	later  *later
}

// later is a name that is to be looked at again.
type later struct {
	domain   string
	due      time.Time
	held     int
	attempts []byte
	again    bool // it waited before
}

// receipts count what is not yet stored; several goroutines may add.
type receipts struct {
	open sync.WaitGroup
	mu   sync.Mutex
	err  error
}

func (r *receipts) add() { r.open.Add(1) }

func (r *receipts) settle(err error) {
	if err != nil {
		r.mu.Lock()
		r.err = err
		r.mu.Unlock()
	}
	r.open.Done()
}

// wait waits until all is stored, or could not be.
func (r *receipts) wait() error {
	r.open.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

func newSink(rd *member) *sink {
	s := &sink{rd: rd, in: make(chan entry, 2*sinkBatch), done: make(chan struct{}), evidence: newEvidence(rd)}
	go s.run()
	return s
}

func (s *sink) put(e entry) { s.in <- e }

// close stores the rest and ends. No one may put any more.
func (s *sink) close() error {
	close(s.in)
	<-s.done
	if err := s.evidence.close(); s.err == nil {
		s.err = err
	}
	return s.err
}

func (s *sink) run() {
	defer close(s.done)
	var batch []entry
	timer := time.NewTimer(sinkTime)
	timer.Stop()
	for {
		select {
		case e, ok := <-s.in:
			if !ok {
				s.flush(batch)
				return
			}
			if len(batch) == 0 {
				timer.Reset(sinkTime)
			}
			if batch = append(batch, e); len(batch) < sinkBatch {
				continue
			}
			timer.Stop()
		case <-timer.C:
		}
		s.flush(batch)
		clear(batch)
		batch = batch[:0]
	}
}

// flush stores a batch. What was seen before a stop is kept: the transaction
// is not bound to the round's context.
func (s *sink) flush(batch []entry) {
	if len(batch) == 0 {
		return
	}
	err := s.persist(batch)
	if err != nil {
		err = fmt.Errorf("storing verdicts: %w", err)
		if s.err == nil {
			s.err = err
		}
		s.rd.fail(err)
	} else {
		s.count(batch)
	}
	for i := range batch {
		batch[i].stored.settle(err)
	}
	s.rd.nudge()
}

// persist stores a batch; while the database is away it tries again. What was
// seen is not lost, and what is to be seen waits, because nobody can put more.
// A process that is being stopped does not wait for long.
func (s *sink) persist(batch []entry) error {
	var wait time.Duration
	for began := time.Now(); ; {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		err := s.store(ctx, batch)
		cancel()
		if !outage(err) || s.rd.ctx.Err() != nil && time.Since(began) > stopPatience {
			return err
		}
		s.rd.r.log.Warn("verdicts wait for the database", "names", len(batch), "err", err)
		backoff(context.Background(), &wait)
	}
}

// stopPatience is how long a process that is being stopped waits for a database
// that is away.
const stopPatience = 20 * time.Second

func (s *sink) store(ctx context.Context, batch []entry) error {
	results := make([]store.Result, 0, len(batch))
	var kept []store.Kept
	waits := false
	for i := range batch {
		if r := batch[i].result; r != nil {
			results = append(results, *r)
		}
		if k := batch[i].kept; k != nil {
			kept = append(kept, *k)
		}
		waits = waits || batch[i].later != nil || batch[i].again
	}
	if err := s.rd.r.cfg.Store.PutResults(ctx, results); err != nil {
		return err
	}
	if err := s.rd.r.cfg.Store.KeepResults(ctx, s.rd.run.ID, s.rd.before, kept); err != nil || !waits {
		return err
	}
	return s.rd.r.db.tx(ctx, func(tx *sql.Tx) error { return s.rd.notePending(ctx, tx, batch) })
}

// count brings the figures of progress up to date.
func (s *sink) count(batch []entry) {
	for i := range batch {
		e := &batch[i]
		switch {
		case e.result != nil || e.kept != nil:
			s.rd.tally.verdicts.Add(1)
			if e.again {
				s.rd.tally.pending.Add(-1)
			}
		case !e.later.again:
			s.rd.tally.pending.Add(1)
		}
	}
}
