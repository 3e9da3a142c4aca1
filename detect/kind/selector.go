package kind

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// addSelectors compiles the selectors of a fingerprint.
func (f *Fingerprints) addSelectors(one *Fingerprint) error {
	var selectors []goquery.Matcher
	for _, s := range one.Select {
		m, err := cascadia.Compile(s)
		if err != nil {
			return message.Errorf("指纹 %[1]q：select %[2]q 不是 CSS 选择器", "fingerprint %q: select %q is no CSS selector: %w", one.Name, s, err)
		}
		selectors = append(selectors, m)
	}
	f.selects = append(f.selects, selectors)
	return nil
}

// selected tells whether an element matches a selector of fingerprint i. It is
// asked last: only here does a page need its tree, and a page that cannot have
// one (nested too deep) has no such element to show.
func (f *Fingerprints) selected(i int, l *look) bool {
	if len(f.selects[i]) == 0 {
		return true
	}
	if l.page == nil {
		return false
	}
	if l.tree == nil {
		tree, err := goquery.NewDocumentFromReader(strings.NewReader(l.page.Source))
		if err != nil {
			return false
		}
		l.tree = tree
	}
	for _, m := range f.selects[i] {
		if l.tree.FindMatcher(m).Length() > 0 {
			return true
		}
	}
	return false
}
