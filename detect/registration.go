package detect

import (
	"net/netip"
	"time"
	"unicode"

	"github.com/beianwatch/beianwatch/crawler"
)

// This file holds what the rules about the domain itself have in common: its
// holder, registrar, suffix and term, from the registry or the inventory.

// domainDuty says whether the rules about the domain apply: to one that is
// filed or may come to be filed, not to an address, nor to a site for which
// nothing is owed.
func domainDuty(c *Case) (Outcome, bool) {
	if _, err := netip.ParseAddr(c.Target.Domain); err == nil {
		return exempt(ReasonNoDomain), false
	}
	if c.Filing.Status == crawler.FilingCancelled {
		return exempt(ReasonNotFiled), false
	}
	if abroadUnfiled(c) && c.Filing.Status != crawler.FilingInReview {
		return exempt(ReasonAbroad), false
	}
	return Outcome{}, true
}

// registration is what the registry says of the domain; nil if it was not
// asked, gave no usable answer, or was asked too long ago.
func registration(c *Case) *crawler.Registration {
	r := c.Obs.Registration
	if !r.Usable() || r.Domain != registrable(c.Target.Domain) || c.At.Sub(r.At) > c.Policy.MaxFilingAge {
		return nil
	}
	return r
}

// unregistered says why neither registry nor inventory gives the fact that a
// rule needs.
func unregistered(c *Case) Reason {
	switch r := c.Obs.Registration; {
	case r == nil, r.Domain != registrable(c.Target.Domain):
		return ReasonRegistrationNotKnown
	case r.Failure != nil && r.Failure.Kind == crawler.FailNoRecord:
		return ReasonNoRecord
	case r.Failure != nil:
		return ReasonRegistryFailed
	case registration(c) == nil:
		return ReasonRegistrationOld
	}
	return ReasonRegistrationNotKnown
}

// A said is one fact about the domain and who says so.
type said struct {
	value string
	by    Text
	at    time.Time // zero if it has no date
}

// byRegistry names the registry as the source of a fact, with its date.
func byRegistry(r *crawler.Registration) Text {
	name := map[crawler.RegistrationProtocol]string{crawler.ProtocolWHOIS: "WHOIS", crawler.ProtocolRDAP: "RDAP"}[r.Protocol]
	day := r.At.Format(time.DateOnly)
	return Text{name + "（" + r.Server + "，" + day + "）", name + " (" + r.Server + ", " + day + ")"}
}

// byInventory names the inventory as the source of a fact.
var byInventory = Text{"清单", "the inventory"}

// sayings are what registry and inventory say, fresher first. What the
// inventory says has the date on which the filing was checked, if it has one.
func sayings(c *Case, registry func(*crawler.Registration) string, inventory string) []said {
	var list []said
	if r := registration(c); r != nil {
		if v := registry(r); v != "" {
			list = append(list, said{v, byRegistry(r), r.At})
		}
	}
	if inventory != "" {
		own := said{inventory, byInventory, c.Filing.CheckedAt}
		if len(list) == 1 && own.at.After(list[0].at) {
			return []said{own, list[0]}
		}
		list = append(list, own)
	}
	return list
}

// domainWhere is where findings about the domain are.
func domainWhere(c *Case) Text {
	name := registrable(c.Target.Domain)
	return Text{"域名 " + name, "domain " + name}
}

// lowered is the severity by filing status: in full for a filing that stands or
// is under review, one step less where nothing may be filed at all.
func lowered(c *Case, full Severity) Severity {
	switch c.Filing.Status {
	case crawler.FilingFiled, crawler.FilingInReview:
		return full
	}
	return lower(full)
}

// hasHan tells whether a name is written in Chinese.
func hasHan(s string) bool {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}
