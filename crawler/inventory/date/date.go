// Package date reads dates as people, databases and spreadsheets write them.
package date

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"
)

// China is the zone of a date without one: filings are Chinese.
var China = time.FixedZone("CST", 8*60*60)

// layouts are the forms of a date after plainDate. A form in which day and
// month cannot be told apart (1/2/2026) is absent on purpose.
var layouts = []string{
	"2006-1-2", "2006-1-2 15:4:5", "2006-1-2 15:4", "2006-1-2T15:4:5", "2006-1-2T15:4", "20060102", "20060102150405",
	"2006-1-2 15:4:5.999", "2006-1", "2-Jan-2006", "2 Jan 2006", "Jan 2, 2006",
}

// Excel counts days from 1899-12-30, or from 1904-01-01 in workbooks of old
// Macs. The serials that are taken for a date
// lie between 1954 and 2119, so that a bare year is none.
const (
	serialLeast = 20_000
	serialMost  = 80_000
)

// days1904 is what a serial of a workbook with the epoch 1904 lacks.
const days1904 = 1462

// Read reads a date or a time in the forms that exports have. from1904 says
// that serials are counted from 1904.
func Read(s string, from1904 bool) (time.Time, bool) {
	s = plainDate(s)
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return sane(at)
	}
	n, err := strconv.ParseFloat(s, 64)
	if from1904 {
		n += days1904
	}
	if err == nil && n >= serialLeast && n <= serialMost {
		day := time.Date(1899, 12, 30, 0, 0, 0, 0, China)
		return sane(day.Add(time.Duration(n * float64(24*time.Hour))).Round(time.Second))
	}
	for _, l := range layouts {
		if at, err := time.ParseInLocation(l, s, China); err == nil {
			return sane(at)
		}
	}
	return dayFirst(s)
}

// dayFirst reads 15-3-2023 and 3-15-2023, where only one order can be meant.
func dayFirst(s string) (time.Time, bool) {
	for _, order := range [...][2]string{{"2-1-2006", "1-2-2006"}, {"1-2-2006", "2-1-2006"}} {
		at, err := time.ParseInLocation(order[0], s, China)
		if _, other := time.ParseInLocation(order[1], s, China); err == nil && other != nil {
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
	if strings.ContainsAny(s, "年月") {
		s = chineseDigits(s)
	}
	s = dateWords.Replace(s)
	s = strings.TrimRight(s, "-: ")
	if day, rest, _ := strings.Cut(s, " "); strings.Count(day, ".") == 2 {
		s = strings.TrimSpace(strings.ReplaceAll(day, ".", "-") + " " + rest)
	}
	return s
}

// chineseDigits writes 二〇二三年三月十五日 with figures.
func chineseDigits(s string) string {
	const digits = "〇一二三四五六七八九"
	in := []rune(strings.NewReplacer("零", "〇", "○", "〇", "Ｏ", "〇").Replace(s))
	value := func(i int) int {
		if i < 0 || i >= len(in) {
			return -1
		}
		if at := strings.IndexRune(digits, in[i]); at >= 0 {
			return at / len("〇")
		}
		return -1
	}
	var out strings.Builder
	for i, r := range in {
		switch {
		case r == '十': // ten: 十五 is 15, 二十 20, 三十一 31
			if value(i-1) < 0 {
				out.WriteByte('1')
			}
			if value(i+1) < 0 {
				out.WriteByte('0')
			}
		case value(i) >= 0:
			out.WriteByte(byte('0' + value(i)))
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
