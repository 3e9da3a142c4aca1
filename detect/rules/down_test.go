package rules

import (
	"testing"

	"github.com/beianwatch/beianwatch/detect"
)

// TestWeakestLookDecides: a failure that may lie on the way once makes the
// whole a warning, unless we look from the mainland.
func TestWeakestLookDecides(t *testing.T) {
	refused, timeout := detect.Attempt{Liveness: detect.Down, Cause: "refused"}, detect.Attempt{Liveness: detect.Down, Cause: "timeout"}
	c := &detect.Case{Policy: detect.DefaultPolicy(), Attempts: []detect.Attempt{refused, timeout, refused}}
	if got := downSeverity(c); got != detect.Warning {
		t.Errorf("a timeout among refusals: %s, want a warning", got)
	}
	c.Policy.VantageMainland = true
	if got := downSeverity(c); got != detect.Violation {
		t.Errorf("the same from the mainland: %s, want a violation", got)
	}
}
