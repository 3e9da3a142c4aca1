package settings

import (
	"github.com/spf13/pflag"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// A Key is one key of the config file.
type Key struct {
	Name    string
	Text    string // what it is, in the language asked for
	Default string // as it would be written; empty if nothing is set
	Example string // a value in YAML for a key that has no default, which may have several lines
}

// Flags binds every flag of the settings, in the language of s: what can be given
// on a command line, of whatever command, can stand in the config file.
func (s *Settings) Flags() *pflag.FlagSet {
	fs := pflag.NewFlagSet("", pflag.ContinueOnError)
	s.BindShared(fs)
	s.BindVisit(fs)
	s.BindRead(fs)
	s.BindKeep(fs)
	s.BindDocuments(fs)
	s.BindFailOn(fs)
	s.BindFormat(fs, "text")
	s.BindServe(fs)
	s.BindRenderWorkers(fs)
	s.BindStamp(fs)
	s.BindStampRoots(fs)
	return fs
}

// ConfigKeys are the keys of the config file with their texts in lang, in the order
// of the settings. A flag's key is described by its flag.
func ConfigKeys(lang string) []Key {
	s := Defaults()
	s.Lang = lang
	flags := s.Flags()
	var list []Key
	for _, name := range Keys() {
		k := Key{Name: name, Example: examples[name]}
		if f := flags.Lookup(name); f != nil {
			if f.Hidden {
				continue
			}
			k.Text = f.Usage
			if k.Default = f.DefValue; k.Default == "[]" || k.Default == "-1" {
				k.Default = ""
			}
		}
		if t, ok := dataTexts[name]; ok {
			k.Text = t.In(lang)
		}
		list = append(list, k)
	}
	return list
}

// dataTexts say what the keys are that no flag sets.
var dataTexts = map[string]message.Text{
	"providers-file":        {ZH: "接入商的网段，每行一个：网段 名称", EN: "networks of access providers, a line each: PREFIX NAME"},
	"documents-file":        {ZH: "各省的备案材料要求，格式同 detect/lists/documents.txt", EN: "what documents the provinces ask for, in the form of detect/lists/documents.txt"},
	"vantage":               {ZH: "探测点：名称，以及是否在中国内地", EN: "the vantage: its name, and whether it is in mainland China"},
	"keep":                  {ZH: "保留完整结果的批次数（0：全部）", EN: "runs whose full results are kept (0: all)"},
	"whois-interval":        {ZH: "向同一台 WHOIS 服务器查询的最短间隔", EN: "least time between two questions to one WHOIS server"},
	"whois-fresh":           {ZH: "WHOIS 结果的有效时间", EN: "how long an answer of WHOIS is good for"},
	"rdap-bootstrap":        {ZH: "后缀与 RDAP 服务器的对应文件，下载自 https://data.iana.org/rdap/dns.json", EN: "file that maps suffixes to RDAP servers, from https://data.iana.org/rdap/dns.json"},
	"registrars-file":       {ZH: "已获批复的注册商名单，格式同 detect/lists/registrars.txt", EN: "approved registrars, in the form of detect/lists/registrars.txt"},
	"suffixes-file":         {ZH: "域名后缀的批复情况，格式同 detect/lists/suffixes.txt", EN: "which suffixes are approved, in the form of detect/lists/suffixes.txt"},
	"holders-file":          {ZH: "各省对域名持有者的要求，格式同 detect/lists/holders.txt", EN: "what the provinces ask of a domain's holder, in the form of detect/lists/holders.txt"},
	"shells-file":           {ZH: "各省公布的空壳网站名单", EN: "lists of shell filings that provinces published"},
	"harmless-scripts-file": {ZH: "不影响页面文字的脚本，格式同 detect/lists/harmless-scripts.txt", EN: "scripts that touch no text, in the form of detect/lists/harmless-scripts.txt"},
	"grace":                 {ZH: "备案通过后，多长时间内不要求网站已开通", EN: "how long after its approval a filed site need not be open"},
	"suffix":                {ZH: "各省对页脚备案号“-N”的要求：base（不带）、site（带）或 any", EN: "what the provinces want of the -N of a footer's number: base (none), site (with it) or any"},
	"fingerprints":          {ZH: "自己的页面指纹", EN: "page fingerprints of your own"},
	"networks":              {ZH: "有单独限制的网段", EN: "networks with limits of their own"},
	"registers":             {ZH: "清单没有写明备案情况时查询的登记源", EN: "registers that are asked where the inventory says nothing"},
	"calendar":              {ZH: "serve 按日程检查的清单；cron 有五个字段，前面可写 CRON_TZ=时区", EN: "what serve scans, and when; cron has five fields, before which CRON_TZ=ZONE may stand"},
	"site-names-file":       {ZH: "网站名称不得含有的词，格式同 detect/lists/site_names.txt", EN: "words that the name of a site may not hold, in the form of detect/lists/site_names.txt"},
	"provinces-file":        {ZH: "各省对个人备案和电话的要求，格式同 detect/lists/provinces.txt", EN: "what provinces ask of persons and telephones, in the form of detect/lists/provinces.txt"},
	"phone-data":            {ZH: "手机号段数据 phone.dat", EN: "phone.dat: the provinces of mobile numbers"},
	"phone-verified-days":   {ZH: "电话核验的有效天数（0：按规则自带的）", EN: "days for which the verification of a telephone counts (0: the rules' own)"},
	"rectify":               {ZH: "整改期限（工作日），按严重级别或规则", EN: "working days for fixing, by severity or rule"},
	"oidc":                  {ZH: "在 OpenID Connect 登录服务登录（docs/dashboard.zh-CN.md）", EN: "people log in at an OpenID Connect provider (docs/dashboard.md)"},
	"notify":                {ZH: "每个批次后通知谁、如何通知", EN: "who is told of each run, and how"},
	"notice":                {ZH: "整改通知由谁发出、回复给谁", EN: "who sends rectification notices, and where replies go"},
	"holidays-file":         {ZH: "节假日安排，holiday-cn 的 JSON 或 detect/workday/holidays.txt 的格式", EN: "public holidays: holiday-cn's JSON or the form of detect/workday/holidays.txt"},
	"vantage-mainland":      {ZH: "探测点在中国内地：超时和重置按完整分量计", EN: "the vantage is in mainland China: timeouts and resets count in full"},
}

// examples are values of keys that have no default.
var examples = map[string]string{
	"resolver": `["223.5.5.5:53", "119.29.29.29:53"]`, "allow-net": "[192.0.2.0/24]", "map-port": `["80:8080"]`, "port": "[8080]",
	"mainland-net": "[203.0.113.0/24]", "mainland-file": "mainland.txt", "providers-file": "providers.txt", "documents-file": "documents.txt",
	"vantage": "{name: cn-east, mainland: true}", "vantage-mainland": "true", "timeout": "15s", "confirm": "nightly", "control": "[www.example.cn]", "pages": "1", "browser": "/usr/bin/chromium",
	"render-budget": "6h", "reports": "findings", "keep": "30", "contact": "https://example.cn/contact", "documents": "documents", "at": "2026-11-23", "per-ip": "2", "out": "reports", "dir": "beianwatch-data",
	"whois-server": "[whois.cnnic.cn:43]", "rdap-server": "https://rdap.example.com/", "rdap-bootstrap": "dns.json", "registrars-file": "registrars.txt",
	"suffixes-file": "suffixes.txt", "holders-file": "holders.txt", "shells-file": "shells.txt", "harmless-scripts-file": "harmless-scripts.txt", "grace": "72h",
	"suffix": "{粤: any}", "role": "[web, scheduler, worker, renderer]", "site-names-file": "site-names.txt", "provinces-file": "provinces.txt", "phone-data": "phone.dat",
	"phone-verified-days": "180", "rectify": "{violation: 10, warning: 20}", "holidays-file": "2027.json", "whois-interval": "2s", "whois-fresh": "168h",
	"fingerprints":     "\n  - {name: ours, kind: parked, title: [此名待租]}",
	"networks":         "\n  - {net: 203.0.113.0/24, name: cdn, per-ip: 20, per-ip-rate: 50, lane: address}",
	"registers":        "\n  - {name: ours, kind: icp-query, url: \"http://127.0.0.1:16181\", controls: {filed: example.cn, unfiled: unfiled.example.cn}}",
	"calendar":         "\n  - {name: nightly, cron: \"CRON_TZ=Asia/Shanghai 0 2 * * *\", inventory: inventory.csv}",
	"oidc":             "\n  issuer: https://login.example.cn\n  client-id: beianwatch\n  client-secret: \"…\"\n  address: https://beian.example.cn\n  role-claim: groups\n  roles: {beian-admins: admin, beian-team: operator}",
	"notify":           "\n  quiet: 22:00-08:00\n  channels:\n    - {name: team, kind: webhook, url: \"https://example.cn/hook\", secret: \"…\", to: [team]}",
	"timestamp-server": "https://tsa.example.cn/tsr", "timestamp-roots": "tsa-roots.pem",
	"notice": "\n  from: 信息安全部\n  contact: 0531-5550000\n  reply-to: beian@example.cn\n  reply-by: 10",
}
