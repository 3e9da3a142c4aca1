package page

import (
	"strings"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// A quote is an element that holds the words or the affairs of others:
// comments, a guestbook, news, customers' cases, an article. A number in it is
// nobody's own, and it is never the foot of the page.
type quote struct {
	outer      int // the quote around it, by its place in the list plus one; 0 if none
	start, end int // offsets in Raw; end is -1 if the element did not end in order
}

// What is kept of a page at most.
const (
	maxQuotes = 4096
	maxFeet   = 64
)

// quoteWords begin, in classes and ids, the names of such elements, in any
// case: newsList, index_news, comment-body. An entry with a closing bar must end
// the word or be followed by one of quoteEnds.
var quoteWords = [...]string{"anli|", "article", "artlist", "blog|", "case|", "cases|", "client|", "clients|", "comment", "customer", "faq|", "feedback", "gbook", "gonggao|", "guestbook", "hotnews", "kehu",
	"lists|", "list|", "liebiao|", "liuyan", "message", "msg|", "news", "notice|", "pinglun", "post|", "posts|", "quote|", "replies|", "reply|", "review|", "reviews|", "testimonial", "thread|", "topic|", "topics|",
	"wenda|", "wenzhang", "xinwen", "zixun",
	"新闻", "资讯", "评论", "回复", "留言", "文章", "案例", "客户", "公告", "问答", "列表", "动态"}

// quoteEnds follow such a word without a mark between: caselist, postbox.
var quoteEnds = [...]string{"list", "box", "item", "items", "wrap", "wrapper", "con", "content", "show", "area", "body", "text", "s"}

// quoteFirst tells which bytes, in lower case, quoteWords begin with.
var quoteFirst = func() (set [256]bool) {
	for _, w := range quoteWords {
		set[w[0]] = true
	}
	return set
}()

// quotes reports whether one of quoteWords stands at i in a class or an id.
func quotes(s string, i int) bool {
	c := s[i]
	if c >= 'A' && c <= 'Z' {
		c |= 0x20
	}
	if !quoteFirst[c] {
		return false
	}
	for _, w := range quoteWords {
		if w[0] != c {
			continue
		}
		if w[0] >= 0x80 {
			if strings.HasPrefix(s[i:], w) {
				return true
			}
			continue
		}
		short := strings.HasSuffix(w, "|")
		w = strings.TrimSuffix(w, "|")
		if !at(s, i, w) || short && i > 0 && isLetter(s[i-1]) && !(s[i] < 'a' && s[i-1] >= 'a') {
			continue
		}
		rest := s[i+len(w):]
		if !short {
			return !at(rest, 0, "letter") // a newsletter is subscribed to at the foot
		}
		if rest == "" || !isLetter(rest[0]) || rest[0] < 'a' {
			return true
		}
		for _, e := range quoteEnds {
			if at(rest, 0, e) && (len(rest) == len(e) || !isLetter(rest[len(e)])) {
				return true
			}
		}
	}
	return false
}

// quoted marks the spans that are quoted. An element that holds two thirds of
// the page is the page, whatever its class says.
func (r *reader) quoted() {
	if len(r.quotes) == 0 {
		return
	}
	all := len(r.p.Raw)
	is := make([]bool, len(r.quotes)+1)
	for i, q := range r.quotes {
		end := q.end
		if end < 0 {
			end = all
		}
		is[i+1] = is[q.outer] || (end-q.start)*3 <= all*2
	}
	for i := range r.p.Spans {
		r.p.Spans[i].Quote = is[r.out.quoted[i]]
	}
}

// named returns where in Text the foot begins that the markup names, -1 if
// there is none in the last part of the page. swallowed says that the foot
// holds the page.
func (r *reader) named(swallowed bool) int {
	p := r.p
	if swallowed {
		return -1
	}
	for _, raw := range r.feet {
		i := p.spanRaw(raw)
		at := len(p.Text)
		if i < len(p.Spans) {
			s := p.Spans[i]
			at = s.Start + fold.Len(p.Raw[s.RawStart:max(raw, s.RawStart)])
		}
		if len(p.Text)-at < max(len(p.Text)/2, 6000) {
			return at
		}
	}
	return -1
}
