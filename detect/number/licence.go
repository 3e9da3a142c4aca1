package number

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/beianwatch/beianwatch/detect/page"
)

// A pattern finds the numbers of one kind of licence. The expressions run on
// the text near the anchor only; group 1, where there is one, is the number.
type pattern struct {
	kind   string
	anchor string
	back   int // bytes before the anchor at which a match may begin
	expr   *regexp.Regexp
}

const (
	province = `[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀川黔贵滇云藏陕秦陇甘青宁新]`
	year     = `(?:19|20)\d{2}`
	open     = `\s*[\[(]\s*`
	shut     = `\s*[\])]\s*`
	label    = `\s*(?:证?(?:编号|号码|号))?\s*[:(]?\s*(?:第|编号:?)?\s*`
)

// healthcare is the consent to health information services (abolished in 2015,
// still shown): 京卫网审[2013]第0209号, 沪卫(中医)网复审[2013]第10018号.
var healthcare = regexp.MustCompile(province + `\s*卫\s*(?:\(\s*\p{Han}{1,4}\s*\)\s*)?(?:网审字?|审字|网复审|网申)` + open + year + shut + `第?\s*\d{1,5}\s*号?`)

// patterns are the licences that footers show, besides ICP证 (facts 4.1). The
// text is folded: brackets are [ ] or ( ), dashes are -.
var patterns = []pattern{
	{"culture", "网文", 8, regexp.MustCompile(`\p{Han}\s*网文\s*(?:许|证)?字?` + open + year + `\s*年?` + shut + `(?:第\s*)?\d{3,5}\s*(?:-\s*\d{3,4}\s*)?号?`)},
	{"publishing", "网出证", 16, regexp.MustCompile(`(?:\(\s*(?:署|总)\s*\)\s*)?网出证\s*\(\s*\p{Han}\s*\)\s*字?\s*第?\s*\d{1,4}\s*号?`)},
	{"publishing", "出网证", 6, regexp.MustCompile(`新出网证\s*\(\s*\p{Han}\s*\)\s*字?\s*第?\s*\d{1,4}\s*号?`)},
	{"drug-info", "经营", 16, regexp.MustCompile(`\(?\s*` + province + `\s*\)?\s*-?\s*\(?\s*非?经营性?\s*\)?\s*-\s*` + year + `\s*-\s*\d{4}`)},
	{"drug-info", "药品交易", 0, regexp.MustCompile(`^药品交易(?:服务)?资格证书?` + label + `((?:国|` + province + `)\s*[ABC]\s*` + year + `\d{4})`)},
	{"drug-device-record", "网药械", 10, regexp.MustCompile(`\(\s*\p{Han}\s*\)\s*网药械(?:网络)?信息(?:服务)?备字` + open + `20\d{2}` + shut + `第?\s*\d{4,6}\s*号?`)},
	{"device-platform", "网械平台备字", 10, regexp.MustCompile(`\(\s*\p{Han}\s*\)\s*网械平台备字` + open + `20\d{2}` + shut + `第?\s*\d{4,6}\s*号?`)},
	{"audiovisual", "视听", 0, regexp.MustCompile(`^视听(?:节目)?(?:服务)?许可证?` + label + `(\d{7,9})(?:\D|$)`)},
	{"news", "新闻信息服务许可", 0, regexp.MustCompile(`^新闻信息服务许可证?` + label + `(\d{10,11})(?:\D|$)`)},
	{"news", "新函", 6, regexp.MustCompile(province + `府新函` + open + year + shut + `第?\s*\d{1,4}\s*号`)},
	{"religion", "宗教信息服务许可证", 0, regexp.MustCompile(`^宗教信息服务许可证` + label + `(\p{Han}\s*\(\s*20\d{2}\s*\)\s*\d{7}|20\d{9})`)},
	{"payment", "支付业务许可证", 0, regexp.MustCompile(`^支付业务许可证[^\n]{0,24}?(Z20\d{11})(?:\D|$)`)},
	{"payment", "Z20", 0, regexp.MustCompile(`^Z20\d{11}(?:\D|$)`)},
	{"fund-sales", "基金销售", 0, regexp.MustCompile(`^基金销售(?:业务)?(?:资格|许可)(?:证书|许可证|证)?` + label + `(\d{9})(?:\D|$)`)},
	{"broadcast-production", "节目制作经营许可证", 0, regexp.MustCompile(`^节目制作经营许可证\s*(?:编号|号码|号)?\s*:?\s*\(?((?:\(?\s*\p{Han}{1,3}\s*\)?\s*字?\s*)?第?\s*\d{2,6}\s*号?)`)},
	{"publication-business", "新出发", 0, regexp.MustCompile(`^新出发\s*\(?\s*\p{Han}\s*\)?\s*\p{Han}?\s*字?\s*第?\s*[\p{Han}A-Z]?-?\s*\d{2,7}(?:-\d+)?\s*号?`)},
	{"publication-business", "出版物经营许可证", 0, regexp.MustCompile(`^出版物经营许可证` + label + `(\p{Han}\s*批\s*字?\s*第?\s*\d{3,8}\s*号)`)},
	{"healthcare", "网审", 30, healthcare}, {"healthcare", "审字", 24, healthcare}, {"healthcare", "网复审", 30, healthcare}, {"healthcare", "网申", 30, healthcare},
	{"healthcare", "医疗机构执业许可证", 0, regexp.MustCompile(`^医疗机构执业许可证(?:登记)?` + label + `([0-9A-Z]{14,22})`)},
	{"bulletin-board", "电信业务审批", 0, regexp.MustCompile(`^电信业务审批` + open + year + shut + `字?\s*第?\s*\d{1,5}\s*号?`)},
	{"icp-commercial", "电信与信息服务业务", 0, regexp.MustCompile(`^电信与信息服务业务(?:经营)?许可证` + label + `(\d{6})\s*号?(?:[^-\d]|$)`)},
}

// telecom is a licence for value-added telecom services, by its classes.
var telecom = regexp.MustCompile(`(?i)(?:(` + province + `|合字)\s*)?((?:[AB][12]\s*[.,、/]\s*)*[AB][12])\s*-\s*(` + year + `)\s*-?\s*(\d{4})(?:\s*号)?(?:\s*-\s*(\d{1,5})([AXK])?(?:\D|$))?`)

// window is how many bytes after its anchor a number may reach.
const window = 160

// licences returns every licence number in the folded text; the ICP证 and B2-
// numbers, which can be filing numbers too, come as matches.
func licences(s string, each func(kind string, start, end int)) {
	for _, p := range patterns {
		for at, n := 0, 0; n < maxNumbers; {
			i := strings.Index(s[at:], p.anchor)
			if i < 0 {
				break
			}
			i += at
			at = i + len(p.anchor)
			if !numeral(s[at:]) {
				continue
			}
			n++
			from := max(i-p.back, 0)
			if from < i {
				from = runeStart(s, from)
			}
			near := s[from:runeStart(s, min(i+window, len(s)))]
			m := p.expr.FindStringSubmatchIndex(near)
			if m == nil || m[0] > i-from || m[1] <= i-from {
				continue
			}
			start, end := m[0], m[1]
			if len(m) > 2 && m[2] >= 0 {
				start, end = m[2], m[3]
			}
			each(p.kind, from+start, from+end)
		}
	}
}

// numeral reports whether a digit stands within the next 60 bytes: the words
// of a licence mostly come without its number.
func numeral(s string) bool {
	for i := 0; i < len(s) && i < 60; i++ {
		if digit(s[i]) {
			return true
		}
	}
	return false
}

// telecoms returns the B2- numbers in the folded text.
func telecoms(s string) []match {
	var out []match
	end := 0
	for _, anchor := range classAnchors(s) {
		if anchor < end {
			continue
		}
		from := runeStart(s, max(anchor-24, end))
		near := s[from:runeStart(s, min(anchor+48, len(s)))]
		g := telecom.FindStringSubmatchIndex(near)
		if g == nil || from+g[0] > anchor || g[0] > 0 && word(near[g[0]-1]) && word(near[g[0]]) {
			continue
		}
		group := func(n int) string {
			if g[2*n] < 0 {
				return ""
			}
			return near[g[2*n]:g[2*n+1]]
		}
		m := match{start: from + g[0], end: from + g[1], from: from + g[4], to: from + g[9]}
		if g[11] >= 0 { // the character after the suffix was only looked at
			m.end = from + max(g[11], g[13])
		}
		m.icp = ICP{Form: FormTelecom, Province: canonical(group(1)), Serial: group(3) + group(4), Service: strings.ToUpper(group(6))}
		m.icp.Classes = strings.ToUpper(strings.Join(strings.FieldsFunc(group(2), func(r rune) bool { return strings.ContainsRune(" \n.,、/", r) }), "."))
		m.icp.Suffix, _ = strconv.Atoi(group(5))
		m.icp.name()
		end = m.end
		out = append(out, m)
	}
	return out
}

// classAnchors returns where A1, A2, B1, B2 stand before a dash.
func classAnchors(s string) []int {
	var out []int
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '-')
		if i < 0 {
			return out
		}
		i += at
		at = i + 1
		j := trimBlanks(s, i)
		if len(out) == maxNumbers {
			return out
		}
		if j < 2 || s[j-1] != '1' && s[j-1] != '2' || s[j-2]|0x20 != 'a' && s[j-2]|0x20 != 'b' {
			continue
		}
		out = append(out, j-2)
	}
}

// canonical gives the official character of a province, or what is written
// (合字).
func canonical(s string) string {
	for _, r := range s {
		if p, ok := provinces[r]; ok {
			return string(p)
		}
		break
	}
	return s
}

func word(c byte) bool { return letter(c) || digit(c) }

// runeStart moves i back to the beginning of a character.
func runeStart(s string, i int) int {
	for i > 0 && i < len(s) && s[i]&0xC0 == 0x80 {
		i--
	}
	return i
}

// licence makes a Licence of a range of the page's text.
func licence(p *page.Page, kind string, start, end int) Licence {
	text := p.Text[start:end]
	for text != "" && strings.IndexByte(" \n(", text[len(text)-1]) >= 0 {
		text = text[:len(text)-1]
	}
	if c := strings.IndexByte(text, ')'); c > 0 && strings.IndexByte(text[:c], '(') < 0 && start > 0 && p.Text[start-1] == '(' {
		start--
		text = "(" + text
	}
	l := Licence{Kind: kind, Number: strings.Join(strings.Fields(text), ""), Raw: p.Written(start, start+len(text))}
	l.Place = place(p, start)
	return l
}
