package browser

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"syscall"

	"github.com/chromedp/cdproto/network"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// documentFailure is how a site answered a visitor's browser with no page: by
// what our dial saw where there was no connection, else by the browser's word.
func documentFailure(l *load, address, word string) *crawler.Failure {
	kind := wordKind(word)
	switch dialled, err := l.reached(placeOf(address)); {
	case err != nil:
		kind = dialKind(err)
		word += ": " + err.Error()
	case !dialled && ofConnection(kind): // between the browser and us
		kind = crawler.FailOurs
	}
	return crawler.NewFailure(kind, word)
}

// placeOf returns host:port of an address.
func placeOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// dialKind says of an error of our dial what it is.
func dialKind(err error) crawler.FailureKind {
	var timeout net.Error
	switch {
	case crawler.OurTrouble(err), errors.Is(err, errNoRoute), errors.Is(err, errResolver), errors.Is(err, errOurs):
		return crawler.FailOurs
	case errors.Is(err, guard.ErrForbidden):
		return crawler.FailGuard
	case errors.Is(err, syscall.ECONNREFUSED):
		return crawler.FailRefused
	case errors.Is(err, syscall.ECONNRESET):
		return crawler.FailReset
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return crawler.FailUnreachable
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return crawler.FailTimeout
	}
	return crawler.FailOurs
}

// ofConnection reports whether such a failure takes a connection to the site, or the
// attempt at one.
func ofConnection(k crawler.FailureKind) bool {
	switch k {
	case crawler.FailReset, crawler.FailRefused, crawler.FailTimeout, crawler.FailTLS:
		return true
	}
	return false
}

// wordKind says of the browser's word what it is. A word that is not known
// says nothing of the site.
func wordKind(word string) crawler.FailureKind {
	switch name := strings.TrimPrefix(word, "net::ERR_"); {
	case name == "EMPTY_RESPONSE", name == "CONNECTION_RESET", name == "CONNECTION_CLOSED":
		return crawler.FailReset
	case name == "CONNECTION_REFUSED":
		return crawler.FailRefused
	case name == "TIMED_OUT", name == "CONNECTION_TIMED_OUT":
		return crawler.FailTimeout
	case strings.HasPrefix(name, "SSL_"), strings.HasPrefix(name, "BAD_SSL_"), strings.HasPrefix(name, "CERT_"):
		return crawler.FailTLS
	case name == "TOO_MANY_REDIRECTS":
		return crawler.FailRedirects
	case name == "INVALID_REDIRECT", name == "UNSAFE_REDIRECT", name == "UNKNOWN_URL_SCHEME", name == "UNSAFE_PORT":
		return crawler.FailScheme
	case strings.HasPrefix(name, "INVALID_"), strings.HasPrefix(name, "HTTP2_"), strings.HasPrefix(name, "RESPONSE_"),
		strings.HasPrefix(name, "CONTENT_"), name == "INCOMPLETE_CHUNKED_ENCODING", name == "ABORTED":
		return crawler.FailProtocol
	}
	return crawler.FailOurs
}

// sameForAll reports whether a visitor's browser would end a request the same
// way: the page's own script or policy stopped it.
func sameForAll(e *network.EventLoadingFailed) bool {
	if e.Canceled || e.BlockedReason != "" && e.BlockedReason != network.BlockedReasonInspector || e.CorsErrorStatus != nil {
		return true
	}
	switch e.ErrorText {
	case errBodiless, // its status is judged
		"net::ERR_ABORTED", "net::ERR_BLOCKED_BY_ORB", "net::ERR_BLOCKED_BY_RESPONSE", "net::ERR_BLOCKED_BY_CSP", "net::ERR_UNSAFE_PORT",
		"net::ERR_UNKNOWN_URL_SCHEME", "net::ERR_DISALLOWED_URL_SCHEME", "net::ERR_INVALID_URL", "net::ERR_FILE_NOT_FOUND", "net::ERR_TOO_MANY_REDIRECTS", "net::ERR_UNSAFE_REDIRECT":
		return true
	}
	return strings.HasPrefix(e.ErrorText, "net::ERR_CERT_")
}

// withheld reports whether a server may answer other browsers better than
// ours: refusals of firewalls, and bad moments. That a visitor is not logged in
// (401) or a file is not there (404) is so for everybody.
func withheld(status int) bool {
	switch status {
	case 403, 405, 412, 418, 421, 429:
		return true
	}
	return status >= 500
}
