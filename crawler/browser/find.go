package browser

import (
	"errors"
	"fmt"
	"os/exec"
)

// names are the programs that speak the DevTools protocol over a pipe. The
// headless shell comes first: it draws the same page for two thirds of the
// work.
var names = []string{
	"chromium-headless-shell", "chrome-headless-shell", "headless_shell", "headless-shell",
	"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome",
}

// ErrNone says that no browser is installed.
var ErrNone = errors.New("no Chromium or Chrome found on PATH")

// Find returns the browser to use: path if it is given and can be run, else the
// first of the headless shells, Chromium and Chrome on PATH. Without one the
// error wraps ErrNone.
func Find(path string) (string, error) {
	if path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("browser %s cannot be run: %w; give the path of a Chromium, or leave the setting out", path, err)
		}
		return found, nil
	}
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("%w: install chromium-headless-shell or chromium, or name one with --browser", ErrNone)
}
