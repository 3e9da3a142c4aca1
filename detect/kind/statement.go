package kind

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A page that is a placeholder states so: 网站维护中, 请稍候. A firm writes of such
// pages in the same words, but goes on: 网站维护中的常见问题, 域名转让平台, or asks:
// 您的域名未备案怎么办? The words below tell the two apart.

// tails are what may follow such words and say no more than they do.
var tails = []string{
	"中", "了", "啦", "升级", "维护", "建设", "改版", "调整", "迁移", "更新", "优化", "阶段", "状态", "提示", "通知", "公告", "页面", "页",
	"出售", "转让", "拍卖", "求购", "过期", "到期", "停用", "关闭", "暂停", "访问", "服务", "上线", "开通",
}

// clauses begin what is added to a statement.
var clauses = []string{
	"请", "敬请", "暂", "无法", "不能", "不可", "给您", "如", "将", "预计", "谢谢", "感谢", "欢迎", "我们", "稍后", "联系", "有意", "或", "而", "导致",
	"因", "所以", "已", "以", "现", "被", "且", "并", "不", "尚", "未", "存在", "有误", "与", "价格", "电话", "微信", "QQ", "点击",
}

// english are the words that may follow English ones.
var english = []string{
	"and", "at", "by", "for", "from", "now", "please", "or", "we", "will", "on", "in", "here", "page", "website", "site", "until", "due", "because",
	"contact", "the", "this", "to", "with", "today", "mode",
}

// provisos turn a statement into a case that is spoken of, when they stand
// before it in its line.
var provisos = []string{"如果", "若", "假如", "倘若", "如您", "如遇", "怎么", "怎样", "为什么", "为何", "什么", "是否", "如何", "凡", "避免", "防止"}

// sites are the words for the site itself, of which a statement may be made.
var sites = []string{"网站", "官网", "本站", "站点", "主页", "网页", "页面", "首页", "新站"}

// states tells whether the words of text from start to end are a statement of
// their own. first demands that they begin it: what is to come may be a
// product, and not the site (新品敬请期待).
func states(text string, start, end int, first bool) bool {
	line := text[max(0, start-maxStatement):start]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	for _, w := range provisos {
		if strings.Contains(line, w) {
			return false
		}
	}
	if first && !begins(line) {
		return false
	}
	rest, _, _ := strings.Cut(text[end:min(len(text), end+maxStatement)], "\n")
	words := text[start:end]
	last, _ := utf8.DecodeLastRuneInString(words)
	switch {
	case strings.HasPrefix(strings.TrimSpace(rest), "?"):
		return false
	case !goesOn(last):
		return strings.TrimSpace(rest) == "" // 恭喜! and the like close their line
	case strings.Contains(words, ",") || strings.Count(words, " ") >= 3:
		return true // the words are a whole sentence
	case last < utf8.RuneSelf:
		return !announces(words, rest) && closesEnglish(rest)
	}
	return closes(rest)
}

// begins tells whether a statement begins after line, the part of its line that
// stands before. Behind a comma it goes on with what was said, which must be of
// the site: 新店开张, 敬请期待.
func begins(line string) bool {
	line = strings.TrimRight(line, " ")
	before, _ := utf8.DecodeLastRuneInString(line)
	switch {
	case line == "" || hasSuffix(line, sites):
		return true
	case before == ',' || before == '、':
		return slices.ContainsFunc(sites, func(w string) bool { return strings.Contains(line, w) })
	}
	return !goesOn(before)
}

// maxStatement is how far before and behind the words their line is read, in
// bytes: a title can have megabytes of them.
const maxStatement = 120

// closes tells whether a Chinese statement ends before rest, but for tails.
func closes(rest string) bool {
	for {
		if next, _ := utf8.DecodeRuneInString(rest); rest == "" || !goesOn(next) {
			return !strings.HasPrefix(strings.TrimLeft(rest, " .…"), "?")
		}
		if prefixOf(rest, clauses) != "" {
			return !strings.Contains(rest, "?")
		}
		tail := prefixOf(rest, tails)
		if tail == "" {
			return false
		}
		rest = rest[len(tail):]
	}
}

// announces tells whether words that say that something comes go on to name it: Coming
// soon: spring collection.
func announces(words, rest string) bool {
	what, ok := strings.CutPrefix(strings.TrimLeft(rest, " "), ":")
	return ok && strings.TrimSpace(what) != "" && strings.HasSuffix(strings.ToLower(words), "soon")
}

// closesEnglish is closes for English.
func closesEnglish(rest string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	if rest == "" || !goesOn(next) && next != ' ' {
		return true
	}
	word, _, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	word = strings.ToLower(strings.TrimRight(word, ".,!"))
	next, _ = utf8.DecodeRuneInString(word)
	return next != utf8.RuneError && !goesOn(next) || slices.Contains(english, word)
}

func hasSuffix(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(s, w) })
}

func prefixOf(s string, words []string) string {
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return w
		}
	}
	return ""
}

// goesOn tells whether a character belongs to a word.
func goesOn(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
