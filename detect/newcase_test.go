package detect

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/lists"
)

// TestPagesAreParsedOnce: the Case after one more ask takes over the pages of
// the Case before.
func TestPagesAreParsedOnce(t *testing.T) {
	site := script{"http://example.cn/": nginxPage, "https://example.cn/": sitePage}
	target := &crawler.Target{Domain: "example.cn"}
	obs := &crawler.Observation{Domain: "example.cn"}
	obs.Visits = append(obs.Visits, site.visit("example.cn", crawler.Ask{Kind: crawler.AskHome}))
	first := NewCase(Input{Target: target, Obs: obs}, nil)
	// Grow the slice so that its elements move.
	obs.Visits = append(obs.Visits, site.visit("example.cn", crawler.Ask{Kind: crawler.AskHTTPS}))
	second := NewCase(Input{Target: target, Obs: obs}, first)
	if second.Liveness != Serving || len(second.parsed) != 2 {
		t.Fatalf("%s after %d readings", second.Liveness, len(second.parsed))
	}
	if first.Home != second.parsed[0].page {
		t.Error("the first page was parsed again")
	}
	if len(first.parsed) != 1 {
		t.Error("the Case before was changed")
	}
	third := NewCase(Input{Target: target, Obs: obs}, second)
	if third.Home != second.Home {
		t.Error("the answer was parsed again")
	}
}

func TestAttemptsEndWithThisLook(t *testing.T) {
	earlier := make([]Attempt, 1, 8) // spare room that must not be written to
	earlier[0] = Attempt{Liveness: Down, Cause: "timeout"}
	obs := &crawler.Observation{Domain: "example.cn", At: time.Unix(1, 0), Lookups: []crawler.Lookup{answer("example.cn")}}
	in := Input{Target: &crawler.Target{Domain: "example.cn"}, Obs: obs, Attempts: earlier}
	c := NewCase(in, nil)
	if len(c.Attempts) != 2 || c.Attempts[1].Cause != "dns-nxdomain" || !c.Attempts[1].At.Equal(obs.At) {
		t.Errorf("attempts are %+v", c.Attempts)
	}
	if len(in.Attempts) != 1 || earlier[:2][1] != (Attempt{}) {
		t.Error("the attempts that were given were changed")
	}
}

// TestTroubleIsOurs: when we were stopped, only an answer of the site's own
// still counts.
func TestTroubleIsOurs(t *testing.T) {
	for body, want := range map[string]Liveness{sitePage: Serving, nginxPage: Unseen, "!refused": Unseen} {
		obs := &crawler.Observation{Domain: "example.cn", Trouble: "no file handles"}
		obs.Visits = append(obs.Visits, script{"http://example.cn/": body}.visit("example.cn", crawler.Ask{Kind: crawler.AskHome}))
		if c := NewCase(Input{Target: &crawler.Target{Domain: "example.cn"}, Obs: obs}, nil); c.Liveness != want {
			t.Errorf("%.20s: %s, want %s", body, c.Liveness, want)
		}
	}
}

func TestAnIPAddressIsASiteOfItsOwn(t *testing.T) {
	target := &crawler.Target{Domain: "192.0.2.10", Filing: crawler.Filing{Status: crawler.FilingUnfiled}}
	c, _ := script{"http://192.0.2.10/": sitePage}.look(t, target)
	if c.Away != "" || c.Liveness != Serving {
		t.Errorf("%s, away %q", c.Liveness, c.Away)
	}
	c, _ = script{"http://192.0.2.10/": "-> http://example.cn/", "http://example.cn/": sitePage}.look(t, target)
	if c.Away != "example.cn" || c.Liveness != Placeholder {
		t.Errorf("%s, away %q", c.Liveness, c.Away)
	}
}

func TestRegistrable(t *testing.T) {
	for host, want := range map[string]string{
		"www.example.com.cn": "example.com.cn", "a.b.example.cn": "example.cn", "EXAMPLE.CN.": "example.cn", "www.xn--fiqs8s": "www.xn--fiqs8s",
		"192.0.2.1": "192.0.2.1", "2001:db8::1": "2001:db8::1", "gov.cn": "gov.cn", "localhost": "localhost", "": "",
	} {
		if got := Registrable(host); got != want {
			t.Errorf("registrable(%q) is %q, want %q", host, got, want)
		}
	}
}

// TestEveryReasonHasAText reads the list of reasons from its source.
func TestEveryReasonHasAText(t *testing.T) {
	src, err := os.ReadFile("reasons.go")
	if err != nil {
		t.Fatal(err)
	}
	words := regexp.MustCompile(`Reason = "([a-z-]+)"`).FindAllSubmatch(src, -1)
	if len(words) < 30 {
		t.Fatalf("read only %d reasons", len(words))
	}
	for _, m := range words {
		if text := reasonTexts[Reason(m[1])]; text.ZH == "" || text.EN == "" {
			t.Errorf("reason %s has no text in one of the languages", m[1])
		}
	}
	if len(words) != len(reasonTexts) {
		t.Errorf("%d reasons, %d texts", len(words), len(reasonTexts))
	}
}

func TestRulesetNamesAVersion(t *testing.T) {
	name := Ruleset()
	if !regexp.MustCompile(`^2[0-9]{3}-[0-9]{2}-[0-9a-f]{12}$`).MatchString(name) || name != Ruleset() {
		t.Errorf("the rule set is called %q", name)
	}
	changed := DefaultPolicy()
	changed.Suffix["京"] = SuffixAny
	if changed.Ruleset() == name {
		t.Error("a changed policy keeps the name")
	}
	if DefaultPolicy().Ruleset() != name {
		t.Error("the default policy has another name the second time")
	}
}

// TestPolicyListsAreTheRuleset: another list is another rule set.
func TestPolicyListsAreTheRuleset(t *testing.T) {
	p := DefaultPolicy()
	was := p.Ruleset()
	if p.Ruleset() != was {
		t.Error("the name of a rule set depends on chance")
	}
	p.Registrars, _ = lists.ReadRegistrars(strings.NewReader("某某网络有限公司"))
	if p.Ruleset() == was {
		t.Error("a list of registrars does not change the rule set")
	}
}
