package listing

import (
	"context"
	"sync"

	"github.com/beianwatch/beianwatch/reports"
)

// comparisons are those that were asked for last: finished runs do not change, but
// comparing two of a million domains takes seconds.
type comparisons struct {
	mu   sync.Mutex
	list []*Changes // the newest last
}

// keptComparisons bounds what is remembered; one is some 100 kB at most.
const keptComparisons = 16

func (c *comparisons) get(was, now string) *Changes {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, x := range c.list {
		if x.Was == was && x.Now == now {
			return x
		}
	}
	return nil
}

func (c *comparisons) put(x *Changes) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.list) == keptComparisons {
		c.list = append(c.list[:0], c.list[1:]...)
	}
	c.list = append(c.list, x)
}

// Compare returns what changed between two finished runs.
func (k *Keeper) Compare(ctx context.Context, was, now *reports.Run) (*Changes, error) {
	if have := k.recent.get(was.ID, now.ID); have != nil {
		return have, nil
	}
	if d, _, err := k.stored(ctx, now.ID); err == nil && d != nil && d.Changes != nil && d.Changes.Was == was.ID {
		return d.Changes, nil
	}
	v, err, _ := k.once.Do(was.ID+".."+now.ID, func() (any, error) {
		ctx := context.WithoutCancel(ctx)
		var counts reports.DiffCounts
		changes, err := reports.NewChanges(was, now, reports.Diff(k.store.Verdicts(ctx, was.ID), k.store.Verdicts(ctx, now.ID), &counts), &counts)
		if err != nil {
			return nil, err
		}
		made := newChanges(changes)
		k.recent.put(made)
		return made, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*Changes), nil
}
