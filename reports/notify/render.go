package notify

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"strings"
	"text/template"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

//go:embed templates
var shipped embed.FS

// A Text renders digests as Markdown, which all the services read in part.
type Text struct {
	digest *template.Template
	lang   string
	link   func(run string) string
}

// templateFile is the template's name, of the shipped ones with the language
// before the suffix; a folder of the user's may hold one of this name.
const templateFile = "digest.md.tmpl"

// NewText reads the template: digest.md.tmpl in folder, or the shipped one if
// folder is empty. lang is "zh" or "en". link gives the address of a run's report,
// "" where there is none; it may be nil.
func NewText(folder, lang string, link func(run string) string) (*Text, error) {
	body, err := readTemplate(folder, lang)
	if err != nil {
		return nil, err
	}
	t, err := template.New(templateFile).Option("missingkey=error").Parse(string(body))
	if err != nil {
		return nil, message.Errorf("通知模板：%w", "the template for notifications: %w", err)
	}
	if link == nil {
		link = func(string) string { return "" }
	}
	return &Text{digest: t, lang: lang, link: link}, nil
}

func readTemplate(folder, lang string) ([]byte, error) {
	if folder != "" {
		body, err := os.ReadFile(folder + "/" + templateFile)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, message.Errorf("模板文件夹 %s 中没有 %s", "the folder of templates %s has no %s", folder, templateFile)
		}
		return body, err
	}
	if lang != "en" {
		lang = "zh"
	}
	return shipped.ReadFile("templates/digest." + lang + ".md.tmpl")
}

// view is what a template sees.
type view struct {
	Title    string // one line: whose sites, and when
	Owner    string // empty in the digest of the team
	Domains  int
	Unseen   int
	Untold   int // owners with findings who get no letter of their own
	Sections []section
	Link     string
	Run      string // its id
}

// A section is one heading with what stands under it.
type section struct {
	Title string
	N     int
	Lines []string
	More  int // not listed
}

// Title is the first line of a digest, and the subject of its letter.
func (t *Text) Title(d *Digest) string {
	day := wording.ChinaDay(d.Run.StartedAt)
	if d.Owner.Name == "" {
		return wording.Sayf(wording.Say("网站备案检查 %s", "Filing check of %s"), day).In(t.lang)
	}
	return wording.Sayf(wording.Say("%[2]s 的网站备案检查 %[1]s", "Filing check of %[1]s, sites of %[2]s"), day, named(d.Owner.Name)).In(t.lang)
}

// Render writes a digest. A template of the user's that fails is an error.
func (t *Text) Render(d *Digest) (string, error) {
	v := view{Title: t.Title(d), Owner: named(d.Owner.Name), Domains: d.Domains, Unseen: d.Unseen, Untold: d.Untold, Link: t.link(d.Run.ID), Run: d.Run.ID}
	for _, state := range told {
		if n := d.Count(state); n > 0 {
			v.Sections = append(v.Sections, t.section(d, state, n))
		}
	}
	var b strings.Builder
	if err := t.digest.Execute(&b, v); err != nil {
		return "", message.Errorf("通知模板：%w", "the template for notifications: %w", err)
	}
	return strings.TrimSpace(b.String()) + "\n", nil
}

func (t *Text) section(d *Digest, state reports.State, n int) section {
	title := wording.Word(wording.StateWords, state)
	if state == overdue {
		title = wording.Overdue
	}
	s := section{Title: wording.Capital(title).In(t.lang), N: n}
	for _, item := range d.Items(state) {
		s.Lines = append(s.Lines, t.line(d, item))
	}
	s.More = n - len(s.Lines)
	return s
}

// line is "domain: problem (severity), owner".
func (t *Text) line(d *Digest, item Item) string {
	line := named(item.Domain) + t.in("：", ": ") + wording.Title(item.Rule).In(t.lang)
	if item.Severity != "" {
		word := wording.OutcomeWord(&detect.Outcome{Verdict: detect.Found, Severity: item.Severity})
		line += t.in("（", " (") + word.In(t.lang) + t.in("）", ")")
	}
	if d.Owner.Name == "" && item.Owner != "" {
		line += t.in("，", ", ") + named(item.Owner)
	}
	return line
}

func (t *Text) in(zh, en string) string { return wording.Say(zh, en).In(t.lang) }
