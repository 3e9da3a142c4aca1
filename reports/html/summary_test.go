package html

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/reporttest"
)

// TestSummaryIsBounded feeds many domains, owners, causes and rejections: the
// page and what is held must not grow with them.
func TestSummaryIsBounded(t *testing.T) {
	size := func(n int) (page int, held uint64) {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		s := reports.NewSummary(reporttest.Run(), reporttest.Rules)
		for i := range n {
			r := reporttest.Variant(i)
			r.Owner = fmt.Sprintf("owner %d", i)
			if i%8 == 5 {
				r.Cause = fmt.Sprintf("http-%d", i)
			}
			s.Add(r)
			s.Reject(i, strings.Repeat("x", 500), fmt.Sprintf("reason %d", i))
		}
		s.Close()
		runtime.GC()
		runtime.ReadMemStats(&after)
		var b bytes.Buffer
		if err := sampleHTML("zh").Summary(&b, s); err != nil {
			t.Fatal(err)
		}
		return b.Len(), after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)
	}
	small, _ := size(12_000)
	large, held := size(40_000)
	if large > small+small/5 {
		t.Errorf("the page grows from %d to %d bytes", small, large)
	}
	if held > 16<<20 {
		t.Errorf("%d bytes are held after 40,000 domains", held)
	}
}
