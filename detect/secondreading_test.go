package detect

import (
	"strings"
	"testing"
	"time"
)

// sees finds whenever the text of the page lacks a word.
func sees(word string) *Rule {
	return &Rule{ID: "footer-test", Witness: WitnessPage, Severity: Violation, Check: func(c *Case) Outcome {
		if strings.Contains(c.Home.Text, word) {
			return Outcome{Verdict: Pass}
		}
		return Outcome{Verdict: Found, Severity: Violation, Findings: []Finding{{}}}
	}}
}

func TestTheTreeDecides(t *testing.T) {
	judge := func(html, word string) (*Case, Outcome) {
		c := NewCase(Input{Obs: FileObservation("a.html", []byte(html), time.Time{}), File: "a.html"}, nil)
		return c, Judge(c, []*Rule{sees(word)})[0]
	}
	// The standard moves the article out of the hidden span; the fast reader has
	// read it as hidden by then.
	moved := "<p>x</p><strong><span style='display:none'><article>y</strong>z</article></span>"
	c, o := judge(moved, "y")
	if d, ok := c.Disagreement(); o.Verdict != Pass || !ok || d.About == "" || d.Page == "" {
		t.Errorf("%+v, %+v", o, d)
	}
	if c, o := judge("<p>x</p>", "y"); o.Verdict != Found || differ(c) {
		t.Errorf("%+v", o)
	}
	if _, o := judge(strings.Repeat("<div>", 600)+"x", "y"); o.Verdict != Unknown || o.Reason != ReasonTooDeep {
		t.Errorf("%+v", o)
	}
}

func differ(c *Case) bool {
	_, ok := c.Disagreement()
	return ok
}
