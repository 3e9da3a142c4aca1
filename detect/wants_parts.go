package detect

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect/bundle"
	"github.com/beianwatch/beianwatch/detect/match"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// maxParts bounds the scripts, fragments and frames of a page that are read.
// The entry of an application and what it loads first are three or four.
const maxParts = 6

// lacking reports whether the outcome of the rules about the foot hangs on what
// scripts will draw: nothing else justifies more requests.
func lacking(c *Case) bool {
	if c.Home == nil || c.Answer == nil || c.Away != "" || c.Rendered || !drawable(c) {
		return false
	}
	if c.Unrendered() || c.Liveness == Placeholder {
		return true
	}
	switch c.Filing.Status {
	case crawler.FilingUnfiled, crawler.FilingCancelled, crawler.FilingInReview:
		return false // the page owes no number, and its content was received
	}
	if c.AbroadUnfiled() {
		return false
	}
	if n, ok := c.BestLinked(); ok {
		known := c.FiledNumbers()
		return c.FooterUnread() && (n.Kind == number.LinkNone || len(known) > 0 && !HasBase(known, n))
	}
	return scriptDraws(c.TraceReason()) || c.Scripted() && slices.ContainsFunc(c.Claims(), func(n number.ICP) bool { return n.Own && n.Place == number.Hidden })
}

// linkedByScript reports whether a script may give the page's number the link that it
// lacks: the register's address stands in the page, and is no link's.
func linkedByScript(c *Case) bool {
	if c.Home == nil || c.Answer == nil || c.Away != "" || c.Rendered || !drawable(c) || c.AbroadUnfiled() {
		return false
	}
	n, ok := c.BestLinked()
	if !ok || n.Kind != number.LinkNone {
		return false
	}
	_, ok = c.Home.Traced(false, page.TraceRegister)
	return ok
}

// wantParts asks for the files of the page that may hold its foot, in two
// rounds at most: those that the page names, then those that its bundles name.
func wantParts(c *Case) []crawler.Ask {
	if !lacking(c) {
		return nil
	}
	asked := c.count(crawler.AskScript)
	if asked >= maxParts {
		return nil
	}
	var found []string
	switch {
	case asked == 0:
		found = c.partsOfPage()
	case c.Unrendered() && !c.NumberInScript():
		found = c.partsOfBundles()
	}
	var asks []crawler.Ask
	for _, u := range found {
		if len(asks) < maxParts-asked && c.Visit(crawler.AskScript, u) == nil {
			asks = append(asks, crawler.Ask{Kind: crawler.AskScript, URL: u})
		}
	}
	return asks
}

// count is how often a kind of thing was asked for.
func (c *Case) count(kind crawler.AskKind) int {
	n := 0
	for i := range c.Obs.Visits {
		if c.Obs.Visits[i].Ask.Kind == kind {
			n++
		}
	}
	return n
}

var (
	// A fragment that a script loads into the foot, or that an attribute names.
	fragment = regexp.MustCompile("(?i)^[^\"'`\\s<>]{0,200}\\.(?:s?html?|js|json|php|txt|aspx?|jsp)(?:\\?[^\"'`\\s<>]{0,80})?$")
	preload  = regexp.MustCompile(`(?i)<link\b[^>]{0,300}\brel=["']?modulepreload\b[^>]{0,300}>`)
	hrefOf   = regexp.MustCompile(`(?i)\bhref=["']?([^"'\s>]+)`)
)

// partsOfPage lists the same-site files that may hold the foot: what is named
// for it first, then, if the page or its foot is drawn, the page's own bundles.
func (c *Case) partsOfPage() []string {
	p := c.Home
	var list []string
	for _, f := range p.Frames {
		if f.Foot || f.Whole || bundle.NamesFooter(bundle.FileName(f.Src)) {
			list = append(list, f.Src)
		}
	}
	for _, s := range p.Scripts {
		if s.Runs && s.Src != "" && (s.Foot && !bundle.IsLibrary(s.Src) || bundle.NamesFooter(bundle.FileName(s.Src))) {
			list = append(list, s.Src)
		}
	}
	for _, f := range fragments(p.Source) {
		list = append(list, resolve(c.Answer.URL, f))
	}
	if len(list) > 0 && !c.Unrendered() {
		return c.ownFiles(list)
	}
	var bundles []string
	for _, s := range p.Scripts {
		if s.Runs && s.Src != "" {
			bundles = append(bundles, s.Src)
		}
	}
	if strings.Contains(p.Source, "modulepreload") { // as build tools write it; the pattern is dear
		for _, tag := range preload.FindAllString(p.Source, 4*maxParts) {
			if m := hrefOf.FindStringSubmatch(tag); m != nil {
				bundles = append(bundles, resolve(c.Answer.URL, m[1]))
			}
		}
	}
	for _, b := range bundle.Ranked(bundles) {
		if c.Unrendered() || b.Rank < bundle.LibraryRank {
			list = append(list, b.Address)
		}
	}
	return c.ownFiles(list)
}

// footNames are the words by which a fragment for the foot is named.
var footNames = sync.OnceValue(func() *match.Matcher {
	return match.New([]string{"foot", "copyright", "beian", "bottom"})
})

// fragments lists the quoted addresses in the source of a page that are named
// for the foot. The words are looked for first: a pattern that begins with a
// quote would be tried at each of the thousands of quotes of a page.
func fragments(source string) []string {
	const most = 280 // bytes of an address on either side of the word
	var list []string
	last := 0
	footNames().Scan(source, func(_, end int) bool {
		if end <= last {
			return true // within the address found last
		}
		from := strings.LastIndexAny(source[max(last, end-most):end], "\"'`")
		to := strings.IndexAny(source[end:min(len(source), end+most)], "\"'`")
		if from < 0 || to < 0 {
			return true
		}
		from += max(last, end-most) + 1
		// The pattern is dear, and most of what stands in quotes is a list of classes.
		if address := source[from : end+to]; strings.IndexByte(address, '.') >= 0 && strings.IndexByte(address, ' ') < 0 && fragment.MatchString(address) {
			list = append(list, address)
			last = end + to
		}
		return len(list) < 2*maxParts
	})
	return list
}

// partsOfBundles lists the same-site files that the bundles name.
func (c *Case) partsOfBundles() []string {
	var list []string
	for i := range c.Obs.Visits {
		v := &c.Obs.Visits[i]
		p := v.Last()
		if v.Ask.Kind != crawler.AskScript || p == nil || p.Status != 200 {
			continue
		}
		for _, name := range chunks(p.Body) {
			base := c.Answer.URL // assets/About-1a2b.js is told from the page
			if strings.HasPrefix(name, ".") {
				base = p.URL
			} else if !strings.Contains(name, "/") {
				continue
			}
			list = append(list, resolve(base, name))
		}
	}
	all := bundle.Ranked(list)
	for i := range all {
		list[i] = all[i].Address
	}
	return c.ownFiles(list)
}

// Bounds of the names of files that are read from a bundle.
const (
	maxChunks    = 200
	maxChunkName = 200 // bytes without the ending
)

// chunks returns the quoted names of scripts in a bundle, which it imports at once
// or later.
func chunks(bundle []byte) (names []string) {
	for at := 0; len(names) < maxChunks; {
		i := bytes.Index(bundle[at:], []byte("js"))
		if i < 0 {
			break
		}
		dot, end := at+i, at+i+2
		at = end
		if dot > 0 && bundle[dot-1] == 'm' {
			dot--
		}
		if dot--; dot < 1 || bundle[dot] != '.' || end == len(bundle) || !quotes(bundle[end]) {
			continue
		}
		from := dot
		for from > 0 && dot-from < maxChunkName && !ends(bundle[from-1]) {
			from--
		}
		if from > 0 && from < dot && quotes(bundle[from-1]) {
			names = append(names, string(bundle[from:end]))
		}
	}
	return names
}

// quotes reports whether a byte opens or closes a quoted text.
func quotes(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// ends reports whether a byte stands in no name of a file.
func ends(c byte) bool { return quotes(c) || c == '<' || c == '>' || c <= ' ' }

// ownFiles keeps the addresses of the site itself, each once.
func (c *Case) ownFiles(list []string) []string {
	home := address(c.Answer.URL)
	var own []string
	for _, u := range list {
		u = address(u)
		if u != "" && u != home && c.ownSite(u) && !slices.Contains(own, u) {
			own = append(own, u)
		}
	}
	return own
}

// resolve makes an address that stands in a page or a file absolute; "" if it
// is none.
func resolve(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	u, err := b.Parse(strings.ReplaceAll(ref, "&amp;", "&"))
	if err != nil {
		return ""
	}
	return u.String()
}
