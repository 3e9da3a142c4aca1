package inventory

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"
)

// china is the zone of a date without one: filings are Chinese.
var china = time.FixedZone("CST", 8*60*60)

// layouts are the forms of a date after plainDate. A form in which day and
// month cannot be told apart (1/2/2026) is absent on purpose.
var layouts = []string{
	"2006-1-2", "2006-1-2 15:4:5", "2006-1-2 15:4", "2006-1-2T15:4:5", "2006-1-2T15:4", "20060102", "20060102150405",
	"2006-1-2 15:4:5.999", "2006-1", "2-Jan-2006", "2 Jan 2006", "Jan 2, 2006",
}

// Excel counts days from 1899-12-30. The serials that are taken for a date
// lie between 1954 and 2119, so that a bare year is none.
const (
	serialLeast = 20_000
	serialMost  = 80_000
)

// dateOf reads a date or a time in the forms that exports have.
func dateOf(s string) (time.Time, bool) {
	s = plainDate(s)
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return sane(at)
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && n >= serialLeast && n <= serialMost {
		day := time.Date(1899, 12, 30, 0, 0, 0, 0, china)
		return sane(day.Add(time.Duration(n * float64(24*time.Hour))).Round(time.Second))
	}
	for _, l := range layouts {
		if at, err := time.ParseInLocation(l, s, china); err == nil {
			return sane(at)
		}
	}
	return time.Time{}, false
}

// sane refuses years that no filing has: a typing error must not decide about
// a grace period.
func sane(at time.Time) (time.Time, bool) {
	return at, at.Year() >= 1990 && at.Year() <= 2120
}

// dateWords are what stands between the figures of a date. A replacer builds
// its tables at its first use, so it is made once.
var dateWords = strings.NewReplacer("年", "-", "月", "-", "日", "", "号", "", "/", "-", "上午", "", "时", ":", "分", ":", "秒", "")

// plainDate brings 2026年1月2日, 2026/1/2 and 2026.1.2 into one form.
func plainDate(s string) string {
	s = strings.TrimSpace(width.Fold.String(s))
	s = dateWords.Replace(s)
	s = strings.TrimRight(s, "-: ")
	if day, rest, _ := strings.Cut(s, " "); strings.Count(day, ".") == 2 {
		s = strings.TrimSpace(strings.ReplaceAll(day, ".", "-") + " " + rest)
	}
	return s
}
