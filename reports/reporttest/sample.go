package reporttest

import (
	"fmt"
	"iter"
	"net/http"
	"net/netip"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/kind"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/reports"
)

// The samples are invented; example.cn and 京ICP备12345678号 belong to no one.

var At = time.Date(2026, 11, 23, 2, 0, 7, 0, time.FixedZone("", 8*3600))

var order33 = detect.Article{
	Law: say("《非经营性互联网信息服务备案管理办法》", "Measures for the Filing of Non-commercial Internet Information Services"), Place: "第13条",
	Link: "https://www.gov.cn/gongbao/content/2005/content_92748.htm", Since: "2005-03-20",
}

// Rules are six rules with texts of about the length that real ones
// have.
var Rules = []*detect.Rule{
	{
		ID: "unfiled-site-serving", Severity: detect.Violation,
		Title:     say("未备案的网站已经开放访问", "A site that is not filed is already serving"),
		Rationale: say("在境内提供服务的网站，取得备案号之前不得开放访问；接入商会直接阻断，主管部门可责令关闭。", "A site served from mainland China must not be open before it has its filing number; providers block it and the authority may close it."),
		Remedy:    say("暂停域名解析或关闭网站访问，取得备案号后再开放。", "Suspend the DNS records or close the site until the filing number is issued."),
		Source:    detect.Article{Law: order33.Law, Place: "第5条、第22条", Link: order33.Link, Since: order33.Since},
	},
	{
		ID: "filed-site-down", Severity: detect.Violation,
		Title:     say("已备案的网站无法访问", "A filed site is down"),
		Rationale: say("已备案而长期不能访问的网站会被视为空壳，接入商可取消接入，备案可能被注销。", "A filed site that stays down counts as a shell: the provider may end the access and the filing may be cancelled."),
		Remedy:    say("恢复网站访问；不再使用的，注销备案。", "Bring the site back, or cancel a filing that is no longer used."),
		Source:    order33,
	},
	{
		ID: "footer-number-missing", Severity: detect.Violation,
		Title:     say("首页底部没有备案号", "The home page shows no filing number"),
		Rationale: say("网站开通时须在主页底部中央标明备案编号；未标明的，可处五千元以上一万元以下罚款。", "An open site must show its filing number at the foot of its home page; the fine is 5,000 to 10,000 yuan."),
		Remedy:    say("在首页底部中央加上备案号。", "Add the filing number at the centre of the foot of the home page."),
		Source:    order33,
	},
	{
		ID: "footer-link-missing", Severity: detect.Violation,
		Title:     say("备案号没有链接到工信部备案系统", "The filing number does not link to the MIIT filing system"),
		Rationale: say("备案编号下方须按要求链接备案管理系统网址，供公众查询核对。", "The filing number must link to the filing system so that the public can check it."),
		Remedy:    say("把备案号链接到 https://beian.miit.gov.cn/ 。", "Link the filing number to https://beian.miit.gov.cn/."),
		Source:    order33,
	},
	{
		ID: "preapproval-finance", Severity: detect.Violation,
		Title:     say("内容属于金融行业而没有前置审批", "The content is of the finance trade without prior approval"),
		Rationale: say("金融类互联网信息服务须先取得主管部门批准，再办理备案。", "Online financial services need the approval of their authority before they are filed."),
		Remedy:    say("先到主管部门办理批复，或移除相关内容。", "Get the approval first, or take the content down."),
		Source:    detect.Article{Law: say("《互联网信息服务管理办法》", "Measures for Internet Information Services"), Place: "第5条"},
	},
	{
		ID: "police-number-missing", Severity: detect.Notice,
		Title:     say("首页没有公安联网备案号", "The home page shows no public-security filing number"),
		Rationale: say("网站开通之日起三十日内须办理公安联网备案，这与工信部备案是两项独立的义务。", "Within thirty days of opening a site owes a filing with public security; it is a duty apart from the ICP filing."),
		Remedy:    say("在 https://beian.mps.gov.cn/ 办理，并把编号放在首页底部。", "File at https://beian.mps.gov.cn/ and put the number at the foot of the home page."),
		Source:    detect.Article{Law: say("《计算机信息网络国际联网安全保护管理办法》", "Measures for Security Protection of International Networking"), Place: "第12条"},
	},
}

// Record returns a filed site with a violation, a warning, a notice and a
// rule of each other verdict.
func Record() *reports.Record {
	return &reports.Record{
		Schema: reports.Schema, Run: "20261123T020000-7f3a", Ruleset: "2026.11.1", Domain: "www.example.cn", Owner: "门户组",
		At: At, Vantage: "cn-east", Liveness: detect.Serving, Attempts: 1,
		Hops: []reports.Hop{
			{URL: "http://www.example.cn/", Status: 301, Address: "203.0.113.7"},
			{URL: "https://www.example.cn/index.html", Status: 200, Address: "203.0.113.7"},
		},
		PageKind: kind.Normal, FinalURL: "https://www.example.cn/index.html", HTTPStatus: 200,
		Addresses: []string{"203.0.113.7", "2001:db8::7"}, Mainland: true, Charset: "gb18030", Title: "示例科技有限公司 — 首页",
		Filing: reports.Filing{Status: "filed", Number: "京ICP备12345678号-1", Source: "inventory", At: "2026-11-01"},
		Shown: reports.Shown{
			ICP:      []reports.ShownICP{{Number: "京ICP备12345678号-1", Raw: "京 ICP 备 12345678 号－1", Place: number.Footer, LinkKind: number.LinkNone}},
			Licences: []reports.ShownLicence{{Kind: "telecom", Number: "京B2-20201234"}},
		},
		Industries: []reports.Industry{{Category: industry.Finance, Score: 0.71, Evidence: []string{"在线申请小额贷款，最快三分钟到账。"}}},
		Outcomes: []detect.Outcome{
			{Rule: "unfiled-site-serving", Verdict: detect.Exempt, Reason: "filed"},
			{Rule: "filed-site-down", Verdict: detect.Pass},
			{Rule: "footer-number-missing", Verdict: detect.Pass},
			{Rule: "footer-link-missing", Verdict: detect.Found, Severity: detect.Violation, Findings: []detect.Finding{{
				Where: say("页脚", "footer"), Saw: say("“京 ICP 备 12345678 号－1” 没有链接", "“京 ICP 备 12345678 号－1” without a link"),
				Fix:     say("把页脚中的备案号换成下面这段代码。", "Replace the number in the footer by the snippet below."),
				Snippet: `<a href="https://beian.miit.gov.cn/" target="_blank" rel="noopener">京ICP备12345678号-1</a>`,
			}}},
			{Rule: "preapproval-finance", Verdict: detect.Found, Severity: detect.Warning, Findings: []detect.Finding{{
				Where: say("正文", "body"), Saw: say("金融类内容，页面上没有相应的许可证号", "financial content, and no licence number of the trade on the page"),
				Quotes: []string{"在线申请小额贷款，最快三分钟到账。", "年化收益率 7.2%，随借随还。"},
			}}},
			{Rule: "police-number-missing", Verdict: detect.Found, Severity: detect.Notice, Findings: []detect.Finding{{
				Where: say("页脚", "footer"), Saw: say("没有“公网安备”字样的编号", "no number with the words 公网安备"),
			}}},
			{Rule: "footer-number-wrong", Verdict: detect.Unknown, Reason: "filing-unknown"},
			{Rule: "footer-number-fake", Verdict: detect.Broken},
		},
		Detail: reports.Detail{Line: 12, Team: "市场部", Contact: "ops@example.cn", Subject: "示例科技有限公司", SiteName: "示例科技",
			Country: "CN", PlaceKnown: true, Resolver: "127.0.0.1:53"},
	}
}

// Observation returns the evidence behind [Record].
func Observation() *crawler.Observation {
	addr := netip.MustParseAddrPort("203.0.113.7:80")
	tls := netip.MustParseAddrPort("203.0.113.7:443")
	return &crawler.Observation{
		Domain: "www.example.cn", At: At, Vantage: "cn-east",
		Lookups: []crawler.Lookup{
			{Name: "www.example.cn", Type: "A", Server: "127.0.0.1:53", At: At, Took: 12 * time.Millisecond, RCode: "NOERROR",
				Chain: []string{"site.cdn.example.net"}, Addrs: []netip.Addr{addr.Addr()}},
			{Name: "www.example.cn", Type: "AAAA", Server: "127.0.0.1:53", At: At, Took: 2100 * time.Microsecond, TCP: true,
				Failure: &crawler.Failure{Kind: crawler.FailDNSNoAddr}},
		},
		Visits: []crawler.Visit{{
			Ask: crawler.Ask{Kind: crawler.AskHome}, At: At,
			Hops: []crawler.Page{
				{URL: "http://www.example.cn/", Addr: addr, Status: 301, Header: http.Header{}, At: At, Took: 31 * time.Millisecond},
				{URL: "https://www.example.cn/index.html", Via: crawler.ViaHTTP, Addr: tls, Status: 200, Body: make([]byte, 52144), At: At,
					Took: 88 * time.Millisecond, TLS: &crawler.TLSFacts{Version: "TLS 1.3", Fault: "certificate has expired"}},
			},
		}, {
			Ask: crawler.Ask{Kind: crawler.AskHTTPS}, At: At, Took: 5 * time.Second, Failed: "https://example.cn/",
			Failure: &crawler.Failure{Kind: crawler.FailTimeout, Detail: "dial tcp 203.0.113.8:443: i/o timeout"},
		}},
	}
}

// Summary returns a run of n domains made from [Record], some of them
// turned clean, down or unseen.
func Summary(n int) *reports.Summary {
	run := Run()
	run.Lines, run.Rejected, run.Verdicts = n+3, 3, n
	s := reports.NewSummary(run, Rules)
	for i := range n {
		s.Add(Variant(i))
	}
	s.Reject(4, "not a domain", "not a domain name: it holds a space")
	s.Reject(9, "", "no domain in this line")
	s.Reject(17, "exa mple.cn", "not a domain name: it holds a space")
	s.Close()
	return s
}

// Variant returns the ith domain of a sample run.
func Variant(i int) *reports.Record {
	r := Record()
	r.Domain = fmt.Sprintf("site%04d.example.cn", i)
	r.Owner = []string{"门户组", "电商组", "Marketing", ""}[i%4]
	found := func(rule string) *detect.Outcome {
		for j := range r.Outcomes {
			if r.Outcomes[j].Rule == rule {
				return &r.Outcomes[j]
			}
		}
		return nil
	}
	switch i % 8 {
	case 0: // as it is
	case 1, 2, 3, 4:
		for j := range r.Outcomes {
			if r.Outcomes[j].Verdict == detect.Found && (i%8 > 1 || r.Outcomes[j].Severity == detect.Violation) {
				r.Outcomes[j] = detect.Outcome{Rule: r.Outcomes[j].Rule, Verdict: detect.Pass}
			}
		}
	case 5:
		r.Liveness, r.Cause, r.HTTPStatus = detect.Down, []string{"timeout", "dns-nxdomain", "http-503"}[i/8%3], 0
		*found("filed-site-down") = detect.Outcome{Rule: "filed-site-down", Verdict: detect.Found, Severity: detect.Violation,
			Findings: []detect.Finding{{Where: say("网络", "network"), Saw: say("连接超时，三次尝试均如此", "connection timed out in all three looks")}}}
	case 6:
		r.Liveness, r.Cause = detect.Challenged, "acw_sc__v2"
		for j := range r.Outcomes {
			r.Outcomes[j] = detect.Outcome{Rule: r.Outcomes[j].Rule, Verdict: detect.Unknown, Reason: "challenged"}
		}
	case 7:
		r.Liveness, r.PageKind = detect.Placeholder, kind.DefaultServer
	}
	return r
}

// Changes compares two small runs.
func Changes() *reports.Changes {
	seq := func(from, to, shift int) iter.Seq2[*reports.Record, error] {
		return func(yield func(*reports.Record, error) bool) {
			for i := from; i < to; i++ {
				r := Variant(i + shift)
				r.Domain = fmt.Sprintf("site%04d.example.cn", i)
				if !yield(r, nil) {
					return
				}
			}
		}
	}
	was, now := Run(), Run()
	was.StartedAt = was.StartedAt.AddDate(0, 0, -1)
	var counts reports.DiffCounts
	c, err := reports.NewChanges(was, now, reports.Diff(seq(0, 24, 0), seq(2, 26, 1), &counts), &counts)
	if err != nil {
		panic(err)
	}
	return c
}

// Past returns a fortnight of runs.
func Past() []reports.Point {
	var past []reports.Point
	for i := range 14 {
		past = append(past, reports.Point{Run: "r", At: At.AddDate(0, 0, i-14), Domains: 40, Violations: 14 - i/2, Warnings: 6 + i%3, Notices: 5, Clean: 12, Unknown: 3})
	}
	return past
}
