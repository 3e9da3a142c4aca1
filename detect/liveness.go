package detect

import (
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect/kind"
)

// causeTexts says each cause in a sentence part.
var causeTexts = map[string]Text{
	string(crawler.FailDNSNoName):   {ZH: "域名不存在（NXDOMAIN）", EN: "the name does not exist (NXDOMAIN)"},
	string(crawler.FailDNSNoAddr):   {ZH: "域名没有解析到任何地址（无 A/AAAA 记录）", EN: "the name resolves to no address (no A or AAAA record)"},
	string(crawler.FailDNSServer):   {ZH: "域名的 DNS 服务器拒绝应答（SERVFAIL 等）", EN: "the name servers of the domain refuse to answer (SERVFAIL or the like)"},
	string(crawler.FailDNSTimeout):  {ZH: "DNS 查询超时", EN: "the DNS query timed out"},
	string(crawler.FailGuard):       {ZH: "解析到的是内网或保留地址，未访问", EN: "the name resolves to a private or reserved address, which is not visited"},
	string(crawler.FailRefused):     {ZH: "服务器拒绝连接（端口未开放）", EN: "the server refuses the connection (nothing listens on the port)"},
	string(crawler.FailUnreachable): {ZH: "服务器地址不可达", EN: "the address of the server cannot be reached"},
	string(crawler.FailTimeout):     {ZH: "连接或响应超时", EN: "the connection or the answer timed out"},
	string(crawler.FailReset):       {ZH: "连接被重置或在应答前关闭", EN: "the connection was reset or closed before an answer"},
	string(crawler.FailTLS):         {ZH: "TLS 握手失败", EN: "the TLS handshake failed"},
	string(crawler.FailProtocol):    {ZH: "应答不是有效的 HTTP", EN: "the answer is not valid HTTP"},
	string(crawler.FailRedirects):   {ZH: "循环跳转或跳转次数过多", EN: "redirects in a loop, or too many of them"},
	string(crawler.FailScheme):      {ZH: "跳转到不支持的地址（协议或端口）", EN: "redirected to an address that is not visited (scheme or port)"},
	string(crawler.FailRobots):      {ZH: "robots.txt 不允许访问", EN: "robots.txt forbids the visit"},
	string(crawler.FailOurs):        {ZH: "检查程序自身受阻，与网站无关", EN: "the checker itself was stopped; this says nothing of the site"},
	CauseAway:                       {ZH: "跳转到其他域名", EN: "leads to another domain"},
	CauseNameReset:                  {ZH: "带域名访问时连接被重置，不带域名访问同一地址则有应答", EN: "the connection is reset when the name is told, while the same address answers without it"},
	CauseErrorPage:                  {ZH: "以状态码 200 返回的错误页", EN: "an error page served with status 200"},
	CauseNotBlock:                   {ZH: "看似接入商的拦截页，但应答地址不在内地网络，不予采信", EN: "a page like a provider's block page, from an address that is not in the mainland: not believed"},
	CauseFollow:                     {ZH: "页面会跳转，未看到目标页", EN: "the page sends visitors on, and the target was not seen"},
	string(kind.DefaultServer):      {ZH: "Web 服务器的默认页面", EN: "the default page of a web server"},
	string(kind.Suspended):          {ZH: "主机或站点已被暂停", EN: "the host or site is suspended"},
	string(kind.UnderConstruction):  {ZH: "“建设中”或“维护中”页面", EN: "an \"under construction\" or \"maintenance\" page"},
	string(kind.Parked):             {ZH: "域名停放或出售页面", EN: "a page that parks the name or offers it for sale"},
	string(kind.Blank):              {ZH: "空白页面", EN: "a blank page"},
	string(kind.Listing):            {ZH: "目录列表", EN: "a directory listing"},
	string(kind.Block):              {ZH: "接入商的拦截页面", EN: "a provider's block page"},
	string(kind.Error):              {ZH: "错误页面", EN: "an error page"},
	string(kind.Challenge):          {ZH: "验证或防火墙页面", EN: "a challenge or firewall page"},
}

// DetailText returns the words for the detail of a failure, in brackets behind its
// cause. A library's own words are not a reader's, and name addresses of ours: for
// them it is empty. They stay in the record.
func DetailText(detail string) Text {
	t, ok := message.Read(detail)
	if !ok {
		return Text{}
	}
	return Text{ZH: "（" + t.ZH + "）", EN: " (" + t.EN + ")"}
}

// CauseText says a cause ([Case].Cause) in words. An embedded fingerprint is told
// by its kind and the provider whose page it is; the user's own by its name.
func CauseText(cause string) Text {
	if t, ok := causeTexts[cause]; ok {
		return t
	}
	if status, ok := strings.CutPrefix(cause, "http-"); ok {
		return Text{ZH: "服务器返回 HTTP " + status, EN: "the server answers HTTP " + status}
	}
	for _, f := range kind.Default().All() {
		if f.Name == cause {
			return providerText(causeTexts[string(f.Kind)], f.Cause)
		}
	}
	return Text{ZH: "页面指纹“" + cause + "”", EN: "the page fingerprint \"" + cause + "\""}
}

// providerNames are the providers of embedded fingerprints in Chinese.
var providerNames = map[string]string{"Aliyun": "阿里云", "Tencent": "腾讯云"}

// providerText adds to a kind of page whose it is.
func providerText(t Text, provider string) Text {
	if provider == "" {
		return t
	}
	zh := providerNames[provider]
	if zh == "" {
		zh = provider
	}
	return Text{ZH: t.ZH + "（" + zh + "）", EN: t.EN + " (" + provider + ")"}
}

// Causes beside the words of [crawler.FailureKind], "http-" with a status, the
// names of [kind.Name] and the names of fingerprints.
const (
	CauseAway      = "redirects-away"       // the answer only leads to another's domain
	CauseNameReset = "reset-by-name"        // the connection is reset when the name is told, and answers without it
	CauseErrorPage = "error-page"           // an error page with status 200
	CauseFollow    = "not-followed"         // the page points on, and we did not go there
	CauseNotBlock  = "block-page-elsewhere" // a page that looks like a provider's block page, from where no such provider is
)

// state judges one landing.
func (c *Case) state(s *landing) (Liveness, string) {
	if s.failure != nil {
		return c.stateOfFailure(s)
	}
	if s.follow != nil {
		// Nobody has seen what a visitor sees. A follow that is still to be
		// asked for ends this; in a file, or past the bound, nothing does.
		return Unseen, CauseFollow
	}
	status := s.hops[len(s.hops)-1].Status
	if c.File != "" {
		status = 200
	}
	l, cause := stateOfKind(s.kind)
	switch {
	case l == Blocked && !c.believed(s):
		return Unseen, CauseNotBlock
	case l == Challenged && kind.Refuses(status) && strings.HasPrefix(cause, "status-"):
		return Challenged, httpCause(status)
	case l != Blocked && turnedAway(s.hops[len(s.hops)-1]):
		return Challenged, httpCause(status)
	case l == Blocked || l == Challenged || status >= 200 && status < 300:
		return l, cause
	case l == Placeholder && explains(s.kind.Name):
		return l, cause
	case kind.Refuses(status):
		return Challenged, httpCause(status)
	case l == Serving && (status >= 300 || status < 200):
		return l, cause // a page that visitors read, whatever the status says
	}
	return Down, httpCause(status)
}

// turnedAway reports whether the server asked us to come again later: 429, or 503
// with Retry-After (RFC 9110, 10.2.3). That is its word to us, not the site's state.
func turnedAway(p *crawler.Page) bool {
	return p.Status == 429 || p.Status == 503 && p.Header.Get("Retry-After") != ""
}

// believed reports whether a block page can be a provider's: it stands at the
// provider's own address, or the answer comes from the mainland, where providers
// block. Anybody can put up a copy elsewhere, and some who hide from visitors
// do. In a file there is nothing to ask.
func (c *Case) believed(s *landing) bool {
	if c.File != "" || len(s.hops) == 0 {
		return true
	}
	last := s.hops[len(s.hops)-1]
	if _, ok := kind.BlockAddress(last.URL); ok {
		return true
	}
	return c.Policy.Networks != nil && c.Policy.Networks.Of(last.Addr.Addr().Unmap()).Mainland
}

// httpCause names an HTTP status as a cause: "http-404".
func httpCause(status int) string { return "http-" + strconv.Itoa(status) }

// stateOfKind returns the state that a page of this kind speaks for when it was
// served in good order.
func stateOfKind(k kind.Kind) (Liveness, string) {
	switch k.Name {
	case kind.Block:
		return Blocked, fingerprintOr(k, string(kind.Block))
	case kind.Challenge:
		return Challenged, fingerprintOr(k, string(kind.Challenge))
	case kind.DefaultServer, kind.Suspended, kind.UnderConstruction, kind.Parked, kind.Blank, kind.Listing:
		return Placeholder, string(k.Name)
	case kind.Error:
		return Down, CauseErrorPage
	}
	return Serving, "" // normal, spa-shell, login
}

func fingerprintOr(k kind.Kind, word string) string {
	if k.Fingerprint != "" {
		return k.Fingerprint
	}
	return word
}

// explains reports whether a page of this kind is the reason for an error status
// rather than dressed up by it: several default pages come with 403 or 404, a
// blank page or a listing with an error status is just an error.
func explains(name kind.Name) bool {
	switch name {
	case kind.DefaultServer, kind.Suspended, kind.UnderConstruction, kind.Parked:
		return true
	}
	return false
}

// stateOfFailure judges a way that ended without an answer.
func (c *Case) stateOfFailure(s *landing) (Liveness, string) {
	f := s.failure
	if k, ok := kind.BlockAddress(s.failed); ok && len(s.hops) > 0 {
		// Led there by the site's own server: that the provider's host did not
		// answer us changes nothing.
		s.kind = k
		return Blocked, k.Fingerprint
	}
	switch {
	case f.Kind.Ours(), f.Kind == crawler.FailScheme, f.Kind == crawler.FailRobots:
		return Unseen, string(f.Kind)
	case f.Kind == crawler.FailRedirects && setsCookie(s.hops):
		// A loop that a cookie would end: the site answers browsers.
		return Challenged, string(f.Kind)
	case (f.Kind == crawler.FailDNSServer || f.Kind == crawler.FailDNSTimeout) && c.resolversOf(HostOf(s.failed)) < minResolvers:
		// The word of one resolver, perhaps its policy towards us.
		return Unseen, string(f.Kind)
	case f.Kind == crawler.FailReset && !s.ask.Addr.IsValid() && !s.heardFrom(s.failed) && c.answersWithoutName(s.failed):
		return Blocked, CauseNameReset
	}
	return Down, string(f.Kind)
}

// minResolvers is how many resolvers must fail on a name before that says
// anything of the name.
const minResolvers = 2

// resolversOf is how many resolvers failed on a name.
func (c *Case) resolversOf(host string) int {
	most := 0
	for i := range c.Obs.Lookups {
		if l := &c.Obs.Lookups[i]; l.Name == host && l.Failure != nil {
			most = max(most, l.Resolvers)
		}
	}
	return most
}

func setsCookie(hops []*crawler.Page) bool {
	for _, hop := range hops {
		if hop.Header.Get("Set-Cookie") != "" {
			return true
		}
	}
	return false
}

// answersWithoutName reports whether the address that reset the connection
// answers when it is asked without the name: then it is the name that is
// blocked, not the server that is down.
func (c *Case) answersWithoutName(failed string) bool {
	ask := c.nameless(failed)
	if ask == nil {
		return false
	}
	v := c.Visit(crawler.AskNoName, ask.URL)
	return v != nil && v.Failure == nil && len(v.Hops) > 0
}

// heardFrom reports whether the server of an address has answered to its name on the way
// there: then the name is not what it resets.
func (s *landing) heardFrom(address string) bool {
	scheme, _, _ := strings.Cut(address, "://")
	return s.answered(scheme, HostOf(address))
}

// weight orders states by what they say of the name. That it is down, or a page
// stands in its place, needs all of its ways: one that turned us away, or that
// we did not see, may lead to the site.
func weight(l Liveness) int {
	switch l {
	case Serving:
		return 5
	case Blocked:
		return 4
	case Challenged:
		return 3
	case Unseen:
		return 2
	case Placeholder:
		return 1
	}
	return 0
}

// telling orders failures by how much they tell: that a server answered, with
// an error or a redirect that leads nowhere, before a connection that broke off,
// and that before none.
func (s *landing) telling() int {
	if s.failure == nil || len(s.hops) > 0 {
		return 4
	}
	switch s.failure.Kind {
	case crawler.FailProtocol:
		return 4
	case crawler.FailTLS, crawler.FailReset:
		return 3
	case crawler.FailTimeout:
		return 2
	case crawler.FailRefused, crawler.FailUnreachable:
		return 1
	}
	return 0
}

// better reports whether a landing is more of what a person would have seen.
func (s *landing) better(than *landing) bool {
	if w, v := weight(s.liveness), weight(than.liveness); w != v {
		return w > v
	}
	return s.liveness == Down && s.telling() > than.telling()
}

// bestLanding picks what a person would have seen: the best of the landings, of
// failures the one that tells most, and the first of equals. It is nil if
// nothing was visited and DNS gives no reason.
func (c *Case) bestLanding() *landing {
	var best *landing
	for i := range c.landings {
		if s := &c.landings[i]; best == nil || s.better(best) {
			best = s
		}
	}
	failure := dnsFailure(c.Obs, c.Target.Domain)
	if failure == nil || best != nil && best.liveness != Down {
		return best
	}
	// A name without an address is named as the cause even where www. has one
	// that does not answer.
	s := &landing{failure: failure, failed: "http://" + c.Target.Domain + "/"}
	s.liveness, s.cause = c.stateOfFailure(s)
	return s
}
