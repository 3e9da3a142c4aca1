package browser

import (
	"fmt"
	"os"
	"time"
)

var debugBegan = time.Now()

func init() {
	if os.Getenv("CDPLOG") != "" {
		debugf = func(dir string, raw []byte) {
			if len(raw) > 260 {
				raw = raw[:260]
			}
			fmt.Fprintf(os.Stderr, "%7.3f %s %s\n", time.Since(debugBegan).Seconds(), dir, raw)
		}
	}
}
