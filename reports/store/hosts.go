package store

import (
	"context"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// How long it may take to connect to a server, unless the address says otherwise. Where
// it names several, one that does not answer must not take the time of the next.
const (
	connectTime     = 10 * time.Second
	connectTimeEach = 3 * time.Second
)

// hosts lists the servers that an address names, as host:port or the folder of a socket.
func hosts(conf *pgconn.Config) []string {
	list := []string{hostOf(conf.Host, conf.Port)}
	for _, f := range conf.Fallbacks { // a server is there again for each way to secure the connection
		if h := hostOf(f.Host, f.Port); !slices.Contains(list, h) {
			list = append(list, h)
		}
	}
	return list
}

func hostOf(host string, port uint16) string {
	if strings.HasPrefix(host, "/") {
		return host
	}
	return net.JoinHostPort(host, strconv.Itoa(int(port)))
}

// address is how people read of a database.
func address(conf *pgconn.Config) string {
	u := url.URL{Scheme: "postgres", User: url.User(conf.User), Path: "/" + conf.Database}
	list := strings.Join(hosts(conf), ",")
	if strings.HasPrefix(list, "/") {
		u.RawQuery = "host=" + list
	} else {
		u.Host = list
	}
	return u.String()
}

// onlyPrimary refuses connections to a standby, which would be read in the place of the
// primary, and would fail all that is to be written, until it is promoted: so whoever
// connects goes on to the next server, or waits. While the database is being opened one
// that stands alone is let through, to be explained (see fit).
func (s *Store) onlyPrimary(ctx context.Context, conn *pgconn.PgConn) error {
	if !s.insists.Load() {
		return nil
	}
	return pgconn.ValidateConnectTargetSessionAttrsPrimary(ctx, conn)
}

// both makes one check of two; the second may be nil.
func both(first, second pgconn.ValidateConnectFunc) pgconn.ValidateConnectFunc {
	return func(ctx context.Context, conn *pgconn.PgConn) error {
		err := first(ctx, conn)
		if err == nil && second != nil {
			err = second(ctx, conn)
		}
		return err
	}
}
