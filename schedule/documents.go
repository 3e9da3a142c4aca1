package schedule

import (
	"context"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// documentTime bounds the reading of one target's documents within a look, so
// that a shard ends in its time. What was not got to is unknown; what was
// measured is known the next time.
const documentTime = 4 * time.Second

// documents measures the documents that a target names. A target that names
// none costs nothing.
func (l *Looker) documents(ctx context.Context, t *crawler.Target) []crawler.DocumentFacts {
	if l.Documents == nil || len(t.Holder.Documents) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, documentTime)
	defer cancel()
	return l.Documents(ctx, t.Holder.Documents)
}
