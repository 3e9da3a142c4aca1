package page

import (
	"strings"
	"testing"
)

// hostile are pages that were built to be slow to read.
func hostile(size int) map[string]string {
	fill := func(head, body string) string { return head + strings.Repeat(body, (size-len(head))/len(body)) }
	deep := strings.Repeat("<div>", 500)
	return map[string]string{
		"stray end tags at depth":       fill(deep, "</b>"),
		"end tags that do not reach":    fill("<b>"+deep+"<table><tr><td>"+strings.Repeat("<span>", 400), "</b>"),
		"end tags of unknown elements":  fill(strings.Repeat("<x-a>", 500), "</x-b>"),
		"unknown elements":              fill("", "<x-a><x-b><x-c></x-d>"),
		"paragraphs in buttons":         fill("<p>"+strings.Repeat("<button>", 3)+deep, "<p></p></p>"),
		"links across blocks":           fill("", "<a href=/1><div></a>"),
		"links in links":                fill(deep, "<a href=/1>x"),
		"formatting across blocks":      fill("", "<b><i><u><div></b></i></u>"),
		"deep formatting across blocks": fill("", strings.Repeat("<b>", 200)+"<div>"+strings.Repeat("</b>", 200)),
		"hidden formatting":             fill("", "<b style=font-size:0><div></b>"),
		"hidden within hidden":          fill(strings.Repeat("<div style=visibility:hidden><p style=visibility:visible>", 200), "<b style=display:none><div>x</b></div>"),
		"table in table":                fill("", "<table><tr><td>"),
		"rows without cells":            fill("<table>", "<tr><td></tr></td></th>"),
		"list items":                    fill(strings.Repeat("<ul><li>", 200), "<li></ol></dd>"),
		"svg in svg":                    fill("", "<svg><g></b></svg></x>"),
		"templates":                     fill("", "<template><td></template></template>"),
		"nesting":                       fill("", "<div>"),
		"classes":                       fill("", "<div class='news foot comment list'>x</div>"),
		"attributes":                    "<div " + strings.Repeat("a=1 ", size/4) + ">x",
		"styles":                        fill("", "<p style='display:none;display:none;display:none'>"),
		"a long style":                  "<p style='" + strings.Repeat("display:none;", size/13) + "'>x",
		"comments":                      fill("", "<!--->-->"),
		"less-than signs":               fill("", "<"),
		"digits":                        fill("", "1234567890"),
		"entities":                      fill("", "&amp;&#1;&x"),
	}
}

// TestStepsOfHostilePages bounds what a page costs by counting how many open
// elements are looked at: a few for each tag, at any depth.
func TestStepsOfHostilePages(t *testing.T) {
	const size = 1 << 18
	for name, in := range hostile(size) {
		p := &Page{Foot: -1, Source: in}
		s := scratches.Get().(*scratch)
		r := reader{p: p, anchor: -1, unveil: -1}
		s.lend(&r)
		r.z.s, r.c.link = in, -1
		r.index.seed = seed
		r.index.reset()
		r.read()
		tags := strings.Count(in, "<")
		if r.index.steps > 24*tags+1000 {
			t.Errorf("%s: %d steps for %d tags", name, r.index.steps, tags)
		}
	}
}

// BenchmarkHostilePages is to be held against BenchmarkRealPage, a megabyte each.
func BenchmarkHostilePages(b *testing.B) {
	for name, in := range hostile(1 << 20) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Parse([]byte(in), Options{})
			}
		})
	}
}

func BenchmarkRealPage(b *testing.B) {
	row := `<li class="item"><a href="/product/1024.html" title="中心支轴式喷灌机"><img src="/img/1024.jpg" alt="喷灌机"><h3>中心支轴式喷灌机</h3></a><p>适用于大田作物的节水灌溉，跨度大，运行稳定。</p><span>2026-11-01</span></li>` + "\n"
	in := []byte("<!doctype html><ul>" + strings.Repeat(row, 1<<20/len(row)) + "</ul><footer>© 2026 某公司</footer>")
	for b.Loop() {
		Parse(in, Options{})
	}
}
