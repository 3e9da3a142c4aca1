package sharing

import (
	"context"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory"
)

// An InventoryError says that an inventory could not be read: it is at fault,
// not what was to be kept of it.
type InventoryError struct{ Err error }

func (e *InventoryError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *InventoryError) Unwrap() error { return e.Err }

// Read reads the inventory at path once, before its lines are planned or
// judged, to learn which mobile numbers stand under several filing entities: a
// line cannot tell that of itself. It costs some microseconds a line; its files
// lie in dir (empty: where the system keeps temporary ones). each is called for
// every line. The error is an [*InventoryError] if the inventory is at fault.
func Read(ctx context.Context, path, dir string, each func()) (*Index, error) {
	numbers := New(dir)
	defer numbers.Close()
	var failed error
	_, err := inventory.Read(path, func(t crawler.Target) error {
		each()
		if failed = ctx.Err(); failed == nil {
			failed = numbers.Add(&t)
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
		return nil, &InventoryError{err}
	}
	return numbers.Index()
}
