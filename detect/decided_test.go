package detect

import "testing"

// TestDecided: a domain is decided when its decisive rules are, whatever the
// others say.
func TestDecided(t *testing.T) {
	outs := func(last Verdict) []Outcome {
		list := []Outcome{{Rule: "police-number-missing", Verdict: Unknown}}
		for _, id := range decisive {
			list = append(list, Outcome{Rule: id, Verdict: Pass})
		}
		list[len(list)-1].Verdict = last
		return list
	}
	for verdict, want := range map[Verdict]bool{Pass: true, Exempt: true, Found: true, Unknown: false, Broken: false} {
		if got := Decided(outs(verdict)); got != want {
			t.Errorf("with one %s: %v, want %v", verdict, got, want)
		}
	}
	if Decided(nil) || Decided([]Outcome{{Rule: "police-number-missing", Verdict: Pass}}) {
		t.Error("what has no decisive rule is decided")
	}
}
