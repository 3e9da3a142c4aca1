package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/beianwatch/beianwatch/crawler/pace"
)

// Unavailable reports whether err says that the database cannot be reached or
// has no time for us now, so that the same is worth trying again: a server that
// is down, starting, or has too many connections, a connection that was cut, a
// deadlock, a deadline that passed while it was waited for, an SQLite file that
// another connection has locked. A full disk, a damaged file, a statement that
// is wrong are not among them; nor is nil, nor a context that was cancelled.
func Unavailable(err error) bool {
	if err == nil {
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return unavailableState(pg.Code)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		code := lite.Code() & 0xff
		return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || ofNetwork(err) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		strings.Contains(err.Error(), "conn closed") // pgconn has no value for it
}

// ofNetwork reports whether err comes from a connection or a deadline. Errors of
// files have the methods of a net.Error too, by their error number: a full disk or
// an inventory that is not there is no reason to wait for the database.
func ofNetwork(err error) bool {
	var network net.Error // context.DeadlineExceeded is one
	if !errors.As(err, &network) {
		return false
	}
	_, number := network.(syscall.Errno)
	return !number
}

// unavailableState reports whether an error code of PostgreSQL (SQLSTATE,
// appendix A of its manual) is of this kind.
func unavailableState(code string) bool {
	switch {
	case strings.HasPrefix(code, "08"), // connection exceptions
		strings.HasPrefix(code, "57P"), // shut down, starting up, idle session ended
		strings.HasPrefix(code, "40"),  // deadlock, serialization
		code == "53300",                // too many connections
		code == "55P03":                // a lock was not had in time
		return true
	}
	return false
}

// Patiently opens something in the database. While its server is being started
// or restarted it tries again, for a minute at most; waiting is called before
// each further try.
func Patiently(ctx context.Context, open func() error, waiting func(error)) error {
	wait := 250 * time.Millisecond
	for began := time.Now(); ; wait = min(2*wait, 5*time.Second) {
		err := open()
		if !Unavailable(err) || time.Since(began) > time.Minute {
			return err
		}
		waiting(err)
		if pace.Wait(ctx, wait) != nil {
			return err
		}
	}
}
