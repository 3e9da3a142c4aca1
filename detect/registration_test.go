package detect

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/region"
)

// holderFixture is what the inventory says of a domain.
type holderFixture struct {
	Name      string `yaml:"name"`
	Registrar string `yaml:"registrar"`
	Expires   string `yaml:"expires"`
}

// registryFixture is what a registry answered.
type registryFixture struct {
	Protocol  crawler.RegistrationProtocol `yaml:"protocol"` // whois if not given
	Domain    string                       `yaml:"domain"`   // the registrable domain if not given
	At        string                       `yaml:"at"`       // the day before the look if not given
	Holder    string                       `yaml:"holder"`
	Redacted  bool                         `yaml:"redacted"`
	Registrar string                       `yaml:"registrar"`
	ID        string                       `yaml:"registrar_id"`
	Statuses  []string                     `yaml:"statuses"`
	Expires   string                       `yaml:"expires"`
	Failure   crawler.FailureKind          `yaml:"failure"`
}

// registration fills in what registry and inventory say of the domain, and
// takes registrars.txt and suffixes.txt of the archive as the user's own lists.
func (f *fixture) registration(t *testing.T, a *txtar.Archive, in *Input) {
	t.Helper()
	in.Target.Holder.DomainHolder, in.Target.Holder.Registrar, in.Target.Holder.DomainExpires = f.Holder.Name, f.Holder.Registrar, day(t, f.Holder.Expires)
	for _, file := range a.Files {
		var err error
		switch file.Name {
		case "registrars.txt":
			in.Policy.Registrars, err = ReadRegistrars(bytes.NewReader(file.Data))
		case "suffixes.txt":
			in.Policy.Suffixes, err = ReadSuffixes(bytes.NewReader(file.Data))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if f.Registry == nil {
		return
	}
	r := &crawler.Registration{Domain: f.Registry.Domain, Protocol: f.Registry.Protocol, Server: "whois.example.net:43", At: in.At.Add(-24 * time.Hour),
		Holder: f.Registry.Holder, Redacted: f.Registry.Redacted, Registrar: f.Registry.Registrar, RegistrarID: f.Registry.ID,
		Statuses: f.Registry.Statuses, Expires: day(t, f.Registry.Expires)}
	if r.Domain == "" {
		r.Domain = registrable(in.Target.Domain)
	}
	if r.Protocol == "" {
		r.Protocol = crawler.ProtocolWHOIS
	}
	if f.Registry.At != "" {
		r.At = day(t, f.Registry.At)
	}
	if f.Registry.Failure != "" {
		r.Failure = &crawler.Failure{Kind: f.Registry.Failure}
	}
	in.Obs.Registration = r
}

// TestEmbeddedLists: the lists that the program brings can be read, and the
// registrars' list accuses none by leaving it out.
func TestEmbeddedLists(t *testing.T) {
	if defaultRegistrars().whole || defaultRegistrars().of("青禾域名服务有限公司", "") != approvalUnknown {
		t.Error("the embedded list of registrars claims to be whole")
	}
	for name, want := range map[string]approval{"阿里云计算有限公司（万网）": approvalGiven, "Alibaba Cloud Computing (Beijing) Co., Ltd.": approvalGiven,
		"NameCheap, Inc.": approvalRefused, "": approvalUnknown} {
		if got := defaultRegistrars().of(name, ""); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if defaultRegistrars().of("Somebody Ltd.", "1910") != approvalRefused {
		t.Error("an IANA id is not found")
	}
	if len(defaultHolders()) < 15 || !defaultSuffixes().approved["xn--fiqs8s"] || !defaultSuffixes().approved["com"] {
		t.Error("the embedded tables lack what they should hold")
	}
}

// TestListErrors: a line that cannot be read is named, with what to write.
func TestListErrors(t *testing.T) {
	readers := map[string]func(string) error{
		"registrars": func(s string) error { _, err := ReadRegistrars(strings.NewReader(s)); return err },
		"suffixes":   func(s string) error { _, err := ReadSuffixes(strings.NewReader(s)); return err },
		"holders":    func(s string) error { _, err := ReadHolders(strings.NewReader(s)); return err },
	}
	for _, c := range []struct{ reader, text, want string }{
		{"registrars", "\n某\n", "line 2"}, {"registrars", "!\n", "line 1"}, {"registrars", "# nothing\n", "empty"}, {"registrars", strings.Repeat("x", 100_000), "too long"},
		{"suffixes", "approved\n", "line 1"}, {"suffixes", "maybe com\n", "approved"}, {"suffixes", "refused-in com\n", "province"}, {"suffixes", "approved co.uk\n", "last dot"},
		{"holders", "豫\n", "line 1"}, {"holders", "河 unit\n", "province"}, {"holders", "豫 nobody\n", "unit or person"},
	} {
		if err := readers[c.reader](c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %.30q: %v, want %q", c.reader, c.text, err, c.want)
		}
	}
}

// FuzzLists: no list makes a reader panic.
func FuzzLists(f *testing.F) {
	f.Add(registrarsText)
	f.Add(suffixesText)
	f.Add(holdersText)
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := ReadRegistrars(strings.NewReader(s)); err == nil {
			r.of("Somebody", "1")
		}
		if r, err := ReadSuffixes(strings.NewReader(s)); err == nil {
			r.of("com", region.ByWord("京"), true)
		}
		ReadHolders(strings.NewReader(s)) //nolint:errcheck // only a panic would tell
	})
}

// TestPolicyListsAreTheRuleset: another list is another rule set.
func TestPolicyListsAreTheRuleset(t *testing.T) {
	p := DefaultPolicy()
	was := p.Ruleset()
	if p.Ruleset() != was {
		t.Error("the name of a rule set depends on chance")
	}
	p.Registrars, _ = ReadRegistrars(strings.NewReader("某某网络有限公司"))
	if p.Ruleset() == was {
		t.Error("a list of registrars does not change the rule set")
	}
}
