package warc

import (
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// registration is what a registry said, in the metadata record.
type registration struct {
	Domain      text      `json:"domain"`
	Protocol    text      `json:"protocol"`
	Server      text      `json:"server,omitempty"`
	At          time.Time `json:"at"`
	Holder      text      `json:"holder,omitempty"`
	Redacted    bool      `json:"redacted,omitempty"`
	Registrar   text      `json:"registrar,omitempty"`
	RegistrarID text      `json:"registrar_id,omitempty"`
	Statuses    []text    `json:"statuses,omitempty"`
	Registered  time.Time `json:"registered,omitzero"`
	Expires     time.Time `json:"expires,omitzero"`
	NameServers []text    `json:"name_servers,omitempty"`
	Failure     *failure  `json:"failure,omitempty"`
	Raw         []byte    `json:"raw,omitempty"` // base64
}

func registrationOf(r *crawler.Registration) *registration {
	if r == nil {
		return nil
	}
	return &registration{
		Domain: text(r.Domain), Protocol: text(r.Protocol), Server: text(r.Server), At: r.At, Holder: text(r.Holder), Redacted: r.Redacted,
		Registrar: text(r.Registrar), RegistrarID: text(r.RegistrarID), Statuses: texts(r.Statuses), Registered: r.Registered, Expires: r.Expires,
		NameServers: texts(r.NameServers), Failure: failureOf(r.Failure), Raw: r.Raw,
	}
}

// registration is the way back from registrationOf.
func (r *registration) registration() *crawler.Registration {
	if r == nil {
		return nil
	}
	return &crawler.Registration{
		Domain: string(r.Domain), Protocol: crawler.RegistrationProtocol(r.Protocol), Server: string(r.Server), At: r.At, Holder: string(r.Holder), Redacted: r.Redacted,
		Registrar: string(r.Registrar), RegistrarID: string(r.RegistrarID), Statuses: plain(r.Statuses), Registered: r.Registered, Expires: r.Expires,
		NameServers: plain(r.NameServers), Failure: r.Failure.failure(), Raw: r.Raw,
	}
}
