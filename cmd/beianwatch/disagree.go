package main

import (
	"log/slog"
	"sync"

	"github.com/beianwatch/beianwatch/detect"
)

// maxDisagreements bounds the pages whose disagreement is logged: some show
// what is to be mended.
const maxDisagreements = 10_000

// disagreements logs pages that our two readers read otherwise, each once by
// its bytes: whoever mends the fast reader makes a test of it.
func disagreements(log *slog.Logger) func(detect.Disagreement) {
	var mu sync.Mutex
	told := map[string]struct{}{}
	return func(d detect.Disagreement) {
		mu.Lock()
		_, before := told[d.Page]
		if full := len(told) >= maxDisagreements; before || full {
			mu.Unlock()
			return
		}
		told[d.Page] = struct{}{}
		mu.Unlock()
		log.Debug("two readings of a page disagree", "url", d.URL, "page", d.Page, "about", d.About, "near", d.Near)
	}
}
