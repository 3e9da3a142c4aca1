package page

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/beianwatch/beianwatch/detect/fold"
)

// treeText is the visible text of goquery's tree, white space dropped: what the
// reader, which builds no tree, must find too.
func treeText(n *html.Node, b *strings.Builder) {
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
		return
	}
	if n.Type == html.ElementNode {
		switch n.DataAtom {
		case atom.Script, atom.Style, atom.Noscript, atom.Noframes, atom.Noembed, atom.Iframe, atom.Title, atom.Textarea, atom.Video, atom.Audio, atom.Canvas, atom.Xmp:
			return
		}
		var a attrs
		for _, at := range n.Attr {
			a.set(at.Key, at.Val)
		}
		if n.DataAtom != atom.Html && n.DataAtom != atom.Body && a.hides(n.DataAtom) {
			return
		}
	}
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		treeText(k, b)
	}
}

// differs compares the reader with goquery on one page; "" if they agree.
func differs(t *testing.T, body []byte) string {
	t.Helper()
	p := Parse(body, Options{})
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(p.Source))
	if err != nil {
		return "" // too deep for the tree
	}
	var b strings.Builder
	treeText(doc.Nodes[0], &b)
	squeeze := func(s string) string {
		return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7F {
				return ' '
			}
			return r
		}, fold.String(s))), "")
	}
	want, got := squeeze(b.String()), squeeze(p.Text)
	if want == got {
		return ""
	}
	i := 0
	for i < len(want) && i < len(got) && want[i] == got[i] {
		i++
	}
	i = max(0, i-30)
	return "tree " + strings.ToValidUTF8(want[min(i, len(want)):min(i+90, len(want))], "") + " | page " + strings.ToValidUTF8(got[min(i, len(got)):min(i+90, len(got))], "")
}

func TestAsTheTree(t *testing.T) {
	for _, in := range []string{
		"<p>a<div>b</p>c</div>d", "<ul><li>a<li>b<ul><li>c</ul>d</ul>e", "<b>a<p>b</b>c</p>d", "<a href=1>a<a href=2>b</a>c", "<div><a href=1>a</div>b<p>c",
		"<table><tr><td>a<td>b<tr><td>c</table>d", "<table><td><a href=1>a</td><td>b</table>c", "<select><option>a<option>b</select>c", "<dl><dt>a<dd>b<dt>c</dl>d",
		"<p style='display:none'>a<div>b</div>", "<p style='display:none'>a<table><td>b</table>c", "<!doctype html><p style='display:none'>a<table><td>b</table>c",
		"<span style='display:none'>a<div>b</span>c</div>d", "<i style='display:none'>a<p>b</i>c</p>d", "<h1>a<h2>b</h1>c</h2>d", "<div hidden>a<td>b</td></div>c",
		"<svg><title>a</title><text>b</text><path/>c</svg>d", "<svg><g><p>a</p></g></svg>b", "<button hidden>a<button>b</button>c", "<form>a<div>b</form>c</div>d",
		"a<!-- <p>b</p> -->c<!-->d-->e", "a<script>'<!--<script>'b</script>c--></script>d", "a<style><p>b</style>c", "<textarea><p>a</textarea>b", "a</br>b</p>c", "1 < 2 <3 </4> <?x?> 5",
		"&copy &copy; &nbsp&nbsp;&#20140;&#x4eac;&amp;lt; &notit; &zzz; & &; a&b", "<a href=/?a=1&copy=2>x</a>", "<div/>a</div>b", "<li hidden>a<li>b", "<td>a<tr>b",
		"<option hidden>a<option>b", "<template>a</template>b", "<object hidden>a<p>b</object>c", "<div hidden><table><tr><td></div>a</table></div>b",
	} {
		if d := differs(t, []byte(in)); d != "" {
			t.Errorf("%s: %s", in, d)
		}
	}
}

// TestCorpusAsTheTree holds the reader to goquery on real pages. The few on
// which they may differ have text between the rows of a table, which a browser
// moves before it.
func TestCorpusAsTheTree(t *testing.T) {
	dir := os.Getenv("BEIANWATCH_CORPUS")
	if dir == "" {
		t.Skip("BEIANWATCH_CORPUS names no folder of pages")
	}
	files, err := filepath.Glob(filepath.Join(dir, "pages", "*.html"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages in %s: %v", dir, err)
	}
	bad := 0
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if d := differs(t, body); d != "" {
			t.Logf("%s: %s", filepath.Base(f), d)
			bad++
		}
	}
	if bad*100 > len(files) {
		t.Errorf("%d of %d pages read differently", bad, len(files))
	}
}
