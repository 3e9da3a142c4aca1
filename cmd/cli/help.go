// Package cli lets cobra, pflag and slog speak to people in Chinese and English:
// help, manual pages, completion, what is wrong with a call, and log lines. It
// knows no command of the program.
package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/reports/text"
)

// A Speaker speaks one language.
type Speaker struct{ Lang string } // zh or en

func (s Speaker) tr(zh, en string) string { return message.Text{ZH: zh, EN: en}.In(s.Lang) }

// Speak gives a command and all below it their help in the language of the
// call, in place of cobra's English templates.
func (s Speaker) Speak(root *cobra.Command) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { s.writeHelp(cmd.OutOrStdout(), cmd) })
	root.SetUsageFunc(func(cmd *cobra.Command) error { s.writeHelp(cmd.OutOrStderr(), cmd); return nil })
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(&cobra.Command{
		Use:   s.tr("help [命令]", "help [COMMAND]"),
		Short: s.tr("显示命令的用法", "Show the usage of a command"),
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(root, strings.Join(args, " "))
			}
			return of.Help()
		},
	})
	s.speakFlags(root)
}

// speakFlags puts --help, and for the root --version, into words.
func (s Speaker) speakFlags(cmd *cobra.Command) {
	cmd.Flags().BoolP("help", "h", false, s.tr("显示用法", "show this help"))
	if cmd.Version != "" {
		cmd.Flags().Bool("version", false, s.tr("显示版本", "show the version"))
	}
	for _, c := range cmd.Commands() {
		s.speakFlags(c)
	}
}

// writeHelp writes the help of a command.
func (s Speaker) writeHelp(w io.Writer, cmd *cobra.Command) {
	t := text.NewTerminal(w, s.Lang, nil, os.Getenv)
	long := cmd.Long
	if long == "" {
		long = cmd.Short
	}
	var b strings.Builder
	for _, paragraph := range paragraphs(long) {
		b.WriteString(strings.Join(t.Wrap(paragraph, min(t.Width, 100)), "\n") + "\n")
	}
	b.WriteString("\n" + s.tr("用法：", "Usage:") + "\n  " + s.useLine(cmd) + "\n")
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\n" + s.tr("命令：", "Commands:") + "\n")
		var rows [][2]string
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() || c.Name() == "help" {
				rows = append(rows, [2]string{c.Name(), c.Short})
			}
		}
		writeRows(&b, t, rows)
	}
	s.writeFlags(&b, t, s.tr("参数：", "Flags:"), cmd.LocalNonPersistentFlags())
	s.writeFlags(&b, t, s.tr("通用参数：", "Flags of every command:"), s.shared(cmd))
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n"+s.tr("“%s 命令 --help”显示一个命令的用法。", "'%s COMMAND --help' tells of one command.")+"\n", cmd.CommandPath())
	}
	io.WriteString(w, b.String()) //nolint:errcheck // there is nobody else to tell
}

// fullLine is how many columns a line of a text in the source has at least that goes on in
// the next.
const fullLine = 64

// paragraphs joins the lines of a text that stand apart only because lines of source are
// short.
func paragraphs(long string) []string {
	var out []string
	goesOn := false
	for line := range strings.SplitSeq(long, "\n") {
		starts := line == "" || line[0] == ' ' || strings.HasPrefix(line, "- ")
		if goesOn && !starts {
			last := &out[len(out)-1]
			*last += joint(*last, line) + line
		} else {
			out = append(out, line)
		}
		goesOn = line != "" && text.Cells(line) >= fullLine
	}
	return out
}

// joint is what stands between two lines that are joined: nothing between Chinese, or
// beside its punctuation.
func joint(before, after string) string {
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(after)
	han := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	if mark := func(r rune) bool { return r >= utf8.RuneSelf && !unicode.IsLetter(r) }; mark(a) || mark(b) || han(a) && han(b) {
		return ""
	}
	return " "
}

// useLine is how a command is typed.
func (s Speaker) useLine(cmd *cobra.Command) string {
	line := cmd.Use
	if parent := cmd.Parent(); parent != nil {
		line = parent.CommandPath() + " " + cmd.Use
	}
	if mark := s.tr("[参数]", "[flags]"); !strings.Contains(line, mark) {
		line = strings.TrimSpace(line + " " + mark)
	}
	return line
}

// shared are the flags that every command has.
func (s Speaker) shared(cmd *cobra.Command) *pflag.FlagSet { return cmd.Root().PersistentFlags() }

// writeFlags writes flags with their defaults.
func (s Speaker) writeFlags(b *strings.Builder, t *text.Terminal, head string, flags *pflag.FlagSet) {
	var rows [][2]string
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			rows = append(rows, [2]string{s.flagHead(f), f.Usage + s.flagDefault(f)})
		}
	})
	if len(rows) == 0 {
		return
	}
	b.WriteString("\n" + head + "\n")
	writeRows(b, t, rows)
}

// flagHead is a flag as it is typed, with the kind of its value.
func (s Speaker) flagHead(f *pflag.Flag) string {
	head := "    --" + f.Name
	if f.Shorthand != "" {
		head = "-" + f.Shorthand + ", --" + f.Name
	}
	if f.NoOptDefVal == "" {
		head += " " + s.valueWord(f.Value.Type())
	}
	return head
}

// valueWord names the kind of a flag's value.
func (s Speaker) valueWord(kind string) string {
	switch kind {
	case "int", "uintSlice":
		return s.tr("整数", "N")
	case "float64":
		return s.tr("数", "N")
	case "duration":
		return s.tr("时长", "DURATION")
	case "PRESET|DELAYS":
		return s.tr("预设|间隔", "PRESET|DELAYS")
	}
	return s.tr("值", "VALUE")
}

// flagDefault tells a default that says something.
func (s Speaker) flagDefault(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "0", "false", "[]", "0s", "-1":
		return ""
	}
	value := f.DefValue
	if f.Value.Type() == "duration" {
		value = shortDuration(value)
	}
	return s.tr("（默认 ", " (default: ") + value + s.tr("）", ")")
}

// shortDuration writes a duration as it would be typed: 720h, not 720h0m0s.
func shortDuration(long string) string {
	if strings.HasSuffix(long, "m0s") {
		long = strings.TrimSuffix(long, "0s")
	}
	if strings.HasSuffix(long, "h0m") {
		long = strings.TrimSuffix(long, "0m")
	}
	return long
}

// writeRows writes names with their texts wrapped beside them, or below where
// the names are long.
func writeRows(b *strings.Builder, t *text.Terminal, rows [][2]string) {
	const most = 30
	names := 0
	for _, r := range rows {
		if n := text.Cells(r[0]); n <= most {
			names = max(names, n)
		}
	}
	for _, r := range rows {
		lead := "  " + r[0]
		if text.Cells(r[0]) > names {
			b.WriteString(lead + "\n")
			lead = ""
		}
		for _, line := range t.Wrap(r[1], min(t.Width, 120)-names-4) {
			b.WriteString(lead + strings.Repeat(" ", names+4-text.Cells(lead)) + line + "\n")
			lead = ""
		}
	}
}
