package inventory

import (
	"strings"
	"unicode/utf8"
)

var (
	wildcardFault = say("通配符代表许多域名：请逐个列出", "a wildcard stands for many names: list them")
	mailFault     = say("这是电子邮箱，不是域名", "this is an e-mail address, not a domain")
	missingFault  = say("缺少域名：请补上，或删除这一行", "the domain is missing: fill it in, or delete the line")
	formulaFault  = say("域名单元格是公式，文件里没有保存它的结果：请用 Excel 或 WPS 打开并重新保存", "the domain cell is a formula whose result is not saved: open the file in Excel or WPS and save it again")
	errorFault    = say("域名单元格是公式错误（如 #N/A）：请填写域名", "the domain cell holds a formula's error (such as #N/A): write the domain")
)

// nameFault says in both languages why a text is no domain. err is what
// dns.Name said of it.
func nameFault(text string, err error) Message {
	plain := strings.TrimSpace(text)
	folded := strings.NewReplacer("，", ",", "。", ".").Replace(plain)
	switch {
	case !utf8.ValidString(text):
		return say("不是有效的 UTF-8 文字：请把清单存为 UTF-8 或 GBK", "it is not valid UTF-8: save the list as UTF-8 or GBK")
	case strings.HasPrefix(plain, "*"):
		return wildcardFault
	case strings.Contains(plain, "@"):
		return mailFault
	case strings.Contains(folded, ",") && !strings.Contains(folded, ".") && oneComma(folded):
		return say("不是域名；如果逗号应为点，请改为 %s", "it is no domain; if the comma stands for a dot, write %s", strings.ReplaceAll(folded, ",", "."))
	case strings.Contains(folded, ".."):
		return say("两个点之间是空的", "there is an empty part between two dots")
	case len(plain) > 4096:
		return say("有 %d 个字节：域名最多 253 个", "it has %d bytes: a name has at most 253", len(plain))
	case !strings.Contains(folded, "."):
		return say("不是域名：域名至少有两段，例如 example.cn", "it is no domain: a name has at least two parts, as in example.cn")
	}
	why := "it cannot be a name"
	if err != nil {
		// What stands before the colon repeats the text.
		why = err.Error()
		if _, cause, ok := strings.Cut(why, `": `); ok {
			why = cause
		}
	}
	for _, f := range nameFaults {
		if strings.Contains(why, f.en) {
			return Message{f.zh, why}
		}
	}
	return Message{"不是有效的域名，请核对", why}
}

// nameFaults are the reasons of dns.Name in Chinese, by what marks them.
var nameFaults = []struct{ en, zh string }{
	{"empty part", "两个点之间是空的"},
	{"at most 63", "有一段超过 63 个字符"},
	{"at most 253", "域名超过 253 个字符"},
	{"A-label", "含有域名不能使用的字符"},
	{"is not allowed", "含有域名不能使用的字符"},
	{"no port", "冒号后面不是端口号"},
	{"ends in a number", "以数字结尾，却不是 IP 地址"},
	{"with a zone", "带区域标识的地址只在一台机器上有意义"},
	{"brackets", "方括号里不是 IPv6 地址"},
	{"no name", "里面没有域名"},
}

// oneComma reports whether one comma parts two ASCII words, as in c13,cn.
func oneComma(s string) bool {
	a, b, _ := strings.Cut(s, ",")
	return a != "" && b != "" && !strings.Contains(b, ",") && strings.Trim(strings.ToLower(a+b), "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
