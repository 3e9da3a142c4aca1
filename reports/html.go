package reports

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"sync"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

//go:embed templates/style.css
var style string

//go:embed templates/script.js
var script string

//go:embed templates/*.html
var templates embed.FS

// A HTML writes reports that a browser opens without any network: one file,
// both languages in it, and a policy that lets nothing run or load but the
// style and the script that stand in it.
type HTML struct {
	Lang  string // the language shown first, "zh" or "en"
	Rules Book
	rows  *sync.Map // rowKey → template.HTML
}

// NewHTML makes a writer of reports in which lang is shown first. It is safe
// for concurrent use.
func NewHTML(rules []*detect.Rule, lang string) HTML {
	return HTML{Lang: lang, Rules: NewBook(rules), rows: &sync.Map{}}
}

// A Book finds a rule by its id.
type Book map[string]*detect.Rule

// NewBook makes a Book of rules, usually [rules.All].
func NewBook(rules []*detect.Rule) Book {
	book := make(Book, len(rules))
	for _, r := range rules {
		book[r.ID] = r
	}
	return book
}

// title is what is wrong when the rule speaks. A stored run may name a rule
// that this program no longer has; then its id has to do.
func (b Book) title(id string) detect.Text {
	if r, ok := b[id]; ok {
		return r.Title
	}
	return same(clean(id, 80))
}

// contentPolicy allows the embedded style and script by their digests and
// nothing else. ("frame-ancestors" has no effect in a meta element.)
var contentPolicy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
	digest(style), digest(script))

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

var layouts = template.Must(template.New("").Funcs(template.FuncMap{
	"both": both,
	"cap":  func(t detect.Text) template.HTML { return both(capital(t)) },
	"tr":   spans, // texts of the template itself
	"mark": mark, "swatch": swatch,
	"num": grouped,
	"pct": percent,
}).ParseFS(templates, "templates/*.html"))

// maxText bounds, in characters, any one text that came from outside.
const maxText = 2000

// both writes a text in both languages; the style sheet shows one of them.
// The text may be a stranger's: it is cleaned and escaped here, because
// html/template does not look into what it is given as HTML.
func both(t detect.Text) template.HTML {
	zh, en := clean(t.ZH, maxText), clean(t.EN, maxText)
	if zh == "" {
		zh = en
	}
	if en == "" {
		en = zh
	}
	return spans(zh, en)
}

func spans(zh, en string) template.HTML {
	if zh == en {
		return template.HTML(template.HTMLEscapeString(zh))
	}
	return template.HTML(`<span class="zh" lang="zh-CN">` + template.HTMLEscapeString(zh) +
		`</span><span class="en" lang="en">` + template.HTMLEscapeString(en) + `</span>`)
}

// mark draws the shape that goes with a severity or outcome; the word stands
// beside it, so a reader aid need not say it twice.
func mark(tone string) template.HTML {
	return template.HTML(`<svg class="mark" aria-hidden="true"><use href="#m-` + template.HTMLEscapeString(tone) + `"/></svg>`)
}

// A frame is what every page has around its content.
type frame struct {
	Lang      string
	PageTitle string
	Subtitle  detect.Text
	Back      string // relative address of the summary, "" if there is none
	BackText  detect.Text
	Foot      detect.Text
}

func (frame) Policy() string      { return contentPolicy }
func (frame) Style() template.CSS { return template.CSS(style) }
func (frame) Script() template.JS { return template.JS(script) }
func stamp(t time.Time) string    { return t.Format("2006-01-02 15:04:05 -07:00") }

// footText tells what made a report and what it does not claim.
func footText(ruleset string) detect.Text {
	return sayf(say("由 beianwatch 依规则集 %[1]s 生成。报告只陈述检查当时所见；没有看清的一律记为“无法判断”，不作为问题。",
		"Made by beianwatch with the rule set %[1]s. It tells what was seen at the time; what was not seen clearly counts as unknown, never as a fault."), clean(ruleset, 80))
}

// Domain writes the report of one domain. run may be nil when a single domain
// was looked at; obs may be nil when no evidence was kept, and then the report
// says so. back is the relative address of the run's summary, "" if there is
// none.
func (h HTML) Domain(w io.Writer, run *Run, r *Record, obs *crawler.Observation, back string) error {
	return layouts.ExecuteTemplate(w, "domain.html", h.domainView(run, r, obs, back))
}

// Summary writes the overview of a run.
func (h HTML) Summary(w io.Writer, s *Summary) error {
	return layouts.ExecuteTemplate(w, "summary.html", h.summaryView(s))
}
