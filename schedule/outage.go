package schedule

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/beianwatch/beianwatch/crawler/pace"
)

// outage tells whether an error says that the database server cannot be
// reached or has no time for us now: it is worth trying again. A full disk or
// a damaged file is not among them.
func outage(err error) bool {
	if err == nil {
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case strings.HasPrefix(pg.Code, "08"), // connection
			strings.HasPrefix(pg.Code, "57P"), // shut down, starting up, idle session ended
			strings.HasPrefix(pg.Code, "40"),  // deadlock, serialization
			pg.Code == "53300":                // too many connections
			return true
		}
		return false
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, errLost) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed")
}

// Patiently opens something in the database. While its server is being started
// or restarted it tries again, for a minute at most; waiting is called before
// each further try.
func Patiently(ctx context.Context, open func() error, waiting func(error)) error {
	var wait time.Duration
	for began := time.Now(); ; {
		err := open()
		if !outage(err) || time.Since(began) > time.Minute {
			return err
		}
		waiting(err)
		if !backoff(ctx, &wait) {
			return err
		}
	}
}

// backoff waits before another try; false if ctx ends first. The wait doubles
// up to a minute.
func backoff(ctx context.Context, wait *time.Duration) bool {
	*wait = min(max(2**wait, 250*time.Millisecond), time.Minute)
	return pace.Wait(ctx, *wait) == nil
}
