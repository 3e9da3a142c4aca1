package kind

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A state is a kind of page that is told by what the page says of itself, by how
// little it says beside that, and by what it lacks. No single sign decides.
type state struct {
	kind Name
	name string           // of the fingerprint
	says []*regexp.Regexp // a title, a heading or a line says it
	with *regexp.Regexp   // what pages of the kind add to it, anywhere in the core; nil for nothing
	back bool             // such pages lead back to the home page
	must bool             // without what they add a page is none of them
	told bool             // its title may be so plain that the page may say more (maxTold)

	first int // the place of says[0] among the expressions of all states
}

// The weights of the signs. A page is of a kind from stands on: a plain title
// or heading and next to nothing else, or a sentence, a link back and little
// else, within whatever frame.
const (
	stands      = 3.0
	wholeTitle  = 2.5 // the title is the statement
	partTitle   = 2.0 // a part of the title is
	bareCode    = 1.5 // a part of the title is the number of a status
	inHeadline  = 2.0 // a heading or the first line of the core
	inLine      = 1.5 // another line
	brief       = 1.0 // at most briefCore characters
	short_      = 0.5 // at most shortCore
	leads       = 1.0 // a link back
	adds        = 1.0 // what such pages add
	hides       = 0.5 // robots are asked not to list it
	failed      = 1.5 // an HTTP status that says the same
	hasItsMenu  = 0.5 // taken off: the page leads to places of its own and not back
	hasContents = 1.5 // taken off: links or lines beside the frame
)

const (
	briefCore    = 60
	shortCore    = 150
	manyLinks    = 10  // links beside the frame: a list of something
	manyLines    = 12  // lines beside the frame
	longCore     = 300 // a page that says so much must say it plainly
	maxStateLine = 50  // characters of a line that is a statement

	maxStateTitle = 160 // characters of a title that is looked at
)

// stated returns the state that a page is in by its own words.
func stated(l *look, states []state) (Kind, bool) {
	p := l.page
	if p == nil || p.Fault != "" || p.Visible > maxFramed {
		return Kind{}, false
	}
	limit := maxCore
	for i := range states {
		if states[i].told && states[i].inTitle(l) == wholeTitle {
			limit = maxTold
		}
	}
	c, ok := l.coreWithin(limit)
	if !ok {
		return Kind{}, false
	}
	for i := range states {
		if saw, ok := states[i].holds(l, c); ok {
			return Kind{Name: states[i].kind, Fingerprint: states[i].name, Saw: short(saw)}, true
		}
	}
	return Kind{}, false
}

// maxFramed is how many visible characters a page in such a state has, its
// frame included: the menus of a large site have some thousands.
const maxFramed = 6000

// holds reports whether a page is in the state, with the words that say so.
func (s *state) holds(l *look, c *core) (saw string, ok bool) {
	titled := s.inTitle(l)
	score := titled
	if score > 0 {
		saw = l.page.Title
	}
	if said, line := s.inCore(c); said > 0 {
		score += said
		saw = line
	} else if s.kind == DefaultServer && score > 0 && l.usedOtherwise(fewTitled) {
		return "", false
	}
	if score == 0 {
		return "", false
	}
	if s.shut() && (hasMenu(l.page, true) && l.status != 503 || gallery(l.page)) {
		return "", false // it leads to places of its own, or shows some: it is open
	}
	if s.kind == Parked && titled == 0 && hasMenu(l.page, false) {
		return "", false // who sells names beside other things
	}
	if (s.kind == DefaultServer || s.kind == Block) && l.ownFrame() {
		return "", false // a handbook
	}
	switch {
	case c.size <= briefCore:
		score += brief
	case c.size <= shortCore:
		score += short_
	case c.size > longCore:
		score -= short_
	}
	if c.size > shortCore && titled == 0 {
		score -= short_
	}
	added := s.with != nil && s.added(l, c)
	if added {
		score += adds
	} else if s.must {
		return "", false
	}
	if s.kind == Error && l.status >= 400 || s.kind == UnderConstruction && l.status == 503 {
		score += failed
	}
	if l.unlisted() {
		score += hides
	}
	switch {
	case s.back && c.back:
		score += leads
	case hasMenu(l.page, true):
		score -= hasItsMenu
	}
	plain := s.told && titled == wholeTitle
	if !plain && (c.links > manyLinks || len(c.lines) > manyLines) || l.page.Password {
		score -= hasContents
	}
	return saw, score >= stands
}

// inTitle is the weight of what the folded title says.
func (s *state) inTitle(l *look) float64 {
	best := 0.0
	parts := l.titleParts()
	for i := range parts {
		part := &parts[i]
		if !s.said(part) {
			continue
		}
		weight := partTitle
		if i == len(parts)-1 {
			weight = wholeTitle
		} else if len(part.text) <= 3 {
			weight = bareCode
		}
		best = max(best, weight)
	}
	return best
}

// titleParts are the parts of the title that may be statements, the whole of it
// last; none if it is too long to be one.
func (l *look) titleParts() []coreLine {
	if l.parts != nil || l.title == "" || visible(l.title) > maxStateTitle {
		return l.parts
	}
	add := func(part string) {
		part = strings.TrimSpace(part)
		l.parts = append(l.parts, coreLine{text: part, may: sift().of(part)})
	}
	for _, part := range strings.FieldsFunc(l.title, func(r rune) bool { return strings.ContainsRune("|_·»>—", r) }) {
		add(part)
	}
	if strings.Contains(l.title, " - ") {
		for part := range strings.SplitSeq(l.title, " - ") {
			add(part)
		}
	}
	add(l.title)
	return l.parts
}

// inCore is the weight of the line of the core that says most.
func (s *state) inCore(c *core) (weight float64, line string) {
	if !s.among(c.may) {
		return 0, ""
	}
	for i := range c.lines {
		one := &c.lines[i]
		if !s.said(one) {
			continue
		}
		w := inLine
		if one.heading || i == 0 {
			w = inHeadline
		}
		if w > weight {
			weight, line = w, one.text
		}
	}
	return weight, line
}

// said reports whether a line is a statement of the state: not a question, not a
// case that is spoken of, not an offer.
func (s *state) said(one *coreLine) bool {
	if !s.among(one.may) {
		return false
	}
	line := one.text
	if n := visible(line); n < 2 || n > maxStateLine && !s.told {
		return false
	}
	for i, expr := range s.says {
		if !one.may.has(s.first + i) {
			continue
		}
		at := expr.FindStringIndex(line)
		if at == nil {
			continue
		}
		before := line[max(0, strings.LastIndexAny(line[:at[0]], ".!;")):at[0]]
		if hasAny(before, provisos) || hasAny(line, offers) {
			return false
		}
		if s.kind == Parked || s.ends(line[:at[1]], line[at[1]:]) {
			return true
		} // else another expression may say it with other words of the line
	}
	return false
}

// among reports whether a set holds an expression of the state.
func (s *state) among(may sayings) bool {
	for i := range s.says {
		if may.has(s.first + i) {
			return true
		}
	}
	return false
}

// ends reports whether a statement ends before rest, and does not go on to name
// something else: 页面丢失的艺术, Under Construction Engineering Ltd. What says that
// the site is not open has no other object: 本站已关闭评论 is said of an open one.
func (s *state) ends(said, rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	if strings.HasPrefix(rest, "?") || strings.HasPrefix(rest, "的") || strings.HasPrefix(rest, "之") {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(said)
	switch {
	case last >= utf8.RuneSelf:
		return !s.shut() || !objects.MatchString(rest)
	case !unicode.IsLetter(last) || rest == "":
		return true
	}
	return !announces(said, rest) && closesEnglish(" "+rest)
}

// objects are what a site may close, stop or renew and be open all the same.
var objects = expr(`^(?:了|对|部分|全部|所有|在线|新|用户|会员|客户|服务)?(?:评论|注册|热线|留言|投稿|打赏|广告|会员|下载|充值|功能|活动|频道|栏目|论坛|接口|客服|预约|报名|商城|商品|订单|配送|发货|支付|app|小程序|公众号|邮箱|电话|招聘|直播)`)

// shut reports whether a page in the state is all that the site has.
func (s *state) shut() bool { return s.kind == UnderConstruction || s.kind == Suspended }

// offers are the words of who sells or explains what the state is about.
var offers = []string{
	"解决方案", "代办", "怎么", "如何", "教程", "什么", "为什么", "常见问题", "欢迎来电", "套餐", "外包", "公司简介", "承接", "专业从事", "价格表", "一站式", "手册", "论坛版",
}

// added reports whether the core has what pages in the state add.
func (s *state) added(l *look, c *core) bool {
	for _, line := range c.lines {
		if s.with.MatchString(line.text) {
			return true
		}
	}
	return s.with.MatchString(l.title)
}

// unlisted reports whether the page asks robots not to list it.
func (l *look) unlisted() bool {
	head := strings.ToLower(l.page.Source[:min(len(l.page.Source), maxRobots)])
	_, robots, ok := strings.Cut(head, `"robots"`)
	if !ok {
		return false
	}
	tag, _, _ := strings.Cut(robots, ">")
	return strings.Contains(tag, "noindex")
}

// maxRobots is how far into the source the meta elements are looked for.
const maxRobots = 4 << 10
