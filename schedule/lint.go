package schedule

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/schedule/sharing"
)

// A Lint judges the lines of an inventory without looking at any site: what it
// needs no network for is judged, the rest is unknown. Memory does not grow
// with the inventory.
type Lint struct {
	Inventory string         // path
	Policy    *detect.Policy // nil: the default
	At        time.Time      // the clock of the rules
	// Documents measures the local documents that a line names; nil: none are
	// read.
	Documents func(context.Context, []crawler.Document) []crawler.DocumentFacts
	// Records asks registries and registers; nil: nobody is asked and nothing is
	// dialled.
	Records *Records
	// Dir is where temporary files lie; empty: where the system keeps such.
	Dir string

	lines, judged, found atomic.Int64
	second               atomic.Bool // the lines are being judged
	began                time.Time
}

// A Judged is one line with its outcomes, or a line that was rejected.
type Judged struct {
	Case     *detect.Case
	Outcomes []detect.Outcome
	Rejected *inventory.Rejection // nil for a line that was judged
}

// lintBatch is how many lines are judged together: enough that handing them on
// costs nothing beside it.
const lintBatch = 256

// A batch is lines on their way.
type batch[T any] struct {
	lines []Judged
	done  chan struct{} // closed when made is there
	made  T
	err   error
}

// RunLint judges every line. work makes something of a batch of judged lines,
// for several batches at once; take is given what it made, in the order of the
// inventory. The first error of any of them ends it.
func RunLint[T any](ctx context.Context, l *Lint, work func([]Judged) (T, error), take func(T) error) (inventory.Counts, error) {
	if l.Policy == nil {
		l.Policy = detect.DefaultPolicy()
	}
	l.began = time.Now()
	index, err := l.sharers(ctx)
	if err != nil {
		return inventory.Counts{}, err
	}
	defer index.Close()
	l.second.Store(true)
	workers := runtime.GOMAXPROCS(0)
	todo, inOrder := make(chan *batch[T], workers), make(chan *batch[T], 2*workers)
	g, ctx := errgroup.WithContext(ctx)
	var counts inventory.Counts
	g.Go(func() (err error) {
		defer close(todo)
		defer close(inOrder)
		counts, err = readBatches(ctx, l.Inventory, todo, inOrder)
		return err
	})
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for b := range todo {
				if b.err = l.judge(ctx, index, b.lines); b.err == nil {
					b.made, b.err = work(b.lines)
				}
				b.lines = nil
				close(b.done)
			}
		})
	}
	g.Go(func() error { return takeBatches(ctx, inOrder, take) })
	err = g.Wait()
	working.Wait()
	return counts, err
}

// readBatches reads the inventory into batches.
func readBatches[T any](ctx context.Context, path string, todo, inOrder chan<- *batch[T]) (inventory.Counts, error) {
	held := make([]Judged, 0, lintBatch)
	flush := func() error {
		if len(held) == 0 {
			return nil
		}
		b := &batch[T]{lines: held, done: make(chan struct{})}
		held = make([]Judged, 0, lintBatch)
		for _, to := range [...]chan<- *batch[T]{inOrder, todo} {
			select {
			case to <- b:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}
	add := func(j Judged) error {
		if held = append(held, j); len(held) < lintBatch {
			return nil
		}
		return flush()
	}
	counts, err := inventory.Read(path,
		func(t crawler.Target) error { return add(Judged{Case: &detect.Case{Target: &t}}) },
		func(r inventory.Rejection) error { return add(Judged{Rejected: &r}) })
	if err != nil {
		return counts, err
	}
	return counts, flush()
}

// takeBatches hands on what was made, in order.
func takeBatches[T any](ctx context.Context, inOrder <-chan *batch[T], take func(T) error) error {
	for b := range inOrder {
		select {
		case <-b.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if b.err != nil {
			return b.err
		}
		if err := take(b.made); err != nil {
			return err
		}
	}
	return nil
}

// judge judges the lines of a batch.
func (l *Lint) judge(ctx context.Context, index *sharing.Index, lines []Judged) (err error) {
	found := 0
	for i := range lines {
		j := &lines[i]
		if j.Rejected != nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		t := j.Case.Target
		if t.Holder.Sharing, err = index.Of(t); err != nil {
			return err
		}
		t = l.Records.filled(ctx, t)
		obs := &crawler.Observation{Domain: t.Domain, At: l.At, Registration: l.Records.registration(ctx, t.Domain)()}
		if l.Documents != nil && len(t.Holder.Documents) > 0 {
			obs.Documents = l.Documents(ctx, t.Holder.Documents)
		}
		j.Case = detect.NewCase(detect.Input{Target: t, Obs: obs, At: l.At, Policy: l.Policy}, nil)
		j.Outcomes = detect.Judge(j.Case, rules.All)
		for k := range j.Outcomes {
			if s := j.Outcomes[k].Severity; s == detect.Violation || s == detect.Warning {
				found++
				break
			}
		}
	}
	l.judged.Add(int64(len(lines)))
	l.found.Add(int64(found))
	return nil
}

// sharers reads the inventory once to learn who shares a mobile.
func (l *Lint) sharers(ctx context.Context) (*sharing.Index, error) {
	return sharers(ctx, l.Inventory, l.Dir, func() { l.lines.Add(1) })
}

// Progress says how far it has come: lines counted at the first reading, then
// lines judged.
func (l *Lint) Progress() Progress {
	p := Progress{Inventory: l.Inventory, Phase: PhasePlan, Lines: int(l.lines.Load()), Targets: int(l.lines.Load()), Found: int(l.found.Load())}
	if !l.second.Load() {
		return p
	}
	p.Phase, p.Verdicts, p.Elapsed = PhaseLint, int(l.judged.Load()), time.Since(l.began)
	if s := p.Elapsed.Seconds(); s > 0 {
		p.Rate = float64(p.Verdicts) / s
	}
	return p
}
