package number

import (
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect/page"
)

// holders stand where a filing number belongs until there is one. They are
// matched in lower case, the longer before the shorter.
var holders = [...]string{"待补充", "待填写", "待填", "待定", "待更新", "待录入", "待办理", "待申请", "待备案", "待审核", "待添加", "待公布", "暂无", "暂缺", "暂未备案", "暂未取得", "暂未填写", "未填写",
	"未设置", "未配置", "未备案", "请填写", "请输入", "填写备案号", "此处填写", "在此填写", "您的备案号", "你的备案号", "贵站备案号", "网站备案号", "备案号码", "备案编号", "备案号", "正在申请中", "正在申请", "申请中",
	"正在备案中", "正在备案", "备案中", "正在办理中", "正在办理", "办理中", "正在审核", "审核中", "undefined", "null", "none", "n/a", "tbd", "todo", "xxx", "无", "空"}

// vacant reads the place behind a label of a filing number that ends at an
// offset of a folded text. filled: a word stands there in place of a number
// (待补充). Not filled: nothing stands there, behind a colon or before 号. ok is
// false if something else does.
func vacant(text string, at int, province bool) (end int, filled, ok bool) {
	c := cursor{text, at}
	c.filingLabel()
	hao := strings.HasSuffix(text[at:c.i], "号")
	end = c.i
	c.blanks(0)
	colon := c.eat(":")
	if colon {
		end = c.i
	}
	if i := strings.IndexByte(c.s[c.i:], '\n'); i >= 0 && !colon { // else on the next line too
		c.s = c.s[:c.i+i]
	}
	c.marks()
	if n := holder(c.s[c.i:]); n > 0 {
		c.i += n
		c.shut()
		c.eat("号")
		return c.i, true, true
	}
	if !colon && !(hao && province) {
		return end, false, false
	}
	return end, false, nothing(text[end:])
}

// filingLabel skips the rest of 备案号 and its like.
func (c *cursor) filingLabel() {
	c.eat("备")
	c.eat("案")
	for c.eat("编号") || c.eat("序号") || c.eat("证号") || c.eat("号") {
	}
}

// minCrosses is how many crosses or stars stand for a number at least.
const minCrosses = 3

// crossed reads a label in brackets, from start to at, behind the crosses that hold the
// place of its number: XXXX(备案号).
func crossed(text string, start, at int) (from, end int, ok bool) {
	c := cursor{text, at}
	c.filingLabel()
	before := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(text[:start], "ICP"), "网站"), "本站")
	if !(strings.HasSuffix(before, "(") && c.eat(")")) && !(strings.HasSuffix(before, "[") && c.eat("]")) {
		return 0, 0, false
	}
	before = strings.TrimRight(before[:len(before)-1], " ")
	crosses := strings.TrimRight(before, "xX*×")
	if utf8.RuneCountInString(before[len(crosses):]) < minCrosses || crosses != "" && word(crosses[len(crosses)-1]) {
		return 0, 0, false
	}
	return len(crosses), c.i, true
}

// holder returns the length of the word at the start of s that holds the place
// of a number, 0 if there is none: 办理中 is one, 办理中心 is not.
func holder(s string) int {
	head := strings.ToLower(s[:runeStart(s, min(len(s), 40))])
	for _, w := range holders {
		if !strings.HasPrefix(head, w) {
			continue
		}
		next, _ := utf8.DecodeRuneInString(head[len(w):])
		if next == '号' || !han(next) && !(next < utf8.RuneSelf && word(byte(next))) {
			return len(w)
		}
	}
	return 0
}

// nothing reports whether a text begins with the end of what a label announces:
// the end of its line without digits at the beginning of the next, a bar, the
// copyright mark.
func nothing(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	if rest == "" || strings.HasPrefix(rest, "|") || strings.HasPrefix(rest, "©") || strings.HasPrefix(rest, "丨") {
		return true
	}
	if rest[0] != '\n' {
		return false
	}
	rest = strings.TrimLeft(rest, " \n")
	line, _, _ := strings.Cut(rest[:runeStart(rest, min(len(rest), traceReach))], "\n")
	return !numbered(line) && !strings.Contains(line, "ICP")
}

// otherLabels stand before the label of a number that another register gave.
var otherLabels = [...]string{"工商", "海关", "食品", "药品", "器械", "化妆品", "设备", "外贸", "贸易", "经营者", "进出口", "房产", "租赁", "预售", "消防", "环保", "环评", "价格", "合同", "版权", "著作权", "算法",
	"模型", "生成式", "区块链", "App", "APP", "小程序", "保险", "基金", "旅行社", "办学", "教育", "医疗", "排污", "计量", "标准", "产品", "企业标准", "卫生", "网信", "算备"}

// others reports whether a label belongs to another register: one of its words
// stands right before it.
func others(text string, at int) bool {
	before := strings.TrimRight(lineBefore(text, at, 30), " :")
	for _, w := range otherLabels {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return false
}

// vacancy makes a match of a label without a number, if it is one.
func vacancy(p *page.Page, w trace) (m match, filled, ok bool) {
	province, _ := utf8.DecodeRuneInString(p.Text[w.start:])
	end, filled, ok := vacant(p.Text, w.end, provinces[province] != 0)
	if from, to, crosses := crossed(p.Text, w.start, w.end); crosses {
		w.start, end, filled, ok = from, to, true, true
	}
	if !ok {
		return match{}, false, false
	}
	if !filled && p.DrawnIn(w.start+1, end+len(p.Text[end:])-len(strings.TrimLeft(p.Text[end:], " \n"))) {
		return match{}, false, false // a picture stands there, which may show the number
	}
	m = match{start: w.start, end: end, from: w.end, to: end, blank: true}
	m.icp = ICP{Form: FormFiling, Fake: FakeBlank, Number: strings.Join(strings.Fields(p.Text[w.start:end]), "")}
	m.icp.Base = m.icp.Number
	return m, filled, true
}
