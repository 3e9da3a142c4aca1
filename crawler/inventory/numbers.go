package inventory

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/inventory/script"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// The forms of numbers in the column of filing numbers, in half width and
// capitals. They are wide on purpose: whether a number can be right is for the
// rules to say, here it is only told from a word.
var (
	// 京ICP备12345678号-1, ICP备12345678, 京ICP证030173号, 京备12345678号
	icpNumber = regexp.MustCompile(`\p{Han}?\s*(?:[I1L]\s*\.?C\s*\.?P\s*\.?\s*(?:备案?|證|证)|备)\s*(?:案|字|第|[:.])*\s*(?:\d{4}[\s·-]+\d{4,6}\s*号|\d{1,14}\s*号?)(?:\s*[-—–_]+\s*\d{1,4}[AXK]?\b)?`)
	// B2-20090059, 粤B2-20090059-5
	telecomNumber = regexp.MustCompile(`\p{Han}?\s*[AB][12](?:\.\w+)?\s*[-—–]\s*\d{6,10}\s*号?(?:\s*[-—–]\s*\d{1,4})?`)
	// 京公网安备11010802012345号
	policeNumber = regexp.MustCompile(`\p{Han}?\s*公\s*网\s*安\s*备\s*(?:第|[:.])*\s*\d{6,20}\s*号?`)
	// 12345678, the digits alone
	bareNumber = regexp.MustCompile(`^\d{8}(?:\d{2})?号?(?:-\d{1,4})?$`)
)

// The numbers of a cell.
type numbers struct {
	filing, police []string
	rest           string // what else stands there
}

// readNumbers takes the numbers out of a cell.
func readNumbers(s string) numbers {
	if usualNumber(s) {
		return numbers{filing: []string{s}}
	}
	if strings.IndexFunc(s, unicode.IsDigit) < 0 {
		return numbers{rest: s}
	}
	folded := strings.ToUpper(script.Simplify(width.Fold.String(s)))
	if bareNumber.MatchString(strings.TrimSpace(folded)) {
		return numbers{filing: []string{strings.TrimSpace(folded)}}
	}
	var n numbers
	take := func(re *regexp.Regexp, into *[]string) {
		folded = re.ReplaceAllStringFunc(folded, func(m string) string {
			if re == icpNumber && unreal(m) {
				return m
			}
			if len(*into) < maxList {
				*into = append(*into, strings.TrimSpace(m))
			}
			return "\x00"
		})
	}
	take(policeNumber, &n.police)
	take(icpNumber, &n.filing)
	take(telecomNumber, &n.filing)
	n.rest = strings.Trim(strings.ReplaceAll(folded, "\x00", " "), " \t\r\n()[]{}【】<>《》;,、/|:.-")
	if len(n.filing) == 1 && len(n.police) == 0 && n.rest == "" {
		n.filing[0] = strings.Trim(s, " \t\r\n") // as written
	}
	return n
}

// provinces are the characters before ICP备 in real numbers, those that people
// write for them, and slips of the pen: 泸 for 沪.
const provinces = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀黔滇藏陕陇青宁新川贵云甘秦" + "泸护淅奥翼闵预峡陜普挂律榆愉晥颚填"

// unreal reports whether a number of the right form cannot be one: 萌ICP备… is a
// joke, and zeros alone hold the place of a number.
func unreal(m string) bool {
	first, _ := utf8.DecodeRuneInString(m)
	joke := strings.Contains(m, "ICP备") && !strings.ContainsRune(provinces, first) && unicode.Is(unicode.Han, first) && strings.HasPrefix(strings.TrimPrefix(m, string(first)), "ICP备") && !strings.ContainsRune("号为是：", first)
	serial := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, strings.Split(m, "号")[0])
	return joke || len(serial) >= 5 && strings.Trim(serial, "0") == ""
}

// usualNumber reports whether s is 京ICP备12345678号 or 京ICP备12345678号-1 and nothing
// else, as most cells are: they need no pattern.
func usualNumber(s string) bool {
	_, n := utf8.DecodeRuneInString(s)
	rest, ok := strings.CutPrefix(s[n:], "ICP备")
	serial, site, ok2 := strings.Cut(rest, "号")
	return ok && ok2 && n == 3 && strings.Contains(provinces, s[:n]) && strings.Trim(serial, "0") != "" && len(serial) >= 5 && len(serial) <= 10 && digits(serial) && (site == "" || len(site) <= 5 && site[0] == '-' && digits(site[1:]))
}

// filingNumber reads a cell of the column of filing numbers: a number with what
// stands beside it, or a word.
func (r *row) filingNumber(s string) {
	n := readNumbers(s)
	for _, p := range n.police {
		fill(&r.t.Filing.PoliceNumber, p)
	}
	if len(n.filing) == 0 {
		if len(n.police) == 0 || n.rest != "" {
			r.numberWord(s, n.rest)
		}
		return
	}
	r.keepNumbers(n.filing)
	if n.rest == "" {
		return
	}
	switch status := statusOf(n.rest); {
	case status == "":
		r.note("filing_number", n.rest)
	case status == crawler.FilingUnknown:
		r.beside(status, message.Format("备案号旁边写着“%s”", "beside the number stands %q", crawler.Detail(cut(n.rest, 40))))
	default:
		r.beside(status, Message{})
	}
}

// keepNumbers keeps the first number as the filing's and the rest as others of
// the same entity: exports list the entity's number and the site's side by
// side.
func (r *row) keepNumbers(list []string) {
	for _, s := range list {
		f := &r.t.Filing
		switch {
		case f.Number == "":
			f.Number = s
		case f.Number != s && len(f.AlsoNumbers) < maxList:
			f.AlsoNumbers = append(f.AlsoNumbers, s)
		}
	}
}

// numberWord reads a word that stands where a number should.
func (r *row) numberWord(s, rest string) {
	status, empty := numberWord(s)
	if empty {
		return
	}
	if status == crawler.FilingUnknown && statusOf(s) == "" {
		r.warn(message.Format("备案号“%s”不是备案号，按未知处理", "filing_number %q is no number and counts as unknown", crawler.Detail(cut(s, 40))))
	}
	if status == crawler.FilingUnknown {
		r.note("filing_number", s)
	}
	r.beside(status, message.Format("备案号一栏写着“%s”", "the column of numbers says %q", crawler.Detail(cut(s, 40))))
}

// beside keeps the status that a word in the column of numbers means. A word
// that decides weighs more than one that does not.
func (r *row) beside(status crawler.FilingStatus, why Message) {
	if r.word.status == "" || r.word.status == crawler.FilingUnknown {
		r.word = given{status, why}
	}
}
