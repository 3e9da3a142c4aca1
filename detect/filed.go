package detect

import (
	"regexp"
	"strings"

	"github.com/beianwatch/beianwatch/detect/fold"
	"github.com/beianwatch/beianwatch/detect/number"
)

// A filedNumber is a filing number as a register writes it, taken apart so
// that it can be compared with what a page shows.
type filedNumber struct {
	province string // official character; "" for a nation-wide licence
	form     string // "ICP备", "ICP证", "B2" …
	serial   string // the digits
	suffix   string // N of -N with its letter, "" if none
}

var (
	filedICP     = regexp.MustCompile(`(\p{Han})ICP(备|证)(?:案)?[字第:-]*(\d{4,12})号?(?:-(\d{1,5}[AXK]?))?`)
	filedTelecom = regexp.MustCompile(`(\p{Han}|合字)?([AB][12](?:[.,、][AB][12])*)-((?:19|20)\d{6})号?(?:-(\d{1,5}[AXK]?))?`)
)

// aliases are characters that real footers and registers use in place of the
// official one of the province.
var aliases = map[string]string{"川": "蜀", "贵": "黔", "云": "滇", "甘": "陇", "秦": "陕"}

// parseFiled takes a number apart; false if it has no form that we know.
func parseFiled(s string) (filedNumber, bool) {
	s = strings.ToUpper(strings.Join(strings.Fields(fold.String(s)), ""))
	s = strings.Replace(s, "号-", "-", 1) // the suffix may stand before or after 号
	var f filedNumber
	if m := filedICP.FindStringSubmatch(s); m != nil {
		f = filedNumber{province: m[1], form: "ICP" + m[2], serial: m[3], suffix: m[4]}
	} else if m := filedTelecom.FindStringSubmatch(s); m != nil {
		f = filedNumber{province: m[1], form: m[2], serial: m[3], suffix: m[4]}
	} else {
		return f, false
	}
	if official, ok := aliases[f.province]; ok {
		f.province = official
	}
	return f, true
}

// sameBase tells whether two numbers are of the same subject.
func (f filedNumber) sameBase(g filedNumber) bool {
	return f.serial == g.serial && f.form == g.form && f.province == g.province
}

// String gives the number in canonical form.
func (f filedNumber) String() string {
	s := f.base()
	if f.suffix != "" {
		s += "-" + f.suffix
	}
	return s
}

// base gives the subject's number in canonical form.
func (f filedNumber) base() string {
	if strings.HasPrefix(f.form, "ICP") {
		return f.province + f.form + f.serial + "号"
	}
	return f.province + f.form + "-" + f.serial
}

// filed lists the numbers of the subject that the register knows, the site's
// own first.
func filed(c *Case) []filedNumber {
	var list []filedNumber
	for _, s := range append([]string{c.Filing.Number}, c.Filing.AlsoNumbers...) {
		if f, ok := parseFiled(s); ok {
			list = append(list, f)
		}
	}
	return list
}

// isOurs tells whether a number shown is of the subject, whatever its suffix.
func isOurs(c *Case, n number.ICP) bool {
	shown, ok := parseFiled(n.Number)
	return ok && hasBase(filed(c), shown)
}

func isOursLicence(c *Case, l number.Licence) bool {
	shown, ok := parseFiled(l.Number)
	return ok && hasBase(filed(c), shown)
}

func hasBase(list []filedNumber, n filedNumber) bool {
	for _, f := range list {
		if f.sameBase(n) {
			return true
		}
	}
	return false
}

// app tells whether the number is that of an app, a mini-program or a quick
// app: all share one counter with the subject's web sites.
func (f filedNumber) app() bool {
	return f.suffix != "" && strings.ContainsAny(f.suffix[len(f.suffix)-1:], "AXK")
}
