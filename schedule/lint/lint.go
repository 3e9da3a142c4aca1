// Package lint judges what an inventory says of each filing, line by line,
// without visiting any site. It knows neither runs nor the database.
package lint

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
	"github.com/beianwatch/beianwatch/schedule/visit"
)

// A Linter judges the lines of an inventory without visiting any site: what
// needs no network is judged, the rest is unknown. Memory does not grow with the
// inventory. It is good for one [Run].
type Linter struct {
	Inventory string         // path
	Policy    *detect.Policy // nil: the default
	At        time.Time      // the clock of the rules
	// Documents measures the local documents that a line names; nil: none are
	// read.
	Documents func(context.Context, []crawler.Document) []crawler.DocumentFacts
	// Records asks registries and registers; nil: none is asked and nothing is
	// dialled.
	Records *visit.Records
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

// batchLines is how many lines are judged together: enough that handing them on
// costs nothing beside it.
const batchLines = 256

// A batch is lines on their way.
type batch[T any] struct {
	lines []Judged
	done  chan struct{} // closed when made is there
	made  T
	err   error
}

// Run judges every line. work makes something of a batch of judged lines,
// for several batches at once; take is given what it made, in the order of the
// inventory. The first error of any of them ends it.
func Run[T any](ctx context.Context, l *Linter, work func([]Judged) (T, error), take func(T) error) (inventory.Counts, error) {
	if l.Policy == nil {
		l.Policy = detect.DefaultPolicy()
	}
	l.began = time.Now()
	index, err := sharing.Read(ctx, l.Inventory, l.Dir, func() { l.lines.Add(1) })
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
	held := make([]Judged, 0, batchLines)
	flush := func() error {
		if len(held) == 0 {
			return nil
		}
		b := &batch[T]{lines: held, done: make(chan struct{})}
		held = make([]Judged, 0, batchLines)
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
		if held = append(held, j); len(held) < batchLines {
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
func (l *Linter) judge(ctx context.Context, index *sharing.Index, lines []Judged) (err error) {
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
		t = l.Records.FillIn(ctx, t)
		obs := &crawler.Observation{Domain: t.Domain, At: l.At, Registration: l.Records.AskRegistration(ctx, t.Domain)()}
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

// Progress is how far a lint has come.
type Progress struct {
	Lines   int           // counted at the first reading of the inventory
	Judging bool          // the second reading has begun; Lines is the whole number then
	Judged  int           // lines judged or rejected
	Found   int           // of these, lines with a violation or warning
	Elapsed time.Duration // since the beginning; 0 before the second reading
	Rate    float64       // lines judged a second
}

// Progress returns how far the lint has come. It is cheap: call it as often as a
// bar is drawn.
func (l *Linter) Progress() Progress {
	p := Progress{Lines: int(l.lines.Load()), Judging: l.second.Load(), Judged: int(l.judged.Load()), Found: int(l.found.Load())}
	if !p.Judging {
		return p
	}
	p.Elapsed = time.Since(l.began)
	if s := p.Elapsed.Seconds(); s > 0 {
		p.Rate = float64(p.Judged) / s
	}
	return p
}
