package message

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// A Remark is a sentence of ours that is stored with the evidence in English,
// such as what stopped a visit or what is wrong with a certificate. [Read] gives
// it back in both languages, so records of any age are read in either. Its
// formats take the same values in the same order, by %s, %d, %v, %.0f or %.1f.
type Remark struct{ ZH, EN string }

// Fill returns the sentence as it is stored.
func (r Remark) Fill(args ...any) string { return fmt.Sprintf(r.EN, args...) }

// Text returns the sentence in both languages.
func (r Remark) Text(args ...any) Text { return Format(r.ZH, r.EN, args...) }

// What stops a visit, or keeps its failure from counting.
var (
	TimeUp          = Remark{"检查时间用完，未能问完所需内容", "our time was up before everything was asked"}
	NoMemory        = Remark{"本机内存一时不足，未能读取该页面", "this machine had no memory left for the page at that time"}
	RunTimeUp       = Remark{"本批次的时间已用完", "the time of the run was up"}
	RunStopped      = Remark{"检查批次已停止", "the run was stopped"}
	BadControl      = Remark{"对照网站 %s 不是有效的域名", "the control name %s cannot be used"}
	ControlsStopped = Remark{"访问对照网站时被中止", "stopped while visiting the control names"}
	ControlsFail    = Remark{"本应正常的对照网站也无法访问：%s", "control names that should work fail too: %s"}
	ResolverStopped = Remark{"测试 DNS 服务器 %s 时被中止", "stopped while testing the resolver %s"}
	ResolverLies    = Remark{"DNS 服务器 %s 对不存在的域名也给出地址（%s，后缀 .%s），其应答不可信：请用 --resolver 换一个", "the resolver %s gives an address (%s) to names under .%s that do not exist, so its word counts for nothing: name another one with --resolver"}
	ResolverUnsure  = Remark{"DNS 服务器 %s 没有指出 .%s 下随机域名不存在（%s），其失败不能算网站的问题", "the resolver %s did not say that a random name under .%s does not exist (%s), so its failures are not the site's"}
	ResolverMadeUp  = Remark{"DNS 服务器 %s 对 %s 给出的地址，与它对不存在的域名给出的相同", "the resolver %s gave %s the address that it gives to names that do not exist"}
	LocalErrors     = Remark{"最近的访问有 %.0f%% 因本机出错而失败：请调低 --concurrency，或提高可打开文件数的上限", "%.0f %% of the last visits failed because of local errors: lower --concurrency, or raise the limit of open files"}
	MachineLate     = Remark{"本机最近响应迟了 %.1f 秒：请调低 --concurrency", "this machine was recently late by %.1f s: lower --concurrency"}
	NothingAnswers  = Remark{"最近没有任何网站应答，可能是本机网络的问题；请用 --control 指定一个已知正常的网站", "no site at all has answered recently, so it may be this machine's network that fails; name a site that is known to be up with --control"}
	ProcessLost     = Remark{"检查该域名的进程 %d 次中途退出", "the check of this name ended with its process %d times"}
	CheckLost       = Remark{"对该域名的检查多次丢失", "the check of this name was lost several times"}
	LaterTimeDue    = Remark{"轮到它时，下一个时间也已到", "a later time was due before it could begin"}
)

// What is wrong with an answer or a certificate.
var (
	NotTLS        = Remark{"该端口没有使用 TLS", "the server does not speak TLS on this port"}
	ClosedEarly   = Remark{"应答前连接被关闭", "closed before an answer"}
	RedirectLoop  = Remark{"循环跳转", "a redirect loop"}
	ManyRedirects = Remark{"跳转超过 %d 次", "more than %d redirects"}
	CertExpired   = Remark{"证书已于 %s 过期", "expired on %s"}
	CertEarly     = Remark{"证书自 %s 起才有效", "not valid before %s"}
	CertName      = Remark{"证书不是为 %s 签发的", "wrong name: the certificate is not for %s"}
	CertOwn       = Remark{"自签名证书", "self-signed"}
	CertUnknown   = Remark{"证书的签发机构不受信任", "unknown authority"}
	CertChain     = Remark{"证书链中有已过期的签发机构", "an authority in the chain has expired"}
	CertNone      = Remark{"服务器没有出示证书", "no certificate"}
	CertNoRoots   = Remark{"本机没有根证书，未能验证", "not verified: this machine has no root certificates"}
)

// Remarks are all of them.
func Remarks() []Remark {
	return []Remark{TimeUp, NoMemory, RunTimeUp, RunStopped, BadControl, ControlsStopped, ControlsFail, ResolverStopped, ResolverLies, ResolverUnsure,
		ResolverMadeUp, LocalErrors, MachineLate, NothingAnswers, ProcessLost, CheckLost, LaterTimeDue,
		NotTLS, ClosedEarly, RedirectLoop, ManyRedirects, CertExpired, CertEarly, CertName, CertOwn, CertUnknown, CertChain, CertNone, CertNoRoots}
}

// verb finds the places of values in a format.
var verb = regexp.MustCompile(`%(?:\.\d)?[sdvf]`)

// readers find stored remarks: each matches the whole of one.
var readers = sync.OnceValue(func() []*regexp.Regexp {
	var list []*regexp.Regexp
	for _, r := range Remarks() {
		var b strings.Builder
		at := 0
		for _, m := range verb.FindAllStringIndex(r.EN, -1) {
			b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(r.EN[at:m[0]], "%%", "%")) + "(.*?)")
			at = m[1]
		}
		b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(r.EN[at:], "%%", "%")))
		list = append(list, regexp.MustCompile("^"+b.String()+"$"))
	}
	return list
})

// maxStored bounds what is read as a remark, in bytes.
const maxStored = 2000

// Read returns a stored remark in both languages; false if it is none of ours,
// such as the words of a library.
func Read(stored string) (Text, bool) {
	if len(stored) > maxStored {
		return Text{}, false
	}
	for i, re := range readers() {
		m := re.FindStringSubmatch(stored)
		if m == nil {
			continue
		}
		values := make([]any, len(m)-1)
		for k, v := range m[1:] {
			values[k] = v
		}
		zh := verb.ReplaceAllString(Remarks()[i].ZH, "%s")
		return Text{ZH: fill("zh", zh, values), EN: stored}, true
	}
	return Text{}, false
}
