package visit

import (
	"context"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// maxDocumentTime bounds the reading of one target's documents within a visit,
// so that a shard ends in its time. What was not got to is unknown; what was
// measured is known the next time.
const maxDocumentTime = 4 * time.Second

// documents measures the documents that a target names. A target that names
// none costs nothing.
func (s *Scanner) documents(ctx context.Context, t *crawler.Target) []crawler.DocumentFacts {
	if s.Documents == nil || len(t.Holder.Documents) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, maxDocumentTime)
	defer cancel()
	return s.Documents(ctx, t.Holder.Documents)
}
