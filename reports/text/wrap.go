package text

import (
	"strings"
	"unicode"

	"charm.land/lipgloss/v2"
	grids "charm.land/lipgloss/v2/table"
)

// cells is the width of a rune on a terminal: two columns for a Chinese
// character, none for a combining mark.
func cells(r rune) int {
	if r >= ' ' && r <= '~' {
		return 1
	}
	return lipgloss.Width(string(r))
}

// Cells is how many columns s takes on a terminal.
func Cells(s string) int { return lipgloss.Width(s) }

// padded fills s with blanks to width columns.
func padded(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-lipgloss.Width(s)))
}

// Cut shortens s to width columns; what is cut ends in "…", or "..." where
// there is no terminal.
func (t *Terminal) Cut(s string, width int) string {
	if lipgloss.Width(s) <= width {
		return s
	}
	mark := "..."
	if t.Lines {
		mark = "…"
	}
	room := width - lipgloss.Width(mark)
	if room < 1 {
		mark, room = "", width
	}
	for i, r := range s {
		if room -= cells(r); room < 0 {
			return strings.TrimRight(s[:i], " ") + mark
		}
	}
	return s
}

// Characters that may not begin or end a line of Chinese text.
const (
	notFirst = "，。、；：！？）》」』】”’,.;:!?)]}%…·"
	notLast  = "（《「『【“‘([{"
)

// Wrap breaks a text into lines of at most width columns: at blanks, on either
// side of a Chinese character (but not before a closing sign or behind an
// opening one), and inside a word that is longer than a line.
func (t *Terminal) Wrap(s string, width int) []string {
	width = max(width, 10)
	var lines []string
	runes := []rune(s)
	for len(runes) > 0 {
		n := lineEnd(runes, width)
		lines = append(lines, strings.TrimRight(string(runes[:n]), " "))
		runes = runes[n:]
		for len(runes) > 0 && runes[0] == ' ' {
			runes = runes[1:]
		}
	}
	if lines == nil {
		return []string{""}
	}
	return lines
}

// lineEnd finds how many runes go into one line; at least one.
func lineEnd(runes []rune, width int) int {
	used, best := 0, 0
	for i, r := range runes {
		w := cells(r)
		if used+w > width && w > 0 {
			switch {
			case best > 0:
				return best
			case i > 0:
				return i // a word longer than the line
			}
		}
		used += w
		if i+1 < len(runes) && mayBreak(r, runes[i+1]) {
			best = i + 1
		}
	}
	return len(runes)
}

// mayBreak reports whether a line may end between two runes.
func mayBreak(a, b rune) bool {
	if b == ' ' || strings.ContainsRune(notFirst, b) || strings.ContainsRune(notLast, a) || cells(b) == 0 {
		return false
	}
	return a == ' ' || unicode.Is(unicode.Han, a) || unicode.Is(unicode.Han, b) || cells(a) == 2 || cells(b) == 2
}

// A textColumn is one column of a table on the terminal.
type textColumn struct {
	name  string
	right bool // figures stand to the right
	flex  bool // gives way first when the table is too wide
	wrap  bool // wraps instead of being cut
}

// grid draws a table no wider than the terminal. Cells are safe text without
// colour; tone gives the colour of a cell, "" for none.
func (t *Terminal) grid(columns []textColumn, rows [][]string, tone func(row, col int) string) string {
	widths := t.columnWidths(columns, rows)
	rows, from := t.unfold(columns, rows, widths)
	cutRow := func(row []string) []string {
		short := make([]string, len(row))
		for i, c := range row {
			short[i] = t.Cut(c, widths[i])
		}
		return short
	}
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
	}
	border := lipgloss.ASCIIBorder()
	if t.Lines {
		border = lipgloss.NormalBorder()
	}
	g := grids.New().Border(border).BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).
		BorderColumn(false).BorderHeader(true).Wrap(false).Headers(cutRow(names)...)
	if t.Colour {
		g.BorderStyle(tones["soft"])
	}
	for _, row := range rows {
		g.Row(cutRow(row)...)
	}
	g.StyleFunc(func(row, col int) lipgloss.Style {
		style := lipgloss.NewStyle()
		switch {
		case !t.Colour:
		case row == grids.HeaderRow:
			style = tones["bold"]
		default:
			style = tones[tone(from[row], col)]
		}
		style = style.Width(widths[col] + 2).PaddingRight(2)
		if columns[col].right {
			style = style.Align(lipgloss.Right)
		}
		return style
	})
	return trimLines(g.String())
}

// unfold makes as many rows of each row as its wrapped cells need; from tells
// which row each came from.
func (t *Terminal) unfold(columns []textColumn, rows [][]string, widths []int) (lines [][]string, from []int) {
	for i, row := range rows {
		first := len(lines)
		for col, c := range row {
			parts := []string{c}
			if columns[col].wrap {
				parts = t.Wrap(c, widths[col])
			}
			for n, part := range parts {
				if first+n == len(lines) {
					lines, from = append(lines, make([]string, len(columns))), append(from, i)
				}
				lines[first+n][col] = part
			}
		}
	}
	return lines, from
}

// columnWidths gives each column what it needs, and takes what is too much
// from the widest flexible one until the table fits.
func (t *Terminal) columnWidths(columns []textColumn, rows [][]string) []int {
	widths := make([]int, len(columns))
	total := 0
	for i, c := range columns {
		widths[i] = lipgloss.Width(c.name)
		for _, row := range rows {
			widths[i] = max(widths[i], lipgloss.Width(row[i]))
		}
		total += widths[i] + 2
	}
	for ; total > t.Width; total-- {
		widestFlex, widestAny := -1, 0
		for i, c := range columns {
			if c.flex && widths[i] > 8 && (widestFlex < 0 || widths[i] > widths[widestFlex]) {
				widestFlex = i
			}
			if widths[i] > widths[widestAny] {
				widestAny = i
			}
		}
		if widestFlex < 0 {
			widestFlex = widestAny
		}
		if widths[widestFlex] <= 1 {
			break
		}
		widths[widestFlex]--
	}
	return widths
}

// trimLines takes the blanks from the ends of lines, which a narrow terminal
// would wrap.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}
