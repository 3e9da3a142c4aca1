package rules

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/beianwatch/beianwatch/detect"
)

// serverAddressDiffers compares what the inventory says of the server's address
// with DNS. Providers' checks compare the same two. It is a notice: lists grow
// old, and no duty is broken by another server alone.
var serverAddressDiffers = &detect.Rule{
	ID:       "server-address-differs",
	Witness:  detect.WitnessNone,
	Severity: detect.Notice,
	Title:    detect.Text{ZH: "域名没有解析到清单中的服务器 IP", EN: "the name does not point to the server's address in the inventory"},
	Kept:     detect.Text{ZH: "域名解析到清单中的服务器 IP", EN: "the name points to the server's address in the inventory"},
	Rationale: detect.Text{
		ZH: "备案信息中的服务器 IP 应与域名实际解析的地址一致。不一致可能是网站迁移后未更新备案或清单，接入商核查时会要求变更接入信息。",
		EN: "The server's address in a filing should be the one that the name points to. Where they differ the site may have moved without a change of the filing or of the list; providers ask for the change at their checks.",
	},
	Remedy: detect.Text{
		ZH: "请核对服务器 IP：网站已迁移的，请变更备案的接入信息并更新清单；解析有误的，请更正解析。",
		EN: "Check the server's address: if the site has moved, change the access in the filing and the list; if DNS is wrong, correct it.",
	},
	Source: reviewers("解析 IP 与备案 IP 不一致 / the name points to another address than the one filed"),
	Needs:  detect.NeedsDNS | detect.NeedsSite,
	Policy: detect.Policies{
		Filing:   detect.Text{ZH: "不区分", EN: "any"},
		Liveness: detect.Text{ZH: "只看解析结果，不看能否访问", EN: "by what DNS says, whether or not the site answers"},
		Place:    detect.Text{ZH: "不区分", EN: "any"},
		Exempt:   detect.Text{ZH: "清单没有公网的服务器 IP（server_ip）；清单指定了拨测 IP（address）；以 IP 为域名；只检查文件", EN: "no public server_ip in the inventory; the address to dial is given (address); the name is an address itself; a file"},
		Unknown:  detect.Text{ZH: "没有解析结果；解析到 CDN、任播等共用网络，或经 CNAME 指向其他域名（源站不在解析中）", EN: "no answer of DNS; an address of a CDN or anycast network, or an alias of another domain's name: the server behind it is not in DNS"},
	},
	Check: checkServerAddress,
}

func checkServerAddress(c *detect.Case) detect.Outcome {
	if _, err := netip.ParseAddr(c.Target.Domain); err == nil || c.Target.Address.IsValid() {
		return exempt(detect.ReasonNoServerAddress)
	}
	listed := slices.DeleteFunc(slices.Clone(c.Target.ServerIPs), inner)
	if len(c.Target.ServerIPs) == 0 {
		return exempt(detect.ReasonNoServerAddress)
	}
	seen := allAddresses(c)
	for _, a := range seen {
		if slices.ContainsFunc(c.Target.ServerIPs, func(l netip.Addr) bool { return l.Unmap() == a.Unmap() }) {
			return pass()
		}
	}
	switch {
	case len(listed) == 0:
		return exempt(detect.ReasonNoServerAddress)
	case len(seen) == 0:
		return unknown(detect.ReasonDown)
	}
	if behindOthers(c, seen) {
		return unknown(detect.ReasonSharedNetwork)
	}
	return found(detect.Notice, detect.Finding{
		Where: detect.Text{ZH: "DNS " + c.Target.Domain, EN: "DNS " + c.Target.Domain},
		Saw: detect.Text{
			ZH: "解析到 " + joinAddresses(seen) + "，清单中的服务器 IP 为 " + joinAddresses(listed),
			EN: "DNS gives " + joinAddresses(seen) + ", the inventory says " + joinAddresses(listed),
		},
		Fix: detect.Text{
			ZH: "请核对：网站已迁移的，变更备案的接入信息并更新清单；解析有误的，更正解析。",
			EN: "Check which is right: if the site has moved, change the access in the filing and the list; if DNS is wrong, correct it.",
		},
	})
}

// inner reports whether an address is one that DNS does not give to the public.
func inner(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified()
}

// behindOthers reports whether the addresses are those of a service in front of
// the site: they are shared by many, or belong to another domain's name.
func behindOthers(c *detect.Case, addrs []netip.Addr) bool {
	if n := c.Policy.Networks; n != nil && slices.ContainsFunc(addrs, func(a netip.Addr) bool { return n.Of(a.Unmap()).Shared != "" }) {
		return true
	}
	own := detect.Registrable(c.Target.Domain)
	for i := range c.Obs.Lookups {
		l := &c.Obs.Lookups[i]
		if detect.Registrable(l.Name) == own && slices.ContainsFunc(l.Chain, func(name string) bool { return detect.Registrable(strings.TrimSuffix(name, ".")) != own }) {
			return true
		}
	}
	return false
}

// joinAddresses lists at most six addresses.
func joinAddresses(addrs []netip.Addr) string {
	var list []string
	for _, a := range addrs[:min(len(addrs), 6)] {
		if word := a.Unmap().String(); !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return strings.Join(list, ", ")
}
