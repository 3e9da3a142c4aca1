package detect

import (
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/number"
)

// askMost bounds the numbers of a page for which a register is asked.
const askMost = 3

// FilingDomain gives the domain for which a register is asked: the registrable
// one. It is false for an address, and for a host below a domain of a
// government, which has a filing of its own.
func FilingDomain(domain string) (string, bool) {
	if _, err := netip.ParseAddr(domain); err == nil {
		return "", false
	}
	name := registrable(domain)
	if suffix, _ := publicsuffix.PublicSuffix(name); name == suffix || name != domain && strings.HasSuffix(name, ".gov.cn") {
		return "", false
	}
	return name, true
}

// UnknownNumbers are the numbers, without -N, that the site shows as its own
// and of which neither inventory nor register says whose they are: a register
// may be asked for them.
func UnknownNumbers(c *Case) []string {
	if c.File != "" || c.Home == nil || c.Away != "" || c.Liveness != Serving || len(filed(c)) > 0 {
		return nil
	}
	if s := c.Filing.Status; s != crawler.FilingUnknown && s != crawler.FilingUnfiled {
		return nil
	}
	var list []string
	for _, n := range shownNumbers(c) {
		if n.Service == "" && n.Base != "" && !slices.Contains(list, n.Base) && len(list) < askMost {
			list = append(list, n.Base)
		}
	}
	return list
}

// listed is what the register's lists say of the numbers that a page shows.
type listed int

const (
	listedUnknown listed = iota
	listedHere           // one of them lists this domain, or the one that it is an alias of
	listedNot            // all of them are known, and none does
)

// listing compares the numbers shown with what the register lists under them.
// Only whole lists that are fresh count, and every number must have one.
func listing(c *Case, own []number.ICP) (how listed, by *crawler.NumberAnswer) {
	domains := []string{registrable(c.Target.Domain)}
	if c.Target.AliasOf != "" {
		domains = append(domains, registrable(c.Target.AliasOf))
	}
	all := len(own) > 0
	for _, n := range own {
		a := answerOn(c, n.Base)
		if a == nil {
			all = false
			continue
		}
		if slices.ContainsFunc(domains, func(d string) bool { return slices.Contains(a.Domains, d) }) {
			return listedHere, a
		}
		sure := a.Whole && len(a.Domains) > 0 && c.At.Sub(a.At) <= c.Policy.MaxFilingAge &&
			(c.Filing.Subject == "" || a.Subject != "" && holderFit(c, a.Subject) == fitOther)
		all, by = all && sure, a
	}
	if !all {
		return listedUnknown, nil
	}
	return listedNot, by
}

// answerOn is the register's answer on a number, nil if there is none.
func answerOn(c *Case, base string) *crawler.NumberAnswer {
	for i := range c.Obs.Numbers {
		if a := &c.Obs.Numbers[i]; a.Number == base && a.Reason == "" {
			return a
		}
	}
	return nil
}

// unlisted judges a shown number by the register's list: false if that says
// nothing. An unfiled site is judged here too: the number that it shows is
// another's.
func unlisted(c *Case) (Outcome, bool) {
	if len(c.Obs.Numbers) == 0 || len(UnknownNumbers(c)) == 0 {
		return Outcome{}, false
	}
	own := shownNumbers(c)
	if slices.ContainsFunc(own, func(n number.ICP) bool { return n.Service != "" }) {
		return Outcome{}, false
	}
	how, by := listing(c, own)
	unfiled := c.Filing.Status == crawler.FilingUnfiled
	switch {
	case how == listedHere && !unfiled:
		return pass(), true
	case how != listedNot:
		return Outcome{}, false
	}
	if why := unreadNumber(c, nil); why != "" {
		return unknown(why), true
	}
	severity := Warning
	if unfiled {
		severity = Violation
	}
	day := by.At.Format("2006-01-02")
	shown := by.Domains[:min(len(by.Domains), 3)]
	f := wrongFinding(c, []string{by.Number}, Text{
		"据登记库（" + by.Source + "，" + day + "），该号下的域名为 " + strings.Join(shown, "、") + "，不含本域名",
		"by the register (" + by.Source + ", " + day + ") it covers " + strings.Join(shown, ", ") + " and not this domain",
	})
	f.Fix = Text{
		"请把页脚的备案号改为本网站自己的备案号；本域名尚未备案的，先以本主体新增网站备案。",
		"Replace the number at the foot with this site's own; if this domain is not filed yet, file it first.",
	}
	return found(severity, f), true
}
