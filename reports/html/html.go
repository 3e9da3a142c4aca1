// Package html writes reports that a browser opens without any network: the
// page of a domain, the overview of a run, and the folder that holds them.
package html

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"sync"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/wording"
)

//go:embed templates/style.css
var style string

//go:embed templates/script.js
var script string

//go:embed templates/list.js
var listScript string

//go:embed templates/*.html
var templates embed.FS

// A Writer writes reports that a browser opens without any network: one file,
// both languages in it, and a policy that lets nothing run or load but the
// style and the script that stand in it.
type Writer struct {
	Lang  string // the language shown first, "zh" or "en"
	Rules wording.Book
	rows  *sync.Map // rowKey → template.HTML
}

// New returns a writer of reports in which lang is shown first. It is safe
// for concurrent use.
func New(rules []*detect.Rule, lang string) Writer {
	return Writer{Lang: lang, Rules: wording.NewBook(rules), rows: &sync.Map{}}
}

// contentPolicy allows the embedded style and script by their digests and
// nothing else. ("frame-ancestors" has no effect in a meta element.)
var contentPolicy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s' '%s'; img-src data:; base-uri 'none'; form-action 'none'",
	digest(style), digest(script), digest(listScript))

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

var layouts = template.Must(template.New("").Funcs(template.FuncMap{
	"both": both,
	"cap":  func(t detect.Text) template.HTML { return both(wording.Capital(t)) },
	"tr":   spans, // texts of the template itself
	"mark": mark, "swatch": swatch,
	"num": wording.Grouped,
	"pct": wording.Percent,
}).ParseFS(templates, "templates/*.html"))

// both writes a text in both languages; the style sheet shows one of them.
// The text may be a stranger's: it is cleaned and escaped here, because
// html/template does not look into what it is given as HTML.
func both(t detect.Text) template.HTML {
	zh, en := wording.Clean(t.ZH, wording.MaxText), wording.Clean(t.EN, wording.MaxText)
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
	List      bool // the page has a list of domains, and the script for it
}

func (frame) Policy() string      { return contentPolicy }
func (frame) Style() template.CSS { return template.CSS(style) }
func (frame) Script() template.JS { return template.JS(script) }

// ListScript is the script of the list of domains.
func (frame) ListScript() template.JS { return template.JS(listScript) }

// Domain writes the report of one domain or file.
func (h Writer) Domain(w io.Writer, s *Subject) error {
	return layouts.ExecuteTemplate(w, "domain.html", h.domainView(s))
}

// Summary writes the overview of a run, without the list of all domains that a
// [Folder] adds.
func (h Writer) Summary(w io.Writer, s *reports.Summary) error { return h.summary(w, s, nil) }
