package notice

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
)

//go:embed templates/notice.css
var noticeStyle string

//go:embed templates/notice.html
var noticePage string

var noticeLayout = template.Must(template.New("notice").Parse(noticePage))

// noticePolicy lets a letter do nothing but be read.
var noticePolicy = "default-src 'none'; style-src '" + noticeDigest(noticeStyle) + "'; base-uri 'none'; form-action 'none'"

// Policy is the content policy of the letter.
func (view) Policy() string { return noticePolicy }

// Style is its style sheet.
func (view) Style() template.CSS { return template.CSS(noticeStyle) }

func noticeDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
