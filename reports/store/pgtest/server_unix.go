//go:build unix

package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// superuser owns the server and its databases.
const superuser = "postgres"

// A Server is a PostgreSQL server of a test.
type Server struct {
	dir    string // everything that the server has on disk
	socket string
	as     *syscall.SysProcAttr // PostgreSQL will not run as root

	running *exec.Cmd
	hold    io.WriteCloser // the server stops when this is closed, by us or by our end
	log     *bytes.Buffer
}

// keeper runs the server in the folder $1 until its own input ends, which it
// does when the test's process ends, however that came about; then it deletes
// the folder, unless it was told to keep it.
const keeper = `dir=$1; shift; "$@" & pid=$!; read -r word; kill -QUIT $pid 2>/dev/null; wait $pid; [ "$word" = keep ] || rm -rf "$dir"`

// start makes a server's folder and starts it.
func start() (*Server, error) { return startWith("initdb", (*Server).initialize) }

// startStandby starts a server that follows another one.
func startStandby(of *Server) (*Server, error) {
	return startWith("pg_basebackup", func(s *Server, program string) error {
		out, err := s.command(program, "-D", s.data(), "-h", of.socket, "-U", superuser, "--write-recovery-conf", "--checkpoint=fast", "--no-sync").CombinedOutput()
		if err != nil {
			return fmt.Errorf("pg_basebackup: %w: %s", err, out)
		}
		return nil
	})
}

// startWith starts a server whose data a program makes.
func startWith(program string, fill func(s *Server, path string) error) (*Server, error) {
	path, err := find(program)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "beianwatch-pg")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, socket: filepath.Join(dir, "socket")}
	if err = s.own(); err == nil {
		err = fill(s, path)
	}
	if err == nil {
		err = s.Start()
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// data is the folder of the server's data.
func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// own makes the folders the server's.
func (s *Server) own() error {
	if os.Getuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			return fmt.Errorf("%w for root: there is no user postgres to run it as: %w", errMissing, err)
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2, os.Chown(s.dir, uid, gid)); err != nil {
			return err
		}
		s.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	return s.command("mkdir", "-m", "700", s.socket).Run()
}

// initialize makes the first databases. Where the build can, text is sorted by a
// language and not by bytes, as on many real servers.
func (s *Server) initialize(initdb string) error {
	usual := []string{"-D", s.data(), "-U", superuser, "-A", "trust", "-E", "UTF8", "--no-sync"}
	for _, sorting := range [][]string{{"--locale-provider=icu", "--icu-locale=en-US", "--locale=C"}, {"--locale=C"}} {
		out, err := s.command(initdb, append(usual, sorting...)...).CombinedOutput()
		if err == nil {
			break
		}
		if len(sorting) == 1 {
			return fmt.Errorf("initdb: %w: %s", err, out)
		}
	}
	return nil
}

// Promote makes a standby a server of its own, which can be written to.
func (s *Server) Promote() error {
	program, err := find("pg_ctl")
	if err != nil {
		return err
	}
	if out, err := s.command(program, "promote", "--wait", "-D", s.data()).CombinedOutput(); err != nil {
		return fmt.Errorf("pg_ctl promote: %w: %s", err, out)
	}
	return nil
}

// command runs a program as the server's user.
func (s *Server) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.SysProcAttr = s.dir, s.as
	return cmd
}

// Start starts a server that was stopped and waits until it answers.
func (s *Server) Start() error {
	postgres, err := find("postgres")
	if err != nil {
		return err
	}
	args := []string{"-c", keeper, "keeper", s.dir, postgres, "-D", s.data()}
	// What a crash of the machine would lose is no loss here.
	for _, set := range []string{"listen_addresses=", "unix_socket_directories=" + s.socket, "fsync=off", "full_page_writes=off",
		"shared_buffers=32MB", "max_connections=200"} {
		args = append(args, "-c", set)
	}
	cmd := s.command("sh", args...)
	hold, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	s.log = &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = s.log, s.log
	if err := cmd.Start(); err != nil {
		return err
	}
	s.running, s.hold = cmd, hold
	return s.wait()
}

// wait returns when the server answers.
func (s *Server) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.DSN("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			halted := s.Halt()
			return fmt.Errorf("PostgreSQL did not start: %w: %s (%v)", err, s.log, halted)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Halt stops the server as a power cut would, and keeps its data for
// [Server.Start].
func (s *Server) Halt() error { return s.end("keep\n") }

// Stop stops the server and deletes its data.
func (s *Server) Stop() error { return errors.Join(s.end(""), os.RemoveAll(s.dir)) }

// end gives the keeper its last word.
func (s *Server) end(word string) error {
	if s.running == nil {
		return nil
	}
	_, err := io.WriteString(s.hold, word)
	err = errors.Join(err, s.hold.Close())
	var exit *exec.ExitError
	if ended := s.running.Wait(); !errors.As(ended, &exit) {
		err = errors.Join(err, ended) // the exit code of a server that was halted says nothing
	}
	s.running = nil
	return err
}
