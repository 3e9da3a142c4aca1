package export

import (
	"io"
	"strconv"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

var callHead = []detect.Text{
	{ZH: "电话", EN: "Phone"}, {ZH: "手机", EN: "Mobile"}, {ZH: "主办单位", EN: "Filing entity"}, {ZH: "负责人", EN: "Owner"}, {ZH: "域名", EN: "Domain"}, {ZH: "清单行号", EN: "Inventory line"},
	{ZH: "上次核验", EN: "Last verified"}, {ZH: "原因", EN: "Why"},
	{ZH: "第一次拨打时间", EN: "First call at"}, {ZH: "第一次结果", EN: "First result"},
	{ZH: "第二次拨打时间（约一小时后）", EN: "Second call at (about an hour later)"}, {ZH: "第二次结果", EN: "Second result"}, {ZH: "备注", EN: "Notes"},
}

// A CallList is the list of telephones to call, as CSV for spreadsheets: one
// row for each number and subject, with fields to be filled in for the first
// call and, as reviewers do, a second about an hour later.
type CallList struct {
	table *table
	lang  string
	seen  map[string]bool
}

// maxCalls bounds the rows that are remembered so that none is listed twice;
// beyond it a number of many lines may be.
const maxCalls = 500_000

// NewCallList begins a list in the language lang.
func NewCallList(w io.Writer, lang string) (*CallList, error) {
	t, err := newTable(w, callHead, lang)
	if err != nil {
		return nil, err
	}
	return &CallList{table: t, lang: lang, seen: map[string]bool{}}, nil
}

// A Call is a line whose telephone is to be called.
type Call struct {
	Target *crawler.Target
	Why    detect.Text
}

// NewCall reports whether the outcome of phone-unverified asks for a call.
func NewCall(t *crawler.Target, o *detect.Outcome) (Call, bool) {
	if t.Holder.Phone == "" && t.Holder.Mobile == "" {
		return Call{}, false
	}
	switch {
	case o.Verdict == detect.Found && len(o.Findings) > 0:
		return Call{t, o.Findings[0].Saw}, true
	case o.Verdict == detect.Unknown && o.Reason == detect.ReasonNotVerified:
		return Call{t, o.Reason.Text()}, true
	}
	return Call{}, false
}

// Add lists a call, unless the number and subject are listed.
func (l *CallList) Add(c Call) error {
	t := c.Target
	key := t.Holder.Phone + "\x00" + t.Holder.Mobile + "\x00" + t.Filing.Subject
	if l.seen[key] {
		return nil
	}
	if len(l.seen) < maxCalls {
		l.seen[key] = true
	}
	verified := ""
	if at := t.Holder.PhoneVerifiedAt; !at.IsZero() {
		verified = at.Format(time.DateOnly)
	}
	return l.table.row(t.Holder.Phone, t.Holder.Mobile, t.Filing.Subject, t.Owner, t.Domain, strconv.Itoa(t.Line), verified, c.Why.In(l.lang), "", "", "", "", "")
}

// Close writes what is held.
func (l *CallList) Close() error { return l.table.close() }
