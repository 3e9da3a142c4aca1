package registration

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/guard"
)

// networkFailure sorts the errors of a connection. asked is the context of the
// question, whose end is the server's slowness.
func networkFailure(asked context.Context, err error) *crawler.Failure {
	kind := crawler.FailProtocol
	var ne net.Error
	switch {
	case errors.Is(asked.Err(), context.Canceled):
		kind = crawler.FailOurs
	case errors.Is(err, guard.ErrForbidden):
		kind = crawler.FailGuard
	case crawler.OurTrouble(err):
		kind = crawler.FailOurs
	case errors.Is(err, syscall.ECONNREFUSED):
		kind = crawler.FailRefused
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		kind = crawler.FailUnreachable
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		kind = crawler.FailReset
	case errors.As(err, &ne) && ne.Timeout(), asked.Err() != nil:
		kind = crawler.FailTimeout
	}
	return crawler.NewFailure(kind, err.Error())
}
