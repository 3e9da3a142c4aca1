package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// WriteManuals writes a manual page (man(7) macros, section 1) of root and of each
// command below it into dir, and returns their paths. version stands in their
// foot.
func (s Speaker) WriteManuals(root *cobra.Command, dir, version string) (paths []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, message.Errorf("建立手册页文件夹：%w", "making the folder for manual pages: %w", err)
	}
	var walk func(c *cobra.Command) error
	walk = func(c *cobra.Command) error {
		path := filepath.Join(dir, strings.ReplaceAll(c.CommandPath(), " ", "-")+".1")
		if err := os.WriteFile(path, []byte(s.manual(c, version)), 0o644); err != nil {
			return message.Errorf("写入手册页：%w", "writing a manual page: %w", err)
		}
		paths = append(paths, path)
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				if err := walk(sub); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return paths, walk(root)
}

// manual is the page of one command.
func (s Speaker) manual(c *cobra.Command, version string) string {
	var b strings.Builder
	name := strings.ReplaceAll(c.CommandPath(), " ", "-")
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"%s\" \"%s\"\n", strings.ToUpper(name), roff("beianwatch "+version), s.tr("beianwatch 手册", "beianwatch manual"))
	section := func(zh, en string) { fmt.Fprintf(&b, ".SH %s\n", s.tr(zh, en)) }
	section("名称", "NAME")
	fmt.Fprintf(&b, "%s \\- %s\n", roff(name), roff(c.Short))
	section("概述", "SYNOPSIS")
	fmt.Fprintf(&b, ".B %s\n", roff(s.useLine(c)))
	section("描述", "DESCRIPTION")
	long := c.Long
	if long == "" {
		long = c.Short
	}
	for line := range strings.SplitSeq(long, "\n") {
		if line == "" {
			b.WriteString(".PP\n")
			continue
		}
		b.WriteString(roff(line) + "\n.br\n")
	}
	s.manualFlags(&b, s.tr("参数", "OPTIONS"), c.LocalNonPersistentFlags())
	s.manualFlags(&b, s.tr("通用参数", "COMMON OPTIONS"), s.shared(c))
	section("另见", "SEE ALSO")
	var others []string
	if c.HasParent() {
		others = append(others, strings.ReplaceAll(c.Parent().CommandPath(), " ", "-")+"(1)")
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			others = append(others, strings.ReplaceAll(sub.CommandPath(), " ", "-")+"(1)")
		}
	}
	b.WriteString(roff(strings.Join(others, ", ")) + "\n")
	return b.String()
}

func (s Speaker) manualFlags(b *strings.Builder, head string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	b.WriteString(".SH " + head + "\n")
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace(s.flagHead(f))), roff(f.Usage+s.flagDefault(f)))
		}
	})
}

// roff escapes a line of text: backslashes, hyphens that are to be copied, and a
// dot or quote that would begin a request.
func roff(line string) string {
	line = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(line)
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
		return `\&` + line
	}
	return line
}
