package visit

import (
	"fmt"
	"strings"
	"testing"
)

// padded is the good page with what means harm between its text and its foot.
func padded(harm string) string {
	at := strings.Index(goodPage, "<footer>")
	return goodPage[:at] + harm + goodPage[at:]
}

// fill repeats a piece up to so many kB.
func fill(piece string, kb int) string { return strings.Repeat(piece, kb<<10/len(piece)+1) }

// hostilePages are pages that were made to hurt a reader, with the verdict. Nearly
// all have the text and the foot of the good page behind what means harm, so that
// nothing is to be found against them; where a browser shows no number, or has it in
// a comment, that is found.
func hostilePages() map[string]struct{ page, header, want string } {
	type page = struct{ page, header, want string }
	utf8 := htmlType
	kind := func(harm string) page { return page{padded(harm), utf8, "serving"} }
	as := func(charset, body, want string) page {
		return page{body, "Content-Type: text/html; charset=" + charset + "\r\n", want}
	}
	return map[string]page{
		"open divs":                   kind(fill("<div>", 1000)),
		"divs, closed":                kind(strings.Repeat("<div>", 50000) + "x" + strings.Repeat("</div>", 50000)),
		"spans":                       kind(fill("<span>", 1000)),
		"stray end tags, deep":        kind(strings.Repeat("<div>", 500) + fill("</p></b></li>", 1000) + strings.Repeat("</div>", 500)),
		"stray end tags":              kind(fill("</section>", 1000)),
		"formatting misnested":        kind(fill("<b><i><u><p>", 1000)),
		"anchors in anchors":          kind(fill("<b><a>", 1000)),
		"links":                       kind(fill(`<a href="/x">a</a>`, 1000)),
		"links to nowhere":            kind(fill("<a href=x>", 1000)),
		"tables in tables":            kind(fill("<table><tr><td>", 1000)),
		"forms":                       kind(fill("<form>", 1000)),
		"selects":                     kind(fill("<select><option>", 500) + strings.Repeat("</select>", 100)),
		"svg in math in svg":          kind(fill("<svg><math>", 500)),
		"templates":                   kind(fill("<template>", 100) + strings.Repeat("</template>", 20000)),
		"iframes":                     kind(fill(`<iframe src="/f"></iframe>`, 500)),
		"scripts":                     kind(fill(`<script src="/s.js"></script>`, 500)),
		"inline scripts":              kind(fill(`<script>;</script>`, 500)),
		"a script without end":        kind("<script>" + fill("a", 500)),
		"styles":                      kind(fill("<style>a{}</style>", 500)),
		"one million attributes":      kind("<div " + fill("a=1 ", 1000) + ">"),
		"one attribute of 1 MB":       kind(`<div title="` + fill("x", 1000) + `"></div>`),
		"quotes never closed":         kind(`<div title="` + fill("x>", 500)),
		"style attributes":            kind(fill(`<i style="display:block;display:none;display:inline">x</i>`, 500)),
		"hidden wrappers":             kind(fill(`<p style="display:none">a`, 500)),
		"open angle brackets":         kind(fill("<a ", 1000)),
		"angle brackets alone":        kind(fill("<", 1000)),
		"comments never closed":       {padded(fill("<!--", 1000)), utf8, "serving: footer-number-hidden"},
		"comments":                    kind(fill("<!-- > -->", 1000)),
		"odd comments":                kind(fill("<!-->", 500) + fill("<!-- --!>", 500)),
		"CDATA":                       kind(fill("<![CDATA[", 1000)),
		"processing instructions":     kind(fill("<?php ?>", 1000)),
		"doctypes":                    kind(fill("<!doctype html>", 1000)),
		"entities":                    kind(fill("&amp;", 1000)),
		"ampersands":                  kind(fill("&", 1000)),
		"entities beyond Unicode":     kind(fill("&#x10FFFFFFFFFFFFFFFF;", 500)),
		"an entity of 1 MB":           kind("&#" + fill("9", 1000) + ";"),
		"digits":                      kind(fill("1", 1000)),
		"halves of numbers":           kind(fill("京ICP备", 1000)),
		"numbers without end":         kind(fill("京ICP备12345678号-", 500)),
		"blanks in a number":          kind("京ICP备" + fill(" ", 1000) + "1"),
		"words of industries":         kind(fill("医疗新闻金融贷款游戏药品 ", 500)),
		"NULs":                        kind(fill("\x00", 1000)),
		"bytes that are no UTF-8":     kind(fill("\xff\xfe\x80", 500)),
		"escapes of a terminal":       kind(fill("\x1b[31m\u009b2J\u202e\u200b", 500)),
		"combining marks":             kind("a" + fill("\u0301", 500)),
		"one line of 4 MB":            kind(fill("a", 4000)),
		"a title of 1 MB":             {strings.Replace(goodPage, "<title>", "<title>"+fill("题", 1000), 1), utf8, "serving"},
		"a meta of 1 MB":              {strings.Replace(goodPage, "<title>", `<meta name=description content="`+fill("述", 1000)+`"><title>`, 1), utf8, "serving"},
		"a base elsewhere":            {strings.Replace(goodPage, "<title>", `<base href="http://`+canaryAddr+`/"><title>`, 1), utf8, "serving"},
		"10,000 metas":                {strings.Replace(goodPage, "<title>", fill(`<meta name=a content=b>`, 230)+"<title>", 1), utf8, "serving"},
		"a charset nobody knows":      as("utf-99", goodPage, "serving"),
		"a charset that lies":         as("utf-16le", goodPage, "serving"),
		"UTF-7":                       as("utf-7", goodPage+"+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "serving"),
		"ISO-2022-JP":                 as("iso-2022-jp", "<html>"+fill("\x1b$B\x1b(B", 500)+"</html>", "serving: footer-number-missing"),
		"HZ":                          as("hz-gb-2312", "<html>"+fill("~{", 500)+"</html>", "serving: footer-number-missing"),
		"random bytes":                as("utf-8", fill("\x8f\x00\xe3\x17\xff\x1b", 1000), "serving: footer-number-missing"),
		"a PDF":                       as("utf-8", "%PDF-1.7\n"+fill("\x8f\x00\xe3\x17\xff", 100), "serving"),
		"nothing but NULs":            as("utf-8", fill("\x00", 1000), "placeholder blank"),
		"refresh to itself":           {strings.Replace(goodPage, "<title>", `<meta http-equiv=refresh content="0;url=/"><title>`, 1), utf8, "serving"},
		"a canary in every attribute": kind(fill(`<img src="http://`+canaryAddr+`/a"><script src="http://`+canaryAddr+`/a.js"></script><link rel=stylesheet href="http://`+canaryAddr+`/a.css">`, 100)),
	}
}

func TestHostilePages(t *testing.T) {
	pages, i := hostilePages(), 0
	if len(pages) < 40 {
		t.Errorf("%d pages", len(pages))
	}
	z := newZoo(t)
	s := z.scanner()
	for kind, c := range pages {
		i++
		name := fmt.Sprintf("page%d.cn", i)
		z.site(name, 80, send(headed(c.header, c.page)))
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			if got := verdict(t, s, name); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
