package browser

import (
	"os"
	"syscall"
)

// nobody is the user without rights of every Linux system.
const nobody = 65534

// attributes put the browser into a process group of its own, which ends with
// this process even where that is killed; unprivileged: as nobody.
func attributes(unprivileged bool) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if unprivileged {
		a.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	return a
}

// handOver makes nobody the owner of the browser's folder.
func handOver(folder string) error { return os.Chown(folder, nobody, nobody) }

// killGroup ends every process of the group.
func killGroup(group int) { syscall.Kill(-group, syscall.SIGKILL) }

// ways are how the browser is run, the best first. Chromium refuses to run as
// root with its sandbox, and some containers forbid the namespaces that the
// sandbox is made of.
func ways() []way {
	if os.Geteuid() == 0 {
		return []way{{unprivileged: true, sandbox: true}, {unprivileged: true}, {}}
	}
	return []way{{sandbox: true}, {}}
}
