package kind

import (
	"testing"

	"github.com/beianwatch/beianwatch/detect/page"
)

func TestCloaks(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want bool
	}{
		"a copy for desktops":   {`<script>if(!/Mobile/.test(navigator.userAgent)){document.title="该网站暂时无法进行访问";document.write('<iframe id=mainFrame src=/404.html>')}</script><div>x</div>`, true},
		"a copy of its address": {`<script>if(document.referrer.indexOf("search")<0)location="https://batit.aliyun.com/alww.html"</script>`, true},
		"no test of visitors":   {`<script>document.write("该网站暂时无法进行访问")</script>`, false},
		"a test and no copy":    {`<script>if(/Mobile/.test(navigator.userAgent))location="/m/"</script>`, false},
		"told in the text":      {`<p>该网站暂时无法进行访问</p><script>var m=/Mobile/.test(navigator.userAgent);document.write(m)</script>`, false},
	} {
		p := page.Parse([]byte(`<html><head><meta charset="utf-8"><title>某某</title></head><body>`+c.body+`</body></html>`), page.Options{})
		saw, ok := Cloaks(p)
		if ok != c.want || ok && saw == "" {
			t.Errorf("%s: %v (%q), want %v", name, ok, saw, c.want)
		}
		if k := Default().Of(nil, p); ok && k.Name == Block {
			t.Errorf("%s: is a block page", name)
		}
	}
}
