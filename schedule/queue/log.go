package queue

import (
	"context"
	"log/slog"
)

// riverLog is the log that River gets. What River says is for developers: that a
// connection broke, a job was tried again, a leader elected. What a person must
// know of it, this program says itself; River's own lines are debug lines.
type riverLog struct{ slog.Handler }

// Enabled reports whether debug lines are written.
func (h riverLog) Enabled(ctx context.Context, _ slog.Level) bool {
	return h.Handler.Enabled(ctx, slog.LevelDebug)
}

// Handle writes one record as a debug line.
func (h riverLog) Handle(ctx context.Context, r slog.Record) error {
	r.Level = slog.LevelDebug
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the level.
func (h riverLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return riverLog{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the level.
func (h riverLog) WithGroup(name string) slog.Handler { return riverLog{h.Handler.WithGroup(name)} }
