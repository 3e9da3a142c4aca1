package page

import (
	"strings"
	"testing"
)

// Of very many pictures the first and the last are kept: between them, any range may hold
// one, and outside of them only what was kept counts.
func TestDrawnInManyPictures(t *testing.T) {
	icon := `<img src="/icon.png" height="8">`
	many := strings.Repeat(icon, maxDrawn)
	source := "<p>甲" + many + "</p><p>备案号：<img src=\"/number.png\"></p>" + many + "<p>乙</p>"
	p := Parse([]byte(source), Options{URL: "https://example.cn/", ContentType: "text/html; charset=utf-8"})
	label := strings.Index(p.Text, "备案号")
	if !p.DrawnIn(label, label+len("备案号：")+1) {
		t.Error("a picture behind a label was left out, and its place is called empty")
	}
	if p.DrawnIn(0, 0) {
		t.Error("the icons behind the first text are called pictures")
	}
	if last := strings.Index(p.Text, "乙"); p.DrawnIn(last+1, len(p.Text)) {
		t.Error("the place behind all pictures is called drawn")
	}
}
