package browser

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// clickPages are pages with a number, by what a click on it is to show: the address that it
// opens, "" for none, and whether it surely opens nothing else.
var clickPages = map[string]struct {
	foot, script, opens string
	sure                bool
}{
	"/window":    {"", `n.addEventListener('click', () => window.open(register))`, "https://beian.miit.gov.cn/", true},
	"/place":     {"", `n.onclick = () => { location.href = register + '#/Integrated/index' }`, "https://beian.miit.gov.cn/#/Integrated/index", true},
	"/delegated": {"", `document.addEventListener('click', e => { if (e.target === n) window.open(register, '_blank', 'noopener') })`, "https://beian.miit.gov.cn/", true},
	"/later":     {"", `n.parentNode.onclick = () => setTimeout(() => window.open(register), 1500)`, "https://beian.miit.gov.cn/", true},
	"/frames":    {"", `n.onclick = () => requestAnimationFrame(() => requestAnimationFrame(() => window.open(register)))`, "https://beian.miit.gov.cn/", true},
	"/pressed":   {"", `n.onmousedown = () => window.open(register)`, "https://beian.miit.gov.cn/", true},
	"/digits":    {`<span id="n">京ICP备 <b>2021012345</b>号-1</span>`, `document.querySelector('b').onclick = e => { e.stopPropagation(); window.open(register) }`, "https://beian.miit.gov.cn/", true},
	"/copy":      {`<span id="n">京ICP备2021012345号-1</span><p style="display:none">京ICP备2021012345号-1</p>`, `n.onclick = () => window.open(register)`, "https://beian.miit.gov.cn/", true},
	"/popunder":  {"", `document.addEventListener('click', () => window.open('/ad'), true); n.onclick = () => window.open(register)`, "https://beian.miit.gov.cn/", true},
	"/named":     {`<form><input name="children"><input name="textContent"><span id="n">京ICP备2021012345号-1</span></form>`, `n.onclick = () => window.open(register)`, "https://beian.miit.gov.cn/", true},
	"/elsewhere": {"", `n.onclick = () => window.open('/about')`, "http://spa.example/about", true},
	"/nothing":   {"", `document.title = '青禾'`, "", true},
	"/alert":     {"", `n.onclick = () => alert('已备案')`, "", true},
	"/dead":      {`<span>京ICP备2021012345号-1</span><p id="n" style="display:none">京ICP备2021012345号-1</p>`, `n.onclick = () => window.open(register)`, "", true},
	"/shadow":    {`<div id="n"></div>`, `n.attachShadow({mode: 'open'}).innerHTML = '<p>京ICP备2021012345号-1</p>'; n.onclick = () => window.open(register)`, "", false},
	"/fetched":   {"", `n.onclick = () => fetch('/foot.html').then(() => window.open(register))`, "", false},
	"/loaded":    {"", `n.onclick = () => import('/fast.json')`, "", false},
	"/blank":     {"", `n.onclick = () => { const w = window.open(''); if (w) w.location = register }`, "", false},
	"/huge":      {"", `n.onclick = () => window.open(register + '?' + 'x'.repeat(1e6))`, "", false},
	"/idle":      {`<a id="n" href="javascript:;" target="_blank">京ICP备2021012345号-1</a>`, ``, "", true},
	"/garbled":   {`<span id="n">浜琁CP澶�2021012345鍙�-1</span>`, `n.onclick = () => window.open(register)`, "https://beian.miit.gov.cn/", true},
	"/hash":      {`<a id="n" href="#">京ICP备2021012345号-1</a>`, ``, "", true},
	"/framed":    {"", `n.onclick = () => { document.body.append(Object.assign(document.createElement('iframe'), {src: register})) }`, "", false},
	"/throws":    {"", `EventTarget.prototype.dispatchEvent = null; n.onclick = () => { throw 1 }`, "", true},
}

// TestClicks: what a click on a number opens by a script is found, in whatever way the page
// listens and opens; it is no certainty where the click met nothing or was refused something;
// and nothing of it leaves or is made a flaw.
func TestClicks(t *testing.T) {
	pages := map[string]wholePage{}
	for path, c := range clickPages {
		foot := c.foot
		if foot == "" {
			foot = `<span id="n">京ICP备 2021012345号-1</span>`
		}
		pages[path] = wholePage{page: `<h1>青禾灌溉</h1><p>滴灌设备的设计与安装，请来电咨询。</p><footer>` + foot + `</footer><script>const register = 'https://beian.miit.gov.cn/'; const n = document.getElementById('n'); ` + c.script + `</script>`}
	}
	everyBrowser(t, func(t *testing.T, program string) {
		opt := loopback(t, program, slowSite(t, pages))
		look := func(*crawler.Observation) (bool, []string) {
			return false, []string{"京ICP备 2021012345号-1", "not on the page"}
		}
		p := pool(t, opt)
		for _, path := range slices.Sorted(maps.Keys(pages)) {
			obs := draw(t, p, path, look)
			if !obs.Drawing.Whole() || len(obs.Drawing.Clicks) != 2 {
				t.Errorf("%s: %+v, whole: %v", path, obs.Drawing.Clicks, obs.Drawing.Flaws)
				continue
			}
			c, want := obs.Drawing.Clicks[0], clickPages[path]
			if c.Sure != want.sure || want.opens != "" && !slices.Contains(c.Opened, want.opens) || want.opens == "" && len(c.Opened) > 0 || slices.ContainsFunc(c.Opened, func(u string) bool { return strings.Contains(u, "xx") }) {
				t.Errorf("%s opens %v, sure %v; want %q, %v", path, c.Opened, c.Sure, want.opens, want.sure)
			}
			if none := obs.Drawing.Clicks[1]; none.Sure || len(none.Opened) > 0 {
				t.Errorf("%s: a text that is not there opens %+v", path, none)
			}
		}
	})
}
