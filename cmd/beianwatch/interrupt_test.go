//go:build unix

package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// TestSecondInterrupt: a command that hangs in what cannot be stopped is told to end
// in good order by the first interrupt, and ends by the second.
func TestSecondInterrupt(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestHang$")
	cmd.Env = append(os.Environ(), "BEIANWATCH_HANG=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	// A shell that starts the tests in the background lets them and their children
	// ignore interrupts; a child of one that hears of them does not.
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGINT)
	defer signal.Stop(heard)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill() //nolint:errcheck // it has ended, if all is well
	// More than a pipe holds: when it is written, the command reads and waits for more.
	if _, err := io.WriteString(in, strings.Repeat("x", 256<<10)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	for lines.Scan() && !strings.Contains(lines.Text(), "Ctrl-C") {
	}
	if !strings.Contains(lines.Text(), "Ctrl-C") {
		t.Fatal("the first interrupt is not told of")
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGINT {
		t.Errorf("ended by %v, want the second interrupt", err)
	}
}

// TestHang is the command of TestSecondInterrupt, in a process of its own: it reads a
// page from a standard input that does not end.
func TestHang(t *testing.T) {
	if os.Getenv("BEIANWATCH_HANG") == "" {
		t.Skip("runs in a process of its own")
	}
	os.Args = []string{"beianwatch", "check", "--file", "-", "--render", "never"}
	os.Exit(interruptible())
}
