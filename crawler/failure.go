package crawler

import "fmt"

// A Failure is how a site failed us: a fact about the site, not an error in
// the crawler.
type Failure struct {
	Kind   FailureKind
	Detail string // the library's own words, control characters removed, at most 200 bytes
}

// String gives kind and detail for logs and reports.
func (f *Failure) String() string {
	if f.Detail == "" {
		return string(f.Kind)
	}
	return fmt.Sprintf("%s: %s", f.Kind, f.Detail)
}

// FailureKind names a way to fail. The words are part of the JSONL contract
// (field "cause").
type FailureKind string

// The ways a site can fail.
const (
	FailDNSNoName   FailureKind = "dns-nxdomain"   // the name does not exist
	FailDNSNoAddr   FailureKind = "dns-no-address" // the name exists, without A and AAAA
	FailDNSServer   FailureKind = "dns-servfail"   // SERVFAIL, REFUSED or another refusal from every upstream
	FailDNSTimeout  FailureKind = "dns-timeout"    // no upstream answered in time
	FailGuard       FailureKind = "guard"          // the address is not one that we dial (private, loopback, metadata…)
	FailRefused     FailureKind = "refused"        // connection refused
	FailUnreachable FailureKind = "unreachable"    // no route to the host or network
	FailTimeout     FailureKind = "timeout"        // connect or answer took longer than the limit
	FailReset       FailureKind = "reset"          // connection reset or closed before an answer
	FailTLS         FailureKind = "tls"            // the TLS handshake failed
	FailProtocol    FailureKind = "protocol"       // the answer is not HTTP, or breaks a limit (header size)
	FailRedirects   FailureKind = "redirects"      // a loop, or more hops than the limit
	FailScheme      FailureKind = "scheme"         // a redirect to something other than http(s) or to a port that is not allowed
	FailRobots      FailureKind = "robots"         // robots.txt forbids this inner page
	FailOurs        FailureKind = "ours"           // our own trouble (no file handles, no local address, our deadline): says nothing of the site
)

// Ours tells whether the failure says nothing about the site: local resources
// ran out, our deadline passed, or our guard forbade the dial.
func (k FailureKind) Ours() bool { return k == FailOurs || k == FailGuard }

// DNS tells whether the failure was one of name resolution.
func (k FailureKind) DNS() bool {
	switch k {
	case FailDNSNoName, FailDNSNoAddr, FailDNSServer, FailDNSTimeout:
		return true
	}
	return false
}
