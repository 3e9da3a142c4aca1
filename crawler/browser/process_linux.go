package browser

import "syscall"

// attributes put the browser into a process group of its own, which ends with
// this process even where that is killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// killGroup ends every process of the group.
func killGroup(group int) { syscall.Kill(-group, syscall.SIGKILL) }
