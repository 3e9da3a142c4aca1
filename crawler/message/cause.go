package message

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"
)

// numbers are the errors of the operating system that a person can do something
// about or meets often.
var numbers = map[syscall.Errno]Text{
	syscall.ENOENT:       {"不存在", "it does not exist"},
	syscall.EACCES:       {"没有权限", "permission denied"},
	syscall.EPERM:        {"没有权限", "permission denied"},
	syscall.EEXIST:       {"已经存在", "it exists already"},
	syscall.ENOTDIR:      {"路径中有一段不是文件夹", "a part of the path is not a folder"},
	syscall.EISDIR:       {"是文件夹，不是文件", "it is a folder, not a file"},
	syscall.ENOSPC:       {"磁盘已满：请腾出空间", "the disk is full: make room"},
	syscall.EDQUOT:       {"磁盘配额已用完：请腾出空间，或提高配额", "the disk quota is used up: make room, or raise it"},
	syscall.EROFS:        {"文件系统只读", "the file system is read-only"},
	syscall.EMFILE:       {"本程序打开的文件过多", "too many files are open in this process"},
	syscall.ENFILE:       {"本机打开的文件过多", "too many files are open on this machine"},
	syscall.ENAMETOOLONG: {"名称过长", "the name is too long"},
	syscall.EIO:          {"读写磁盘出错", "the disk could not be read or written"},
	syscall.ECONNREFUSED: {"连接被拒绝", "the connection was refused"},
	syscall.ECONNRESET:   {"连接被对方重置", "the connection was reset"},
	syscall.EPIPE:        {"连接已被对方关闭", "the other end has closed"},
	syscall.ETIMEDOUT:    {"超时", "timed out"},
	syscall.EHOSTUNREACH: {"没有到该主机的路由", "no route to the host"},
	syscall.ENETUNREACH:  {"网络不可达", "the network is unreachable"},
	syscall.EADDRINUSE:   {"端口已被占用", "the port is in use"},
	syscall.EINVAL:       {"操作无效", "the operation is not valid there"},
	syscall.ENOMEM:       {"内存不足", "out of memory"},
}

// kinds are the errors of the standard library that stand for themselves.
var kinds = []struct {
	err  error
	text Text
}{
	{fs.ErrNotExist, Text{"不存在", "it does not exist"}},
	{fs.ErrPermission, Text{"没有权限", "permission denied"}},
	{fs.ErrExist, Text{"已经存在", "it exists already"}},
	{fs.ErrClosed, Text{"已经关闭", "it is closed already"}},
	{os.ErrDeadlineExceeded, Text{"超时", "timed out"}},
	{context.DeadlineExceeded, Text{"超时", "timed out"}},
	{context.Canceled, Text{"已中止", "stopped"}},
	{net.ErrClosed, Text{"连接已经关闭", "the connection is closed"}},
	{io.ErrUnexpectedEOF, Text{"数据不完整", "the data ends too early"}},
	{io.EOF, Text{"数据不完整", "the data ends too early"}},
	{strconv.ErrSyntax, Text{"不是数字", "it is no number"}},
	{strconv.ErrRange, Text{"数字超出范围", "the number is out of range"}},
}

// cause returns an error of the standard library in words; false for what it
// does not know, which may wrap what it does.
func cause(err error) (Text, bool) {
	for _, k := range kinds {
		if err == k.err { //nolint:errorlint // the chain is walked by the caller
			return k.text, true
		}
	}
	switch e := err.(type) { //nolint:errorlint // the chain is walked by the caller
	case syscall.Errno:
		if t, ok := numbers[e]; ok {
			return t, true
		}
		return Format("系统错误 %d", "system error %d", int(e)), true
	case *fs.PathError:
		return Format("%s：%v", "%s: %v", e.Path, e.Err), true
	case *os.LinkError:
		return Format("%s：%v", "%s: %v", e.New, e.Err), true
	case *strconv.NumError:
		return Format("%q %v", "%q: %v", e.Num, e.Err), true
	case *time.ParseError:
		return Format("%q 不是日期或时间", "%q is no date or time", e.Value), true
	case *net.DNSError:
		return dnsCause(e), true
	case x509.HostnameError:
		return Text{"证书不是为该域名签发的", "the certificate is not for this name"}, true
	case x509.UnknownAuthorityError:
		return Text{"证书的签发机构不受信任", "the certificate's authority is not trusted"}, true
	case x509.CertificateInvalidError:
		if e.Reason == x509.Expired {
			return Text{"证书不在有效期内", "the certificate is not valid at this time"}, true
		}
		return Text{"证书无效", "the certificate is not valid"}, true
	case tls.AlertError:
		return Text{"TLS 握手被对方拒绝", "the TLS handshake was refused"}, true
	case tls.RecordHeaderError:
		return Text{"对方没有使用 TLS", "the other end does not speak TLS"}, true
	}
	// A time-out of whatever kind; a *net.OpError says so too, with our address.
	var timed net.Error
	if errors.As(err, &timed) && timed.Timeout() {
		return Text{"超时", "timed out"}, true
	}
	return Text{}, false
}

// dnsCause is why a name was not resolved.
func dnsCause(e *net.DNSError) Text {
	switch {
	case e.IsNotFound:
		return Format("域名 %s 不存在", "there is no host %s", e.Name)
	case e.IsTimeout:
		return Format("解析 %s 超时", "resolving %s timed out", e.Name)
	}
	return Format("无法解析 %s", "%s could not be resolved", e.Name)
}
