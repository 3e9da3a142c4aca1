package demo

import "github.com/beianwatch/beianwatch/detect"

// recordSites are in order themselves; it is the domain's registration, as the
// inventory has it, that is or is not.
func recordSites() []Site {
	subject := row{status: isFiled, number: "苏ICP备18903417号-1", subject: "江苏恒润轴承制造有限公司", siteName: "恒润轴承", province: "江苏"}
	well, ill := subject, subject
	well.holder, well.registrar, well.expires = "江苏恒润轴承制造有限责任公司", "阿里云计算有限公司（万网）", 400
	ill.holder, ill.registrar, ill.expires = "南京白水网络科技有限公司", "Namecheap, Inc.", 40
	return []Site{
		{
			Domain:   "hengrun-bearing.example",
			Point:    detect.Text{ZH: "域名在主体名下、注册商已批复、有效期还长", EN: "the domain is the subject's own, at an approved registrar, with a year left"},
			row:      well,
			web:      home(page("hengrun.html")),
			Expected: is(detect.Serving, ok(), passes("domain-holder-mismatch", "registrar-not-approved", "domain-expiring")).of("normal"),
		},
		{
			Domain:   "hengrun-export.example",
			Point:    detect.Text{ZH: "域名在建站公司名下，注册商在境外，还剩 40 天", EN: "the domain is its builder's, at a foreign registrar, with 40 days left"},
			row:      ill,
			web:      home(page("hengrun.html")),
			Expected: is(detect.Serving, ok(), warning("domain-holder-mismatch", "registrar-not-approved", "domain-expiring")).of("normal"),
		},
	}
}
