package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/beianwatch/beianwatch/reports/store/pgtest"
)

func TestUnavailableCodes(t *testing.T) {
	t.Parallel()
	state := func(code string) error { return fmt.Errorf("writing: %w", &pgconn.PgError{Code: code}) }
	for name, tt := range map[string]struct {
		err  error
		want bool
	}{
		"nothing":               {nil, false},
		"connection failure":    {state("08006"), true},
		"admin shutdown":        {state("57P01"), true},
		"cannot connect now":    {state("57P03"), true},
		"idle session":          {state("57P05"), true},
		"too many connections":  {state("53300"), true},
		"serialization":         {state("40001"), true},
		"deadlock":              {state("40P01"), true},
		"lock not available":    {state("55P03"), true},
		"disk full":             {state("53100"), false},
		"out of shared memory":  {state("53200"), false},
		"syntax":                {state("42601"), false},
		"unique":                {state("23505"), false},
		"query cancelled":       {state("57014"), false},
		"cut off":               {fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), true},
		"bad connection":        {driver.ErrBadConn, true},
		"pgconn":                {errors.New("conn closed"), true},
		"deadline":              {context.DeadlineExceeded, true},
		"cancelled":             {context.Canceled, false},
		"something of our own":  {errors.New("a record could not be packed"), false},
		"no rows":               {sql.ErrNoRows, false},
		"no such file":          {fmt.Errorf("reading: %w", &fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}), false},
		"no room on the disk":   {fmt.Errorf("evidence: %w", syscall.ENOSPC), false},
		"refused":               {&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, true},
		"joined with an outage": {errors.Join(errors.New("closing"), state("57P01")), true},
	} {
		if got := Unavailable(tt.err); got != tt.want {
			t.Errorf("%s (%v): %v, want %v", name, tt.err, got, tt.want)
		}
	}
}

// A file that another connection writes to is busy, not broken.
func TestUnavailableSQLite(t *testing.T) {
	t.Parallel()
	dsn := "file:" + filepath.Join(t.TempDir(), "x.db") + "?_pragma=busy_timeout(0)"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE a (x INTEGER PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	holder, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	if _, err := holder.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO a VALUES (1)`); !Unavailable(err) {
		t.Errorf("a locked file: %v", err)
	}
	if _, err := holder.ExecContext(t.Context(), `COMMIT`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO a VALUES (1)`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO a VALUES (1)`); err == nil || Unavailable(err) {
		t.Errorf("a row that is there twice: %v", err)
	}
	if _, err := db.Exec(`INSERT INTO b VALUES (1)`); err == nil || Unavailable(err) {
		t.Errorf("a table that is not there: %v", err)
	}
}

// A server that is stopped under a connection, and one that is not there.
func TestUnavailablePostgres(t *testing.T) {
	t.Parallel()
	server := pgtest.New(t)
	conn, err := pgx.Connect(t.Context(), server.DSN("test"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), `SELECT 1 FROM nothing`); err == nil || Unavailable(err) {
		t.Errorf("a table that is not there: %v", err)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the first answer may be the server's last word
		if _, err := conn.Exec(t.Context(), `SELECT 1`); !Unavailable(err) {
			t.Errorf("a server that was stopped: %v", err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := pgx.Connect(ctx, server.DSN("test")); !Unavailable(err) {
		t.Errorf("no server: %v", err)
	}
}
