package message

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestErrorf: an error is English for logs and in the reader's language for a
// reader, its values and causes too; what it wraps is found.
func TestErrorf(t *testing.T) {
	_, absent := os.Open(filepath.Join(t.TempDir(), "none.csv"))
	inner := Errorf("第 %d 行：%w", "line %d: %w", 3, Errorf("%q 不是数字", "%q is no number", "x"))
	err := fmt.Errorf("reading: %w", Errorf("清单 %[2]s：%[1]w", "inventory %[2]s: %[1]w", inner, "a.csv"))
	if got, want := Explain(err, "zh"), `清单 a.csv：第 3 行："x" 不是数字`; got != want {
		t.Errorf("zh: %s, want %s", got, want)
	}
	if got, want := Explain(err, "en"), `inventory a.csv: line 3: "x" is no number`; got != want {
		t.Errorf("en: %s, want %s", got, want)
	}
	if want := `reading: inventory a.csv: line 3: "x" is no number`; err.Error() != want {
		t.Errorf("for logs: %s, want %s", err, want)
	}
	wrapped := Errorf("打开：%w", "opening: %w", absent)
	if !errors.Is(wrapped, fs.ErrNotExist) {
		t.Error("what was wrapped is not found")
	}
	if got := Explain(wrapped, "zh"); !strings.HasSuffix(got, "none.csv：不存在") {
		t.Errorf("the cause is told as %s", got)
	}
}

// TestFewerValues: one language may leave out what the other tells.
func TestFewerValues(t *testing.T) {
	got := Format("写法有误", "it cannot be read (%s, 5%% of %d)", "detail", 3)
	if got.ZH != "写法有误" || got.EN != "it cannot be read (detail, 5% of 3)" {
		t.Errorf("got %+v", got)
	}
}

// TestNoAddressOfOurs: the errors of the network name the address and port of
// this machine; no reader is told of them.
func TestNoAddressOfOurs(t *testing.T) {
	ours := &net.TCPAddr{IP: net.IPv4(10, 9, 8, 7), Port: 34076}
	theirs := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80}
	for _, c := range []struct {
		err  error
		want string
	}{
		{&net.OpError{Op: "read", Net: "tcp", Source: ours, Addr: theirs, Err: os.ErrDeadlineExceeded}, "超时"},
		{&net.OpError{Op: "read", Net: "tcp", Source: ours, Addr: theirs, Err: os.NewSyscallError("read", syscall.ECONNRESET)}, "连接被对方重置"},
		{&net.OpError{Op: "dial", Net: "tcp", Addr: theirs, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, "连接被拒绝"},
		{&net.OpError{Op: "listen", Net: "tcp", Addr: ours, Err: os.NewSyscallError("bind", syscall.EADDRINUSE)}, "端口已被占用"},
		{fmt.Errorf("asking: %w", context.DeadlineExceeded), "超时"},
		{&net.DNSError{Name: "a.cn", IsNotFound: true}, "域名 a.cn 不存在"},
	} {
		zh, en := Explain(c.err, "zh"), Explain(c.err, "en")
		if zh != c.want {
			t.Errorf("%v: %s, want %s", c.err, zh, c.want)
		}
		if strings.Contains(zh+en, "10.9.8.7") || strings.Contains(zh+en, "34076") {
			t.Errorf("%v: tells our address: %s, %s", c.err, zh, en)
		}
	}
}

func TestCauses(t *testing.T) {
	_, number := strconv.Atoi("abc")
	_, date := time.Parse(time.DateOnly, "today")
	for _, err := range []error{number, date, syscall.ENOSPC, syscall.Errno(9999), fs.ErrPermission} {
		if zh := Explain(err, "zh"); strings.Contains(zh, "internal") || !regexp.MustCompile(`\p{Han}`).MatchString(zh) {
			t.Errorf("%v: %s", err, zh)
		}
	}
	if got := Explain(errors.New("odd thing"), "zh"); !strings.HasPrefix(got, "程序内部错误") {
		t.Errorf("what nobody knows is told as %s", got)
	}
	if got := Explain(errors.Join(syscall.ENOSPC, fs.ErrPermission), "zh"); got != "磁盘已满：请腾出空间；没有权限" {
		t.Errorf("two errors: %s", got)
	}
}

// TestRead: what is stored is read back, and only that.
func TestRead(t *testing.T) {
	for _, r := range Remarks() {
		n := len(verb.FindAllString(r.EN, -1))
		values, seen := make([]any, n), make([]string, n)
		for i, v := range verb.FindAllString(r.EN, -1) {
			switch v[len(v)-1] {
			case 'd':
				values[i], seen[i] = 7, "7"
			case 'f':
				values[i], seen[i] = 5.0, "5"
			default:
				values[i], seen[i] = "a.cn", "a.cn"
			}
		}
		stored := r.Fill(values...)
		got, ok := Read(stored)
		if !ok || got.EN != stored {
			t.Errorf("%q is not read back: %v", stored, got)
			continue
		}
		for _, s := range seen {
			if !strings.Contains(got.ZH, s) {
				t.Errorf("%q: %q lacks %s", stored, got.ZH, s)
			}
		}
		if strings.Contains(got.ZH, "%!") || strings.Contains(got.ZH, "%%") {
			t.Errorf("%q: %q", stored, got.ZH)
		}
	}
	for _, other := range []string{"", "read tcp 127.0.0.1:34076->192.0.2.1:80: i/o timeout", strings.Repeat("x", 1<<20)} {
		if got, ok := Read(other); ok {
			t.Errorf("%.40q is read as %v", other, got)
		}
	}
}

// FuzzRead: what is stored may come from a stranger's file.
func FuzzRead(f *testing.F) {
	f.Add(CertName.Fill("a.cn"))
	f.Add("%s%d")
	f.Fuzz(func(t *testing.T, stored string) {
		if got, ok := Read(stored); ok && got.EN != stored {
			t.Errorf("%q became %q", stored, got.EN)
		}
	})
}
