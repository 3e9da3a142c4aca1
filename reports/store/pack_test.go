package store

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/beianwatch/beianwatch/detect"
)

func TestReasonsComeBack(t *testing.T) {
	t.Parallel()
	many := make([]detect.Outcome, 70)
	for i := range many {
		many[i] = detect.Outcome{Rule: fmt.Sprint("r", i), Verdict: detect.Exempt, Reason: detect.Reason(fmt.Sprint("word-", i))}
	}
	cases := map[string][]detect.Outcome{
		"none":    {{Rule: "a", Verdict: detect.Pass}, {Rule: "b", Verdict: detect.Pass}},
		"no rule": {},
		"some":    {{Rule: "a", Verdict: detect.Pass}, {Rule: "b", Verdict: detect.Unknown, Reason: "down"}, {Rule: "c", Verdict: detect.Exempt, Reason: "filed"}, {Rule: "d", Verdict: detect.Unknown, Reason: "down"}, {Rule: "e", Verdict: detect.Pass}},
		"many":    many,
	}
	for name, outs := range cases {
		packed, err := packOutcomes(outs)
		if err != nil {
			t.Fatal(err)
		}
		rs := newRuleset("v1", outs)
		got, err := unpackOutcomes(rs, packed, packReasons(outs))
		if err != nil || !reflect.DeepEqual(got, outs) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	if got := packReasons(cases["some"]); got != ".aba\ndown\nfiled" {
		t.Errorf("packed as %q", got)
	}
}

func TestDamagedRowsAreErrors(t *testing.T) {
	t.Parallel()
	rs := &ruleset{version: "v1", rules: []string{"a", "b"}}
	for _, bad := range [][2]string{{".", ""}, {"...", ""}, {".x", ""}, {"..", "aaa\nw"}, {"..", "b\nw"}, {"..", "A\nw"}, {"..", "\xff\nw"}} {
		if outs, err := unpackOutcomes(rs, bad[0], bad[1]); err == nil {
			t.Errorf("outcomes %q with reasons %q became %+v", bad[0], bad[1], outs)
		}
	}
}
