package industry

import (
	"strings"
	"unicode/utf8"
)

// after are the words that make of a trade's word the name of something else
// when they follow it: 医院管理系统 is software, 视频推广 is advertising,
// 金融专业 is a course of study, 金融律师 a lawyer.
var after = []string{
	"管理系统", "信息系统", "业务系统", "系统开发", "系统建设", "系统集成", "系统解决方案", "软件", "源码", "源代码", "模板", "插件", "平台开发", "平台建设", "平台搭建", "网站建设", "网站开发", "网站制作",
	"网站设计", "小程序开发", "小程序制作", "APP开发", "app开发", "App开发", "APP制作", "开发公司", "开发", "定制", "搭建", "解决方案", "行业", "设备", "器材", "家具", "装修", "设计", "推广", "营销", "优化",
	"招聘", "专业", "学院", "大学", "学校", "系学生", "大厦", "广场", "大道", "终端机", "终端", "线材", "会议", "监控",
	"律师", "法律", "纠纷", "维权", "案件", "诉讼", "争议", "放映机", "放映设备", "摄影机", "座椅", "仪器", "厂家", "配件", "耗材", "包装", "印刷", "货架",
	"种植", "育苗", "代运营", "运营公司", "拍摄", "制作公司", "培训师", "展会", "博览会", "论文", "课题",
}

// firm are the words that make a name of a weak word before them: 文化传播有限
// 公司 is called so whatever it does.
var firm = []string{"有限公司", "有限责任公司", "股份有限公司", "公司", "集团", "传播有限", "传媒有限", "科技有限", "发展有限", "服务有限", "咨询有限"}

// before are the words that turn a trade's word around: 打击非法集资.
var before = []string{"严禁", "禁止", "打击", "防范", "非法", "谨防", "取缔", "警惕", "不得", "不从事", "举报", "涉嫌"}

// The words above by their first or last character, so that a hit is compared
// with few of them.
var (
	afterBy  = byRune(after, utf8.DecodeRuneInString)
	firmBy   = byRune(firm, utf8.DecodeRuneInString)
	beforeBy = byRune(before, utf8.DecodeLastRuneInString)
)

// A runeIndex holds words by a character of the basic plane. Most characters
// have none, which a set tells sooner than a map.
type runeIndex struct {
	some  [0x10000 / 64]uint64
	words map[rune][]string
}

func byRune(words []string, end func(string) (rune, int)) *runeIndex {
	x := &runeIndex{words: make(map[rune][]string, len(words))}
	for _, w := range words {
		r, _ := end(w)
		x.words[r] = append(x.words[r], w)
		x.some[r/64] |= 1 << (r % 64)
	}
	return x
}

func (x *runeIndex) of(r rune) []string {
	if r >= 0x10000 || x.some[r/64]>>(r%64)&1 == 0 {
		return nil
	}
	return x.words[r]
}

// foreign tells whether what stands around a hit makes it mean something else.
func (m *model) foreign(text string, s segment, h hit) bool {
	tail := text[h.end:max(h.end, min(len(text), s.end))]
	next, _ := utf8.DecodeRuneInString(tail)
	if hasPrefix(tail, afterBy.of(next)) || m.feeble[h.word] && hasPrefix(tail, firmBy.of(next)) {
		return true
	}
	head := text[s.start:h.start]
	last, _ := utf8.DecodeLastRuneInString(head)
	for _, w := range beforeBy.of(last) {
		if strings.HasSuffix(head, w) {
			return true
		}
	}
	return false
}

func hasPrefix(s string, words []string) bool {
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}
