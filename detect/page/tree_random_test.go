package page

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tokens are what random pages are put together of: the elements of pages of
// all ages, with and without their end tags, in any order.
var tokens = strings.Split(`<div>|</div>|<p>|</p>|<span>|</span>|<a href=/1>|<a href=/2>|</a>|<b>|</b>|<i>|</i>|<font>|</font>|<ul>|</ul>|<li>|</li>|<ol>|</ol>|`+
	`<table><tr><td>|<table><tr><td>|</table>|<tr><td>|<td>|<td>|</td>|</tr>|</tbody>|<th>|</th>|<h2>|</h2>|<h3>|</h3>|<div class=footer>|<footer>|</footer>|<center>|</center>|`+
	`<form>|</form>|<br>|<hr>|<img src=x alt=z>|<input>|<video>|</video>|<canvas>|</canvas>|<audio>|<svg>|</svg>|<path>|<text>|</text>|<svg><a xlink:href=/3>|`+
	`<div style=display:none>|<span style=display:none>|<div style=font-size:0>|<span style=font-size:9px>|<p style=visibility:hidden>|<span style=visibility:visible>|`+
	`<div hidden>|<template>|</template>|<my-foot>|</my-foot>|<template shadowrootmode=open>|<dl>|<dt>|<dd>|</dl>|</dt>|</dd>|<select>|</select>|<option>|</option>|`+
	`<button>|</button>|<textarea>|</textarea>|<script>|</script>|<style>|</style>|<noscript>|</noscript>|<iframe>|</iframe>|<!-- c -->|<!--|-->|<body>|</body>|</html>|<head>|`+
	`<nav>|</nav>|<section>|</section>|<article>|</article>|<object>|</object>|<marquee>|</marquee>|<label>|</label>|<em>|</em>|<strong>|</strong>|<u>|</u>|<nobr>|</nobr>|`+
	`<pre>|</pre>|<address>|</address>|<title>|</title>|<dialog>|</dialog>|<details>|</details>|<xmp>|</xmp>|<address style=display:none>`, "|")

// randomPage puts a page together of so many tokens with words between them.
func randomPage(r *rand.Rand, length int, from []string) string {
	var b strings.Builder
	if r.IntN(2) == 0 {
		b.WriteString("<!doctype html>")
	}
	for i := range length {
		b.WriteString(from[r.IntN(len(from))])
		if r.IntN(2) == 0 {
			b.WriteString("w" + strconv.Itoa(i) + " ")
		}
	}
	return b.String()
}

// wordsOf says of each word of a random page whether it is seen, in which link and
// in the foot, in any order: text between the rows of a table is moved before
// it, which the reader does not do.
func wordsOf(p *Page) string {
	var list []string
	for _, s := range p.Spans {
		url := ""
		if s.Link >= 0 {
			url = p.Links[s.Link].URL
		}
		for _, w := range strings.Fields(p.Text[s.Start:s.End]) {
			list = append(list, fmt.Sprint(w, " ", url, " ", s.Zone == ZoneFooter))
		}
	}
	for _, a := range p.Asides {
		if a.Kind == AsideHidden {
			for _, w := range strings.Fields(a.Text) {
				list = append(list, w+" hidden")
			}
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// TestRandomAsTheTree compares the reader with the tree on pages that nobody
// would write. BEIANWATCH_PAGES says how many. Where the end tag of a formatting
// element comes in a block within a hidden element within it, the standard moves
// the block out of both, text that was read included; that the reader cannot do,
// and such pages, one in two thousand here, may differ: the tree decides.
func TestRandomAsTheTree(t *testing.T) {
	n := 4000
	if s := os.Getenv("BEIANWATCH_PAGES"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	r := rand.New(rand.NewPCG(1, 2))
	bad := 0
	for range n {
		in := randomPage(r, 3+r.IntN(9), tokens)
		p := Parse([]byte(in), Options{URL: "http://a.example.cn/"})
		tree, err := ReadTree(p)
		if err != nil {
			t.Fatal(in, err)
		}
		if got, want := wordsOf(p), wordsOf(tree.Page); got != want {
			bad++
			t.Logf("%s: page %s, tree %s", in, got, want)
		}
	}
	if bad*1000 > n {
		t.Errorf("%d of %d pages are read otherwise", bad, n)
	}
}
