package settings

import (
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// tr picks the language of the settings for the help of a flag.
func (s *Settings) tr(zh, en string) string { return message.Text{ZH: zh, EN: en}.In(s.Lang) }

// BindVisit binds the flags of every command that looks at sites. The present
// values are the flags' defaults.
func (s *Settings) BindVisit(fs *pflag.FlagSet) {
	fs.StringArrayVar(&s.Resolvers, "resolver", s.Resolvers, s.tr("DNS 服务器，写作 地址:端口（可重复；默认用系统的）", "DNS server as HOST:PORT (repeatable; default: the system's)"))
	fs.StringVar(&s.DNSClient, "dns-client", s.DNSClient, s.tr("fast（许多查询共用一个套接字）或 plain（每次查询一个套接字，用库自带的客户端）", "fast (many questions over one socket) or plain (a socket a question, by the library's own client)"))
	fs.MarkHidden("dns-client") //nolint:errcheck // the flag is there
	fs.StringArrayVar(&s.AllowNet, "allow-net", s.AllowNet, s.tr("允许访问的内网网段，CIDR 格式（可重复；测试用）", "private network that may be visited, as CIDR (repeatable; for tests)"))
	fs.StringArrayVar(&s.MapPort, "map-port", s.MapPort, s.tr("改拨其他端口，写作 实际端口:拨打端口（可重复；测试用）", "dial another port than the real one, as REAL:DIALLED (repeatable; for tests)"))
	fs.UintSliceVar(&s.Ports, "port", s.Ports, s.tr("除 80 和 443 外允许访问的端口（可重复）", "further port that may be visited beside 80 and 443 (repeatable)"))
	s.BindPolicy(fs)
	fs.StringVar(&s.Vantage.Name, "vantage", s.Vantage.Name, s.tr("探测点名称，随证据保存", "name of the vantage, kept with the evidence"))
	fs.IntVar(&s.Concurrency, "concurrency", s.Concurrency, s.tr("同时检查的域名数", "names checked at once"))
	fs.IntVar(&s.PerIP, "per-ip", s.PerIP, s.tr("同一地址的并发请求数（0：不限；默认 check 6，与浏览器相同；scan 和 serve 2）", "requests in flight to one address (0: no limit; default: check 6, as a browser, scan and serve 2)"))
	fs.Lookup("per-ip").DefValue = "0" // no default in the help: it is told already
	fs.Float64Var(&s.PerIPRate, "per-ip-rate", s.PerIPRate, s.tr("同一地址每秒的请求数（0：不限）", "requests a second to one address (0: no limit)"))
	fs.IntVar(&s.ResolveRate, "resolve-rate", s.ResolveRate, s.tr("每秒开始解析的域名数（0：随 DNS 服务器的应答速度）", "names of a run to begin resolving, a second (0: as fast as they are answered)"))
	fs.DurationVar(&s.Timeout, "timeout", s.Timeout, s.tr("一次请求的时限，从连接到最后一个字节（默认 check 5s，scan 和 serve 15s）", "time for one request, from dial to last byte (default: check 5s, scan and serve 15s)"))
	fs.Var(&s.Confirm, "confirm", s.tr("访问失败后何时复查才算数：quick、nightly、gov（一周 140 次，5% 失败算无法访问），或间隔如 30s,2m,10m（默认 check 1s,3s；scan 和 serve nightly，scan 在终端上检查不足 1000 个域名时 quick）", "when a failure is checked again before it counts: quick, nightly, gov (140 visits in a week, 5 % failures are down), or delays such as 30s,2m,10m (default: check 1s,3s; scan and serve nightly, scan on a terminal over fewer than 1,000 names quick)"))
	fs.StringArrayVar(&s.Controls, "control", s.Controls, s.tr("已知正常的网站：它也失败时，算本机的问题（可重复）", "site that is known to be up: if it fails too, the fault is ours (repeatable)"))
	fs.StringVar(&s.Contact, "contact", s.Contact, s.tr("写入请求标识的联系地址，便于网站管理者联系", "address in the agent string, so that a site owner can reach you"))
	fs.StringVar(&s.Waivers, "waivers", s.Waivers, s.tr("豁免清单文件（YAML 或 CSV：domain、rule、until、reason、who）：在期限前接受的问题", "file of waivers (YAML or CSV: domain, rule, until, reason, who): findings that are accepted until a day"))
	s.BindRegistry(fs)
	fs.StringVar(&s.At, "at", s.At, s.tr("按此日期或时间（RFC 3339）判定，而不是现在", "judge as of this date or time (RFC 3339) instead of now"))
}

// BindPolicy binds the flags by which the rules judge, whether or not a site is
// visited.
func (s *Settings) BindPolicy(fs *pflag.FlagSet) {
	fs.StringArrayVar(&s.MainlandNet, "mainland-net", s.MainlandNet, s.tr("视为中国内地的网段，CIDR 格式（可重复）", "network that counts as mainland China, as CIDR (repeatable)"))
	fs.StringVar(&s.MainlandFile, "mainland-file", s.MainlandFile, s.tr("网段文件，每行一个：网段 [国家代码]", "file of networks, a line each: PREFIX [COUNTRY]"))
	fs.BoolVar(&s.Vantage.Mainland, "vantage-mainland", s.Vantage.Mainland, s.tr("探测点在中国内地：超时和重置按完整分量计", "the vantage is in mainland China: timeouts and resets count in full"))
	fs.DurationVar(&s.MaxFilingAge, "max-filing-age", s.MaxFilingAge, s.tr("“未备案”的查询结果早于此时长即视为未知", "an \"unfiled\" that was asked longer ago is unknown"))
}

// BindRead binds the flags that say how much of a site is read.
func (s *Settings) BindRead(fs *pflag.FlagSet) {
	fs.IntVar(&s.Pages, "pages", s.Pages, s.tr("每个网站读取的页数，含首页（默认 check 5，scan 和 serve 1）", "pages of a site to read, the home page among them (default: check 5, scan and serve 1)"))
	fs.StringVar(&s.Render, "render", s.Render, s.tr("用浏览器渲染页面：auto（结论取决于脚本的页面）、always 或 never", "render pages in a browser: auto (those whose scripts decide), always or never"))
	fs.StringVar(&s.Browser, "browser", s.Browser, s.tr("Chromium 或 Chrome 的路径（默认用 PATH 中的第一个）", "path of the Chromium or Chrome to use (default: the first on PATH)"))
	fs.IntVar(&s.Tabs, "tabs", s.Tabs, s.tr("同时渲染的页面数", "pages rendered at once"))
	fs.IntVar(&s.Pictures, "pictures", s.Pictures, s.tr("清单中前多少行的页面，有问题时即使不靠脚本也渲染一次，为报告截图（0：只有结论取决于脚本的页面才有截图）", "lines of an inventory, from its beginning, whose pages are rendered for a picture in the report if they break a rule, though no script decides (0: only pages that scripts decide have pictures)"))
	fs.StringVar(&s.Evidence, "evidence", s.Evidence, s.tr("保留哪些网站的原始数据（WARC）：none、findings（有问题或有变化的）或 all", "whose bytes are kept as WARC: none, findings (and changes) or all"))
}

// BindDocuments binds the flag that says where documents lie.
func (s *Settings) BindDocuments(fs *pflag.FlagSet) {
	fs.StringVar(&s.Documents, "documents", s.Documents, s.tr("清单“材料”列所指文件所在的文件夹（默认不读取）", "folder of the files that the inventory's column documents names (default: none are read)"))
}

// BindFormat binds --format; usual is the format without the flag.
func (s *Settings) BindFormat(fs *pflag.FlagSet, usual string) {
	fs.StringVar(&s.Format, "format", usual, s.tr("输出格式", "output format"))
}

// FailNever is the --fail-on by which no finding counts.
const FailNever = "never"

// BindFailOn binds the flag that says what ends in another exit code than 0.
func (s *Settings) BindFailOn(fs *pflag.FlagSet) {
	fs.StringVar(&s.FailOn, "fail-on", s.FailOn, s.tr("达到此严重级别即以退出码 3 结束：violation、warning 或 notice；never：无论结果如何都为 0", "least severity that ends in exit code 3: violation, warning or notice; never: exit code 0 whatever was found or is inconclusive"))
}

// BindRenderWorkers binds the flag of processes that work but do not draw.
func (s *Settings) BindRenderWorkers(fs *pflag.FlagSet) {
	fs.BoolVar(&s.RenderWorkers, "render-workers", s.RenderWorkers, s.tr("把需要浏览器的页面留给 --role renderer 的进程，至少要有一个在运行", "leave pages that need a browser to processes with --role renderer, of which at least one must run"))
}

// BindServe binds the flags of serve alone.
func (s *Settings) BindServe(fs *pflag.FlagSet) {
	fs.StringSliceVar(&s.Roles, "role", s.Roles, s.tr("本进程的角色：web、scheduler、worker、renderer（可重复或用逗号分隔；默认全部；只选部分时需要 --db postgres://…）", "what this process does: web, scheduler, worker, renderer (repeatable or with commas; default: all; fewer need --db postgres://…)"))
	fs.StringVar(&s.Listen, "listen", s.Listen, s.tr("仪表盘和 API 的地址；本机以外的地址需先创建用户（beianwatch user add）", "address of the dashboard and the API; others than this machine's own need users (beianwatch user add)"))
	fs.StringVar(&s.TLSCert, "tls-cert", s.TLSCert, s.tr("https 的证书链（PEM）", "certificate chain (PEM) for https"))
	fs.StringVar(&s.TLSKey, "tls-key", s.TLSKey, s.tr("--tls-cert 的私钥（PEM）", "key (PEM) of --tls-cert"))
	fs.BoolVar(&s.PublicCheck, "public-check", s.PublicCheck, s.tr("在 /self-check 提供无需登录的自查页（按地址和域名限量，不访问内网，不显示清单内容）", "a self-check on /self-check without log-in (limited by address and by name; reaches no inner address, shows nothing of the inventory)"))
	fs.BoolVar(&s.BehindProxy, "behind-proxy", s.BehindProxy, s.tr("由反向代理提供 https，并在 X-Forwarded-For 中写明客户端", "people come by a proxy that speaks https and names the client in X-Forwarded-For"))
}

// BindShared binds the flags that every command has.
func (s *Settings) BindShared(fs *pflag.FlagSet) {
	fs.StringVar(&s.DB, "db", s.DB, s.tr("检查结果的存放处：SQLite 文件的路径，或 postgres://用户@主机/数据库（密码用 PGPASSWORD 或 ~/.pgpass）", "where runs are kept: the path of a SQLite file, or postgres://USER@HOST/DATABASE (password by PGPASSWORD or ~/.pgpass)"))
	fs.StringVar(&s.Dir, "dir", s.Dir, s.tr("本机存放证据等文件的文件夹（默认为 SQLite 文件所在处；用 PostgreSQL 时为 beianwatch-data）", "folder for evidence and other files of this machine (default: that of the SQLite file; with PostgreSQL beianwatch-data)"))
	fs.StringVar(&s.Out, "out", s.Out, s.tr("报告文件夹；report、diff、lint、explain 等也可写文件", "folder for report files"))
	fs.StringVar(&s.Lang, "lang", s.Lang, s.tr("文字的语言：zh 或 en", "language of texts: zh or en"))
	fs.StringVar(&s.Timezone, "timezone", s.Timezone, s.tr("时间的时区，例如 Asia/Shanghai 或 UTC", "time zone of times, for example Asia/Shanghai or UTC"))
	fs.StringVar(&s.Progress, "progress", s.Progress, s.tr("进度：auto（终端上为进度条，否则为文字行）、json（供程序读取，每行一个对象）或 none", "progress: auto (a bar on a terminal, lines elsewhere), json (for machines, an object a line) or none"))
	fs.BoolVarP(&s.Quiet, "quiet", "q", s.Quiet, s.tr("只输出所要的内容", "say only what was asked for"))
	fs.BoolVarP(&s.Verbose, "verbose", "v", s.Verbose, s.tr("输出供开发者使用的日志，例如两个解析器读法不同的页面", "log what developers ask for, such as pages that our two readers read differently"))
}
