package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// viewOut is where reports go with --view and without --out.
const viewOut = "beianwatch-reports"

// bindView binds the flag that opens the report.
func (p *program) bindView(fs *pflag.FlagSet) {
	fs.BoolVar(&p.view, "view", false, p.tr("写出报告后用浏览器打开（不写 --out 时写入 "+viewOut+"）", "open the report in a browser when it is written (without --out it goes to "+viewOut+")"))
}

// wantsView gives a command that opens its report a folder to write it to.
func (p *program) wantsView() {
	if p.view && p.Out == "" {
		p.Out = viewOut
	}
}

// tellPath tells where a report was written, and opens it with --view. With --quiet
// the path is all that a text command says, so it goes to standard output.
func (p *program) tellPath(path string) {
	if p.Quiet && p.Format == "text" {
		fmt.Fprintln(p.out, path)
	} else {
		p.say("报告：%s", "report: %s", path)
	}
	if !p.view {
		return
	}
	p.view = false // one is enough
	if err := open(path); err != nil {
		p.say("无法打开报告：%v", "the report could not be opened: %v", err)
	}
}

// open shows a file in the system's program for it.
func open(path string) error {
	full, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	program, args := "xdg-open", []string{full}
	switch runtime.GOOS {
	case "darwin":
		program = "open"
	case "windows":
		program, args = "rundll32", []string{"url.dll,FileProtocolHandler", full}
	}
	found, err := exec.LookPath(program)
	if err != nil {
		return message.Errorf("没有找到 %s，请自行打开 %s", "there is no %s here: open %s by hand", program, full)
	}
	cmd := exec.Command(found, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait() //nolint:errcheck // the viewer lives its own life
	return nil
}

// intoFile lets write write to a file below --out in place of standard output, and
// tells its path; without --out it does nothing but call it.
func (p *program) intoFile(name string, write func() error) error {
	if p.Out == "" {
		return write()
	}
	if err := os.MkdirAll(p.Out, 0o700); err != nil {
		return message.Errorf("建立报告文件夹：%w；请用 --out 指定可写的文件夹", "making the folder for reports: %w; name one that can be written with --out", err)
	}
	path := filepath.Join(p.Out, name)
	f, err := createPrivate(path)
	if err != nil {
		return message.Errorf("写入报告：%w", "writing a report: %w", err)
	}
	out := p.out
	p.out = f
	err = write()
	p.out = out
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		p.tellPath(path)
	}
	return err
}

// extension is that of a file in a format that is written to one stream; "" for the
// others, which choose their files themselves.
func extension(format string) string {
	return map[string]string{"text": "txt", "json": "json", "jsonl": "jsonl", "csv": "csv", "markdown": "md", "sarif": "sarif", "junit": "xml", "github": "txt"}[format]
}
