package listing

import (
	"context"
	"iter"
	"sync"

	"github.com/beianwatch/beianwatch/reports"
)

// comparisons are those that were asked for last: finished runs do not change, but
// comparing two of a million domains takes seconds.
type comparisons struct {
	mu   sync.Mutex
	list []*comparison // the newest last
}

// A comparison is one that was made with some waivers.
type comparison struct {
	*Changes
	waived string
}

// keptComparisons bounds what is remembered; one is some 100 kB at most.
const keptComparisons = 16

func (c *comparisons) get(was, now, waived string) *Changes {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, x := range c.list {
		if x.Was == was && x.Now == now && x.waived == waived {
			return x.Changes
		}
	}
	return nil
}

func (c *comparisons) put(x *comparison) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.list) == keptComparisons {
		c.list = append(c.list[:0], c.list[1:]...)
	}
	c.list = append(c.list, x)
}

// Compare returns what changed between two finished runs; [ErrThinned] where one of them
// is not whole and the comparison was not made in time.
func (k *Keeper) Compare(ctx context.Context, was, now *reports.Run) (*Changes, error) {
	made, _, waived, err := k.status(ctx, now.ID)
	if err != nil {
		return nil, err
	}
	mark, err := k.waived(ctx, now)
	if err != nil {
		return nil, err
	}
	if made && (waived == mark || was.Thinned || now.Thinned) {
		switch d, err := k.Stored(ctx, now.ID); {
		case err != nil:
			return nil, err
		case d != nil && d.Changes != nil && d.Changes.Was == was.ID:
			return d.Changes, nil
		}
	}
	return k.compare(ctx, was, now, mark)
}

// Diff compares two finished runs with all their changes; see [reports.Diff].
func (k *Keeper) Diff(ctx context.Context, was, now *reports.Run, counts *reports.DiffCounts) (iter.Seq2[reports.Change, error], error) {
	if was.Thinned || now.Thinned {
		return nil, ErrThinned
	}
	return reports.Diff(k.store.Verdicts(ctx, was.ID), k.life.Annotate(ctx, now, k.store.Verdicts(ctx, now.ID)), counts), nil
}

// compare compares two runs, of which the newer one has the waivers of mark.
func (k *Keeper) compare(ctx context.Context, was, now *reports.Run, mark string) (*Changes, error) {
	if have := k.recent.get(was.ID, now.ID, mark); have != nil {
		return have, nil
	}
	v, err, _ := k.once.Do(was.ID+".."+now.ID+" "+mark, func() (any, error) {
		var counts reports.DiffCounts
		diff, err := k.Diff(context.WithoutCancel(ctx), was, now, &counts)
		if err != nil {
			return nil, err
		}
		changes, err := reports.NewChanges(was, now, diff, &counts)
		if err != nil {
			return nil, err
		}
		made := newChanges(changes)
		k.recent.put(&comparison{made, mark})
		return made, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*Changes), nil
}
