package rules

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// domainExpiring: 域名应在有效期内，有效期应为 3 个月以上.
var domainExpiring = &detect.Rule{
	ID:       "domain-expiring",
	Witness:  detect.WitnessNone,
	Severity: detect.Violation,
	Title:    detect.Text{ZH: "域名已过期或即将过期", EN: "the domain has expired or is about to"},
	Kept:     detect.Text{ZH: "域名在有效期内", EN: "the domain is registered for long enough"},
	Rationale: detect.Text{
		ZH: "备案使用的域名须在有效期内，提交备案时剩余有效期一般要求 3 个月以上；域名过期后会停止解析，被他人注册后可能用于违法内容而牵连原备案。",
		EN: "A filed domain must be within its term, and providers ask for three months left when a filing is handed in. An expired domain stops resolving, and whoever registers it next may fill it with what reflects on the filing.",
	},
	Remedy: detect.Text{
		ZH: "请立即在注册商处续费；不再使用的域名请先注销备案。",
		EN: "Renew the domain at its registrar now; if it is no longer used, cancel its filing first.",
	},
	Source: reviewers("域名核验：在有效期内 / the check of the domain: within its term"),
	Needs:  detect.NeedsSite,
	Dated:  true,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "已备案或审核中：已过期或正在被删除（redemptionPeriod、pendingDelete）为违规，剩余不足 90 天或注册局代为续期为待核实；其他状态各低一级", EN: "filed or in review: violation when expired or being deleted (redemptionPeriod, pendingDelete), warning under 90 days or when only the registry prolonged it; one step less otherwise"},
		Liveness: detect.Text{ZH: "只有清单说已过期而域名仍能解析，或登记处的查询早于到期日：低一级", EN: "one step less where only the inventory says expired and the name still resolves, or the registry was asked before the day"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "备案已注销；服务器在内地以外且未备案；IP 地址；只检查文件", EN: "filing cancelled; hosted abroad and not filed; an address; a file"},
		Unknown:  detect.Text{ZH: "登记处和清单都没有给出到期日", EN: "neither registry nor inventory gives the date"},
	},
	Check: checkExpiry,
}

func checkExpiry(c *detect.Case) detect.Outcome {
	if o, ok := domainDuty(c); !ok {
		return o
	}
	r := registration(c)
	if r != nil {
		if s := doomed(r); s != "" {
			return found(lowered(c, detect.Violation), expiryFinding(c, byRegistry(r), r.Expires, detect.Text{ZH: "状态为 " + s + "，正在被删除", EN: "its status is " + s + ": it is being deleted"}))
		}
	}
	by, expires := byInventory, c.Target.Holder.DomainExpires
	if r != nil && !r.Expires.IsZero() && (expires.IsZero() || !c.Filing.CheckedAt.After(r.At)) {
		by, expires = byRegistry(r), r.Expires
	}
	if expires.IsZero() {
		return unknown(unregistered(c))
	}
	left := expires.Sub(c.At)
	switch {
	case left <= 0:
		full := detect.Violation
		if by == byInventory && len(c.Addresses()) > 0 || by != byInventory && r.At.Before(expires) {
			full = detect.Warning // it may have been renewed since
		}
		return found(lowered(c, full), expiryFinding(c, by, expires, detect.Text{ZH: "已过期", EN: "it has expired"}))
	case left < c.Policy.ExpiresSoon:
		days := int(left.Hours()) / 24
		return found(lowered(c, detect.Warning), expiryFinding(c, by, expires, detect.Text{ZH: fmt.Sprintf("剩余 %d 天", days), EN: fmt.Sprintf("%d days are left", days)}))
	case r != nil && prolonged(r):
		return found(lowered(c, detect.Warning), expiryFinding(c, by, expires, detect.Text{ZH: "注册局已自动续期（autoRenewPeriod），注册商未续费时会删除", EN: "the registry prolonged it by itself (autoRenewPeriod); the registrar deletes it unless it is paid"}))
	}
	return pass()
}

// status brings the two spellings of an EPP status into one: pendingDelete and
// "pending delete".
func status(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }

// doomed returns the status of a domain that is being deleted, "" if it is not.
func doomed(r *crawler.Registration) string {
	for _, s := range r.Statuses {
		switch status(s) {
		case "redemptionperiod", "pendingdelete", "pendingrestore":
			return s
		}
	}
	return ""
}

// prolonged reports whether the registry renewed the domain by itself at the end
// of its term.
func prolonged(r *crawler.Registration) bool {
	for _, s := range r.Statuses {
		if status(s) == "autorenewperiod" {
			return true
		}
	}
	return false
}

func expiryFinding(c *detect.Case, by detect.Text, expires time.Time, what detect.Text) detect.Finding {
	saw := detect.Text{ZH: by.ZH + "：" + what.ZH, EN: by.EN + ": " + what.EN}
	if !expires.IsZero() {
		day := expires.Format(time.DateOnly)
		saw.ZH, saw.EN = saw.ZH+"，到期日 "+day, saw.EN+"; its term ends on "+day
	}
	return detect.Finding{Where: domainWhere(c), Saw: saw, Fix: detect.Text{
		ZH: "请在注册商处续费；若已续费，请更新清单中的到期日。",
		EN: "Renew the domain at its registrar; if that is done, update the date in the inventory.",
	}}
}

// This file holds what the rules about the domain itself have in common: its
// holder, registrar, suffix and term, from the registry or the inventory.

// domainDuty says whether the rules about the domain apply: to one that is
// filed or may come to be filed, not to an address, nor to a site for which
// nothing is owed.
func domainDuty(c *detect.Case) (detect.Outcome, bool) {
	if _, err := netip.ParseAddr(c.Target.Domain); err == nil {
		return exempt(detect.ReasonNoDomain), false
	}
	if c.Filing.Status == crawler.FilingCancelled {
		return exempt(detect.ReasonNotFiled), false
	}
	if c.AbroadUnfiled() && c.Filing.Status != crawler.FilingInReview {
		return exempt(detect.ReasonAbroad), false
	}
	return detect.Outcome{}, true
}

// registration is what the registry says of the domain; nil if it was not
// asked, gave no usable answer, or was asked too long ago.
func registration(c *detect.Case) *crawler.Registration {
	r := c.Obs.Registration
	if !r.Usable() || r.Domain != detect.Registrable(c.Target.Domain) || c.At.Sub(r.At) > c.Policy.MaxFilingAge {
		return nil
	}
	return r
}

// unregistered says why neither registry nor inventory gives the fact that a
// rule needs.
func unregistered(c *detect.Case) detect.Reason {
	switch r := c.Obs.Registration; {
	case r == nil, r.Domain != detect.Registrable(c.Target.Domain):
		return detect.ReasonRegistrationNotKnown
	case r.Failure != nil && r.Failure.Kind == crawler.FailNoRecord:
		return detect.ReasonNoRecord
	case r.Failure != nil:
		return detect.ReasonRegistryFailed
	case registration(c) == nil:
		return detect.ReasonRegistrationOld
	}
	return detect.ReasonRegistrationNotKnown
}

// A said is one fact about the domain and who says so.
type said struct {
	value string
	by    detect.Text
	at    time.Time // zero if it has no date
}

// byRegistry names the registry as the source of a fact, with its date.
func byRegistry(r *crawler.Registration) detect.Text {
	name := map[crawler.RegistrationProtocol]string{crawler.ProtocolWHOIS: "WHOIS", crawler.ProtocolRDAP: "RDAP"}[r.Protocol]
	day := r.At.Format(time.DateOnly)
	return detect.Text{ZH: name + "（" + r.Server + "，" + day + "）", EN: name + " (" + r.Server + ", " + day + ")"}
}

// byInventory names the inventory as the source of a fact.
var byInventory = detect.Text{ZH: "清单", EN: "the inventory"}

// sayings are what registry and inventory say, fresher first. What the
// inventory says has the date on which the filing was checked, if it has one.
func sayings(c *detect.Case, registry func(*crawler.Registration) string, inventory string) []said {
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
