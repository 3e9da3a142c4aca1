package inventory

import (
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// A given is a status with the reason why it is unknown.
type given struct {
	status crawler.FilingStatus // "" for nothing said
	why    Message
}

// decide makes the status of what was said. Without any word a number says
// "filed"; an empty cell says nothing. Where
// the column says filed and a word beside the number cancelled, the list
// contradicts itself: that is told, and the status is unknown.
func (r *row) decide() {
	f := &r.t.Filing
	f.Source = "inventory"
	say := r.column
	switch {
	case r.word.status == "":
	case say.status == "" || say.status == crawler.FilingUnknown && r.word.status != crawler.FilingUnknown:
		say = r.word
	case say.status == crawler.FilingFiled && r.word.status == crawler.FilingCancelled:
		say = given{crawler.FilingUnknown, Message{ZH: "清单自相矛盾：状态为已备案，备案号旁写着已注销", EN: "the inventory contradicts itself: the status says filed, the number cancelled"}}
		r.warn(say.why)
	}
	switch {
	case say.status != "":
		f.Status, f.Reason = say.status, say.why.EN
	case f.Number != "":
		f.Status = crawler.FilingFiled
	default:
		f.Status, f.Reason = crawler.FilingUnknown, "the inventory says nothing of a filing"
	}
	if f.Status == crawler.FilingUnknown && f.Reason == "" {
		f.Reason = "the inventory says unknown"
	}
}

// looseStatus reads a column whose heading does not say whose status it is:
// 正常 there is a word about the site, not about a filing.
func (r *row) looseStatus(s string) {
	plain := plainHeading(s)
	if st := statusOf(s); st != "" && (strings.Contains(plain, "备案") || strings.Contains(plain, "filed") || ofFilings[plain]) {
		r.filingStatus(s)
		return
	}
	r.note("status", s)
}

// ofFilings are words that only a filing is said to be.
var ofFilings = map[string]bool{"审核中": true, "管局审核中": true, "待提交管局": true, "取消接入": true, "已取消接入": true, "空壳主体": true, "空壳网站": true, "短信核验中": true, "待短信核验": true}

func (r *row) filingStatus(s string) {
	n := readNumbers(s)
	word := s
	if len(n.filing) > 0 {
		r.keepNumbers(n.filing)
		if word = n.rest; word == "" {
			return
		}
	}
	status := statusOf(word)
	said := crawler.Detail(cut(s, 40))
	switch {
	case status == "":
		// The export of a console may have a heading "status" that means
		// something else, so an unknown word is never taken for "unfiled".
		r.sink.warn(message.Format("备案状态“%s”无法识别，按未知处理：请填已备案、未备案、审核中或已注销", "filing_status %q is not understood and counts as unknown: write filed, unfiled, in-review or cancelled", said))
		r.note("filing_status", s)
		r.state(given{crawler.FilingUnknown, message.Format("清单的备案状态无法识别：%s", "the inventory's status is not understood: %s", said)})
	case status == crawler.FilingUnknown:
		r.state(given{status, message.Format("清单的备案状态：%s", "the inventory says: %s", said)})
	default:
		r.state(given{status, Message{}})
	}
}

// state keeps what a column of statuses says, the first that decides.
func (r *row) state(g given) {
	if r.column.status == "" || r.column.status == crawler.FilingUnknown && g.status != crawler.FilingUnknown {
		r.column = g
	}
}
