package browser

import (
	"os/exec"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// names are the programs that speak the DevTools protocol over a pipe. The
// headless shell comes first: it draws the same page for two thirds of the
// work.
var names = []string{
	"chromium-headless-shell", "chrome-headless-shell", "headless_shell", "headless-shell",
	"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome",
}

// ErrNone says that no browser is installed.
var ErrNone = message.Errorf("PATH 中没有 Chromium 或 Chrome", "no Chromium or Chrome found on PATH")

// Find returns the browser to use: path if it is given and can be run, else the
// first of the headless shells, Chromium and Chrome on PATH. Without one the
// error wraps ErrNone.
func Find(path string) (string, error) {
	if path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", message.Errorf("浏览器 %s 无法运行：%w；请给出 Chromium 的路径，或不写这项设置", "browser %s cannot be run: %w; give the path of a Chromium, or leave the setting out", path, err)
		}
		return found, nil
	}
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", message.Errorf("%w：请安装 chromium-headless-shell 或 chromium，或用 --browser 指定", "%w: install chromium-headless-shell or chromium, or name one with --browser", ErrNone)
}
