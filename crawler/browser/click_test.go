package browser

import (
	"slices"
	"strings"
	"testing"

	"github.com/beianwatch/beianwatch/crawler"
)

// TestClicks: what a click on a number opens by a script is found, in whatever way the page
// listens and opens, and nothing that it asks for then leaves or is made a flaw.
func TestClicks(t *testing.T) {
	const register = "https://beian.miit.gov.cn/"
	foot := func(script string) string {
		return `<h1>青禾灌溉</h1><p>滴灌设备的设计与安装，请来电咨询。</p><footer id="f"><span id="n">京ICP备 2021012345号-1</span></footer><script>` + script + `</script>`
	}
	pages := map[string]wholePage{
		"/window":    {page: foot(`document.getElementById('n').addEventListener('click', () => window.open('` + register + `'))`)},
		"/place":     {page: foot(`document.getElementById('n').onclick = () => { location.href = '` + register + `#/Integrated/index' }`)},
		"/delegated": {page: foot(`document.addEventListener('click', e => { if (e.target.id === 'n') window.open('` + register + `', '_blank', 'noopener') })`)},
		"/later":     {page: foot(`document.getElementById('f').onclick = () => setTimeout(() => window.open('` + register + `'), 200)`)},
		"/elsewhere": {page: foot(`document.getElementById('n').onclick = () => window.open('/about')`)},
		"/nothing":   {page: foot(`document.title = '青禾'`)},
		"/alert":     {page: foot(`document.getElementById('n').onclick = () => alert('已备案')`)},
	}
	want := map[string]string{"/window": register, "/place": register + "#/Integrated/index", "/delegated": register, "/later": register, "/elsewhere": "http://spa.example/about"}
	everyBrowser(t, func(t *testing.T, program string) {
		opt := loopback(t, program, slowSite(t, pages))
		opt.Click = func(obs *crawler.Observation) []string {
			if !strings.Contains(string(obs.Rendered.Body), "2021012345") {
				t.Errorf("the page is not in the observation: %s", obs.Rendered.Body)
			}
			return []string{"京ICP备 2021012345号-1", "not on the page"}
		}
		p := pool(t, opt)
		for path := range pages {
			obs := draw(t, p, path)
			var expected []crawler.Opened
			if url := want[path]; url != "" {
				expected = []crawler.Opened{{Text: "京ICP备 2021012345号-1", URL: url}}
			}
			if !slices.Equal(obs.Drawing.Opened, expected) || !obs.Drawing.Whole() {
				t.Errorf("%s opens %v, want %v; whole: %v", path, obs.Drawing.Opened, expected, obs.Drawing.Flaws)
			}
		}
	})
}
