package kind

import (
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/detect/match"
	"github.com/beianwatch/beianwatch/detect/page"
)

// Cloaks reports whether a script of the page itself puts up a copy of a
// provider's block page for some of its visitors, by what their browser or their
// way there says of them, and returns the words that show it. Sites that hide
// their content from reviewers do so: a desktop browser is shown that the site is
// blocked, a telephone the content. Providers draw nothing by script of the page.
func Cloaks(p *page.Page) (saw string, ok bool) {
	if p == nil {
		return "", false
	}
	for i := range p.Scripts {
		s := &p.Scripts[i]
		if !s.Runs || s.Inline == "" {
			continue
		}
		code := s.Inline[:min(len(s.Inline), maxCloak)]
		if !copiedWords().Any(code) || !hasAny(code, visitorTests) || !hasAny(code, writes) {
			continue
		}
		for _, words := range copied {
			if at := strings.Index(code, words); at >= 0 {
				return short(strings.Join(strings.Fields(code[startOf(code, at-60):cutAt(code, at+len(words)+120)]), " ")), true
			}
		}
	}
	return "", false
}

// maxCloak is how much of a script is searched, in bytes.
const maxCloak = 256 << 10

var (
	// copied are words of block pages that no script of an ordinary site has.
	copied      = []string{"暂时无法进行访问", "Non-compliance ICP Filing", "beian/beian-block", "batit.aliyun.com/alww.html", "webblock.html", "非法阻断", "未完成备案或未转入备案"}
	copiedWords = sync.OnceValue(func() *match.Matcher { return match.New(copied) })
	// visitorTests ask who the visitor is.
	visitorTests = []string{"userAgent", "navigator.platform", "ontouchstart", "maxTouchPoints", "screen.width", "innerWidth", "referrer"}
	// writes put something on the page.
	writes = []string{"document.write", "innerHTML", "document.title", "appendChild", "location"}
)

// startOf moves an offset to the beginning of a character, not below 0.
func startOf(s string, at int) int {
	at = max(at, 0)
	for at > 0 && at < len(s) && s[at]&0xC0 == 0x80 {
		at--
	}
	return at
}
