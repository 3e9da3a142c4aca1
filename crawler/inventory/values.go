package inventory

import (
	"net/netip"
	"strings"
	"time"
	"unicode"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/inventory/date"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// listed reports whether a character parts the items of a list in a cell.
func listed(r rune) bool {
	return strings.ContainsRune(";；,，、|", r) || unicode.IsSpace(r)
}

func (r *row) alsoNumbers(s string) {
	for _, n := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(";；,，、|\n\r\t", c) }) {
		if n = strings.TrimSpace(n); n != "" && len(r.t.Filing.AlsoNumbers) < maxList && !nothing(n) {
			r.t.Filing.AlsoNumbers = append(r.t.Filing.AlsoNumbers, n)
		}
	}
}

func (r *row) police(s string) {
	switch {
	case dueWords[plainHeading(s)]:
		r.t.Filing.PoliceDue = true
	case strings.ContainsAny(s, "0123456789０１２３４５６７８９"):
		fill(&r.t.Filing.PoliceNumber, s)
	case !nothing(s):
		r.note("police_number", s)
	}
}

func (r *row) policeDue(s string) {
	if yes(s) || dueWords[plainHeading(s)] {
		r.t.Filing.PoliceDue = true
	}
}

func (r *row) expect(s string) {
	e, ok := expectWords[plainHeading(s)]
	if !ok {
		r.sink.warn(message.Format("预期“%s”无法识别，未采用：请填正常、跳转或关闭", "expect %q is not understood and is left out: write serving, redirect or closed", cut(s, 40)))
		r.note("expect", s)
		return
	}
	r.t.Expect = e
}

func (r *row) aliasOf(s string) {
	name, err := dns.Name(s)
	if err != nil {
		if !nothing(s) {
			r.warn(message.Format("跳转域名“%[1]s”未采用：%[2]s", "alias_of %[1]q is left out: %[3]s", cut(s, 60), nameFault(s, err).ZH, nameFault(s, err).EN))
			r.note("alias_of", s)
		}
		return
	}
	fill(&r.t.AliasOf, name)
}

func (r *row) address(s string) {
	list := addresses(s)
	if len(list) == 0 {
		r.warn(message.Format("指定IP“%s”不是 IP 地址，未采用", "address %q is no IP address and is left out", cut(s, 60)))
		r.note("address", s)
		return
	}
	if !r.t.Address.IsValid() {
		r.t.Address = list[0]
	}
}

// serverIP keeps where the team says that the site runs.
func (r *row) serverIP(s string) {
	list := addresses(s)
	if len(list) == 0 {
		if !nothing(s) {
			r.note("server_ip", s)
		}
		return
	}
	for _, a := range list {
		if len(r.t.ServerIPs) < maxServers {
			r.t.ServerIPs = append(r.t.ServerIPs, a)
		}
	}
}

// addresses are the IP addresses in a cell.
func addresses(s string) (list []netip.Addr) {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return listed(r) || r == '/' || r == '(' || r == '（' }) {
		if a, err := netip.ParseAddr(strings.Trim(part, "[]()（）")); err == nil && a.Zone() == "" {
			list = append(list, a.Unmap())
		}
	}
	return list
}

func (r *row) date(field *time.Time, name, s string) {
	if nothing(s) {
		return
	}
	at, ok := date.Read(s, r.epoch)
	if !ok {
		r.warn(message.Format("日期“%[1]s”（%[2]s）无法识别，未采用：请写成 2026-01-31", "%[2]s %[1]q is no date that is understood and is left out: write 2026-01-31", cut(s, 40), name))
		r.note(name, s)
		return
	}
	if field.IsZero() {
		*field = at
	}
}

// creditCode keeps the code as written. A form that no code has is told: the
// rules judge what can be a code.
func (r *row) creditCode(s string) {
	if nothing(s) {
		return
	}
	fill(&r.t.Filing.CreditCode, s)
	code, fault := r.t.Filing.CreditCodeFault()
	shown := cut(s, 60)
	switch fault {
	case crawler.CodeLength:
		r.warn(message.Format("统一社会信用代码“%s”有 %d 位，应为 18 位", "credit_code %q has %d characters, a code has 18", shown, len(code)))
	case crawler.CodeLetter:
		r.warn(message.Format("统一社会信用代码“%s”含有代码中不会出现的字母（I、O、S、V、Z，或行政区划位上的字母；常见的是把数字 0 写成字母 O）", "credit_code %q has a letter that no code has there (I, O, S, V, Z, or a letter in the division; often O for 0)", shown))
	case crawler.CodeRemark:
		r.warn(message.Format("统一社会信用代码“%s”旁边有其他文字：请只填 18 位代码", "credit_code %q has other words beside it: write the 18 characters alone", shown))
	}
}
