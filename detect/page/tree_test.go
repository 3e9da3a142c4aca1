package page

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// differs compares the reader with the tree on one page; "" if they agree.
func differs(t *testing.T, body []byte) string {
	t.Helper()
	p := Parse(body, Options{URL: "http://a.example.cn/"})
	tree, err := ReadTree(p)
	if err != nil {
		return "" // too deep for the tree
	}
	d := Disagree(p, tree.Page)
	if d.About == "" {
		return ""
	}
	return fmt.Sprintf("%s behind %q: page %q, tree %q", d.About, d.Near, cut(p.Text), cut(tree.Page.Text))
}

func cut(s string) string { return strings.ToValidUTF8(s[:min(len(s), 200)], "") }

func TestAsTheTree(t *testing.T) {
	for _, in := range []string{
		"<p>a<div>b</p>c</div>d", "<ul><li>a<li>b<ul><li>c</ul>d</ul>e", "<b>a<p>b</b>c</p>d", "<a href=1>a<a href=2>b</a>c", "<div><a href=1>a</div>b<p>c",
		"<table><tr><td>a<td>b<tr><td>c</table>d", "<table><td><a href=1>a</td><td>b</table>c", "<select><option>a<option>b</select>c", "<dl><dt>a<dd>b<dt>c</dl>d",
		"<p style='display:none'>a<div>b</div>", "<p style='display:none'>a<table><td>b</table>c", "<!doctype html><p style='display:none'>a<table><td>b</table>c",
		"<span style='display:none'>a<div>b</span>c</div>d", "<i style='display:none'>a<p>b</i>c</p>d", "<h1>a<h2>b</h1>c</h2>d", "<div hidden>a<td>b</td></div>c",
		"<svg><title>a</title><text>b</text><path/>c</svg>d", "<svg><g><p>a</p></g></svg>b", "<button hidden>a<button>b</button>c", "<form>a<div>b</form>c</div>d",
		"a<!-- <p>b</p> -->c<!-->d-->e", "a<script>'<!--<script>'b</script>c--></script>d", "a<style><p>b</style>c", "<textarea><p>a</textarea>b", "a</br>b</p>c", "1 < 2 <3 </4> <?x?> 5",
		"&copy &copy; &nbsp&nbsp;&#20140;&#x4eac;&amp;lt; &notit; &zzz; & &; a&b", "<a href=/?a=1&copy=2>x</a>", "<div/>a</div>b", "<li hidden>a<li>b", "<td>a<tr>b",
		"<div><video src=x></div>a", "<div><canvas>a</div><footer>b</footer>", "<p><audio>a</p>b", "<section><video><source src=x>a</section><footer>b</footer>",
		"a<svg><style>b<p>c</style></svg>d", "<svg><title>a</title><desc>b</desc><text>c</text></svg>d", "<svg style='display:none'><foreignObject><div>a</div></foreignObject></svg>b",
		"<svg><a xlink:href=/1><text>a</text></a></svg>b", "<svg><script>a</script></svg>b", "<svg><script>a<p>b", "<a href=/1><span style='display:none'>a</a>b", "<em><canvas>a</em>b",
		"<form hidden>a<form>b</form>c", "<td hidden>a", "<table><tr><td>a<table><tr><td hidden>b</table>c", "<select><input>a",
		"<my-foot><template shadowrootmode=open><a href=/1>a</a></template></my-foot>b", "<ul><template shadowrootmode=open>a</template></ul>b", "<template><div>a</template>b",
		"<a href=/1>a<div>b</div>c</a>d", "<a href=/1><div>a</a>b</div>c", "<div><a href=/1>a</div>b<table><tr><td>c</table>", "<object><a href=/1>a</object>b", "<xmp><b>a</b></xmp>b",
		"<span style='font-size:0'><i style='font-size:12px'>a</i>b</span>c", "<option hidden>a<option>b", "<template>a</template>b", "<object hidden>a<p>b</object>c", "<div hidden><table><tr><td></div>a</table></div>b",
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
