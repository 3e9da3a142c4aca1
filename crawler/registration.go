package crawler

import "time"

// A Registration is what a domain's registry says of it, by WHOIS or RDAP. A
// registry that throttles us, refuses or talks nonsense is a Failure: a fact,
// from which nothing follows for the domain.
type Registration struct {
	Domain      string               // the registrable domain that was asked for, an A-label
	Protocol    RegistrationProtocol // how it was asked
	Server      string               // host:port, or the URL that answered
	At          time.Time            // when the answer (or the failure) came
	Holder      string               // 域名所有人 as written; empty if it is redacted or not given
	Redacted    bool                 // the registry has a holder and hides the name
	Registrar   string               // 注册服务机构 as written
	RegistrarID string               // the registrar's IANA id; empty if not given
	Statuses    []string             // EPP statuses as written, at most 20
	Registered  time.Time            // zero if not given
	Expires     time.Time            // zero if not given
	NameServers []string             // lower case, at most 20
	Failure     *Failure             // set when no usable answer came; then no other fact is
	Raw         []byte               // the answer as received, at most 64 KiB
}

// RegistrationProtocol says how a registry was asked.
type RegistrationProtocol string

// The protocols.
const (
	ProtocolWHOIS RegistrationProtocol = "whois" // RFC 3912, with the fields of CNNIC
	ProtocolRDAP  RegistrationProtocol = "rdap"  // RFC 9082 and 9083
)

// The ways in which a registry or a register gives no usable answer, beside
// those of a network.
const (
	FailThrottled FailureKind = "throttled"  // we asked too often for its taste
	FailGarbage   FailureKind = "garbage"    // the answer is not of the form that it should have, or too long, or ended early
	FailNoRecord  FailureKind = "no-record"  // it knows no such name
	FailNoService FailureKind = "no-service" // no one is known who could be asked
	FailDenied    FailureKind = "denied"     // it refused to answer (HTTP 401, 403, 5xx)
	FailNoTurn    FailureKind = "no-turn"    // our own pace towards it left no room for the question
)

// Usable reports whether facts follow from the registration; a nil one was not
// asked for.
func (r *Registration) Usable() bool { return r != nil && r.Failure == nil }
