// Package wording has the texts of reports in Chinese and English: the words of
// the contract, sentences about a domain and a run, titles and remedies, and the
// cleaning that makes a stranger's text safe to show.
package wording

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect"
)

// Say makes a text of its two languages; it only keeps the tables of words
// short.
func Say(zh, en string) detect.Text { return detect.Text{ZH: zh, EN: en} }

// Same is a text that reads the same in both languages: a value, a name, an
// address.
func Same(s string) detect.Text { return detect.Text{ZH: s, EN: s} }

// Sayf fills both languages of a text with the same values.
func Sayf(t detect.Text, args ...any) detect.Text {
	return detect.Text{ZH: fmt.Sprintf(t.ZH, args...), EN: fmt.Sprintf(t.EN, args...)}
}

// Counted puts n before a noun: zh holds the measure word and noun
// ("项违规"), one and many the English singular and plural.
func Counted(n int, zh, one, many string) detect.Text {
	en := many
	if n == 1 {
		en = one
	}
	return detect.Text{ZH: Grouped(n) + " " + zh, EN: Grouped(n) + " " + en}
}

// Joined sets texts side by side with the separator of each language.
func Joined(sep detect.Text, parts ...detect.Text) detect.Text {
	var zh, en []string
	for _, p := range parts {
		zh, en = append(zh, p.ZH), append(en, p.EN)
	}
	return detect.Text{ZH: strings.Join(zh, sep.ZH), EN: strings.Join(en, sep.EN)}
}

// Comma is the separator between the parts of a sentence.
var Comma = Say("，", ", ")

// List is the separator between equals.
var List = Say("、", ", ")

// Grouped writes n with a comma after every three digits, as both languages
// do in tables.
func Grouped(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Percent writes part of whole with one decimal; what exists never shows as
// 0 %, and what is not all never as 100 %.
func Percent(part, whole int) string {
	if whole <= 0 {
		return "-"
	}
	p := 100 * float64(part) / float64(whole)
	switch {
	case part == 0:
		return "0%"
	case part == whole:
		return "100%"
	case p < 0.1:
		return "<0.1%"
	case p > 99.9:
		return ">99.9%"
	}
	return strconv.FormatFloat(p, 'f', 1, 64) + "%"
}

// Duration writes a duration as a person says it: 9.5 s, 1 min 12 s, 2 h 5 min.
func Duration(d time.Duration) detect.Text {
	switch {
	case d < 0:
		return Same("-")
	case d < 10*time.Second:
		n := strconv.FormatFloat(d.Truncate(100*time.Millisecond).Seconds(), 'f', -1, 64)
		return Say(n+" 秒", n+" s")
	case d < time.Minute:
		return Sayf(Say("%d 秒", "%d s"), int(d.Seconds()))
	case d < time.Hour:
		return spelled(int(d.Minutes()), Say("分", "min"), int(d.Seconds())%60, Say("秒", "s"))
	case d < 24*time.Hour:
		return spelled(int(d.Hours()), Say("小时", "h"), int(d.Minutes())%60, Say("分", "min"))
	}
	return spelled(int(d.Hours())/24, Say("天", "d"), int(d.Hours())%24, Say("小时", "h"))
}

// spelled joins two units; the second is left out where it is none.
func spelled(n int, unit detect.Text, m int, under detect.Text) detect.Text {
	t := Joined(Same(" "), Same(strconv.Itoa(n)), unit)
	if m > 0 {
		t = Joined(Same(" "), t, Same(strconv.Itoa(m)), under)
	}
	return t
}

// Capital begins the English text with a capital letter.
func Capital(t detect.Text) detect.Text {
	r, size := utf8.DecodeRuneInString(t.EN)
	if size > 0 && t.EN != t.ZH { // a value that is the same in both is no prose
		t.EN = string(unicode.ToUpper(r)) + t.EN[size:]
	}
	return t
}
