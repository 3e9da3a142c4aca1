// Package text writes reports for a person at a terminal.
package text

import (
	"io"
	"os"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"golang.org/x/term"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A Terminal writes for a person at a command line, in one language. On a
// terminal it uses colour and line drawing; anywhere else (a pipe, a file, a
// log) it writes plain text without escape sequences, whose lines and cuts are
// ASCII.
type Terminal struct {
	Lang    string
	Rules   wording.Book
	Width   int  // columns; nothing but a snippet to paste is wider
	Colour  bool //
	Verbose bool // Check lists each rule that could not be judged
	Lines   bool // line drawing, check marks and "…"
	out     io.Writer
	checks  int // reports written by Check so far
}

// The widths of a terminal. Prose is not set wider than maxProse, because long
// lines are hard to read.
const (
	minWidth   = 40
	maxWidth   = 200
	maxProse   = 100
	plainWidth = 100 // where there is no terminal to ask
)

// NewTerminal looks at out: a terminal gets colour, unless the environment
// says NO_COLOR or TERM=dumb, and its own width; COLUMNS says the width of
// anything else.
func NewTerminal(out io.Writer, lang string, rules []*detect.Rule, getenv func(string) string) *Terminal {
	t := &Terminal{Lang: lang, Rules: wording.NewBook(rules), Width: plainWidth, out: out}
	if n, err := strconv.Atoi(getenv("COLUMNS")); err == nil && n > 0 {
		t.Width = n
	}
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) && getenv("TERM") != "dumb" {
		t.Lines, t.Colour = true, getenv("NO_COLOR") == ""
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			t.Width = width
		}
		lipgloss.EnableLegacyWindowsANSI(file)
	}
	t.Width = min(max(t.Width, minWidth), maxWidth)
	return t
}

// print writes what was gathered; rows end without trailing blanks.
func (t *Terminal) print(b *strings.Builder) error {
	_, err := io.WriteString(t.out, b.String())
	return err
}

// tell is a text in the language of the terminal, made safe: no escape
// sequence of a stranger gets through.
func (t *Terminal) tell(text detect.Text) string {
	s := text.In(t.Lang)
	if s == "" {
		s = text.ZH + text.EN // one of them is empty
	}
	return wording.Clean(s, wording.MaxText)
}

// tr picks one of two texts of the program itself.
func (t *Terminal) tr(zh, en string) string { return wording.Say(zh, en).In(t.Lang) }

// tones are the colours of the tones: the sixteen that every terminal has, so
// that they follow the user's own scheme.
var tones = map[string]lipgloss.Style{
	"violation": lipgloss.NewStyle().Foreground(lipgloss.Red).Bold(true),
	"warning":   lipgloss.NewStyle().Foreground(lipgloss.Yellow),
	"notice":    lipgloss.NewStyle().Foreground(lipgloss.Blue),
	"pass":      lipgloss.NewStyle().Foreground(lipgloss.Green),
	"unknown":   lipgloss.NewStyle().Faint(true),
	"exempt":    lipgloss.NewStyle().Faint(true),
	"waived":    lipgloss.NewStyle().Faint(true),
	"broken":    lipgloss.NewStyle().Foreground(lipgloss.Magenta),
	"bold":      lipgloss.NewStyle().Bold(true),
	"soft":      lipgloss.NewStyle().Faint(true),
	"link":      lipgloss.NewStyle().Foreground(lipgloss.Cyan),
}

// paint colours a text that is safe already.
func (t *Terminal) paint(tone, s string) string {
	style, ok := tones[tone]
	if !t.Colour || !ok || s == "" {
		return s
	}
	return style.Render(s)
}

// The signs that go with the tones, one column each in every font.
var (
	signs      = map[string]string{"violation": "✗", "warning": "!", "notice": "i", "pass": "✓", "unknown": "?", "exempt": "-", "waived": "~", "broken": "#"}
	plainSigns = map[string]string{"violation": "x", "warning": "!", "notice": "i", "pass": "+", "unknown": "?", "exempt": "-", "waived": "~", "broken": "#"}
)

func (t *Terminal) sign(tone string) string {
	if t.Lines {
		return signs[tone]
	}
	return plainSigns[tone]
}

// headline writes a sign and a bold sentence, wrapped behind the sign.
func (t *Terminal) headline(b *strings.Builder, tone, sentence string) {
	for i, line := range t.Wrap(sentence, min(t.Width, maxProse)-2) {
		lead := "  "
		if i == 0 {
			lead = t.paint(tone, t.sign(tone)) + " "
		}
		b.WriteString(lead + t.paint("bold", line) + "\n")
	}
}

// lines writes a wrapped text.
func (t *Terminal) lines(b *strings.Builder, tone, text string) {
	for _, line := range t.Wrap(text, min(t.Width, maxProse)) {
		b.WriteString(t.paint(tone, line) + "\n")
	}
}

// field writes a name and a text that wraps behind it. names is the width of
// the column of names.
func (t *Terminal) field(b *strings.Builder, names int, name, tone, text string) {
	for i, line := range t.Wrap(text, min(t.Width, maxProse)-names-4) {
		lead := strings.Repeat(" ", names)
		if i == 0 {
			lead = t.paint("soft", padded(name, names))
		}
		b.WriteString("  " + lead + "  " + t.paint(tone, line) + "\n")
	}
}

// widest is the column that the names need.
func widest(names ...string) int {
	most := 0
	for _, n := range names {
		most = max(most, lipgloss.Width(n))
	}
	return most
}
