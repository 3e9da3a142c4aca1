package notice

import (
	"slices"
	"strconv"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A view is one letter, ready to be laid out, in one language.
type view struct {
	Lang, Logo, Title, Number, To string
	Intro, Due                    string
	Head                          [][2]string // facts below the title
	Sites                         []siteRow   // the table of the first page, the gravest first
	More                          string
	Problems                      []problem
	Reply                         replyForm
	Sign                          []string // sender and date, below the letter
	Note, Foot                    string
	Labels                        labels
}

// A siteRow is one site in the table of the first page.
type siteRow struct {
	N, Domain, Label, Tone, Severity, Due string
	Problems                              []string // numbers and titles of the sections below
}

// A problem is one rule with all sites on which it found something; what is the
// same for all of them is told once.
type problem struct {
	Number, Title, Severity, Tone, Rule string
	Why, Remedy, Law                    string
	Sites                               []siteSpot
}

// A siteSpot is one site under a problem.
type siteSpot struct {
	Domain, Due string
	Spots       []spot
	Snippet     string // once a site, in its first section
	See         string // the section that has it
}

type spot struct {
	Where, Saw, Fix string // Fix only where it is not the problem's remedy
	Quotes          []string
}

// A replyForm is what the addressee fills in and sends back.
type replyForm struct {
	Title, Until string
	Head         []string
	Domains      []string
	Fields       []string
}

// labels are the words of the layout.
type labels struct {
	Site, Problems, Severity, Due, Where, Saw, Quotes, Fix, Snippet, Why, Remedy, Law string
}

// view puts one notice into words.
func (n *Writer) view(b *bundle) *view {
	v := &view{
		Lang: n.Lang, Logo: wording.Clean(n.Letterhead.Logo, 120), Title: n.say("网站备案整改通知", "Notice of Rectification: ICP Filing"),
		Number: wording.Clean(n.Letterhead.number(n.Run.ID, b.key, n.Today), 80), To: n.addressee(b.key), Labels: n.labels(),
	}
	book := wording.NewBook(n.Rules)
	v.Problems = n.problems(book, b.list)
	items, first, known := 0, time.Time{}, true
	for _, r := range b.list {
		for i := range r.Outcomes {
			o := &r.Outcomes[i]
			if o.Verdict != detect.Found || r.Waived(o.Rule) {
				continue
			}
			items++
			if o.Due.IsZero() {
				continue
			}
			if first.IsZero() || o.Due.Before(first) {
				first = o.Due
			}
			known = known && n.Calendar.Known(o.Since, o.Due)
		}
	}
	n.sites(v, book, b.list)
	n.words(v, b, items, first, known)
	n.reply(v)
	return v
}

// in returns a text in the language of the letter, cleaned.
func (n *Writer) in(t detect.Text) string { return wording.Clean(t.In(n.Lang), wording.MaxText) }

func (n *Writer) say(zh, en string) string { return wording.Say(zh, en).In(n.Lang) }

// addressee is how the letter calls the one it goes to.
func (n *Writer) addressee(k Key) string {
	if k.Owner == "" && k.Team == "" {
		return n.say("网站负责人", "To whom it may concern")
	}
	return n.in(wording.Owner(reports.OwnerKey{Name: k.Owner, Team: k.Team}))
}

// words fills head, introduction, signature and foot.
func (n *Writer) words(v *view, b *bundle, items int, first time.Time, known bool) {
	row := func(zh, en, value string) {
		if value = wording.Clean(value, 200); value != "" {
			v.Head = append(v.Head, [2]string{n.say(zh, en), value})
		}
	}
	until := n.Letterhead.replyBy(n.Today, n.Calendar)
	row("收件人", "To", v.To)
	row("联系方式", "Contact", b.key.Contact)
	row("检查日期", "Date of the check", wording.ChinaDay(n.Run.StartedAt))
	row("网站 / 问题", "Sites / problems", strconv.Itoa(len(b.list)+b.more)+" / "+strconv.Itoa(items))
	row("回复期限", "Reply by", until)
	v.Intro = n.in(wording.Sayf(wording.Say("经检查（%[1]s），您负责的 %[2]d 个网站共有 %[3]d 项问题，现予通知。请按照本通知的要求整改，并在期限内书面回复整改结果。",
		"The check of %[1]s found %[3]d problems on %[2]d of your sites. Please mend them as set out below and report the result in writing by the dates given."),
		wording.ChinaDay(n.Run.StartedAt), len(b.list)+b.more, items))
	if !first.IsZero() {
		v.Due = n.in(wording.Sayf(wording.Say("最早的整改期限：%s", "Earliest due date: %s"), wording.ChinaDay(first)))
	}
	if b.more > 0 {
		v.More = n.in(wording.Sayf(wording.Say("另有 %d 个网站未列入本通知，见本检查批次的 CSV 报告。", "%d more sites are not listed here; see the CSV report of the run."), b.more))
	}
	for _, s := range []string{n.Letterhead.From, n.Letterhead.Contact, wording.ChinaDay(n.Today)} {
		if s = wording.Clean(s, 200); s != "" {
			v.Sign = append(v.Sign, s)
		}
	}
	v.Note = n.say("期限按工作日计算（含法定节假日与调休）。“待核实”的项目请先核对；本通知只陈述检查时的实测情况，如有异议请在回执中说明。", "Dates count working days (public holidays and worked weekends included). Verify what is marked as a warning first. The notice states what was observed at the time; if you disagree, say so in the reply.")
	if !known {
		v.Note += n.say("部分年份的放假安排未收录，该部分只按周末推算。", " The public holidays of one of the years are not known; there only weekends were counted out.")
	}
	v.Foot = n.in(wording.Sayf(wording.Say("由 beianwatch 生成，检查批次 %s，规则集 %s", "Generated by beianwatch, run %s, rule set %s"), wording.Clean(n.Run.ID, 80), wording.Clean(b.list[0].Ruleset, 80)))
	if f := wording.Clean(n.Letterhead.Footer, 300); f != "" {
		v.Foot = f + " · " + v.Foot
	}
}

// sites fills the table of the first page: a row a site, the gravest first, then by
// date.
func (n *Writer) sites(v *view, book wording.Book, list []*reports.Record) {
	number := map[string]string{}
	for _, p := range v.Problems {
		number[p.Rule] = p.Number
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *reports.Record) int {
		if d := reports.Rank(b.Worst()) - reports.Rank(a.Worst()); d != 0 {
			return d
		}
		return earliest(a).Compare(earliest(b))
	})
	for i, r := range list {
		row := siteRow{N: strconv.Itoa(i + 1), Tone: string(r.Worst()), Severity: n.in(wording.Word(wording.SeverityWords, r.Worst()))}
		row.Domain, row.Label = siteName(r)
		if at := earliest(r); at != never {
			row.Due = wording.ChinaDay(at)
		}
		for _, f := range book.Findings(r) {
			if f.Waived.ZH != "" {
				continue
			}
			row.Problems = append(row.Problems, number[f.Rule]+n.say("、", " ")+n.in(wording.Capital(f.Title)))
		}
		v.Sites = append(v.Sites, row)
		v.Reply.Domains = append(v.Reply.Domains, row.Domain)
	}
}

// never is after any date.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// earliest is the first date of a record's findings.
func earliest(r *reports.Record) time.Time {
	first := never
	for i := range r.Outcomes {
		if o := &r.Outcomes[i]; o.Verdict == detect.Found && !r.Waived(o.Rule) && !o.Due.IsZero() && o.Due.Before(first) {
			first = o.Due
		}
	}
	return first
}

// siteName returns the name of a site as people write it, and the A-label where
// that is another.
func siteName(r *reports.Record) (name, label string) {
	name = wording.Clean(r.Domain, 260)
	if shown := wording.DisplayName(r); shown != "" {
		return shown, name
	}
	return name, ""
}

func (n *Writer) reply(v *view) {
	v.Reply.Title = n.say("整改回执", "Reply form")
	to, until := wording.Clean(n.Letterhead.ReplyTo, 200), wording.Clean(n.Letterhead.replyBy(n.Today, n.Calendar), 80)
	switch {
	case to != "" && until != "":
		v.Reply.Until = n.in(wording.Sayf(wording.Say("请于 %[2]s 前填写并发送至 %[1]s。", "Please fill in and send to %[1]s by %[2]s."), to, until))
	case to != "":
		v.Reply.Until = n.in(wording.Sayf(wording.Say("请填写并发送至 %[1]s。", "Please fill in and send to %[1]s."), to))
	case until != "":
		v.Reply.Until = n.in(wording.Sayf(wording.Say("请于 %[1]s 前填写并回复发件人。", "Please fill in and return to the sender by %[1]s."), until))
	default:
		v.Reply.Until = n.say("请填写并回复发件人。", "Please fill in and return to the sender.")
	}
	v.Reply.Head = []string{n.say("网站", "Site"), n.say("整改情况（已整改 / 整改中 / 有异议）", "Result (mended / under way / disputed)"), n.say("完成日期", "Done on"), n.say("说明", "Remarks")}
	v.Reply.Fields = []string{n.say("填写人", "Name"), n.say("联系电话", "Telephone"), n.say("日期", "Date"), n.say("签字（盖章）", "Signature (seal)")}
}

func (n *Writer) labels() labels {
	return labels{
		Site: n.say("网站", "Site"), Problems: n.say("问题", "Problems"), Severity: n.say("级别", "Severity"), Due: n.say("整改期限", "Due"),
		Where: n.say("位置", "Where"), Saw: n.say("实测情况", "Observed"), Quotes: n.say("原文", "Quoted"), Fix: n.say("整改措施", "What to do here"),
		Snippet: n.say("页脚代码", "Code for the foot"), Why: n.say("核查要求", "Requirement"), Remedy: n.say("整改方法", "Remedy"), Law: n.say("依据", "Source"),
	}
}
