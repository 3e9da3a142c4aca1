package detect

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/kind"
)

// causeTexts says each cause in a sentence part.
var causeTexts = map[string]Text{
	string(crawler.FailDNSNoName):   {"域名不存在（NXDOMAIN）", "the name does not exist (NXDOMAIN)"},
	string(crawler.FailDNSNoAddr):   {"域名没有解析到任何地址（无 A/AAAA 记录）", "the name resolves to no address (no A or AAAA record)"},
	string(crawler.FailDNSServer):   {"域名的 DNS 服务器拒绝应答（SERVFAIL 等）", "the name servers of the domain refuse to answer (SERVFAIL or the like)"},
	string(crawler.FailDNSTimeout):  {"DNS 查询超时", "the DNS query timed out"},
	string(crawler.FailGuard):       {"解析到的是内网或保留地址，未访问", "the name resolves to a private or reserved address, which is not visited"},
	string(crawler.FailRefused):     {"服务器拒绝连接（端口未开放）", "the server refuses the connection (nothing listens on the port)"},
	string(crawler.FailUnreachable): {"服务器地址不可达", "the address of the server cannot be reached"},
	string(crawler.FailTimeout):     {"连接或响应超时", "the connection or the answer timed out"},
	string(crawler.FailReset):       {"连接被重置或在应答前关闭", "the connection was reset or closed before an answer"},
	string(crawler.FailTLS):         {"TLS 握手失败", "the TLS handshake failed"},
	string(crawler.FailProtocol):    {"应答不是有效的 HTTP", "the answer is not valid HTTP"},
	string(crawler.FailRedirects):   {"循环跳转或跳转次数过多", "redirects in a loop, or too many of them"},
	string(crawler.FailScheme):      {"跳转到不支持的地址（协议或端口）", "redirected to an address that is not visited (scheme or port)"},
	string(crawler.FailRobots):      {"robots.txt 不允许访问", "robots.txt forbids the visit"},
	string(crawler.FailOurs):        {"检查程序自身受阻，与网站无关", "the checker itself was stopped; this says nothing of the site"},
	CauseAway:                       {"跳转到其他域名", "leads to another domain"},
	CauseNameReset:                  {"带域名访问时连接被重置，不带域名访问同一地址则有应答", "the connection is reset when the name is told, while the same address answers without it"},
	CauseErrorPage:                  {"以状态码 200 返回的错误页", "an error page served with status 200"},
	CauseFollow:                     {"页面会跳转，未看到目标页", "the page sends visitors on, and the target was not seen"},
	string(kind.DefaultServer):      {"Web 服务器的默认页面", "the default page of a web server"},
	string(kind.Suspended):          {"主机或站点已被暂停", "the host or site is suspended"},
	string(kind.UnderConstruction):  {"“建设中”或“维护中”页面", "an \"under construction\" or \"maintenance\" page"},
	string(kind.Parked):             {"域名停放或出售页面", "a page that parks the name or offers it for sale"},
	string(kind.Blank):              {"空白页面", "a blank page"},
	string(kind.Listing):            {"目录列表", "a directory listing"},
	string(kind.Block):              {"接入商的拦截页面", "a provider's block page"},
	string(kind.Challenge):          {"验证或防火墙页面", "a challenge or firewall page"},
}

// CauseText says a cause ([Case].Cause) in words. The name of a fingerprint
// stands for itself.
func CauseText(cause string) Text {
	if t, ok := causeTexts[cause]; ok {
		return t
	}
	if status, ok := strings.CutPrefix(cause, "http-"); ok {
		return Text{"服务器返回 HTTP " + status, "the server answers HTTP " + status}
	}
	return Text{cause, cause}
}
