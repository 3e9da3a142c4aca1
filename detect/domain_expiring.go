package detect

import (
	"fmt"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
)

// domainExpiring: 域名应在有效期内，有效期应为 3 个月以上.
var domainExpiring = &Rule{
	ID:       "domain-expiring",
	Severity: Violation,
	Title:    Text{"域名已过期或即将过期", "the domain has expired or is about to"},
	Rationale: Text{
		"备案使用的域名须在有效期内，提交备案时剩余有效期一般要求 3 个月以上；域名过期后会停止解析，被他人注册后可能用于违法内容而牵连原备案。",
		"A filed domain must be within its term, and providers ask for three months left when a filing is handed in. An expired domain stops resolving, and whoever registers it next may fill it with what reflects on the filing.",
	},
	Remedy: Text{
		"请立即在注册商处续费；不再使用的域名请先注销备案。",
		"Renew the domain at its registrar now; if it is no longer used, cancel its filing first.",
	},
	Source: reviewers("域名核验：在有效期内 / the check of the domain: within its term"),
	Needs:  NeedsSite,
	Dated:  true,
	Policy: Policies{
		Filing:   Text{"已备案或审核中：已过期或正在被删除（redemptionPeriod、pendingDelete）为违规，剩余不足 90 天或注册局代为续期为警告；其他状态各低一级", "filed or in review: violation when expired or being deleted (redemptionPeriod, pendingDelete), warning under 90 days or when only the registry prolonged it; one step less otherwise"},
		Liveness: Text{"只有清单说已过期而域名仍能解析，或登记处的查询早于到期日：低一级", "one step less where only the inventory says expired and the name still resolves, or the registry was asked before the day"},
		Place:    Text{"不区分", "any"},
		Exempt:   Text{"备案已注销；服务器在内地以外且未备案；IP 地址；只检查文件", "filing cancelled; hosted abroad and not filed; an address; a file"},
		Unknown:  Text{"登记处和清单都没有给出到期日", "neither registry nor inventory gives the date"},
	},
	Check: checkExpiry,
}

func checkExpiry(c *Case) Outcome {
	if o, ok := domainDuty(c); !ok {
		return o
	}
	r := registration(c)
	if r != nil {
		if s := doomed(r); s != "" {
			return found(lowered(c, Violation), expiryFinding(c, byRegistry(r), r.Expires, Text{"状态为 " + s + "，正在被删除", "its status is " + s + ": it is being deleted"}))
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
		full := Violation
		if by == byInventory && len(c.addresses()) > 0 || by != byInventory && r.At.Before(expires) {
			full = Warning // it may have been renewed since
		}
		return found(lowered(c, full), expiryFinding(c, by, expires, Text{"已过期", "it has expired"}))
	case left < c.Policy.ExpiresSoon:
		days := int(left.Hours()) / 24
		return found(lowered(c, Warning), expiryFinding(c, by, expires, Text{fmt.Sprintf("剩余 %d 天", days), fmt.Sprintf("%d days are left", days)}))
	case r != nil && prolonged(r):
		return found(lowered(c, Warning), expiryFinding(c, by, expires, Text{"注册局已自动续期（autoRenewPeriod），注册商未续费时会删除", "the registry prolonged it by itself (autoRenewPeriod); the registrar deletes it unless it is paid"}))
	}
	return pass()
}

// status brings the two spellings of an EPP status into one: pendingDelete and
// "pending delete".
func status(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }

// doomed gives the status of a domain that is being deleted, "" if it is not.
func doomed(r *crawler.Registration) string {
	for _, s := range r.Statuses {
		switch status(s) {
		case "redemptionperiod", "pendingdelete", "pendingrestore":
			return s
		}
	}
	return ""
}

// prolonged tells whether the registry renewed the domain by itself at the end
// of its term.
func prolonged(r *crawler.Registration) bool {
	for _, s := range r.Statuses {
		if status(s) == "autorenewperiod" {
			return true
		}
	}
	return false
}

func expiryFinding(c *Case, by Text, expires time.Time, what Text) Finding {
	saw := Text{by.ZH + "：" + what.ZH, by.EN + ": " + what.EN}
	if !expires.IsZero() {
		day := expires.Format(time.DateOnly)
		saw.ZH, saw.EN = saw.ZH+"，到期日 "+day, saw.EN+"; its term ends on "+day
	}
	return Finding{Where: domainWhere(c), Saw: saw, Fix: Text{
		"请在注册商处续费；若已续费，请更新清单中的到期日。",
		"Renew the domain at its registrar; if that is done, update the date in the inventory.",
	}}
}
