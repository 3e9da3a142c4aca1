package rules

import (
	"bytes"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// TestWitnesses holds the table of what a browser must confirm.
func TestWitnesses(t *testing.T) {
	want := map[detect.Witness][]string{
		detect.WitnessSite: {"filed-site-down", "filed-site-placeholder"},
		detect.WitnessPage: {"filed-site-blocked", "filed-site-redirects-away", "footer-number-missing", "footer-number-wrong", "footer-number-fake",
			"footer-number-hidden", "footer-link-missing", "footer-link-legacy", "footer-link-wrong", "site-name-mismatch",
			"police-number-missing", "police-number-malformed", "police-link-wrong"},
	}
	for _, r := range All {
		in := detect.WitnessNone
		for w, ids := range want {
			if slices.Contains(ids, r.ID) {
				in = w
			}
		}
		if r.Witness != in {
			t.Errorf("%s declares the witness %q, want %q", r.ID, r.Witness, in)
		}
		if r.Severity == detect.Notice && r.Witness != detect.WitnessNone {
			t.Errorf("%s is a notice and needs no witness", r.ID)
		}
	}
}

// accusing returns the fixtures of a rule that find a violation or warning on a
// page that was received, by nobody's word but our reader's.
func accusing(t *testing.T, rule *detect.Rule) (paths []string) {
	t.Helper()
	for _, path := range fixtures(t, rule.ID) {
		f, a := readFixture(t, path)
		if f.Want.Verdict == detect.Found && f.Want.Severity != detect.Notice && f.Rendered == nil && f.Drawing == nil &&
			slices.ContainsFunc(a.Files, func(file txtar.File) bool { return file.Name == "page.html" }) && f.Visits == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

// with builds the case of a fixture whose page holds markup at its end, drawn as
// given.
func with(t *testing.T, path, markup string, rendered *hopFixture, d *drawingFixture) *detect.Case {
	t.Helper()
	f, a := readFixture(t, path)
	f.Rendered, f.Drawing = rendered, d
	for i := range a.Files {
		if a.Files[i].Name == "page.html" {
			a.Files = append(a.Files, txtar.File{Name: "drawn.html", Data: a.Files[i].Data})
			a.Files[i].Data = bytes.Replace(a.Files[i].Data, []byte("</body>"), []byte(markup+"</body>"), 1)
		}
	}
	return f.newCase(t, a)
}

// TestPageWitness: what any rule finds on a page is found as well where the
// page runs a script and a browser agrees, and not known where none has looked
// or the drawing is not whole, with the true reason.
func TestPageWitness(t *testing.T) {
	const (
		own      = `<script src="/js/app.js"></script>`
		harmless = `<script src="https://hm.baidu.com/hm.js?0"></script>`
	)
	same := &hopFixture{Page: "drawn.html"}
	tried := 0
	for _, rule := range All {
		if rule.Witness != detect.WitnessPage {
			continue
		}
		for _, path := range accusing(t, rule) {
			judge := func(c *detect.Case) detect.Outcome { return detect.Judge(c, []*detect.Rule{rule})[0] }
			was := judge(with(t, path, "", nil, nil))
			if was.Verdict != detect.Found {
				t.Fatalf("%s: %s %s", path, was.Verdict, was.Reason)
			}
			tried++
			if got := judge(with(t, path, harmless, nil, nil)); got.Verdict != detect.Found {
				t.Errorf("%s, with a counter: %s %s, want found", path, got.Verdict, got.Reason)
			}
			if got := judge(with(t, path, own, same, nil)); got.Verdict != detect.Found || got.Severity != was.Severity {
				t.Errorf("%s, drawn whole: %s %s %s, want found %s", path, got.Verdict, got.Severity, got.Reason, was.Severity)
			}
			for why, d := range map[detect.Reason]*drawingFixture{
				detect.ReasonNotRendered:  nil,
				detect.ReasonScriptFailed: {Flaws: []crawler.DrawReason{crawler.DrawRequest}},
				detect.ReasonDrawnPart:    {Flaws: []crawler.DrawReason{crawler.DrawIncomplete}},
				detect.ReasonDrawnLate:    {Flaws: []crawler.DrawReason{crawler.DrawLate}},
			} {
				drawn := same
				if d == nil {
					drawn = nil
				}
				c := with(t, path, own, drawn, d)
				if got := judge(c); got.Verdict != detect.Unknown || got.Reason != why {
					t.Errorf("%s, %s: %s %s %s", path, why, got.Verdict, got.Severity, got.Reason)
				}
			}
			broken := with(t, path, own, nil, &drawingFixture{Broken: true})
			if got := judge(broken); got.Verdict != detect.Unknown || got.Reason != detect.ReasonNotRendered {
				t.Errorf("%s, our browser broke down: %s %s", path, got.Verdict, got.Reason)
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d fixtures were tried", tried)
	}
}

// TestWantsOfDrawn: a drawn page is pictured where its site is accused of what is not known of
// people alone, whatever rule accuses it, and not where nothing is found.
func TestWantsOfDrawn(t *testing.T) {
	same := &hopFixture{Page: "drawn.html"}
	tried := map[bool]int{}
	for _, rule := range All {
		for _, path := range accusing(t, rule) {
			c := with(t, path, `<script src="/js/app.js"></script>`, same, nil)
			accuses := func(o detect.Outcome) bool {
				at := slices.IndexFunc(All, func(r *detect.Rule) bool { return r.ID == o.Rule })
				return o.Verdict == detect.Found && o.Severity != detect.Notice && !All[at].Private
			}
			want := c.File == "" && slices.ContainsFunc(detect.Judge(c, All), accuses)
			if got, _ := detect.WantsOfDrawn(c, All); got != want {
				t.Errorf("%s: a picture: %v, want %v", path, got, want)
			}
			tried[want]++
		}
	}
	if tried[true] < 40 || tried[false] == 0 {
		t.Errorf("%d fixtures with a picture and %d without were tried", tried[true], tried[false])
	}
	c := with(t, "testdata/rules/footer-number-fake/pass-register-vouches.txtar", `<script src="/js/app.js"></script>`, same, nil)
	if got, _ := detect.WantsOfDrawn(c, All); got {
		t.Error("a filed number that looks made up is pictured")
	}
}

// TestWantsWitness: the browser is asked for exactly where it is needed, and
// last.
func TestWantsWitness(t *testing.T) {
	for _, rule := range All {
		if rule.Witness != detect.WitnessPage {
			continue
		}
		for _, path := range accusing(t, rule) {
			for markup, want := range map[string]bool{"": false, `<script src="/js/app.js"></script>`: true, `<script>_hmt.push(["x"])</script>`: false} {
				c := with(t, path, markup, nil, nil)
				if c.File != "" {
					continue
				}
				for _, render := range []detect.Render{detect.RenderNever, detect.RenderAuto} {
					c.Policy.Render = render
					asks := detect.Wants(c, []*detect.Rule{rule})
					if len(asks) > 0 && asks[0].Kind == crawler.AskScript {
						c.Obs.Visits = append(c.Obs.Visits, crawler.Visit{Ask: asks[0], Failure: &crawler.Failure{Kind: crawler.FailTimeout}, Failed: asks[0].URL})
						c = detect.NewCase(detect.Input{Target: c.Target, Obs: c.Obs, At: c.At, Policy: c.Policy}, c)
						asks = detect.Wants(c, []*detect.Rule{rule})
					}
					got := slices.ContainsFunc(asks, func(a crawler.Ask) bool { return a.Kind == crawler.AskRender })
					if got != (want && render == detect.RenderAuto) || got && len(asks) != 1 {
						t.Errorf("%s with %q, --render %s: asks %v", path, markup, render, asks)
					}
				}
			}
		}
	}
}

// TestDecisiveRulesExist: each rule that decides a domain is one of the list.
func TestDecisiveRulesExist(t *testing.T) {
	n := 0
	for _, r := range All {
		if detect.Decisive(r.ID) {
			n++
		}
	}
	if n != 6 {
		t.Errorf("%d of the rules are decisive, want 6", n)
	}
}
