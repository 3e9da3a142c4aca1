package crawler

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Failure is how a site failed us: a fact about the site, not an error in
// the crawler.
type Failure struct {
	Kind   FailureKind
	Detail string // the library's own words, control characters removed, at most 200 bytes
	// Begun: the server had begun to answer, or its side of the handshake, when our
	// time for it was over. Who drips is not silent: a browser may have waited.
	Begun bool
}

// detailMax bounds Failure.Detail in bytes: enough for the longest message of
// the Go network libraries, too little for a page to speak through our logs.
const detailMax = 200

// NewFailure makes a failure whose detail is fit to be shown: one line, no
// control or invisible format characters, at most 200 bytes.
func NewFailure(kind FailureKind, detail string) *Failure {
	return &Failure{Kind: kind, Detail: Detail(detail)}
}

// Detail makes words that come from a library or a stranger's server fit to be
// shown: no control or format characters (so no terminal escapes and no
// right-to-left overrides), at most 200 bytes of valid UTF-8.
func Detail(s string) string {
	if len(s) > 4*detailMax {
		s = s[:4*detailMax]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	if len(s) <= detailMax {
		return s
	}
	cut := detailMax
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

// String returns kind and detail for logs and reports.
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

// Ours reports whether the failure says nothing about the site: local resources
// ran out, our deadline passed, or our guard forbade the dial.
func (k FailureKind) Ours() bool { return k == FailOurs || k == FailGuard }

// DNS reports whether the failure was one of name resolution.
func (k FailureKind) DNS() bool {
	switch k {
	case FailDNSNoName, FailDNSNoAddr, FailDNSServer, FailDNSTimeout:
		return true
	}
	return false
}
