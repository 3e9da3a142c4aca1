// Package notice writes rectification notices (整改通知) to the owners of sites,
// in HTML and DOCX.
package notice

import (
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/workday"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

// A Writer writes a rectification notice (整改通知) for each owner, in HTML and
// DOCX: what was found on the owner's sites, the words that show it, how to
// fix it, and until when.
type Writer struct {
	Out      string
	Run      *reports.Run
	Rules    []*detect.Rule // usually rules.All
	Lang     string         // of the notices, "zh" or "en"
	Today    time.Time      // the date of the letters
	Calendar *workday.Calendar
}

// maxSites bounds the sites in one notice: a letter is read by a person. How
// many more there are is told in it.
const maxSites = 500

// A noticeView is one letter, ready to be laid out, in one language.
type noticeView struct {
	Lang, Title, Number, To, Date string
	Intro, Due                    string
	Head                          noticeHead
	Sites                         []noticeSite
	More, Note, Foot              string
	Labels                        noticeLabels
}

// A noticeHead is the box of facts below the title.
type noticeHead struct{ Rows [][2]string }

type noticeSite struct {
	Domain, About string
	Items         []noticeItem
}

// A noticeItem is one thing to fix.
type noticeItem struct {
	Title, Severity, Tone, Rule string
	Reason, Advice              string
	Spots                       []noticeSpot
	Since, Due, Law             string
}

type noticeSpot struct {
	Where, Saw, Fix, Snippet string
	Quotes                   []string
}

// noticeLabels are the words of the layout.
type noticeLabels struct {
	Where, Saw, Quotes, Reason, Advice, Fix, Snippet, Since, Due, Law string
}

// Write writes the notices of records, which come owner by owner; records on
// which nothing was found are passed over. It gives the paths of the files.
func (n *Writer) Write(records iter.Seq2[*reports.Record, error]) ([]string, error) {
	if err := os.MkdirAll(n.Out, 0o700); err != nil {
		return nil, message.Errorf("建立通知书文件夹：%w；请用 --out 指定可写的文件夹", "making the folder for notices: %w; name a folder that can be written with --out", err)
	}
	var files []string
	var list []*reports.Record
	more := 0
	flush := func() error {
		if len(list) == 0 {
			return nil
		}
		written, err := n.letter(list, more)
		files, list, more = append(files, written...), nil, 0
		return err
	}
	for r, err := range records {
		if err != nil {
			return files, err
		}
		if r.Worst() == "" {
			continue
		}
		if len(list) > 0 && list[0].Owner != r.Owner {
			if err := flush(); err != nil {
				return files, err
			}
		}
		if len(list) == maxSites {
			more++
			continue
		}
		list = append(list, r)
	}
	return files, flush()
}

// letter writes both forms of one owner's notice.
func (n *Writer) letter(list []*reports.Record, more int) ([]string, error) {
	v := n.view(list, more)
	name := "notice-no-owner"
	if owner := list[0].Owner; owner != "" {
		name = "notice-" + reports.FileName(owner)
	}
	var files []string
	for _, form := range []struct {
		ext   string
		write func(io.Writer) error
	}{
		{".html", func(w io.Writer) error { return noticeLayout.Execute(w, v) }},
		{".docx", func(w io.Writer) error { return writeDocx(w, v, n.Today) }},
	} {
		path := filepath.Join(n.Out, name+form.ext)
		if err := writeWhole(path, form.write); err != nil {
			return files, message.Errorf("写入通知书 %s：%w", "writing the notice %s: %w", path, err)
		}
		files = append(files, path)
	}
	return files, nil
}

// writeWhole makes a file of what write gives, whole or not at all.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), unfinishedPrefix+"*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = write(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// view lays out the notice of one owner.
func (n *Writer) view(list []*reports.Record, more int) *noticeView {
	in := func(t detect.Text) string { return wording.Clean(t.In(n.Lang), wording.MaxText) }
	first := list[0]
	v := &noticeView{
		Lang: n.Lang, Title: in(wording.Say("网站备案整改通知", "Notice of Rectification: ICP Filing")),
		Date: wording.ChinaDay(n.Today), Labels: labelsIn(n.Lang),
		To: wording.Clean(first.Owner, 200),
	}
	if v.To == "" {
		v.To = in(wording.Say("网站负责人", "To whom it may concern"))
	}
	book := wording.NewBook(n.Rules)
	items, known := 0, true
	var due time.Time
	for _, r := range list {
		site := n.site(book, r)
		items += len(site.Items)
		v.Sites = append(v.Sites, site)
		for _, o := range r.Outcomes {
			if o.Verdict == detect.Found && !o.Due.IsZero() {
				if due.IsZero() || o.Due.Before(due) {
					due = o.Due
				}
				known = known && n.Calendar.Known(o.Since, o.Due)
			}
		}
	}
	v.head(n, first, len(list)+more, items)
	v.Intro = in(wording.Sayf(wording.Say("在 %[1]s 的检查中，您负责的 %[2]d 个网站共有 %[3]d 项问题。请按下列说明整改，并在期限内回复整改结果。",
		"The check of %[1]s found %[3]d issues on %[2]d of your sites. Please fix them as described below and report back by the dates given."),
		wording.ChinaDay(n.Run.StartedAt), len(list)+more, items))
	if !due.IsZero() {
		v.Due = in(wording.Sayf(wording.Say("最早的整改期限：%s", "Earliest due date: %s"), wording.ChinaDay(due)))
	}
	if more > 0 {
		v.More = in(wording.Sayf(wording.Say("另有 %d 个网站未列入本通知，见本检查批次的 CSV 报告。", "%d more sites are not listed here; see the CSV report of the run."), more))
	}
	v.Note = in(wording.Say("期限按工作日计算（含法定节假日与调休）。“待核实”的项目请先核对；通知只陈述检查时的实测情况。", "Dates count working days (public holidays and worked weekends included). Verify what is marked as a warning first; the notice states what was observed at the time."))
	if !known {
		v.Note += in(wording.Say("部分年份的放假安排未收录，该部分只按周末推算。", " The public holidays of one of the years are not known; there only weekends were counted out."))
	}
	v.Foot = in(wording.Sayf(wording.Say("由 beianwatch 生成，检查批次 %s，规则集 %s", "Generated by beianwatch, run %s, rule set %s"), wording.Clean(n.Run.ID, 80), wording.Clean(first.Ruleset, 80)))
	return v
}

// head fills the box of facts.
func (v *noticeView) head(n *Writer, r *reports.Record, sites, items int) {
	row := func(name detect.Text, value string) {
		if value = wording.Clean(value, 200); value != "" {
			v.Head.Rows = append(v.Head.Rows, [2]string{name.In(n.Lang), value})
		}
	}
	row(wording.Say("收件人", "To"), v.To)
	row(wording.Say("部门", "Team"), r.Detail.Team)
	row(wording.Say("联系方式", "Contact"), r.Detail.Contact)
	row(wording.Say("日期", "Date"), v.Date)
	row(wording.Say("网站 / 问题", "Sites / findings"), strconv.Itoa(sites)+" / "+strconv.Itoa(items))
}

// site lists what is to be fixed on one site, most severe first.
func (n *Writer) site(b wording.Book, r *reports.Record) noticeSite {
	s := noticeSite{Domain: wording.Clean(r.Domain, 260)}
	if name := wording.DisplayName(r); name != "" {
		s.Domain += "（" + name + "）"
	}
	s.About = joinedWords(n.Lang, r.Detail.Subject, r.Filing.Number)
	for _, f := range b.Findings(r) {
		reason, handle := b.AdviceFor(f.Rule)
		o, _ := r.Outcome(f.Rule)
		in := func(t detect.Text) string { return wording.Clean(t.In(n.Lang), wording.MaxText) }
		item := noticeItem{
			Title: in(wording.Capital(f.Title)), Severity: in(f.Severity), Tone: f.Tone, Rule: f.Rule, Reason: in(wording.Capital(reason)), Advice: in(handle),
			Since: wording.ChinaDay(o.Since), Due: wording.ChinaDay(o.Due), Law: in(f.Law),
		}
		for _, at := range f.Spots {
			item.Spots = append(item.Spots, noticeSpot{Where: in(wording.Capital(at.Where)), Saw: in(wording.Capital(at.Saw)), Fix: in(at.Fix), Snippet: at.Snippet, Quotes: at.Quotes})
		}
		s.Items = append(s.Items, item)
	}
	return s
}

// joinedWords sets what is given side by side.
func joinedWords(lang string, words ...string) string {
	out := ""
	for _, w := range words {
		if w = wording.Clean(w, 200); w == "" {
			continue
		}
		if out != "" {
			out += wording.Comma.In(lang)
		}
		out += w
	}
	return out
}

func labelsIn(lang string) noticeLabels {
	in := func(zh, en string) string { return wording.Say(zh, en).In(lang) }
	return noticeLabels{
		Where: in("位置", "Where"), Saw: in("实测情况", "Observed"), Quotes: in("原文", "Quoted"), Reason: in("核查要求", "Requirement"),
		Advice: in("处理办法", "How to handle it"), Fix: in("整改措施", "What to do here"), Snippet: in("可直接使用的代码", "Code to use"),
		Since: in("首次发现", "First found"), Due: in("整改期限", "Due"), Law: in("依据", "Source"),
	}
}
