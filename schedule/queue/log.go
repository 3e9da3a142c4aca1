package queue

import (
	"context"
	"log/slog"
	"strings"
)

// riverLog is the log that River gets: without its complaints that what it was
// doing when it was told to stop has been stopped.
type riverLog struct{ slog.Handler }

// Handle passes one record on, or drops it.
func (h riverLog) Handle(ctx context.Context, r slog.Record) error {
	stopped := false
	r.Attrs(func(a slog.Attr) bool {
		stopped = strings.Contains(a.Value.String(), context.Canceled.Error())
		return !stopped
	})
	if stopped {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the filter.
func (h riverLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return riverLog{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the filter.
func (h riverLog) WithGroup(name string) slog.Handler { return riverLog{h.Handler.WithGroup(name)} }
