package lists

import (
	"bufio"
	"io"
	"strings"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/asof"
)

// eachDatedLine is eachLine for a list that says in its head of which date it
// is; "" if it does not.
func eachDatedLine(r io.Reader, take func(text string) error) (date string, err error) {
	in := bufio.NewReader(r)
	head, _ := in.Peek(in.Size()) // less is no error: the list is short
	return asof.In(string(head)), eachLine(in, take)
}

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
			return message.Errorf("第 %d 行：%w", "line %d: %w", n, err)
		}
	}
	return lines.Err()
}
