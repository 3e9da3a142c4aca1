package number

import (
	"strings"
	"unicode/utf8"
)

// provinces maps the character that stands for a province to the one that
// official filing numbers use. The last five are everyday characters that
// footers use instead (facts 1.2).
var provinces = map[rune]rune{
	'京': '京', '津': '津', '冀': '冀', '晋': '晋', '蒙': '蒙', '辽': '辽', '吉': '吉', '黑': '黑', '沪': '沪', '苏': '苏', '浙': '浙', '皖': '皖', '闽': '闽', '赣': '赣', '鲁': '鲁',
	'豫': '豫', '鄂': '鄂', '湘': '湘', '粤': '粤', '桂': '桂', '琼': '琼', '渝': '渝', '蜀': '蜀', '黔': '黔', '滇': '滇', '藏': '藏', '陕': '陕', '陇': '陇', '青': '青', '宁': '宁', '新': '新',
	'川': '蜀', '贵': '黔', '云': '滇', '甘': '陇', '秦': '陕',
}

// slips are characters that are mistaken for a province's: like it in shape or
// in sound, and no word before ICP.
var slips = map[rune]rune{'泸': '沪', '护': '沪', '淅': '浙', '奥': '粤', '翼': '冀', '闵': '闽', '预': '豫', '峡': '陕', '陜': '陕', '普': '晋', '挂': '桂', '律': '津', '榆': '渝', '愉': '渝', '晥': '皖', '颚': '鄂', '填': '滇'}

// names are provinces written out. They are looked for first: 辽宁 ends in the
// character of Ningxia, 河南 in none.
var names = map[string]rune{
	"北京": '京', "天津": '津', "河北": '冀', "山西": '晋', "内蒙古": '蒙', "辽宁": '辽', "吉林": '吉', "黑龙江": '黑', "上海": '沪', "江苏": '苏', "浙江": '浙', "安徽": '皖', "福建": '闽', "江西": '赣',
	"山东": '鲁', "河南": '豫', "湖北": '鄂', "湖南": '湘', "广东": '粤', "广西": '桂', "海南": '琼', "重庆": '渝', "四川": '蜀', "贵州": '黔', "云南": '滇', "西藏": '藏', "陕西": '陕', "甘肃": '陇',
	"青海": '青', "宁夏": '宁', "新疆": '新',
}

// latin are provinces in Latin letters, short and long. Some short forms stand
// for two provinces (ji, jin, yu, gui): the first in the official order is
// given, and comparison goes by the digits.
var latin = map[string]rune{
	"jing": '京', "jin": '津', "ji": '冀', "meng": '蒙', "liao": '辽', "hei": '黑', "hu": '沪', "su": '苏', "zhe": '浙', "wan": '皖', "min": '闽', "gan": '赣', "lu": '鲁', "yu": '豫',
	"e": '鄂', "xiang": '湘', "yue": '粤', "gui": '桂', "qiong": '琼', "shu": '蜀', "chuan": '蜀', "qian": '黔', "dian": '滇', "zang": '藏', "shan": '陕', "long": '陇', "qing": '青',
	"ning": '宁', "xin": '新',
	"beijing": '京', "tianjin": '津', "hebei": '冀', "shanxi": '晋', "liaoning": '辽', "jilin": '吉', "heilongjiang": '黑', "shanghai": '沪', "jiangsu": '苏', "zhejiang": '浙',
	"anhui": '皖', "fujian": '闽', "jiangxi": '赣', "shandong": '鲁', "henan": '豫', "hubei": '鄂', "hunan": '湘', "guangdong": '粤', "guangxi": '桂', "hainan": '琼', "chongqing": '渝',
	"sichuan": '蜀', "guizhou": '黔', "yunnan": '滇', "xizang": '藏', "shaanxi": '陕', "gansu": '陇', "qinghai": '青', "ningxia": '宁', "xinjiang": '新',
}

// codes maps the first two digits of a division code (GB/T 2260) to the
// province character that public-security numbers use.
var codes = map[string]string{
	"11": "京", "12": "津", "13": "冀", "14": "晋", "15": "蒙", "21": "辽", "22": "吉", "23": "黑", "31": "沪", "32": "苏", "33": "浙", "34": "皖", "35": "闽", "36": "赣", "37": "鲁",
	"41": "豫", "42": "鄂", "43": "湘", "44": "粤", "45": "桂", "46": "琼", "50": "渝", "51": "川", "52": "贵", "53": "云", "54": "藏", "61": "陕", "62": "甘", "63": "青", "64": "宁", "65": "新",
	// The Xinjiang Production and Construction Corps counts itself as a province of
	// its own in statistics. Whether police numbers do is not known; it is no slip.
	"66": "新",
}

// A left is what stands before ICP: which province, from where on, and how it
// is written.
type left struct {
	start    int
	province rune // canonical; 0 if there is none
	alias    rune // another character than the official one, 0 if it is that
	latin    bool
	other    string // Han characters that are no province; "" if there are none
}

// before reads the province that ends at offset end of s.
func before(s string, end int) left {
	i := trimBlanks(s, end)
	l := left{start: end}
	r, n := utf8.DecodeLastRuneInString(s[:i])
	if r == ')' || r == ']' {
		return enclosed(s, i, end)
	}
	if r == '-' {
		if c := lastRune(s[:i-1]); provinces[c] != 0 && !han(lastRune(s[:i-1-utf8.RuneLen(c)])) {
			r, n = c, utf8.RuneLen(c)+len("-") // 京-ICP备
		}
	}
	if r < utf8.RuneSelf {
		return latinBefore(s, i, end)
	}
	for _, size := range [...]int{6, 9} {
		if i >= size {
			if p, ok := names[s[i-size:i]]; ok {
				return left{start: i - size, province: p}
			}
		}
	}
	if p, ok := provinces[r]; ok {
		l := left{start: i - n, province: p}
		if p != r {
			l.alias = r
		}
		return l
	}
	if han(r) {
		j := i
		for j > 0 && i-j <= 15 {
			r, n := utf8.DecodeLastRuneInString(s[:j])
			if !han(r) {
				break
			}
			j -= n
		}
		l.other = s[j:i]
	}
	return l
}

// enclosed is before where a bracket closes: (京)ICP备, [北京]ICP备.
func enclosed(s string, i, end int) left {
	open := strings.LastIndexAny(s[max(0, i-14):i], "([")
	if open < 0 {
		return left{start: end}
	}
	open += max(0, i-14)
	inner := strings.TrimSpace(s[open+1 : i-1])
	l := left{start: open}
	if p, ok := names[inner]; ok {
		l.province = p
		return l
	}
	r, n := utf8.DecodeRuneInString(inner)
	p, ok := provinces[r]
	if !ok || n != len(inner) {
		return left{start: end}
	}
	if l.province = p; p != r {
		l.alias = r
	}
	return l
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// everyday are characters of provinces that end everyday words: 创新, 阿里云,
// 南宁, 富贵, 四川.
const everyday = "新云宁青贵黑吉甘川藏蒙"

// sure drops a province that may be the end of another word, or of the line
// before, where ICP stands at end. Across a line only a line that is nothing
// but a province counts, and an everyday character only where a word ended:
// at its own token, or behind a label.
func (l left) sure(s string, end int) left {
	if l.latin || l.province == 0 && l.other == "" {
		return l
	}
	if l.province == 0 {
		if strings.IndexByte(s[trimBlanks(s, end):end], '\n') >= 0 {
			l.other = "" // another line's
		}
		return l
	}
	r, _ := utf8.DecodeLastRuneInString(s[:l.start])
	alone := l.start == 0 || !han(r)
	if strings.IndexByte(s[l.start:end], '\n') >= 0 {
		if above := strings.TrimRight(s[:l.start], " "); above != "" && above[len(above)-1] != '\n' {
			return left{start: end}
		}
		return l
	}
	if alone || len(strings.TrimRight(s[l.start:end], " ")) > 3 {
		return l
	}
	p, _ := utf8.DecodeRuneInString(s[l.start:])
	if !strings.ContainsRune(everyday, p) {
		return l
	}
	for _, w := range labels {
		if strings.HasSuffix(s[:l.start], w) {
			return l
		}
	}
	return left{start: end}
}

// written is the province as a number bears it: the alias if there is one.
func (l left) written(province string) string {
	if l.alias != 0 {
		return string(l.alias)
	}
	return province
}

// latinBefore reads a romanised province that ends at i.
func latinBefore(s string, i, end int) left {
	j := i
	for j > 0 && letter(s[j-1]) && i-j < 14 {
		j--
	}
	if p, ok := latin[strings.ToLower(s[j:i])]; ok && j < i {
		return left{start: j, province: p, latin: true}
	}
	return left{start: end}
}

// trimBlanks moves end back over spaces and at most two line breaks.
func trimBlanks(s string, end int) int {
	lines := 0
	for end > 0 {
		switch s[end-1] {
		case ' ', '\t', '\r':
		case '\n':
			if lines++; lines > 2 {
				return end
			}
		default:
			return end
		}
		end--
	}
	return end
}

func han(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF }

func letter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }

func digit(c byte) bool { return c >= '0' && c <= '9' }
