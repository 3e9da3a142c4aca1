package inventory

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// candidate takes a run of characters that can stand in a name. It parts runs
// in which a soft separator or a joining word stands between two whole names,
// and cuts off a remark that is written right behind a name.
func (c *cellScanner) candidate(text string) {
	text = strings.ReplaceAll(text, "...", " ")
	for _, part := range strings.Fields(text) {
		start := 0
		for i, r := range part {
			if i < start {
				continue
			}
			if end := hanEnd(part, i); end > i && c.between(part[start:i], part[i:end], part[end:]) {
				start = end
				continue
			}
			if i <= start || !strings.ContainsRune(string([]rune{softDot, softDash})+joiners, r) {
				continue
			}
			left, right := hard(part[start:i]), hard(part[i+utf8.RuneLen(r):])
			if strings.ContainsRune(joiners, r) && !asciiEnd(left) && !asciiStart(right) {
				continue // 中国和平: a joining word among Chinese characters is one of them
			}
			if _, ok := complete(left); !ok {
				continue
			}
			if _, ok := complete(firstName(right)); !ok {
				continue
			}
			c.name(left)
			start = i + utf8.RuneLen(r)
		}
		c.name(hard(part[start:]))
	}
}

// between reports whether words in Chinese stand between two whole names of
// letters, 以及, 备用: such a run would be one label otherwise, which no one
// registers. It takes the first name and keeps what are more than joining words.
func (c *cellScanner) between(left, words, right string) bool {
	left = hard(left)
	if !asciiEnd(left) || !asciiStart(right) {
		return false
	}
	if _, ok := complete(left); !ok {
		return false
	}
	if _, ok := complete(firstName(hard(right))); !ok {
		return false
	}
	c.name(left)
	if !joining[words] && !strings.Contains(joiners, words) {
		c.rest = append(c.rest, words)
	}
	return true
}

// joining are the words of two characters that people put between two names.
var joining = map[string]bool{"以及": true, "还有": true, "另有": true, "连同": true, "或者": true, "并且": true, "和及": true, "另外": true, "跳到": true, "转到": true}

// hanEnd returns where the Chinese characters end that begin at i, i if none do.
func hanEnd(s string, i int) int {
	end := i
	for end < len(s) {
		r, n := utf8.DecodeRuneInString(s[end:])
		if !unicode.Is(unicode.Han, r) {
			break
		}
		end += n
	}
	return end
}

// hard turns soft runes into what they stand for within a name.
func hard(s string) string {
	s = strings.Trim(s, string([]rune{softDot, softDash}))
	s = strings.ReplaceAll(s, string(softDot), ".")
	return strings.TrimLeft(strings.TrimRight(strings.ReplaceAll(s, string(softDash), "-"), ".-"), ".")
}

// firstName is s without a remark in Chinese behind its suffix.
func firstName(s string) string {
	if name, _, ok := remarked(s); ok {
		return name
	}
	return s
}

func asciiEnd(s string) bool   { return s != "" && s[len(s)-1] < utf8.RuneSelf }
func asciiStart(s string) bool { return s != "" && s[0] < utf8.RuneSelf }

// remarked parts x1.cn主站 into the name and the remark: the last label is a
// suffix of letters with characters that no suffix continues with.
func remarked(s string) (name, remark string, ok bool) {
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 {
		return s, "", false
	}
	last := s[dot+1:]
	i := strings.IndexFunc(last, func(r rune) bool { return r >= utf8.RuneSelf })
	if i < 1 {
		return s, "", false
	}
	name, remark = s[:dot+1+i], last[i:]
	_, ok = complete(name)
	return name, remark, ok
}

// name keeps one candidate. A text without a dot is a remark.
func (c *cellScanner) name(text string) {
	if text == "" {
		return
	}
	if name, remark, ok := remarked(text); ok {
		text = name
		c.rest = append(c.rest, remark)
	}
	if strings.IndexByte(text, '.') < 0 {
		c.rest = append(c.rest, text)
		return
	}
	n := named{text: text}
	name, err := dns.Name(text)
	if err != nil {
		n.why = nameFault(text, err)
	}
	n.name = name
	c.found = append(c.found, n)
}

// judged decides what is a domain once all candidates are known. Beside a name
// with a public suffix, a number such as 1.2 belongs to a remark, and a name
// with another ending is turned away by name: nothing is lost in silence.
func (c *cellScanner) judged() []named {
	sure := false
	for _, n := range c.found {
		sure = sure || n.name != "" && (known(n.name) || isAddress(n.name))
	}
	var out []named
	seen := map[string]bool{}
	for _, n := range c.found {
		switch {
		case n.name == "" && sure && !letterEnding(n.text):
			c.rest = append(c.rest, n.text)
			continue
		case n.name != "" && sure && !known(n.name) && !isAddress(n.name):
			n = named{text: n.text, why: message.Format("域名后缀无法识别；如果确实是域名，请单独写一行", "its ending is no known suffix; if it is a domain, give it a line of its own")}
		case n.name != "" && seen[n.name]:
			continue
		}
		seen[n.name] = true
		if len(out) == maxNames {
			return append(out, named{text: n.text, why: message.Format("一个单元格里超过 %d 个域名，其余未读取：请每行写一个域名", "more than %d domains in one cell, the rest is not read: write one domain a line", maxNames)})
		}
		out = append(out, n)
	}
	return out
}

// letterEnding reports whether the last label of s begins with a letter.
func letterEnding(s string) bool {
	last := s[strings.LastIndexByte(s, '.')+1:]
	return last != "" && (last[0] < '0' || last[0] > '9')
}

var (
	wildcardFault = message.Format("通配符代表许多域名：请逐个列出", "a wildcard stands for many names: list them")
	mailFault     = message.Format("这是电子邮箱，不是域名", "this is an e-mail address, not a domain")
	missingFault  = message.Format("缺少域名：请补上，或删除这一行", "the domain is missing: fill it in, or delete the line")
	formulaFault  = message.Format("域名单元格是公式，文件里没有保存它的结果：请用 Excel 或 WPS 打开并重新保存", "the domain cell is a formula whose result is not saved: open the file in Excel or WPS and save it again")
	errorFault    = message.Format("域名单元格是公式错误（如 #N/A）：请填写域名", "the domain cell holds a formula's error (such as #N/A): write the domain")
)

// nameFault says in both languages why a text is no domain. err is what
// dns.Name said of it.
func nameFault(text string, err error) Message {
	plain := strings.TrimSpace(text)
	folded := strings.NewReplacer("，", ",", "。", ".").Replace(plain)
	switch {
	case !utf8.ValidString(text):
		return message.Format("不是有效的 UTF-8 文字：请把清单存为 UTF-8 或 GBK", "it is not valid UTF-8: save the list as UTF-8 or GBK")
	case strings.HasPrefix(plain, "*"):
		return wildcardFault
	case strings.Contains(plain, "@"):
		return mailFault
	case strings.Contains(folded, ",") && !strings.Contains(folded, ".") && oneComma(folded):
		return message.Format("不是域名；如果逗号应为点，请改为 %s", "it is no domain; if the comma stands for a dot, write %s", strings.ReplaceAll(folded, ",", "."))
	case strings.Contains(folded, ".."):
		return message.Format("两个点之间是空的", "there is an empty part between two dots")
	case len(plain) > 4096:
		return message.Format("有 %d 个字节：域名最多 253 个", "it has %d bytes: a name has at most 253", len(plain))
	case !strings.Contains(folded, "."):
		return message.Format("不是域名：域名至少有两段，例如 example.cn", "it is no domain: a name has at least two parts, as in example.cn")
	}
	return causeOf(err)
}

// causeOf is what [dns.Name] found wrong with a part of a name, without the name,
// which stands beside it.
func causeOf(err error) Message {
	var named *message.Error
	if !errors.As(err, &named) {
		return message.Format("不是有效的域名，请核对", "it cannot be a name")
	}
	var inner *message.Error
	for errors.As(named.Cause(), &inner) {
		named = inner
	}
	return Message{ZH: named.In("zh"), EN: named.In("en")}
}

// oneComma reports whether one comma parts two ASCII words, as in c13,cn.
func oneComma(s string) bool {
	a, b, _ := strings.Cut(s, ",")
	return a != "" && b != "" && !strings.Contains(b, ",") && strings.Trim(strings.ToLower(a+b), "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
