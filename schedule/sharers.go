package schedule

import (
	"context"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/schedule/sharing"
)

// sharers reads an inventory once, before its lines are planned or judged, to
// learn which mobile numbers stand under several subjects: a line cannot tell
// that of itself. It costs some microseconds a line; its files lie in dir. each
// is called for every line.
func sharers(ctx context.Context, path, dir string, each func()) (*sharing.Index, error) {
	book := sharing.New(dir)
	defer book.Close()
	var failed error
	_, err := inventory.Read(path, func(t crawler.Target) error {
		each()
		if failed = ctx.Err(); failed == nil {
			failed = book.Add(&t)
		}
		return failed
	}, func(inventory.Rejection) error {
		each()
		failed = ctx.Err()
		return failed
	})
	switch {
	case failed != nil:
		return nil, failed
	case err != nil:
		return nil, &unreadable{err}
	}
	return book.Index()
}
