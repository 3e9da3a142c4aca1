package wording

import (
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/idna"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/workday"
	"github.com/beianwatch/beianwatch/reports"
)

// A Number is one number that the page shows, in words.
type Number struct {
	Number string
	Kind   detect.Text // what number, where, and how it is linked
	Note   detect.Text // as written, if that differs
	Link   string
}

// NoNumbers says why no number of a page is shown: a page that is not the site's own is no
// witness that the site has none.
func NoNumbers(r *reports.Record) detect.Text {
	switch {
	case r.File != "":
	case r.HTTPStatus == 0:
		return Say("未收到页面，无法检查。", "No page was received.")
	case r.Liveness == detect.Challenged, r.Liveness == detect.Blocked, r.Liveness == detect.Down:
		return Say("收到的不是网站自己的页面，无法检查。", "What was received is not the site's own page.")
	}
	return Say("未发现备案号。", "No filing number found.")
}

// Numbers lists the filing numbers and licences that the page shows, at most
// maxTold of them.
func Numbers(r *reports.Record) []Number {
	var list []Number
	for _, n := range r.Shown.ICP {
		nv := Number{
			Number: Clean(n.Number, 80),
			Kind:   Joined(Comma, numberKind(n.Number), Word(placeWords, n.Place), linkText(r, n.LinkKind, n.Raw, "footer-link-legacy", "footer-link-wrong")),
			Link:   Clean(n.Link, 300),
		}
		if raw := Clean(n.Raw, 120); raw != nv.Number && raw != "" {
			nv.Note = Joined(Say("：", ": "), Say("原样", "as written"), Same(raw))
		}
		list = append(list, nv)
	}
	for _, n := range r.Shown.Police {
		list = append(list, Number{
			Number: Clean(n.Number, 80),
			Kind:   Joined(Comma, Say("公安联网备案号", "public-security filing number"), linkText(r, n.LinkKind, n.Number, "police-link-wrong")),
			Link:   Clean(n.Link, 300),
		})
	}
	for _, n := range r.Shown.Licences {
		list = append(list, Number{Number: Clean(n.Number, 120), Kind: Word(licenceWords, n.Kind)})
	}
	return list[:min(len(list), maxTold)]
}

// linkText says whether the link of a number is right; one that leads to the right
// place by an address of old, or with another number in it, is not where a rule says so.
func linkText(r *reports.Record, kind number.LinkKind, shown string, rules ...string) detect.Text {
	for _, id := range rules {
		o, _ := r.Outcome(id)
		if kind != number.LinkCurrent || o.Verdict != detect.Found {
			continue
		}
		for _, f := range o.Findings {
			if shown != "" && strings.Contains(f.Saw.ZH, shown) {
				return Say("链接须更正", "link to be corrected")
			}
		}
	}
	return Word(linkWords, kind)
}

// numberKind says what kind of number stands in the place of a filing number: a
// licence under which a site is filed is none.
func numberKind(text string) detect.Text {
	if n, ok := number.Parse(text); ok && n.Form != number.FormFiling {
		return Say("经营许可证号", "licence number")
	}
	return Say("ICP 备案号", "ICP filing number")
}

// DisplayName returns the name as people write it, if that differs from the
// domain: the Unicode form of an A-label, or the name as the inventory has it.
func DisplayName(r *reports.Record) string {
	if u := Unicode(r.Domain); u != "" {
		return u
	}
	if r.Detail.Given != "" && r.Detail.Given != r.Domain {
		return Clean(r.Detail.Given, 260)
	}
	return ""
}

// Unicode returns the name of an IDN in characters; "" for any other name, and
// where the characters would not show as what they are.
func Unicode(domain string) string {
	if !strings.Contains(domain, "xn--") {
		return ""
	}
	if u, err := idna.Display.ToUnicode(domain); err == nil && u != domain {
		return Clean(u, 260)
	}
	return ""
}

// Domain returns a name as people write it: an international one in its characters
// with the A-label beside it, any other as it is.
func Domain(name string) string {
	if u := Unicode(name); u != "" {
		return Clean(u+" ("+name+")", 300)
	}
	return Clean(name, 260)
}

// VisitText returns when, from where and how often the site was visited.
func VisitText(r *reports.Record) detect.Text {
	parts := []detect.Text{Same(Timestamp(r.At))}
	if r.Vantage != "" {
		parts = append(parts, Sayf(Say("探测点 %s", "from %s"), Clean(r.Vantage, 60)))
	}
	if r.Attempts > 1 {
		parts = append(parts, Counted(r.Attempts, "次访问", "visit", "visits"))
	}
	return Joined(Comma, parts...)
}

// zone is the zone of the times that people read; nil until it is set.
var zone atomic.Pointer[time.Location]

// SetZone sets the zone of the times that people read, for the whole program. It is
// set once, before anything is written.
func SetZone(z *time.Location) { zone.Store(z) }

// InZone returns t in the zone that people read; without [SetZone] that of China.
func InZone(t time.Time) time.Time {
	if z := zone.Load(); z != nil {
		return t.In(z)
	}
	return t.In(china)
}

// china is the zone of Chinese filings and their readers.
var china = time.FixedZone("CST", 8*60*60)

// Timestamp writes a time to the second, with its zone.
func Timestamp(t time.Time) string { return InZone(t).Format("2006-01-02 15:04:05 -07:00") }

// Clock writes the time of the day, for what comes within a day.
func Clock(t time.Time) string { return InZone(t).Format("15:04") }

// Minute writes a time to the minute.
func Minute(t time.Time) string { return InZone(t).Format("2006-01-02 15:04") }

// ChinaDay returns the day in China as YYYY-MM-DD, for deadlines, which are
// Chinese; "" for the zero time.
func ChinaDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return workday.Day(t).Format(time.DateOnly)
}
