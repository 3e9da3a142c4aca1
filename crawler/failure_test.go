package crawler

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
)

func TestDetail(t *testing.T) {
	for in, want := range map[string]string{
		"":                                        "",
		"plain words":                             "plain words",
		"备案 中文":                                   "备案 中文",
		"two\r\nlines\tand a tab":                 "two  lines and a tab",
		"\x1b[31mred\x1b[0m\x00\x07":              "[31mred[0m",
		"\u202ereversed\u2066\u200b":              "reversed",
		"bad \xff\xfe bytes":                      "bad  bytes",
		strings.Repeat("a", 1000):                 strings.Repeat("a", 200),
		strings.Repeat("备", 100):                  strings.Repeat("备", 66),
		"a" + strings.Repeat("\u200b", 500) + "b": "a",
	} {
		if got := Detail(in); got != want {
			t.Errorf("Detail(%.40q) = %.250q, want %.250q", in, got, want)
		}
	}
}

func TestOurTrouble(t *testing.T) {
	wrap := func(no syscall.Errno) error {
		return fmt.Errorf("looking: %w", &net.OpError{Op: "dial", Err: os.NewSyscallError("socket", no)})
	}
	for _, no := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.EADDRNOTAVAIL, syscall.EACCES} {
		if !OurTrouble(wrap(no)) {
			t.Errorf("%v is our trouble", no)
		}
	}
	for _, err := range []error{nil, errors.New("x"), wrap(syscall.ECONNREFUSED), wrap(syscall.ECONNRESET), wrap(syscall.EHOSTUNREACH), os.ErrDeadlineExceeded} {
		if OurTrouble(err) {
			t.Errorf("%v is no trouble of ours", err)
		}
	}
}

func TestKindsOfFailure(t *testing.T) {
	for _, k := range []FailureKind{FailOurs, FailGuard} {
		if !k.Ours() || k.DNS() {
			t.Errorf("%s", k)
		}
	}
	for _, k := range []FailureKind{FailDNSNoName, FailDNSNoAddr, FailDNSServer, FailDNSTimeout} {
		if k.Ours() || !k.DNS() {
			t.Errorf("%s", k)
		}
	}
	if s := NewFailure(FailReset, "x").String() + "|" + NewFailure(FailReset, "").String(); s != "reset: x|reset" {
		t.Error(s)
	}
}

func FuzzDetail(f *testing.F) {
	f.Add("\x1b[2J备案\u202e\xff")
	f.Fuzz(func(t *testing.T, s string) {
		d := Detail(s)
		if len(d) > detailMax || !utf8.ValidString(d) || strings.ContainsAny(d, "\x00\x1b\r\n\u202e\u200b") || Detail(d) != d {
			t.Fatalf("Detail(%q) = %q", s, d)
		}
	})
}
