package web

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// stopped reports whether it is the caller's time that ended, not the site's.
// A socket's deadline may fire a moment before the context's timer does.
func stopped(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(deadline)
}

func ours(ctx context.Context) *crawler.Failure {
	why := message.RunTimeUp
	if errors.Is(ctx.Err(), context.Canceled) {
		why = message.RunStopped
	}
	return crawler.NewFailure(crawler.FailOurs, why.Fill())
}

func isTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}

// network sorts the errors that any step can meet; nil if it is none of them.
func network(ctx context.Context, err error) *crawler.Failure {
	kind := crawler.FailureKind("")
	switch {
	case stopped(ctx):
		return ours(ctx)
	case errors.Is(err, guard.ErrPort):
		kind = crawler.FailScheme
	case errors.Is(err, guard.ErrForbidden):
		kind = crawler.FailGuard
	case crawler.OurTrouble(err):
		kind = crawler.FailOurs
	case errors.Is(err, syscall.ECONNREFUSED):
		kind = crawler.FailRefused
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTDOWN):
		kind = crawler.FailUnreachable
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		kind = crawler.FailReset
	case isTimeout(err), errors.Is(err, syscall.ETIMEDOUT):
		kind = crawler.FailTimeout
	default:
		return nil
	}
	return crawler.NewFailure(kind, err.Error())
}

// connectFailure sorts an error of the dial.
func connectFailure(ctx context.Context, a netip.Addr, err error) *crawler.Failure {
	// "Network unreachable" over IPv6 is what a machine without IPv6 says of
	// every address.
	if a.Is6() && errors.Is(err, syscall.ENETUNREACH) && !stopped(ctx) {
		return crawler.NewFailure(crawler.FailOurs, "no way to IPv6 from here: "+err.Error())
	}
	if f := network(ctx, err); f != nil {
		return f
	}
	return crawler.NewFailure(crawler.FailUnreachable, err.Error())
}

// handshakeFailure sorts an error of the TLS handshake. A reset there is kept
// apart: it is how a name is blocked by its SNI.
func handshakeFailure(ctx context.Context, err error) *crawler.Failure {
	if f := network(ctx, err); f != nil {
		if f.Kind == crawler.FailReset || f.Kind == crawler.FailTimeout {
			f.Detail = crawler.Detail("in the TLS handshake: " + f.Detail)
		}
		return f
	}
	var notTLS tls.RecordHeaderError
	switch {
	case errors.As(err, &notTLS):
		return crawler.NewFailure(crawler.FailTLS, message.NotTLS.Fill())
	case strings.Contains(err.Error(), "failed to parse certificate"):
		// Go is stricter than browsers here, so nothing follows for the site.
		return crawler.NewFailure(crawler.FailOurs, err.Error())
	}
	return crawler.NewFailure(crawler.FailTLS, err.Error())
}

// answerFailure sorts an error of request or answer.
func answerFailure(ctx context.Context, err error) *crawler.Failure {
	if f := network(ctx, err); f != nil {
		if f.Kind == crawler.FailReset && errors.Is(err, io.EOF) {
			f.Detail = message.ClosedEarly.Fill()
		}
		return f
	}
	text := err.Error()
	// net/http does not export the error of a connection that the server closed
	// before the request was sent.
	if strings.Contains(text, "server closed idle connection") {
		return crawler.NewFailure(crawler.FailReset, message.ClosedEarly.Fill())
	}
	return crawler.NewFailure(crawler.FailProtocol, strings.TrimPrefix(strings.TrimPrefix(text, "net/http: "), "HTTP/1.x transport connection broken: "))
}
