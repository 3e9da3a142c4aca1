package reports

import (
	_ "embed"
	"html/template"
)

//go:embed templates/notice.css
var noticeStyle string

// noticePolicy lets a letter do nothing but be read.
var noticePolicy = "default-src 'none'; style-src '" + digest(noticeStyle) + "'; base-uri 'none'; form-action 'none'"

// Policy is the content policy of the letter.
func (noticeView) Policy() string { return noticePolicy }

// Style is its style sheet.
func (noticeView) Style() template.CSS { return template.CSS(noticeStyle) }
