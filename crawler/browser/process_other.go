//go:build !linux

package browser

import (
	"os"
	"syscall"
)

// attributes are those of any child.
func attributes() *syscall.SysProcAttr { return nil }

// killGroup ends the browser; its children end when their parent is gone.
func killGroup(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		p.Kill()
	}
}
