package workday

import (
	"bufio"
	"encoding/json"
	"io"
	"maps"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// A published is one year of holiday-cn: https://github.com/NateScarlet/holiday-cn.
type published struct {
	Year   int      `json:"year"`
	Papers []string `json:"papers"` // addresses of the State Council's papers; none before they are out
	Days   []struct {
		Name string `json:"name"`
		Date string `json:"date"`
		Off  bool   `json:"isOffDay"`
	} `json:"days"`
}

// Bounds of such a file: a year has some forty days.
const (
	maxJSON      = 4 << 20
	maxDays      = 366
	maxPublished = 100
)

// isJSON reports whether a file begins like one of holiday-cn.
func isJSON(in *bufio.Reader) bool {
	head, _ := in.Peek(64)
	text := strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n")
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
}

// readJSON reads years one after the other, or a list of them, and adds them to
// the embedded calendar.
func readJSON(in *bufio.Reader) (*Calendar, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxJSON+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxJSON {
		return nil, message.Errorf("超过 %d 字节：这不是节假日文件", "more than %d bytes: this is no file of holidays", maxJSON)
	}
	years, err := decode(strings.TrimPrefix(string(data), "\ufeff"))
	if err != nil {
		return nil, err
	}
	base := Default()
	c := &Calendar{years: maps.Clone(base.years), off: maps.Clone(base.off)}
	for _, y := range years {
		if err := c.year(y); err != nil {
			return nil, message.Errorf("%d 年：%w", "the year %d: %w", y.Year, err)
		}
	}
	return c, nil
}

func decode(text string) ([]published, error) {
	var years []published
	for in := json.NewDecoder(strings.NewReader(text)); len(years) < maxPublished; {
		var raw json.RawMessage
		if err := in.Decode(&raw); err == io.EOF {
			break
		} else if err != nil {
			return nil, message.Errorf("这不是 holiday-cn 的 JSON 文件：%w", "this is no JSON of holiday-cn: %w", err)
		}
		list := []published{{}}
		into := any(&list[0])
		if raw[0] == '[' {
			into = &list
		}
		if err := json.Unmarshal(raw, into); err != nil {
			return nil, message.Errorf("这不是 holiday-cn 的 JSON 文件：%w", "this is no JSON of holiday-cn: %w", err)
		}
		years = append(years, list...)
	}
	if len(years) == 0 {
		return nil, message.Errorf("其中没有年份", "no year in it")
	}
	return years, nil
}

// year enters one year in place of what was known of it.
func (c *Calendar) year(y published) error {
	switch {
	case y.Year < 2000 || y.Year > 2200:
		return message.Errorf("年份无效：“year”须为 2000 至 2200", "no such year: \"year\" must be 2000 to 2200")
	case len(y.Days) == 0:
		return message.Errorf("其中没有日期：该年安排尚未公布，请不要使用该文件", "no days in it: the arrangement is not announced yet, leave the file out")
	case len(y.Days) > maxDays:
		return message.Errorf("有 %d 天：一年不超过 %d 天", "%d days: a year has no more than %d", len(y.Days), maxDays)
	}
	maps.DeleteFunc(c.off, func(d date, _ bool) bool { return d.year == y.Year })
	c.years[y.Year] = "holiday-cn"
	if len(y.Papers) > 0 {
		c.years[y.Year] = strings.Join(y.Papers, " ")
	}
	for _, one := range y.Days {
		day, err := dayIn(one.Date)
		if err != nil {
			return err
		}
		// Days at the turn of the year stand in both years' files.
		if was, ok := c.off[dateOf(day)]; ok && was != one.Off && day.Year() == y.Year {
			return message.Errorf("%s 既是休息日又是工作日", "%s is given as a day off and as a day of work", day.Format(time.DateOnly))
		}
		c.off[dateOf(day)] = one.Off
	}
	return nil
}
