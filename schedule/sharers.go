package schedule

import (
	"context"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/schedule/sharing"
)

// sharers reads the inventory once before it is planned, to learn which mobile
// numbers stand under several subjects: a line cannot tell that of itself. It
// costs some microseconds a line, and its files lie beside the results.
func (rd *Round) sharers(ctx context.Context) (*sharing.Index, error) {
	book := sharing.New(rd.r.cfg.Dir)
	defer book.Close()
	var failed error
	_, err := inventory.Read(rd.inventory, func(t crawler.Target) error {
		if failed = ctx.Err(); failed == nil {
			failed = book.Add(&t)
		}
		return failed
	}, func(inventory.Rejection) error { return ctx.Err() })
	switch {
	case failed != nil:
		return nil, failed
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, &unreadable{err}
	}
	return book.Index()
}
