package rules

import (
	"bytes"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
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
func (f *fixture) registration(t *testing.T, a *txtar.Archive, in *detect.Input) {
	t.Helper()
	in.Target.Holder.DomainHolder, in.Target.Holder.Registrar, in.Target.Holder.DomainExpires = f.Holder.Name, f.Holder.Registrar, day(t, f.Holder.Expires)
	for _, file := range a.Files {
		var err error
		switch file.Name {
		case "registrars.txt":
			in.Policy.Registrars, err = lists.ReadRegistrars(bytes.NewReader(file.Data))
		case "suffixes.txt":
			in.Policy.Suffixes, err = lists.ReadSuffixes(bytes.NewReader(file.Data))
		case "shells.txt":
			in.Policy.Shells, err = lists.ReadShells(bytes.NewReader(file.Data))
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
		r.Domain = detect.Registrable(in.Target.Domain)
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
