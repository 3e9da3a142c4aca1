package detect

import (
	"net/netip"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
)

// filedSiteElsewhere: providers' checks look for 解析境外IP and 未解析本云IP.
// One address in the right place is enough for them, and for us.
var filedSiteElsewhere = &Rule{
	ID:       "filed-site-elsewhere",
	Severity: Warning,
	Title:    Text{"已备案网站没有解析到备案接入商的内地服务器", "a filed site does not point to its provider's servers in the mainland"},
	Rationale: Text{
		"备案以“域名 + 内地接入商”为单位。域名只解析到境外，或不再解析到备案接入商的服务器，接入商核查时会认定备案未被使用，可能取消接入，使备案成为“空壳”。",
		"A filing is of a name with a provider in the mainland. A name that points abroad only, or no longer to that provider, is taken as unused at the provider's checks; the access may be withdrawn and the filing become an empty shell.",
	},
	Remedy: Text{
		"请把域名（或至少一个子域名）解析到备案接入商的内地服务器；已更换服务商的请办理新增接入；不再使用请注销备案。",
		"Point the name (or at least one name below it) to the provider's servers in the mainland; after a change of provider make a new access filing; cancel the filing if it is not used.",
	},
	Source: Article{
		Law:   Text{"接入商核查标准（华为云备案文档“备案核查”、腾讯云“专项核查”）", "providers' checks (Huawei Cloud and Tencent Cloud, documentation of filing checks)"},
		Place: "解析境外 IP、未解析本云 IP / points abroad, does not point to this cloud",
	},
	Needs: NeedsDNS | NeedsFiling | NeedsSite,
	Policy: Policies{
		Filing:   Text{"仅已备案", "filed only"},
		Liveness: Text{"只看解析结果，不看能否访问", "by what DNS says, whether or not the site answers"},
		Place:    Text{"观测点在内地：警告；未声明在内地：提示（智能解析可能只对境外返回境外节点）", "from a mainland vantage: warning; otherwise notice (DNS may answer us with nodes abroad)"},
		Exempt:   Text{"未备案；备案通过不足 3 天；跳转到其他域名；只检查文件。清单声明 closed：通过", "not filed; approved less than 3 days ago; leads to another domain; a file. expect = closed: pass"},
		Unknown:  Text{"备案状态未知；没有解析结果；地址位置未知或属于 CDN、任播网络", "status unknown; no address; an address whose place is not known, or of a CDN or anycast network"},
	},
	Dated: true,
	Check: checkFiledElsewhere,
}

func checkFiledElsewhere(c *Case) Outcome {
	if o, ok := filedSite(c); !ok {
		return o
	}
	if c.Target.Expect == crawler.ExpectClosed {
		return passFor(ReasonExpected)
	}
	addrs := c.allAddresses()
	if len(addrs) == 0 {
		return unknown(ReasonDown)
	}
	serves, known := c.Policy.Providers.Serves(c.Filing.AccessProvider, addrs)
	if serves {
		return pass()
	}
	inside, why := c.anyMainland(addrs)
	switch {
	case why != "":
		return unknown(why)
	case inside && !known:
		return pass()
	}
	severity := Notice
	if c.Policy.VantageMainland {
		severity = Warning
	}
	return found(severity, elsewhereFinding(c, addrs, inside))
}

// allAddresses are those of the domain and of its www. name.
func (c *Case) allAddresses() []netip.Addr {
	addrs := c.addresses()
	if c.Target.Address.IsValid() {
		return addrs
	}
	www, _ := c.Obs.Addresses("www." + c.Target.Domain)
	return append(addrs[:len(addrs):len(addrs)], www...)
}

// anyMainland tells whether one of the addresses is in the mainland; the
// reason is set where none is and one of them may be.
func (c *Case) anyMainland(addrs []netip.Addr) (inside bool, why Reason) {
	if c.Policy.Networks == nil {
		return false, ReasonPlaceUnknown
	}
	for _, addr := range addrs {
		switch p := c.Policy.Networks.Of(addr.Unmap()); {
		case p.Mainland:
			return true, ""
		case p.Shared != "":
			why = ReasonSharedNetwork
		case !p.Known && why == "":
			why = ReasonPlaceUnknown
		}
	}
	return false, why
}

func elsewhereFinding(c *Case, addrs []netip.Addr, inside bool) Finding {
	var list []string
	for _, addr := range addrs[:min(len(addrs), 6)] {
		a := addr.Unmap()
		word := a.String()
		if country := c.Policy.Networks.Of(a).Country; country != "" {
			word += " (" + country + ")"
		}
		list = append(list, word)
	}
	joined := strings.Join(list, ", ")
	saw := Text{"只解析到中国内地以外：" + joined, "points only outside mainland China: " + joined}
	if inside {
		saw = Text{"没有解析到接入商“" + c.Filing.AccessProvider + "”的网段：" + joined, "does not point into the networks of \"" + c.Filing.AccessProvider + "\": " + joined}
	}
	return Finding{
		Where: Text{"DNS " + c.Target.Domain, "DNS " + c.Target.Domain},
		Saw:   saw,
		Fix: Text{
			"请把域名解析到备案接入商的内地服务器；已更换服务商的请办理新增接入备案。",
			"Point the name to the provider's servers in the mainland; after a change of provider make a new access filing.",
		},
	}
}
