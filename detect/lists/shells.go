package lists

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/region"
)

// Shells are the lists of shell filings (空壳主体、空壳网站) that provinces'
// administrations publish before they cancel them. They are the user's data: a
// list is published as a workbook, for some weeks.
type Shells struct {
	lists []ShellList
	by    map[string]int // domain or number, as compared → index into lists
}

// A ShellList is one batch.
type ShellList struct {
	Province  region.Province
	Name      string    // as the administration calls it
	Published time.Time // the day
	Due       time.Time // the last day to mend it
}

// ReadShells reads "list PROVINCE PUBLISHED DUE NAME", the days as 2026-11-28,
// and below it a domain or a filing number a line. Empty lines and what follows a
// # are passed over. An error names the line.
func ReadShells(r io.Reader) (*Shells, error) {
	s := &Shells{by: map[string]int{}}
	if err := eachLine(r, s.take); err != nil {
		return nil, message.Errorf("空壳网站名单%w", "reading shells, %w", err)
	}
	if len(s.lists) == 0 {
		return nil, message.Errorf("空壳网站名单缺少一行“list 省份 公布日期 期限 名称”", "reading shells: no line \"list PROVINCE PUBLISHED DUE NAME\"")
	}
	return s, nil
}

func (s *Shells) take(text string) error {
	f := strings.Fields(text)
	if f[0] != "list" {
		if len(s.lists) == 0 {
			return message.Errorf("开头应为“list 省份 公布日期 期限 名称”", "begin with \"list PROVINCE PUBLISHED DUE NAME\"")
		}
		s.by[shellKey(f[0])] = len(s.lists) - 1
		return nil
	}
	if len(f) < 5 {
		return message.Errorf("请写“list 省份 公布日期 期限 名称”", "write \"list PROVINCE PUBLISHED DUE NAME\"")
	}
	one := ShellList{Province: region.ByWord(f[1]), Name: strings.Join(f[4:], " ")}
	if one.Province == region.None {
		return message.Errorf("%q 不是省份", "%q is no province", f[1])
	}
	for i, to := range []*time.Time{&one.Published, &one.Due} {
		day, err := time.ParseInLocation(time.DateOnly, f[2+i], china)
		if err != nil {
			return message.Errorf("%q 不是日期：请写如 2026-11-28", "%q is no day: write 2026-11-28", f[2+i])
		}
		*to = day
	}
	s.lists = append(s.lists, one)
	return nil
}

// china is the zone in which the days of a list begin and end.
var china = time.FixedZone("CST", 8*60*60)

// Find returns the list on which a domain or a number stands.
func (s *Shells) Find(domainOrNumber string) (ShellList, bool) {
	i, ok := s.by[shellKey(domainOrNumber)]
	if !ok {
		return ShellList{}, false
	}
	return s.lists[i], true
}

// Covers reports whether a list of the province was read.
func (s *Shells) Covers(p region.Province) bool {
	for i := range s.lists {
		if s.lists[i].Province == p {
			return true
		}
	}
	return false
}

// String lists what was read, in a fixed order, for the name of the rule set.
func (s *Shells) String() string {
	if s == nil {
		return ""
	}
	return fmt.Sprint(s.lists, s.by)
}

// shellKey is the form in which entries are compared.
func shellKey(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s, "http://"), "https://"), "www."))
}
