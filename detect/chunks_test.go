package detect

import (
	"slices"
	"strings"
	"testing"
)

func TestChunks(t *testing.T) {
	long := strings.Repeat("a", maxChunkName)
	for text, want := range map[string][]string{
		`import("./a.js");x='b/c.mjs'` + "`d.js`":     {"./a.js", "b/c.mjs", "d.js"},
		`"a b.js" "<x>.js" ".js" "a.json" "js" 'a.js`: nil,
		`"` + long + `.js" "a` + long + `.js"`:        {long + ".js"},
		`"a.js.js"`:                                   {"a.js.js"},
		`.js"`:                                        nil,
		"":                                            nil,
		"js":                                          nil,
		"mjs\"":                                       nil,
	} {
		if got := chunks([]byte(text)); !slices.Equal(got, want) {
			t.Errorf("%q: %q; want %q", text, got, want)
		}
	}
	if n := len(chunks([]byte(strings.Repeat(`"a.js"`, 1000)))); n != maxChunks {
		t.Errorf("%d names", n)
	}
}
