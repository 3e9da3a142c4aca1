package workday

import (
	"bufio"
	_ "embed"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/asof"
)

//go:embed holidays.txt
var holidays string

// Default is the calendar of the embedded data.
func Default() *Calendar { return embedded() }

var embedded = sync.OnceValue(func() *Calendar {
	c, err := readLines(strings.NewReader(holidays))
	if err != nil {
		panic(err) // the embedded file is held to its form by a test
	}
	return c
})

// Bounds of a file of holidays: a year takes about a dozen lines, and the
// longest holiday had nine days.
const (
	maxLines = 5000
	maxRest  = 31
)

// AsOf is the day up to which the embedded arrangements are known.
func AsOf() string { return asof.In(holidays) }

// Read reads a file of holidays in the form of holidays.txt, or in the JSON of
// NateScarlet/holiday-cn (year, papers, days with name, date and isOffDay), one
// year or several. The JSON is added to the embedded calendar, whose years it
// replaces. An error names the line or the year.
func Read(r io.Reader) (*Calendar, error) {
	in := bufio.NewReader(r)
	if isJSON(in) {
		return readJSON(in)
	}
	return readLines(in)
}

// readLines reads the form of holidays.txt.
func readLines(r io.Reader) (*Calendar, error) {
	c := &Calendar{years: map[int]string{}, off: map[date]bool{}}
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		text, _, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "\ufeff"), "#")
		f := strings.Fields(text)
		if len(f) == 0 {
			continue
		}
		if number > maxLines {
			return nil, message.Errorf("超过 %d 行：这不是节假日文件", "more than %d lines: this is no file of holidays", maxLines)
		}
		if err := c.line(f); err != nil {
			return nil, message.Errorf("第 %d 行：%w", "line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	for d := range c.off {
		if _, ok := c.years[d.year]; !ok {
			return nil, message.Errorf("写了 %d 年的日期，却没有一行“year %d 文号”", "a day of %d is given, but no line \"year %d DOCUMENT\"", d.year, d.year)
		}
	}
	return c, nil
}

// line reads the fields of one line.
func (c *Calendar) line(f []string) error {
	switch {
	case f[0] == "year" && len(f) >= 3:
		y, err := strconv.Atoi(f[1])
		if err != nil || y < 2000 || y > 2200 {
			return message.Errorf("%q 不是年份", "%q is no year", f[1])
		}
		c.years[y] = strings.Join(f[2:], " ")
		return nil
	case f[0] == "rest" && len(f) >= 3:
		return c.rest(f[1], f[2])
	case f[0] == "work" && len(f) >= 2:
		day, err := dayIn(f[1])
		if err != nil {
			return err
		}
		return c.set(day, false)
	}
	return message.Errorf("请写“year 年份 文号”、“rest 首日 末日 名称”或“work 日期 名称”", "write \"year YEAR DOCUMENT\", \"rest FIRST LAST NAME\" or \"work DAY NAME\"")
}

// rest enters the days of a holiday.
func (c *Calendar) rest(first, last string) error {
	from, err := dayIn(first)
	if err != nil {
		return err
	}
	to, err := dayIn(last)
	if err != nil {
		return err
	}
	if to.Before(from) || to.Sub(from) > maxRest*24*time.Hour {
		return message.Errorf("%s 至 %s 不是 %d 天以内的假期", "from %s to %s is no holiday of at most %d days", first, last, maxRest)
	}
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		if err := c.set(day, true); err != nil {
			return err
		}
	}
	return nil
}

// set enters a day; one that is both off and worked is a slip.
func (c *Calendar) set(day time.Time, off bool) error {
	d := dateOf(day)
	if was, ok := c.off[d]; ok && was != off {
		return message.Errorf("%s 既是休息日又是工作日", "%s is given as a day off and as a day of work", day.Format(time.DateOnly))
	}
	c.off[d] = off
	return nil
}

func dayIn(s string) (time.Time, error) {
	day, err := time.ParseInLocation(time.DateOnly, s, china)
	if err != nil {
		return time.Time{}, message.Errorf("%q 不是日期：请写如 2026-01-31", "%q is no day: write 2026-01-31", s)
	}
	return day, nil
}
