package browser

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

// A netns is a network namespace of a browser's own: nothing is in it but a
// loopback interface, on which the outlets of its tabs listen. It is one thread of
// this process, which runs what is to be done in it. A nil netns is the network of
// this machine.
type netns struct{ work chan func() }

// newNetns makes a namespace. Only root may: Linux gives another user one together
// with a user namespace, which a process with threads cannot enter.
func newNetns() (*netns, error) {
	n, made := &netns{work: make(chan func())}, make(chan error)
	go n.live(made)
	if err := <-made; err != nil {
		return nil, fmt.Errorf("a network namespace for the browser: %w", err)
	}
	return n, nil
}

// live is the thread of the namespace; made is told when it is there, or why not.
func (n *netns) live(made chan<- error) {
	// Not unlocked: the thread ends with this goroutine, and no other one finds
	// itself cut off.
	runtime.LockOSThread()
	if syscall.Gettid() == os.Getpid() { // the first thread never ends, and stands for the process
		there := make(chan error)
		go n.live(there) // by another thread, for this one is taken
		made <- <-there
		runtime.UnlockOSThread()
		return
	}
	err := os.NewSyscallError("unshare", syscall.Unshare(syscall.CLONE_NEWNET))
	if err == nil {
		err = loopbackUp()
	}
	made <- err
	if err != nil {
		return
	}
	for f := range n.work {
		f()
	}
}

// do runs f in the namespace: sockets that it opens and processes that it starts
// belong there.
func (n *netns) do(f func()) {
	if n == nil {
		f()
		return
	}
	done := make(chan struct{})
	n.work <- func() { defer close(done); f() }
	<-done
}

// end ends the thread, and with it processes that were started in the namespace.
func (n *netns) end() {
	if n != nil {
		close(n.work)
	}
}

// loopbackUp turns the loopback interface of this thread's namespace on.
func loopbackUp() error {
	s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	defer syscall.Close(s)
	request := struct { // struct ifreq of netdevice(7)
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}{flags: syscall.IFF_UP}
	copy(request.name[:], "lo")
	if _, _, no := syscall.Syscall(syscall.SYS_IOCTL, uintptr(s), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); no != 0 {
		return os.NewSyscallError("ioctl", no)
	}
	return nil
}
