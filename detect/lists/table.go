package lists

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// eachLine reads a table that a user can replace: take gets each line without
// its remark (what follows a #) and the white space around it; empty lines are
// passed over. An error names the line.
func eachLine(r io.Reader, take func(text string) error) error {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "\ufeff"), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if err := take(text); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return lines.Err()
}
